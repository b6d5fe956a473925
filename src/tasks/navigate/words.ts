import { listing, oneOf, phrase, phraseReader, sentencesOf } from '../_shared/phrases.ts'
import { type Scene, scenes } from './scenes.ts'
import { compassWays, type Move, relativeWays, type Turn, type Way } from './walk.ts'

/** The paraphrases of each instruction; `{n}` is the count, `{u}` the unit. */
const goWords: Record<(typeof relativeWays)[number], readonly string[]> = {
  forward: ['go {n} {u} forward.', 'move forward {n} {u}.', 'advance {n} {u}.', 'proceed {n} {u} straight ahead.'],
  backward: ['go {n} {u} backward.', 'move back {n} {u}.', 'retreat {n} {u}.', 'back up by {n} {u}.'],
  left: ['go {n} {u} to the left.', 'move left {n} {u}.', 'shift {n} {u} to the left.', 'sidestep left by {n} {u}.'],
  right: [
    ...['go {n} {u} to the right.', 'move right {n} {u}.', 'shift {n} {u} to the right.'],
    'sidestep right by {n} {u}.',
  ],
}
const compassWords = [
  ...['go {n} {u} {way}.', 'head {way} for {n} {u}.', 'move {way} by {n} {u}.', 'travel {n} {u} toward the {way}.'],
]
const turnWords: Record<Turn, readonly string[]> = {
  left: ['turn left.', 'make a left turn.', 'turn a quarter turn to the left.', 'face left.'],
  right: ['turn right.', 'make a right turn.', 'turn a quarter turn to the right.', 'face right.'],
  around: ['turn around.', 'make a half turn.', 'turn to face the opposite way.', 'do an about-turn.'],
}
const againWords = [
  'repeat the previous {last} instructions {times} more times.',
  'do the {last} instructions just before this one {times} more times.',
  'carry out the last {last} instructions again, {times} more times.',
]

export const paraphrases = { go: 4, turn: 4, again: 3 } as const

const isRelative = (way: Way): way is (typeof relativeWays)[number] => (relativeWays as readonly string[]).includes(way)

function sentence(move: Move, { unit, units }: Scene): string {
  if (move.do === 'turn') return phrase(turnWords[move.way][move.said]!, {})
  if (move.do === 'again') {
    return phrase(againWords[move.said]!, { last: String(move.last), times: String(move.times) })
  }
  const slots = { n: String(move.count), u: move.count === 1 ? unit : units, way: move.way }
  return phrase((isRelative(move.way) ? goWords[move.way] : compassWords)[move.said]!, slots)
}

export const routeText = (moves: readonly Move[], scene: Scene): string =>
  moves.map(move => sentence(move, scene)).join(' ')

const holes = {
  n: '[0-9]{1,6}',
  u: oneOf([...new Set(scenes.flatMap(({ unit, units }) => [unit, units]))]),
  way: oneOf(compassWays),
  last: '[0-9]{1,3}',
  times: '[0-9]{1,3}',
}
const readGo = relativeWays.map(way => [way, phraseReader(goWords[way], holes)] as const)
const readCompass = phraseReader(compassWords, holes)
const readTurn = (['left', 'right', 'around'] as const).map(way => [way, phraseReader(turnWords[way], holes)] as const)
const readAgain = phraseReader(againWords, holes)

/** The move that a sentence states, or null. */
function moveOf(text: string): Move | null {
  for (const [way, read] of readGo) {
    const found = read(text)
    if (found) return { do: 'go', way, count: Number(found.slots.n), said: found.said }
  }
  const compass = readCompass(text)
  if (compass) {
    return { do: 'go', way: compass.slots.way as Way, count: Number(compass.slots.n), said: compass.said }
  }
  for (const [way, read] of readTurn) {
    const found = read(text)
    if (found) return { do: 'turn', way, said: found.said }
  }
  const again = readAgain(text)
  if (!again) return null
  return { do: 'again', last: Number(again.slots.last), times: Number(again.slots.times), said: again.said }
}

/** The moves of a route's text, or null when a sentence is none of ours. */
export function movesOf(route: string): Move[] | null {
  const sentences = sentencesOf(route)
  if (sentences.length > 1_000) return null
  const moves = sentences.map(moveOf)
  return moves.every(move => move !== null) ? moves : null
}

/** What has to be said about directions, given the kinds of moves that occur. */
export function rulesText(moves: readonly Move[], { who, unit }: Scene): string {
  const ways = new Set(moves.flatMap(move => (move.do === 'go' ? [move.way] : [])))
  const turns = moves.some(move => move.do === 'turn')
  const rules: string[] = []
  const relative = relativeWays.filter(way => ways.has(way))
  if (relative.length > 0) {
    const named = listing(relative.map(way => `"${way}"`))
    rules.push(
      turns
        ? `A turn happens on the spot: left and right are quarter turns, turning around is a half turn. Lengths are covered relative to the direction faced at that moment (that is the meaning of ${named}; advancing and proceeding go forward, retreating goes backward), and covering a length never changes the direction faced, not even backward or sideways.`
        : `All the time ${who} faces in one and the same direction and never turns; ${named} are relative to it, so going to a side is a sidestep.`,
    )
  }
  if (compassWays.some(way => ways.has(way))) {
    if (relative.length > 0) rules.push(`At the start ${who} faces north.`)
    rules.push(
      `Compass directions are fixed, whatever the direction faced. Going 1 ${unit} in a diagonal direction such as north-east means 1 ${unit} north and 1 ${unit} east together, and likewise for longer lengths and the other diagonals.`,
    )
  }
  if (moves.some(move => move.do === 'again')) {
    rules.push(
      'Where some previous instructions are to be repeated, those written directly before that sentence are meant, and they are done again in the same order as often as it says, in addition to the first time.',
    )
  }
  return rules.join(' ')
}
