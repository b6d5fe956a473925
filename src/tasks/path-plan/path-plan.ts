import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import type { Parsed } from '../_shared/expression.ts'
import { inside } from '../_shared/fence.ts'
import { type Literal, parseLiteral } from '../_shared/literal.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { type Arena, scene } from './generator.ts'
import { type Box, type Decimal, decimal, decimalOf, meets, type Point, type Rectangle, scaled } from './geometry.ts'
import { drawnMap } from './map.ts'
import { route } from './solver.ts'

interface NamedBox {
  readonly name: string
  readonly at: Rectangle
}

/** Lead a point robot past some boxes and through others. */
interface PathPlan {
  readonly walls: readonly Rectangle[]
  readonly boxes: readonly NamedBox[]
  readonly start: readonly [number, number]
  readonly end: readonly [number, number]
  readonly visit: readonly string[]
  readonly avoid: readonly string[]
}

const ladder: readonly (Arena & { readonly visit: number; readonly avoid: number })[] = [
  { perOne: 20, half: 28, boxes: 3, sides: [6, 18], visit: 1, avoid: 1 },
  { perOne: 20, half: 28, boxes: 5, sides: [6, 18], visit: 2, avoid: 2 },
  { perOne: 20, half: 28, boxes: 7, sides: [6, 20], visit: 2, avoid: 4 },
  { perOne: 20, half: 28, boxes: 7, sides: [7, 22], visit: 3, avoid: 4 },
  { perOne: 20, half: 48, boxes: 12, sides: [8, 30], visit: 4, avoid: 8 },
  { perOne: 10, half: 40, boxes: 20, sides: [6, 20], visit: 5, avoid: 15 },
  { perOne: 10, half: 60, boxes: 35, sides: [6, 26], visit: 6, avoid: 29 },
  { perOne: 10, half: 80, boxes: 60, sides: [6, 26], visit: 8, avoid: 52 },
]

const colours = ['red', 'blue', 'green', 'yellow', 'pink', 'purple', 'orange'] as const

/** Longest answer that is read, in characters; the longest routes take a fiftieth of it. */
const maxLength = 100_000

const sides = ([x0, x1, y0, y1]: Rectangle) => `x from ${x0} to ${x1}, y from ${y0} to ${y1}`

function ask({ walls, boxes, start, end, visit, avoid }: PathPlan): string {
  return [
    'A robot, no larger than a point, drives through an arena with walls and boxes. Find waypoints for it.',
    'Walls and boxes are rectangles with sides parallel to the axes; edges and corners belong to them.',
    'Walls:',
    ...walls.map(sides),
    'Boxes:',
    ...boxes.map(({ name, at }) => `${name}: ${sides(at)}`),
    `Start: (${start.join(', ')})`,
    `End: (${end.join(', ')})`,
    `To visit: ${visit.join(', ')}`,
    `To avoid: ${avoid.join(', ') || 'none'}`,
    'The robot drives in a straight line from each waypoint to the next. The first waypoint is the start, the last one the end, both with exactly the given coordinates. The whole route, not only its waypoints, is judged: it must have at least one point in common with every box to visit (touching its edge is enough; the order does not matter), and no point in common with any box to avoid nor with any wall (touching an edge or a corner there is already forbidden). Boxes that are named in neither list may be crossed or not. Coordinates are taken as exact decimal numbers, without tolerance. The route need not be the shortest, and there may be as many waypoints as you like.',
    answerFormat(
      'Write the waypoints in order as a list of pairs (x, y) in plain decimal numbers.',
      '[(99, 98.5), (98.25, 98.5), (98, 97)]',
    ),
  ].join('\n')
}

type Waypoint = readonly [Decimal, Decimal]

function pair(literal: Literal): Waypoint | null {
  if ((literal.kind !== 'list' && literal.kind !== 'tuple') || literal.items.length !== 2) return null
  const [x, y] = literal.items.map(item => (item.kind === 'number' ? decimal(item.text) : null))
  return x && y ? [x, y] : null
}

/** A list or tuple of pairs of decimals; the outer brackets may be missing, a name such as `waypoints =` may stand before. */
function readRoute(answer: string): Parsed<Waypoint[]> {
  const text = answer.replace(/^\s*[A-Za-z_ ]{1,30}[:=]\s*(?=[[(])/, '').trim()
  const whole = parseLiteral(text)
  const list = whole.ok || !text.startsWith('(') ? whole : parseLiteral(`[${text}]`)
  if (!list.ok) return list
  if (list.value.kind !== 'list' && list.value.kind !== 'tuple') return { ok: false, why: 'not a list of waypoints' }
  const points: Waypoint[] = []
  for (const item of list.value.items) {
    const point = pair(item)
    if (point === null) return { ok: false, why: `waypoint ${points.length + 1} is not a pair of decimal numbers` }
    points.push(point)
  }
  return { ok: true, value: points }
}

function judge({ walls, boxes, start, end, visit, avoid }: PathPlan, points: readonly Waypoint[]): Verdict {
  if (points.length < 2) return incorrect('a route has at least two waypoints')
  const given = [...walls, ...boxes.map(({ at }) => at), start, end].flat().map(decimalOf)
  const places = [...given, ...points.flat()].reduce((most, d) => Math.max(most, d.places), 0)
  const exact = (value: number) => scaled(decimalOf(value), places)
  const box = ([a, b, c, d]: Rectangle): Box => [exact(a), exact(b), exact(c), exact(d)]
  const way = points.map(([x, y]): Point => [scaled(x, places), scaled(y, places)])
  const at = ([x, y]: Point, [ex, ey]: readonly [number, number]) => x === exact(ex) && y === exact(ey)
  if (!at(way[0]!, start)) return incorrect(`the first waypoint is not the start (${start.join(', ')})`)
  if (!at(way.at(-1)!, end)) return incorrect(`the last waypoint is not the end (${end.join(', ')})`)
  const solid = [
    ...walls.map(wall => ({ name: 'a wall', at: box(wall) })),
    ...boxes.filter(({ name }) => avoid.includes(name)).map(({ name, at: edge }) => ({ name, at: box(edge) })),
  ]
  for (let i = 1; i < way.length; i++) {
    const hit = solid.find(obstacle => meets(way[i - 1]!, way[i]!, obstacle.at))
    if (hit) return incorrect(`the line from waypoint ${i} to waypoint ${i + 1} meets ${hit.name}`)
  }
  for (const { name, at: edge } of boxes.filter(one => visit.includes(one.name))) {
    const target = box(edge)
    if (!way.some((point, i) => i > 0 && meets(way[i - 1]!, point, target))) return incorrect(`${name} is not visited`)
  }
  return correct
}

function verify(puzzle: PathPlan, answer: string): Verdict {
  const text = inside(answer, maxLength)
  if (text === null) return malformed(`longer than ${maxLength} characters`)
  const points = readRoute(text)
  return points.ok ? judge(puzzle, points.value) : malformed(`${points.why} in ${quote(text)}`)
}

const show = (points: readonly (readonly [unknown, unknown])[]) =>
  `[${points.map(p => `(${p.join(', ')})`).join(', ')}]`

function solution({ walls, boxes, start, end, visit, avoid }: PathPlan) {
  const of = (names: readonly string[]) => boxes.filter(({ name }) => names.includes(name)).map(({ at }) => at)
  return route({ blocked: [...walls, ...of(avoid)], visit: of(visit), start, end })
}

/** From centre to centre of the boxes to visit, whatever lies between. */
function straightTour({ boxes, start, end, visit }: PathPlan): (readonly [number, number])[] {
  const centres = visit
    .flatMap(name => boxes.filter(box => box.name === name))
    .map(({ at: [a, b, c, d] }) => {
      const middle = (from: number, to: number) => Math.round((from + to) * 5_000) / 10_000
      return [middle(a, b), middle(c, d)] as const
    })
  return [start, ...centres, end]
}

/** Wrong routes, the most human slips first. */
function misses(puzzle: PathPlan, rng: Rng): string[] {
  const { start, end, walls, boxes, avoid } = puzzle
  const right = solution(puzzle) ?? [start, end]
  const at = rng.int(1, right.length - 1)
  const spike = (x: unknown, y: unknown) => show([...right.slice(0, at), [x, y], ...right.slice(at - 1)])
  const forbidden = boxes.filter(({ name }) => avoid.includes(name))
  const rounded = right.map(([x, y]) => [Number(x).toFixed(0), Number(y).toFixed(0)] as const)
  const carefree = [
    solution({ ...puzzle, avoid: [] }),
    ...puzzle.visit.map((_, i) => solution({ ...puzzle, visit: puzzle.visit.toSpliced(i, 1) })),
  ]
  const far = walls[1]![1] + 1
  return [
    show(straightTour(puzzle)),
    ...carefree.map(way => show(way ?? [start, end])),
    show([start, end]),
    show([start, [end[0], start[1]], end]),
    show([start, [start[0], end[1]], end]),
    show(right.slice(0, -1)),
    show(right.slice(1)),
    ...forbidden.slice(0, 3).map(({ at: [x, , y] }) => spike(x, y)),
    spike(start[0], walls[3]![2]),
    spike(walls[1]![0], end[1]),
    show([...right].reverse()),
    show(rounded),
    show([start, [start[0], far], [far, far], end]),
    show(right.map(([x, y]) => [x, y, 0] as unknown as readonly [unknown, unknown])),
    show([[right[0]![0], `${right[0]![1]}1`], ...right.slice(1)]),
  ]
}

export default defineTask<PathPlan>({
  slug: 'path-plan',
  title: 'Path Plan',
  split: 'seen',
  version: 1,
  about: 'Find waypoints that lead a point robot through some boxes and around others.',
  levels: ladder.map(({ boxes, visit, avoid, half, perOne }) => ({
    knob: `${boxes} boxes, ${visit} to visit, ${avoid} to avoid, arena ${(2 * half) / perOne} wide`,
  })),
  generate(rng, level) {
    const spec = ladder[level - 1]!
    for (;;) {
      const drawn = scene(rng, spec)
      const names =
        spec.boxes <= colours.length ? rng.sample(colours, spec.boxes) : drawn.boxes.map((_, i) => `box${i + 1}`)
      const roles = rng.shuffle(names)
      const boxes = drawn.boxes.map((at, i) => ({ name: names[i]!, at }))
      const [visit, avoid] = [roles.slice(0, spec.visit), roles.slice(spec.visit, spec.visit + spec.avoid)]
      const puzzle = { ...drawn, boxes, visit, avoid }
      // The bare line to the end is no puzzle; from level 3 on neither is the straight way through the boxes to visit.
      if (verify(puzzle, show([puzzle.start, puzzle.end])).verdict === 'correct') continue
      if (level >= 3 && verify(puzzle, show(straightTour(puzzle))).verdict === 'correct') continue
      if (solution(puzzle)) return puzzle
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const found =
      /\nWalls:\n((?:x from [^\n]{5,200}\n){1,50})Boxes:\n((?:[a-z0-9]{1,20}: x from [^\n]{5,200}\n){1,1000})Start: \(([^()\n]{3,60})\)\nEnd: \(([^()\n]{3,60})\)\nTo visit: ([a-z0-9, ]{1,9000})\nTo avoid: ([a-z0-9, ]{1,9000})\n/.exec(
        prompt,
      )
    if (!found) return null
    const lines = (block: string) => block.trimEnd().split('\n')
    const walls = lines(found[1]!).map(readSides)
    const boxes = lines(found[2]!).map(line => ({ name: line.slice(0, line.indexOf(':')), at: readSides(line) }))
    const [start, end] = [found[3]!, found[4]!].map(text => text.split(', ').map(Number))
    const numbers = [...walls, ...boxes.map(({ at }) => at), start!, end!]
    if (numbers.some(list => list === null || !list.every(Number.isFinite))) return null
    if (start!.length !== 2 || end!.length !== 2) return null
    return {
      walls: walls as Rectangle[],
      boxes: boxes as NamedBox[],
      start: start as [number, number],
      end: end as [number, number],
      visit: found[5]!.split(', '),
      avoid: found[6] === 'none' ? [] : found[6]!.split(', '),
    }
  }),
  verify,
  solve(puzzle) {
    const points = solution(puzzle)
    if (points === null) throw new Error('path-plan: there is no route')
    return show(points)
  },
  pythonData: ({ walls, boxes, start, end, visit, avoid }) => ({
    WALLS: walls,
    BOXES: Object.fromEntries(boxes.map(({ name, at }) => [name, at])),
    START: start,
    END: end,
    VISIT: visit,
    AVOID: avoid,
  }),
  nearMisses: (puzzle, rng) => onlyWrong(answer => verify(puzzle, answer), misses(puzzle, rng)),
  identity: ({ walls, boxes, start, end, visit, avoid }) => ({
    walls,
    start,
    end,
    boxes: boxes
      .map(({ name, at }) => `${at} ${visit.includes(name) ? 'visit' : avoid.includes(name) ? 'avoid' : 'free'}`)
      .sort(),
  }),
  effort: ({ boxes, visit, avoid }) => boxes.length + 3 * visit.length + avoid.length,
  show: ({ walls, boxes, start, end, visit, avoid }) => {
    const marked = (names: readonly string[]) => boxes.filter(({ name }) => names.includes(name)).map(({ at }) => at)
    const other = boxes.filter(({ name }) => !visit.includes(name) && !avoid.includes(name)).map(({ at }) => at)
    return drawnMap({ walls, start, end, visit: marked(visit), avoid: marked(avoid), other })
  },
  fromPublished(sample) {
    const instance = (sample.instance ?? {}) as Readonly<Record<string, unknown>>
    const { walls, boxes, start, end, mustVisit, mustAvoid } = instance
    if (typeof boxes !== 'object' || boxes === null) return null
    const named = Object.entries(boxes).map(([name, at]) => ({ name, at }))
    if (!Array.isArray(walls) || ![...walls, ...named.map(({ at }) => at)].every(list => areNumbers(list, 4)))
      return null
    if (!areNumbers(start, 2) || !areNumbers(end, 2) || !areNames(mustVisit) || !areNames(mustAvoid)) return null
    return {
      walls,
      boxes: named as NamedBox[],
      start: start as unknown as [number, number],
      end: end as unknown as [number, number],
      visit: mustVisit,
      avoid: mustAvoid,
    }
  },
  publishedKey: () => null,
})

const areNumbers = (list: unknown, length: number): list is number[] =>
  Array.isArray(list) && list.length === length && list.every(Number.isFinite)
const areNames = (list: unknown): list is string[] =>
  Array.isArray(list) && list.every(name => typeof name === 'string')

function readSides(line: string): Rectangle | null {
  const found = /x from (\S{1,30}) to (\S{1,30}), y from (\S{1,30}) to (\S{1,30})$/.exec(line)
  const [a, b, c, d] = (found?.slice(1) ?? []).map(Number)
  return a === undefined || b === undefined || c === undefined || d === undefined ? null : [a, b, c, d]
}
