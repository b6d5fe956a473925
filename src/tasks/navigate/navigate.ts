import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { readBack } from '../_shared/answers.ts'
import { phrase } from '../_shared/phrases.ts'
import { readYesNo, yesNo, yesNoFormat } from '../_shared/yes-no.ts'
import { type Rung, randomWalk } from './generator.ts'
import { publishedMoves } from './published.ts'
import { endings, scenes } from './scenes.ts'
import { endOf, expanded, type Move, trail } from './walk.ts'
import { movesOf, routeText, rulesText } from './words.ts'

/** Does a walk end where it began? `scene` and `ending` are the wording, the moves are the question. */
interface Navigate {
  readonly scene: number
  readonly ending: number
  readonly moves: readonly Move[]
}

const ladder: readonly (Rung & { readonly instances?: number })[] = [
  { moves: [4, 5], longest: 9, dialects: ['fixed', 'turning'], instances: 30_000 },
  { moves: [6, 7], longest: 10, dialects: ['fixed', 'turning'], instances: 1_000_000 },
  { moves: [8, 10], longest: 12, dialects: ['fixed', 'turning'] },
  { moves: [16, 20], longest: 15, dialects: ['fixed', 'turning', 'compass'], sideways: true },
  { moves: [28, 34], longest: 20, dialects: ['turning', 'compass'], sideways: true, diagonal: true },
  { moves: [55, 65], longest: 40, dialects: ['turning', 'compass'], sideways: true, diagonal: true, again: 0.08 },
  { moves: [110, 130], longest: 60, dialects: ['turning'], sideways: true, diagonal: true, again: 0.1 },
  { moves: [190, 210], longest: 99, dialects: ['turning'], sideways: true, diagonal: true, again: 0.1 },
]

const returns = ({ moves }: Navigate): boolean => {
  const { x, y } = endOf(moves)
  return x === 0 && y === 0
}

function ask({ scene: at, ending, moves }: Navigate): string {
  const scene = scenes[at]!
  return [
    `${scene.opening} From there ${scene.who} follows a list of instructions exactly and in order, always on one flat level and with nothing in the way.`,
    rulesText(moves, scene),
    `Instructions: ${routeText(moves, scene)}`,
    `${phrase(endings[ending]!, { who: scene.who })} Only the position counts, not the direction faced. ${yesNoFormat}`,
  ].join('\n')
}

function parse(prompt: string): Navigate | null {
  const scene = scenes.findIndex(({ opening }) => prompt.includes(`${opening} From there `))
  const route = /^Instructions: (.+)$/m.exec(prompt)?.[1]
  if (scene < 0 || route === undefined) return null
  const moves = movesOf(route)
  const ending = endings.findIndex(words =>
    prompt.includes(`\n${phrase(words, { who: scenes[scene]!.who })} Only the position counts`),
  )
  return moves === null || ending < 0 ? null : { scene, ending, moves }
}

const plainMove = (move: Move) =>
  move.do === 'go'
    ? ['go', move.way, move.count]
    : move.do === 'turn'
      ? ['turn', move.way]
      : ['again', move.last, move.times]

/** The walk as a map of at most 100 by 40 points: S the start, E the end, * what is passed. */
function show({ moves }: Navigate): string {
  const points = trail(moves, 20_000)
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const [west, east] = [Math.min(...xs), Math.max(...xs)]
  const [south, north] = [Math.min(...ys), Math.max(...ys)]
  if (east - west >= 100 || north - south >= 40) {
    return moves.map((move, i) => `${i + 1}. ${plainMove(move).join(' ')}`).join('\n')
  }
  const map = Array.from({ length: north - south + 1 }, () => Array<string>(east - west + 1).fill('.'))
  const mark = ({ x, y }: { x: number; y: number }, sign: string) => {
    map[north - y]![x - west] = sign
  }
  for (const point of points) mark(point, '*')
  mark(points.at(-1)!, 'E')
  mark(points[0]!, 'S')
  return `${map.map(row => row.join('')).join('\n')}\nnorth is up; S start, E end (hidden where both are the same point), * passed`
}

export default defineTask<Navigate>({
  slug: 'navigate',
  title: 'Navigate',
  split: 'seen',
  version: 1,
  about: 'Follow a list of moves and turns and say whether they lead back to the start.',
  levels: ladder.map(({ moves, longest, again, instances }) => ({
    knob: `${moves[0]} to ${moves[1]} instructions, lengths up to ${longest}${again ? ', with repeats' : ''}`,
    ...(instances ? { instances } : {}),
  })),
  generate: (rng, level) => ({
    scene: rng.int(0, scenes.length - 1),
    ending: rng.int(0, endings.length - 1),
    moves: randomWalk(rng, ladder[level - 1]!),
  }),
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const given = readYesNo(answer)
    if ('why' in given) return malformed(given.why)
    if (given.yes === returns(puzzle)) return correct
    const { x, y } = endOf(puzzle.moves)
    return incorrect(
      given.yes ? `the walk ends ${Math.abs(x)} across and ${Math.abs(y)} along from the start` : 'the walk does close',
    )
  },
  solve: puzzle => yesNo(returns(puzzle)),
  pythonData: ({ moves }) => ({ MOVES: moves.map(plainMove) }),
  nearMisses: puzzle => [yesNo(!returns(puzzle)), 'Yes and No', 'No clear answer'],
  identity: ({ moves }) => moves.map(plainMove),
  effort: ({ moves }) => expanded(moves).length,
  show,
  fromPublished(sample) {
    const moves = typeof sample.question === 'string' ? publishedMoves(sample.question) : null
    return moves && { scene: 1, ending: 0, moves }
  },
  publishedKey: sample => (typeof sample.solution === 'string' ? sample.solution : null),
})
