import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { inside } from '../_shared/fence.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { canonicalStacks } from './identity.ts'
import { readMoves, showMoves } from './moves.ts'
import { type Move, plan, type Stacks, unsettled } from './solver.ts'

/** Rearrange stacks of blocks by moving top blocks. Both lists have one entry per stack, bottom to top. */
interface Blocksworld {
  readonly start: Stacks
  readonly goal: Stacks
  /** Null where any number of moves is allowed. */
  readonly moveLimit: number | null
}

/** Blocks and stacks as ranges; `slack` times our own plan's length is the move limit. */
const ladder: readonly {
  readonly blocks: readonly [number, number]
  readonly stacks: readonly [number, number]
  readonly slack?: number
  readonly instances?: number
}[] = [
  { blocks: [4, 5], stacks: [3, 4], instances: 20_000 },
  { blocks: [6, 6], stacks: [3, 4], instances: 260_000 },
  { blocks: [7, 8], stacks: [3, 5] },
  { blocks: [10, 11], stacks: [3, 5] },
  { blocks: [14, 16], stacks: [3, 5], slack: 1.4 },
  { blocks: [20, 22], stacks: [4, 6], slack: 1.4 },
  { blocks: [30, 33], stacks: [4, 6], slack: 1.4 },
  { blocks: [45, 50], stacks: [5, 7], slack: 1.4 },
]

/** Longest answer that is read, in characters: far more than any sensible plan. */
const maxLength = 200_000

const range = ([from, to]: readonly [number, number]) => (from === to ? `${from}` : `${from} to ${to}`)

/** Letters up to T for few blocks (the question's example has X and Y), else letter and digit. */
function namesOf(count: number): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRST']
  return count <= letters.length
    ? letters.slice(0, count)
    : Array.from({ length: count }, (_, i) => `${letters[Math.floor(i / 9)]}${(i % 9) + 1}`)
}

const listed = (stacks: Stacks) => stacks.map((stack, i) => `stack${i + 1}: ${stack.join(' ') || '(empty)'}`)

function ask({ start, goal, moveLimit }: Blocksworld): string {
  return [
    `Blocks stand in ${start.length} stacks and have to be rearranged. Each stack is listed from its bottom block (left) to its top block (right).`,
    'Start:',
    ...listed(start),
    'Goal:',
    ...listed(goal),
    'In one move the top block of one stack is put on top of another stack, which may be empty (putting it back where it was is allowed too and counts as a move). No other block can be picked up, and there is no other place for a block: no table and no further stack. A stack may become empty and may grow to any height. After the last move every stack must hold exactly the blocks that the goal lists for it, in that order, and the stacks marked (empty) none.',
    moveLimit === null ? 'Any number of moves is allowed.' : `Use at most ${moveLimit} moves.`,
    answerFormat(
      'Write one move per line, in order: Move, the block, from, the number of its stack, to, the number of the stack that it is put on.',
      'Move X from 2 to 1\nMove Y from 2 to 3',
    ),
  ].join('\n')
}

function readStacks(lines: string): Stacks | null {
  const stacks: string[][] = []
  for (const line of lines.split('\n')) {
    const found = /^stack(\d{1,3}): ([A-Za-z0-9 ]+|\(empty\))$/.exec(line)
    if (!found || Number(found[1]) !== stacks.length + 1) return null
    stacks.push(found[2] === '(empty)' ? [] : found[2]!.split(' '))
  }
  return stacks
}

/** Carries the moves out and says what goes wrong first. */
function judge({ start, goal, moveLimit }: Blocksworld, moves: readonly Move[]): Verdict {
  if (moveLimit !== null && moves.length > moveLimit) {
    return incorrect(`${moves.length} moves, at most ${moveLimit} are allowed`)
  }
  const stacks = start.map(stack => [...stack])
  for (const [i, { block, from, to }] of moves.entries()) {
    const outside = [from, to].find(stack => stacks[stack] === undefined)
    if (outside !== undefined) return incorrect(`move ${i + 1}: there is no stack ${outside + 1}`)
    const top = stacks[from]!.at(-1)
    if (top === undefined) return incorrect(`move ${i + 1}: stack ${from + 1} is empty`)
    if (top.toUpperCase() !== block.toUpperCase()) {
      return incorrect(`move ${i + 1}: ${quote(block)} is not on top of stack ${from + 1}, ${top} is`)
    }
    stacks[to]!.push(stacks[from]!.pop()!)
  }
  const wrong = stacks.findIndex((stack, i) => stack.join(' ') !== (goal[i] ?? []).join(' '))
  if (wrong < 0) return correct
  const shown = quote(stacks[wrong]!.join(' ') || '(empty)')
  return incorrect(`stack ${wrong + 1} ends as ${shown}, not as ${quote(goal[wrong]!.join(' ') || '(empty)')}`)
}

function verify(puzzle: Blocksworld, answer: string): Verdict {
  const text = inside(answer, maxLength)
  if (text === null) return malformed(`longer than ${maxLength} characters`)
  const moves = readMoves(text)
  return moves.ok ? judge(puzzle, moves.value) : malformed(moves.why)
}

function drawStacks(rng: Rng, names: readonly string[], count: number): string[][] {
  const stacks = Array.from({ length: count }, () => [] as string[])
  for (const name of rng.shuffle(names)) rng.pick(stacks).push(name)
  return stacks
}

/** Spoiled copies of a right plan, the most human slips first. */
function misses({ start, goal }: Blocksworld, moves: readonly Move[], rng: Rng): (readonly Move[])[] {
  const count = start.length
  const last = moves.at(-1)!
  const at = rng.int(0, Math.max(0, moves.length - 2))
  const buried = start.findIndex(stack => stack.length > 1)
  const swapped = [...moves]
  if (moves.length > 1) [swapped[at], swapped[at + 1]] = [moves[at + 1]!, moves[at]!]
  const backAndForth = Array.from({ length: 2 * moves.length }, (_, i) =>
    i % 2 === 0 ? { block: last.block, from: last.to, to: last.from } : last,
  )
  return [
    moves.slice(0, -1),
    moves.slice(1),
    goal.flatMap((stack, to) => stack.map(block => ({ block, from: start.findIndex(s => s.includes(block)), to }))),
    swapped,
    moves.map(move => ({ ...move, from: move.from - 1, to: move.to - 1 })),
    [...moves.slice(0, -1), { ...last, to: (last.to + 1) % count }],
    [...moves, { block: last.block, from: last.to, to: last.from }],
    [...moves].reverse().map(({ block, from, to }) => ({ block, from: to, to: from })),
    ...(buried < 0 ? [] : [[{ block: start[buried]![0]!, from: buried, to: (buried + 1) % count }, ...moves]]),
    [...moves.slice(0, -1), { ...last, to: count }],
    moves.filter((_, i) => i !== at),
    moves.map(({ block, from, to }) => ({ block, from: to, to: from })),
    [...moves].reverse(),
    [...moves, { block: 'Z', from: 0, to: 1 }],
    [...moves, ...backAndForth],
  ]
}

export default defineTask<Blocksworld>({
  slug: 'blocksworld',
  title: 'Blocksworld',
  split: 'seen',
  version: 1,
  about: 'Rearrange stacks of lettered blocks into a goal, moving one top block at a time.',
  levels: ladder.map(({ blocks, stacks, slack, instances }) => ({
    knob: `${range(blocks)} blocks, ${range(stacks)} stacks${slack ? ', limited moves' : ''}`,
    ...(instances ? { instances } : {}),
  })),
  generate(rng, level) {
    const { blocks, stacks, slack } = ladder[level - 1]!
    const names = namesOf(rng.int(blocks[0], blocks[1]))
    const count = rng.int(stacks[0], stacks[1])
    for (;;) {
      const [start, goal] = [drawStacks(rng, names, count), drawStacks(rng, names, count)]
      if (unsettled(start, goal) <= names.length / 2) continue
      const moveLimit = slack === undefined ? null : Math.ceil(plan(start, goal)!.length * slack)
      return { start, goal, moveLimit }
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const found =
      /\nStart:\n((?:stack[^\n]{3,2000}\n){1,50})Goal:\n((?:stack[^\n]{3,2000}\n){1,50})[^\n]+\n(?:Any number|Use at most (\d{1,9}) moves)/.exec(
        prompt,
      )
    if (!found) return null
    const [start, goal] = [readStacks(found[1]!.trimEnd()), readStacks(found[2]!.trimEnd())]
    return start && goal && { start, goal, moveLimit: found[3] === undefined ? null : Number(found[3]) }
  }),
  verify,
  solve({ start, goal }) {
    const moves = plan(start, goal)
    if (moves === null) throw new Error('blocksworld: fewer than three stacks, no plan')
    return showMoves(moves)
  },
  pythonData: ({ start, goal, moveLimit }) => ({ START: start, GOAL: goal, LIMIT: moveLimit }),
  nearMisses(puzzle, rng) {
    const moves = plan(puzzle.start, puzzle.goal) ?? []
    if (moves.length === 0) return ['Move Z from 1 to 2']
    return onlyWrong(answer => verify(puzzle, answer), misses(puzzle, moves, rng).map(showMoves))
  },
  identity: ({ start, goal, moveLimit }) => ({ stacks: canonicalStacks(start, goal), moveLimit }),
  effort: ({ start, goal }) => plan(start, goal)?.length ?? 0,
  show: ({ start, goal, moveLimit }) =>
    [
      'Start',
      drawn(start),
      '',
      'Goal',
      drawn(goal),
      ...(moveLimit === null ? [] : ['', `at most ${moveLimit} moves`]),
    ].join('\n'),
  fromPublished(sample) {
    const instance = sample.instance as { readonly initial?: unknown; readonly goal?: unknown } | undefined
    const start = instance ? stacksOf(instance.initial) : publishedStacks(sample.question, 'Initial State:')
    const goal = instance ? stacksOf(instance.goal) : publishedStacks(sample.question, 'Goal State:')
    if (!start || !goal || goal.length > start.length) return null
    // Stacks that the goal does not name must end empty.
    return { start, goal: start.map((_, i) => goal[i] ?? []), moveLimit: null }
  },
  publishedKey: () => null,
})

/** The lines `stack2: B A` below a heading of the published text; `stack1: ` is an empty stack. */
function publishedStacks(text: string | null, heading: string): string[][] | null {
  if (text === null || !text.includes(heading)) return null
  const below = text
    .slice(text.indexOf(heading) + heading.length, 100_000)
    .split('\n')
    .slice(1)
  const end = below.findIndex(line => !/^\s*stack\d+:/.test(line))
  const named = below
    .slice(0, end < 0 ? undefined : end)
    .map(line => line.trim().split(':'))
    .map(([name, blocks]) => [name!, (blocks ?? '').split(' ').filter(block => block !== '')] as const)
  return named.length > 0 ? stacksOf(Object.fromEntries(named)) : null
}

/** `{"stack1": ["B"], "stack2": []}` in order of the stacks' numbers. */
function stacksOf(value: unknown): string[][] | null {
  if (typeof value !== 'object' || value === null) return null
  const named = new Map<string, unknown>(Object.entries(value))
  const stacks = Array.from({ length: named.size }, (_, i) => named.get(`stack${i + 1}`))
  const sound = (stack: unknown): stack is string[] =>
    Array.isArray(stack) && stack.every(block => typeof block === 'string' && /^\w+$/.test(block))
  return stacks.every(sound) ? stacks : null
}

/** The stacks side by side, standing on their numbers. */
function drawn(stacks: Stacks): string {
  const width = Math.max(...stacks.flat().map(block => block.length), String(stacks.length).length) + 1
  const height = Math.max(...stacks.map(stack => stack.length))
  const rows = Array.from({ length: height }, (_, i) =>
    stacks.map(stack => (stack[height - 1 - i] ?? '').padStart(width)).join(''),
  )
  const ground = '-'.repeat(width * stacks.length + 1)
  return [...rows, ground, stacks.map((_, i) => String(i + 1).padStart(width)).join('')].join('\n')
}
