/** Where the walk takes place: an opening sentence, who moves, and the unit of length. */
export interface Scene {
  readonly opening: string
  readonly who: string
  readonly unit: string
  readonly units: string
}

const scene = (who: string, unit: string, opening: string, units = `${unit}s`): Scene => ({ opening, who, unit, units })

export const scenes: readonly Scene[] = [
  scene('the robot', 'tile', 'A warehouse robot waits on a large tiled floor.'),
  scene('the walker', 'step', 'A walker stands blindfolded in the middle of a meadow.'),
  scene('the drone', 'metre', 'A drone hovers at a fixed height above an empty field.'),
  scene('the ant', 'cell', 'An ant sits on a sheet of squared paper.'),
  scene('the mower', 'metre', 'A lawn mower is parked on a wide lawn.'),
  scene('the skater', 'yard', 'A skater stands still on a frozen lake.'),
  scene('the submarine', 'mile', 'A submarine lies at a constant depth in open water.'),
  scene('the token', 'square', 'A token lies on a board of squares that has no edge.'),
  scene('the surveyor', 'pace', 'A surveyor begins to measure a dry salt flat.'),
  scene('the rover', 'metre', 'A rover has landed on a level plain of Mars.'),
  scene('the dancer', 'step', 'A dancer takes up position on an empty stage.'),
  scene('the taxi', 'block', 'A taxi sets off in a city whose streets form a regular grid.'),
  scene('the turtle', 'unit', 'A turtle of a drawing program rests on an empty canvas.'),
  scene('the knight', 'pace', 'A knight on guard stands in a huge courtyard.'),
  scene('the sailor', 'league', 'A sailor leaves a buoy on a calm sea without currents.'),
  scene('the camel', 'mile', 'A camel rests in a desert without landmarks.'),
  scene('the forklift', 'metre', 'A forklift stands in an empty hall.'),
  scene('the cursor', 'pixel', 'A cursor is placed on an unbounded screen.'),
  scene('the pirate', 'pace', 'A pirate reads the instructions of a treasure map on a sandy island.'),
  scene('the crawler', 'centimetre', 'A crawler for pipe inspection is being tested on a flat bench.'),
  scene('the referee', 'foot', 'A referee practises positions on an empty pitch.', 'feet'),
  scene('the cleaner', 'tile', 'A cleaning machine starts somewhere in a station hall.'),
  scene('the dog', 'yard', 'A dog is trained on an open training ground.'),
  scene('the astronaut', 'step', 'An astronaut walks over the dusty surface of the Moon.'),
]

/** How the question about the end of the walk is put. */
export const endings: readonly string[] = [
  'Does {who} end up exactly at the starting point?',
  'After the last instruction, is {who} back at the starting point?',
  'Do these instructions bring {who} back to exactly the point of departure?',
  'Is the final position of {who} the same as the initial one?',
]
