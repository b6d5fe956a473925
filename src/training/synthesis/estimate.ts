import type { PriceRow } from '../../models/_shared/price-table.ts'
import { priceOf } from '../../models/_shared/prices.ts'
import { coachModel, defaultPaths, type SynthesisPlan } from './plan.ts'

/** What one role is expected to use of one model. */
export interface RoleEstimate {
  readonly model: string
  readonly role: 'task' | 'checker' | 'coach'
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** US dollars; null when the price is unknown. */
  readonly costUsd: number | null
}

/** What a plan of synthesis is expected to come to. */
export interface SynthesisEstimate {
  readonly trees: number
  /** Trajectories, which are the leaves of the trees. */
  readonly paths: number
  /** Decisions of the coach, and the turns of the task model that follow all but the last of a path. */
  readonly decisions: number
  readonly turns: number
  readonly calls: number
  readonly byRole: readonly RoleEstimate[]
  /** Of the models whose price is known. */
  readonly costUsd: number
  readonly unknownPrices: readonly string[]
  /** For the calls alone, at the plan's number of calls at once; 0 for simulated models, which need none. */
  readonly timeMs: number
  readonly secondsPerCall: number
}

/**
 * Seconds that a hosted model is taken to need for a call. The paper's figures come to about as much: 45 to 64 s for a
 * trajectory of some four turns with two calls each (steering-loop, section 10).
 */
export const secondsPerCall = 6

/** Tokens that a real model's reply is taken to have; the simulated apprentice writes fewer. */
const replyTokens = 700
/** A coach says a sentence or a token. */
const coachTokens = 60
/** Samples that a coach with a temperature is asked for until it decides otherwise than its siblings. */
const samplesPerDecision = 1.2

/**
 * Of the decisions at each turn, the share that ends the path; and the input tokens of a call there, by role. From trees of the
 * simulated apprentice with the rules coach (docs/synthesis.md has the command), the words of our prompts being the same
 * for every model. A task model's earlier replies are counted at the length of a real one's below.
 */
const shape = [
  { ends: 0, task: 340, checker: 1_080, coach: 340 },
  { ends: 0.34, task: 460, checker: 1_060, coach: 540 },
  { ends: 0.44, task: 540, checker: 1_060, coach: 720 },
  { ends: 0.52, task: 600, checker: 1_060, coach: 900 },
  { ends: 0.51, task: 680, checker: 1_060, coach: 1_080 },
] as const

const at = (turn: number) => shape[Math.min(turn, shape.length) - 1]!

/** Decisions and turns of the mean tree, level by level, by the plan's branches. */
function meanTree({ branches }: SynthesisPlan): readonly { readonly decisions: number; readonly turns: number }[] {
  let open = 1
  return branches.map((children, i) => {
    const decisions = open * children
    open = decisions * (1 - at(i + 1).ends)
    return { decisions, turns: open }
  })
}

/**
 * What a plan will use, roughly: good to a factor of two, since models differ in how often they are right at once and in how
 * much they write; reasoning models write more. Prices are the table's or the user's own.
 */
export function estimateSynthesis(plan: SynthesisPlan, prices: readonly PriceRow[]): SynthesisEstimate {
  const whole = meanTree(plan)
  const wholeLeaves = whole.reduce((sum, { decisions, turns }) => sum + decisions - turns, 0) + whole.at(-1)!.turns
  const paths = plan.trees * (plan.scheme === 'uncertain' ? (plan.paths ?? defaultPaths) : wholeLeaves)
  // A thinner tree has the same paths, only fewer.
  const scale = paths / wholeLeaves
  const levels = whole.map(({ decisions, turns }) => ({ decisions: decisions * scale, turns: turns * scale }))
  const sum = (of: (level: (typeof levels)[number], turn: number) => number) =>
    levels.reduce((all, level, i) => all + of(level, i + 1), 0)
  const role = (model: string, name: RoleEstimate['role'], calls: number, input: number, output: number) => {
    const price = priceOf(model, prices)
    return {
      model,
      role: name,
      calls: Math.round(calls),
      inputTokens: Math.round(input),
      outputTokens: Math.round(calls * output),
      costUsd: price && (input * price.input + calls * output * price.output) / 1_000_000,
    }
  }
  const turns = sum(level => level.turns)
  const decisions = sum(level => level.decisions)
  const earlierReplies = (turn: number) => (turn - 1) * replyTokens
  const byRole = [
    role(
      plan.model,
      'task',
      turns,
      sum((level, turn) => level.turns * (at(turn).task + earlierReplies(turn))),
      replyTokens,
    ),
    ...(plan.checkers.includes('self-answer')
      ? [
          role(
            plan.checkerModel ?? plan.model,
            'checker',
            turns,
            sum((level, turn) => level.turns * at(turn).checker),
            replyTokens,
          ),
        ]
      : []),
    ...coachShares(plan).map(({ model, share }) => {
      const asked = share * samplesPerDecision
      const input = sum((level, turn) => asked * level.decisions * (at(turn).coach + earlierReplies(turn)))
      return role(model, 'coach', asked * decisions, input, coachTokens)
    }),
  ]
  const calls = byRole.reduce((all, { calls: n }) => all + n, 0)
  const hosted = byRole.filter(({ model }) => !model.startsWith('simulated/')).reduce((all, { calls: n }) => all + n, 0)
  return {
    trees: plan.trees,
    paths: Math.round(paths),
    decisions: Math.round(decisions),
    turns: Math.round(turns),
    calls,
    byRole,
    costUsd: byRole.reduce((all, { costUsd }) => all + (costUsd ?? 0), 0),
    unknownPrices: [...new Set(byRole.filter(({ costUsd }) => costUsd === null).map(({ model }) => model))],
    timeMs: (hosted * secondsPerCall * 1_000) / plan.limits.concurrency,
    secondsPerCall,
  }
}

/** Models that coaches ask, with the share of the decisions that each makes. */
function coachShares({ coaches }: SynthesisPlan): { readonly model: string; readonly share: number }[] {
  const shares = new Map<string, number>()
  for (const coach of coaches) {
    const model = coachModel(coach)
    if (model !== null) shares.set(model, (shares.get(model) ?? 0) + 1 / coaches.length)
  }
  return [...shares].map(([model, share]) => ({ model, share }))
}
