/** A direction relative to the heading (`forward` …) or by the compass (`north` …). */
export type Way = (typeof relativeWays)[number] | (typeof compassWays)[number]

export const relativeWays = ['forward', 'right', 'backward', 'left'] as const
export const compassWays = [
  ...(['north', 'east', 'south', 'west'] as const),
  ...(['north-east', 'south-east', 'south-west', 'north-west'] as const),
]

export type Turn = 'left' | 'right' | 'around'

/** `again`: the last `last` moves are done `times` more times; they hold no `again` themselves. `said` is the paraphrase. */
export type Move =
  | { readonly do: 'go'; readonly way: Way; readonly count: number; readonly said: number }
  | { readonly do: 'turn'; readonly way: Turn; readonly said: number }
  | { readonly do: 'again'; readonly last: number; readonly times: number; readonly said: number }

/** East and north of the start, and the heading in quarter turns clockwise from north. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly heading: number
}

const eastNorth = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const
const diagonals = [
  [1, 1],
  [1, -1],
  [-1, -1],
  [-1, 1],
] as const
const quarterTurns: Record<Turn, number> = { left: 3, right: 1, around: 2 }

/** What one unit in a direction adds to east and north. */
function unitVector(way: Way, heading: number): readonly [number, number] {
  const relative = (relativeWays as readonly string[]).indexOf(way)
  if (relative >= 0) return eastNorth[(heading + relative) % 4]!
  const compass = (compassWays as readonly string[]).indexOf(way)
  return compass < 4 ? eastNorth[compass]! : diagonals[compass - 4]!
}

/** The moves in the order of their execution, repeats written out, each with its index in the list. */
export function expanded(moves: readonly Move[]): { readonly move: Exclude<Move, { do: 'again' }>; at: number }[] {
  return moves.flatMap((move, at) => {
    if (move.do !== 'again') return [{ move, at }]
    const block = moves
      .slice(Math.max(0, at - move.last), at)
      .flatMap((inner, i) => (inner.do === 'again' ? [] : [{ move: inner, at: at - move.last + i }]))
    return Array.from({ length: move.times }, () => block).flat()
  })
}

/** Where the walk ends, exactly. */
export function endOf(moves: readonly Move[]): Place {
  let [x, y, heading] = [0, 0, 0]
  for (const { move } of expanded(moves)) {
    if (move.do === 'turn') heading = (heading + quarterTurns[move.way]) % 4
    else {
      const [dx, dy] = unitVector(move.way, heading)
      x += dx * move.count
      y += dy * move.count
    }
  }
  return { x, y, heading }
}

/** How far the end shifts, east and north, for each unit more in the count of each move (turns and repeats: not at all). */
export function shifts(moves: readonly Move[]): { x: number; y: number }[] {
  const shift = moves.map(() => ({ x: 0, y: 0 }))
  let heading = 0
  for (const { move, at } of expanded(moves)) {
    if (move.do === 'turn') heading = (heading + quarterTurns[move.way]) % 4
    else {
      const [dx, dy] = unitVector(move.way, heading)
      shift[at]!.x += dx
      shift[at]!.y += dy
    }
  }
  return shift
}

/** The points of the walk in order, the start included; the walk is cut after `most` points. */
export function trail(moves: readonly Move[], most: number): { x: number; y: number }[] {
  const points = [{ x: 0, y: 0 }]
  let [x, y, heading] = [0, 0, 0]
  for (const { move } of expanded(moves)) {
    if (move.do === 'turn') heading = (heading + quarterTurns[move.way]) % 4
    else {
      const [dx, dy] = unitVector(move.way, heading)
      for (let k = 0; k < move.count && points.length < most; k++) points.push({ x: (x += dx), y: (y += dy) })
    }
  }
  return points
}
