import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { inside } from '../_shared/fence.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { centre, readSteps, showSteps } from './answer.ts'
import { canonicalField } from './identity.ts'
import { type Action, distance, errands, type Field, placesByColour, schedule } from './solver.ts'

/** Match every box with a target of its colour on a grid of agents. */
interface BoxNet extends Field {
  /** Null where any number of steps is allowed. */
  readonly stepLimit: number | null
}

/** Grid, colours, boxes of each colour; `slack` times our own plan's length is the step limit. */
const ladder: readonly {
  readonly rows: number
  readonly cols: number
  readonly colours: number
  readonly each: readonly [number, number]
  readonly slack?: number
  readonly instances?: number
}[] = [
  { rows: 1, cols: 2, colours: 5, each: [1, 3], instances: 100_000 },
  { rows: 2, cols: 2, colours: 5, each: [1, 3] },
  { rows: 2, cols: 4, colours: 5, each: [1, 3] },
  { rows: 4, cols: 4, colours: 5, each: [1, 3] },
  { rows: 4, cols: 8, colours: 5, each: [1, 3], slack: 1.5 },
  { rows: 6, cols: 8, colours: 7, each: [2, 4], slack: 1.5 },
  { rows: 8, cols: 10, colours: 8, each: [3, 5], slack: 1.5 },
  { rows: 10, cols: 12, colours: 8, each: [4, 8], slack: 1.5 },
]

const colourNames = ['blue', 'red', 'green', 'purple', 'orange', 'yellow', 'pink', 'brown'] as const

/** Longest answer that is read, in characters; the longest plans take a fifth of it. */
const maxLength = 200_000

function ask({ rows, cols, squares, stepLimit }: BoxNet): string {
  return [
    `Coloured boxes lie on a grid of ${rows} ${rows === 1 ? 'row' : 'rows'} and ${cols} ${cols === 1 ? 'column' : 'columns'} of squares and have to be matched with targets of their colour.`,
    'A square is named by its centre, row first: square[0.5, 0.5] is the first square of the first row, square[0.5, 1.5] the second square of the first row, square[1.5, 0.5] the first square of the second row, and so on.',
    'Contents (a square that is not listed is empty):',
    ...squares.flatMap((items, i) => (items.length > 0 ? [`square[${centre(cols, i)}]: ${items.join(', ')}`] : [])),
    'Every square has one agent, also the empty ones; the agent of square[0.5, 1.5] is named Agent[0.5, 1.5]. In one step each agent may do at most one of two things:',
    '"move(box_C, square[x, y])" takes one box of colour C that lies in its own square to the square with that centre, which must share a side with its own;',
    '"move(box_C, target_C)" matches one box of colour C with a target of the same colour C, both lying in its own square; this removes that box and that target.',
    'All actions of a step happen at once and refer to what lay in the squares when the step began: a box that is moved in a step can be handled again in the next step at the earliest. Boxes do not block each other, and a square holds any number of items. A box that lies in the square of a target is not matched by that alone; the action is needed.',
    `After the last step no box and no target may be left. ${stepLimit === null ? 'Any number of steps is allowed.' : `Use at most ${stepLimit} steps.`} An impossible action spoils the plan.`,
    answerFormat(
      'Write a JSON list with one object per step, in order, from the names of the acting agents to their actions; agents without an action are left out.',
      '[{"Agent[0.5, 0.5]": "move(box_grey, square[0.5, 1.5])"}, {"Agent[0.5, 1.5]": "move(box_grey, target_grey)"}]',
    ),
  ].join('\n')
}

const count = (items: readonly string[], item: string) => items.reduce((n, other) => n + Number(other === item), 0)

/** Why an action is impossible in a square with these items, or null. */
function fault({ agent, colour, to }: Action, cols: number, items: readonly string[]): string | null {
  const name = `Agent[${centre(cols, agent)}]`
  if (count(items, `box_${colour}`) === 0) return `${name} has no box_${colour} in its square`
  if (to === null)
    return count(items, `target_${colour}`) === 0 ? `${name} has no target_${colour} in its square` : null
  return distance(cols, agent, to) === 1 ? null : `square[${centre(cols, to)}] is not next to ${name}`
}

function judge({ cols, squares, stepLimit }: BoxNet, steps: readonly (readonly Action[])[]): Verdict {
  if (stepLimit !== null && steps.length > stepLimit) {
    return incorrect(`${steps.length} steps, at most ${stepLimit} are allowed`)
  }
  const now = squares.map(items => [...items])
  const take = (square: number, item: string) => now[square]!.splice(now[square]!.indexOf(item), 1)
  for (const [i, step] of steps.entries()) {
    // An agent touches only its own square and acts once, so all actions can be checked before any is done.
    for (const action of step) {
      const why = fault(action, cols, now[action.agent]!)
      if (why) return incorrect(`step ${i + 1}: ${why}`)
    }
    for (const { agent, colour, to } of step) {
      take(agent, `box_${colour}`)
      if (to === null) take(agent, `target_${colour}`)
      else now[to]!.push(`box_${colour}`)
    }
  }
  const left = now.flat()
  if (left.length === 0) return correct
  const boxes = left.filter(item => item.startsWith('box_')).length
  return incorrect(`${boxes} of ${squares.flat().filter(item => item.startsWith('box_')).length} boxes are not matched`)
}

function verify(puzzle: BoxNet, answer: string): Verdict {
  const text = inside(answer, maxLength)
  if (text === null) return malformed(`longer than ${maxLength} characters`)
  const steps = readSteps(puzzle, text)
  return steps.ok ? judge(puzzle, steps.value) : malformed(steps.why)
}

/** Spoiled copies of a right plan, the most human slips first. */
function misses(puzzle: BoxNet, steps: readonly (readonly Action[])[], rng: Rng): string[] {
  const { cols, rows } = puzzle
  const jobs = errands(puzzle) ?? []
  const at = rng.int(0, steps.length - 1)
  const start = (colour: string, square: number) => puzzle.squares[square]!.includes(`target_${colour}`)
  const carry = jobs.find(({ from, to }) => from !== to)
  const show = (list: readonly (readonly Action[])[]) => showSteps(cols, list)
  const right = show(steps)
  const moves = steps.map(step => step.filter(({ to }) => to !== null))
  const jumps: Action[][] = jobs.flatMap(({ colour, from, to }) => [
    ...(from === to ? [] : [[{ agent: from, colour, to }]]),
    [{ agent: to, colour, to: null }],
  ])
  return [
    show(steps.slice(0, -1)),
    // Boxes that begin on their target's square are taken for matched.
    show(steps.map(step => step.filter(({ agent, colour, to }) => to !== null || !start(colour, agent)))),
    show(steps.slice(1)),
    show(moves),
    show(jumps),
    show(steps.map((step, i) => (i === at ? step.slice(1) : step))),
    show(jobs.map(({ colour, from }) => [{ agent: from, colour, to: null }])),
    right.replace(/target_(\w+)\)(?![\s\S]*target_)/, 'target_grey)'),
    right.replaceAll(/\[(\d+\.5), (\d+\.5)\]/g, '[$2, $1]'),
    right.replaceAll('.5', ''),
    show([...steps].reverse()),
    ...(carry ? [show([[{ agent: carry.from, colour: carry.colour, to: carry.from }], ...steps])] : []),
    show([...steps, [{ agent: 0, colour: jobs[0]?.colour ?? 'red', to: Math.min(cols, 1) }]]),
    `[{"Agent[${rows}.5, 0.5]": "move(box_red, target_red)"}, ${right.slice(1)}`,
    show([...steps, ...Array.from({ length: 3 * steps.length }, () => [])]),
    show([steps.flat()]),
  ]
}

function place(rng: Rng, { rows, cols, colours, each }: (typeof ladder)[number]): string[][] {
  const squares = Array.from({ length: rows * cols }, () => [] as string[])
  for (const colour of rng.sample(colourNames, colours)) {
    const pairs = rng.int(each[0], each[1])
    for (let i = 0; i < pairs; i++) {
      rng.pick(squares).push(`box_${colour}`)
      rng.pick(squares).push(`target_${colour}`)
    }
  }
  return squares.map(items => rng.shuffle(items))
}

const way = (field: Field) =>
  errands(field)?.reduce((sum, { from, to }) => sum + distance(field.cols, from, to), 0) ?? 0

export default defineTask<BoxNet>({
  slug: 'boxnet',
  title: 'BoxNet',
  split: 'seen',
  version: 1,
  about: 'Direct one agent per grid square so that every box reaches a target of its colour.',
  levels: ladder.map(({ rows, cols, colours, each, slack, instances }) => ({
    knob: `${rows} x ${cols} squares, ${colours} colours, ${each[0]} to ${each[1]} boxes of each${slack ? ', limited steps' : ''}`,
    ...(instances ? { instances } : {}),
  })),
  generate(rng, level) {
    const spec = ladder[level - 1]!
    for (;;) {
      const field = { rows: spec.rows, cols: spec.cols, squares: place(rng, spec) }
      if (way(field) < 3) continue
      const stepLimit = spec.slack === undefined ? null : Math.ceil(schedule(field)!.length * spec.slack)
      return { ...field, stepLimit }
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const head = /on a grid of (\d{1,3}) rows? and (\d{1,3}) columns? of squares and/.exec(prompt)
    const list = /\nContents \(a square that is not listed is empty\):\n((?:square\[[^\n]{5,9000}\n){1,10000})/.exec(
      prompt,
    )
    const limit = /target may be left\. (?:Any number of steps|Use at most (\d{1,9}) steps)/.exec(prompt)
    if (!head || !list || !limit) return null
    const [rows, cols] = [Number(head[1]), Number(head[2])]
    const squares = Array.from({ length: rows * cols }, () => [] as string[])
    for (const line of list[1]!.trimEnd().split('\n')) {
      const found = /^square\[(\d{1,3})\.5, (\d{1,3})\.5\]: ([a-z_, ]+)$/.exec(line)
      const square = found && squares[Number(found[1]) * cols + Number(found[2])]
      if (!square) return null
      square.push(...found[3]!.split(', '))
    }
    return { rows, cols, squares, stepLimit: limit[1] === undefined ? null : Number(limit[1]) }
  }),
  verify,
  solve(puzzle) {
    const steps = schedule(puzzle)
    if (steps === null) throw new Error('boxnet: boxes and targets of a colour differ in number')
    return showSteps(puzzle.cols, steps)
  },
  pythonData: ({ rows, cols, squares, stepLimit }) => ({ ROWS: rows, COLS: cols, SQUARES: squares, LIMIT: stepLimit }),
  nearMisses: (puzzle, rng) =>
    onlyWrong(answer => verify(puzzle, answer), misses(puzzle, schedule(puzzle) ?? [[]], rng)),
  identity: puzzle => ({ field: canonicalField(puzzle), stepLimit: puzzle.stepLimit }),
  effort: puzzle => way(puzzle) + puzzle.squares.flat().length / 2,
  show({ cols, squares, stepLimit }) {
    const cells = squares.map(items =>
      items.map(item => (item.startsWith('box_') ? item.slice(4, 6) : `(${item.slice(7, 9)})`)).join(' '),
    )
    const width = Math.max(...cells.map(cell => cell.length), 2)
    const ruler = `+${`${'-'.repeat(width + 2)}+`.repeat(cols)}`
    const lines = Array.from({ length: cells.length / cols }, (_, r) =>
      [...cells.slice(r * cols, (r + 1) * cols).map(cell => `| ${cell.padEnd(width)} `), '|'].join(''),
    )
    const colours = [...placesByColour(squares).keys()].sort().map(colour => `${colour.slice(0, 2)} ${colour}`)
    return [
      ...lines.flatMap(line => [ruler, line]),
      ruler,
      `boxes, and targets in brackets: ${colours.join(', ')}`,
      ...(stepLimit === null ? [] : [`at most ${stepLimit} steps`]),
    ].join('\n')
  },
  fromPublished(sample) {
    // The data set's own file is the mapping from squares to items itself.
    const instance = (sample.instance ?? sample.solution) as { readonly squares?: unknown } | null | undefined
    const stored = instance?.squares ?? instance
    if (typeof stored !== 'object' || stored === null) return null
    const listed = Object.entries(stored).map(([name, items]) => ({ at: /^(\d+)\.5_(\d+)\.5$/.exec(name), items }))
    if (listed.length === 0 || !listed.every(({ at, items }) => at !== null && areItems(items))) return null
    const rows = 1 + Math.max(...listed.map(({ at }) => Number(at![1])))
    const cols = 1 + Math.max(...listed.map(({ at }) => Number(at![2])))
    if (rows * cols !== listed.length) return null
    const squares = Array.from({ length: rows * cols }, () => [] as string[])
    for (const { at, items } of listed) squares[Number(at![1]) * cols + Number(at![2])] = items as string[]
    return { rows, cols, squares, stepLimit: null }
  },
  publishedKey: () => null,
})

const areItems = (items: unknown): items is string[] =>
  Array.isArray(items) && items.every(item => typeof item === 'string' && /^(?:box|target)_[a-z]+$/.test(item))
