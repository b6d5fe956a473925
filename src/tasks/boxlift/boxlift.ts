import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { inside } from '../_shared/fence.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { readPlan, showPlan } from './plan.ts'
import { greedyPlan, type Lift, type Plan, shortPlan } from './solver.ts'

/** Lift all boxes with a crew of lifters within so many steps. */
interface BoxLift {
  readonly boxes: readonly number[]
  readonly lifters: readonly number[]
  readonly stepLimit: number
}

/** Counts and ranges; `limit` says whose plan the step limit is taken from: the published greedy one or a shorter one. */
const ladder = [
  { boxes: 10, lifters: 3, weights: [10, 100], capacities: [40, 80], limit: 'greedy' },
  { boxes: 15, lifters: 4, weights: [20, 200], capacities: [30, 120], limit: 'greedy' },
  { boxes: 20, lifters: 5, weights: [30, 300], capacities: [40, 160], limit: 'short' },
  { boxes: 25, lifters: 6, weights: [40, 400], capacities: [50, 200], limit: 'short' },
  { boxes: 40, lifters: 8, weights: [50, 500], capacities: [60, 240], limit: 'short' },
  { boxes: 60, lifters: 9, weights: [50, 600], capacities: [60, 260], limit: 'short' },
  { boxes: 90, lifters: 10, weights: [50, 800], capacities: [60, 300], limit: 'short' },
  { boxes: 120, lifters: 12, weights: [50, 900], capacities: [60, 320], limit: 'short' },
] as const

/** Longest answer that is read, in characters; the longest plans take a tenth of it. */
const maxLength = 100_000

function ask({ boxes, lifters, stepLimit }: BoxLift): string {
  return [
    'A crew of lifters has to lift a set of boxes. Make a plan that lifts them all.',
    `Box weights: ${boxes.join(', ')}`,
    `Lifter capacities, lifter 0 first: ${lifters.join(', ')}`,
    `The work is done in steps, at most ${stepLimit} of them; every plan that keeps to this limit is right, and there is one. In a step several boxes may be lifted at once. A box is lifted by one or more lifters whose capacities add up to at least its weight. A lifter takes part in at most one lift per step and is free again in the next step. Every box is lifted exactly once; boxes of equal weight are different boxes, and each of them has to be lifted.`,
    answerFormat(
      'Write one line per step, in order: "Step", its number (from 1), a colon, and a list of the lifts of that step, each lift as (weight of the box, [numbers of its lifters]). The lifters are numbered from 0.',
      'Step 1: [(7, [1, 2]), (5, [0])]\nStep 2: [(4, [1])]',
    ),
  ].join('\n')
}

/** Why a lift is not allowed, or null. */
function fault({ weight, lifters: group }: Lift, lifters: readonly number[], used: Set<number>): string | null {
  if (group.length === 0) return `nobody lifts the box of weight ${weight}`
  let strength = 0
  for (const lifter of group) {
    if (!Number.isInteger(lifter) || lifter < 0 || Object.is(lifter, -0) || lifter >= lifters.length) {
      return `there is no lifter ${lifter}, they are numbered 0 to ${lifters.length - 1}`
    }
    if (used.has(lifter)) return `lifter ${lifter} is used twice`
    used.add(lifter)
    strength += lifters[lifter]!
  }
  return strength >= weight ? null : `lifters ${group.join(', ')} have ${strength} together, the box weighs ${weight}`
}

function judge({ boxes, lifters, stepLimit }: BoxLift, plan: Plan): Verdict {
  const waiting = new Map<number, number>()
  for (const weight of boxes) waiting.set(weight, (waiting.get(weight) ?? 0) + 1)
  if (plan.length > stepLimit) return incorrect(`${plan.length} steps, at most ${stepLimit} are allowed`)
  for (const [i, step] of plan.entries()) {
    const used = new Set<number>()
    for (const lift of step) {
      const left = waiting.get(lift.weight) ?? 0
      if (left === 0) return incorrect(`step ${i + 1}: no box of weight ${lift.weight} is left to lift`)
      const why = fault(lift, lifters, used)
      if (why) return incorrect(`step ${i + 1}: ${why}`)
      waiting.set(lift.weight, left - 1)
    }
  }
  const missed = [...waiting].filter(([, count]) => count > 0)
  const count = missed.reduce((sum, [, n]) => sum + n, 0)
  if (count > 0) return incorrect(`${count} of ${boxes.length} boxes are never lifted, one weighs ${missed[0]![0]}`)
  return correct
}

function verify(puzzle: BoxLift, answer: string): Verdict {
  const text = inside(answer, maxLength)
  if (text === null) return malformed(`longer than ${maxLength} characters`)
  const plan = readPlan(text)
  return plan.ok ? judge(puzzle, plan.value) : malformed(plan.why)
}

const solution = ({ boxes, lifters }: BoxLift) => shortPlan(boxes, lifters)

/** Spoiled copies of a right plan, the most human slips first. */
function misses(puzzle: BoxLift, plan: Plan, rng: Rng): Plan[] {
  const at = rng.int(0, plan.length - 1)
  const change = (edit: (step: readonly Lift[]) => readonly Lift[]) => plan.map((s, i) => (i === at ? edit(s) : s))
  const everywhere = (edit: (lift: Lift) => Lift) => plan.map(step => step.map(edit))
  const [first, ...others] = plan[at]!
  return [
    greedyPlan(puzzle.boxes, puzzle.lifters) ?? [],
    everywhere(lift => ({ ...lift, lifters: lift.lifters.map(lifter => lifter + 1) })),
    change(step => step.slice(1)),
    change(() => [{ ...first!, lifters: first!.lifters.slice(1) }, ...others]),
    change(() => [{ ...first!, lifters: [...first!.lifters, first!.lifters[0]!] }, ...others]),
    change(step => [...step, { weight: puzzle.boxes[0]!, lifters: [rng.int(0, puzzle.lifters.length - 1)] }]),
    plan.slice(0, -1),
    [...plan, plan[0]!],
    change(() => [{ ...first!, weight: first!.weight + 1 }, ...others]),
    plan.flatMap(step => step.map(lift => [lift])),
    everywhere(lift => ({ ...lift, lifters: lift.lifters.slice(0, 1) })),
    change(() => []),
    change(() => [{ ...first!, lifters: [puzzle.lifters.length] }, ...others]),
    change(() => [{ ...first!, lifters: first!.lifters.map(lifter => lifter - puzzle.lifters.length) }, ...others]),
  ]
}

const wholeNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(n => Number.isSafeInteger(n) && n > 0)

export default defineTask<BoxLift>({
  slug: 'boxlift',
  title: 'BoxLift',
  split: 'seen',
  version: 1,
  about: 'Assign lifters to boxes, step by step, so that all boxes are lifted within a step limit.',
  levels: ladder.map(({ boxes, lifters, weights, capacities, limit }) => ({
    knob: `${boxes} boxes of ${weights[0]} to ${weights[1]}, ${lifters} lifters of ${capacities[0]} to ${capacities[1]}, ${limit === 'greedy' ? 'easy' : 'tight'} limit`,
  })),
  generate(rng, level) {
    const { boxes: count, lifters: crew, weights, capacities, limit } = ladder[level - 1]!
    for (;;) {
      const boxes = Array.from({ length: count }, () => rng.int(weights[0], weights[1]))
      const lifters = Array.from({ length: crew }, () => rng.int(capacities[0], capacities[1]))
      // Null when the heaviest box is too much for the whole crew.
      const plan = limit === 'greedy' ? greedyPlan(boxes, lifters) : shortPlan(boxes, lifters)
      if (plan) return { boxes, lifters, stepLimit: plan.length }
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const found =
      /^Box weights: ([\d, ]{1,20000})\nLifter capacities, lifter 0 first: ([\d, ]{1,9000})\nThe work is done in steps, at most (\d{1,9}) of/m.exec(
        prompt,
      )
    if (!found) return null
    const [boxes, lifters] = [found[1]!, found[2]!].map(list => list.split(', ').map(Number))
    return { boxes: boxes!, lifters: lifters!, stepLimit: Number(found[3]) }
  }),
  verify,
  solve(puzzle) {
    const plan = solution(puzzle)
    if (plan === null || plan.length > puzzle.stepLimit) throw new Error('boxlift: no plan within the limit found')
    return showPlan(plan)
  },
  pythonData: ({ boxes, lifters, stepLimit }) => ({ BOXES: boxes, LIFTERS: lifters, LIMIT: stepLimit }),
  nearMisses: (puzzle, rng) =>
    onlyWrong(answer => verify(puzzle, answer), misses(puzzle, solution(puzzle) ?? [], rng).map(showPlan)),
  identity: ({ boxes, lifters, stepLimit }) => ({
    boxes: [...boxes].sort((a, b) => a - b),
    lifters: [...lifters].sort((a, b) => a - b),
    stepLimit,
  }),
  effort: ({ boxes, lifters }) => boxes.length * lifters.length,
  show: ({ boxes, lifters, stepLimit }) =>
    [
      ...lifters.map((capacity, i) => `lifter ${i} ${String(capacity).padStart(4)} ${'='.repeat(capacity / 10)}`),
      ...[...boxes]
        .sort((a, b) => b - a)
        .map(weight => `box      ${String(weight).padStart(4)} ${'#'.repeat(weight / 10)}`),
      `at most ${stepLimit} steps`,
    ].join('\n'),
  fromPublished(sample) {
    // The data set's own file holds boxes and lifters, nothing else.
    const stored = (sample.instance ?? sample.solution) as
      | { readonly boxes?: unknown; readonly lifters?: unknown; readonly stepLimit?: unknown }
      | null
      | undefined
    if (!wholeNumbers(stored?.boxes) || !wholeNumbers(stored.lifters)) return null
    const { boxes, lifters, stepLimit } = stored
    if (Number.isSafeInteger(stepLimit)) return { boxes, lifters, stepLimit: Number(stepLimit) }
    // The data set does not store the limit: it is the length of the greedy plan.
    const greedy = greedyPlan(boxes, lifters)
    return greedy && { boxes, lifters, stepLimit: greedy.length }
  },
  publishedKey: () => null,
})
