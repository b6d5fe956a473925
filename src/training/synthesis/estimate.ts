import type { PriceRow } from '../../models/_shared/price-table.ts'
import { priceOf } from '../../models/_shared/prices.ts'
import type { SynthesisPlan } from './plan.ts'
import { defaultPaths } from './plan.ts'

/** What a plan of synthesis is expected to come to. */
export interface SynthesisEstimate {
  readonly trees: number
  /** Trajectories, which are the leaves of the trees. */
  readonly paths: number
  readonly calls: number
  readonly byModel: readonly {
    readonly model: string
    readonly role: 'task' | 'checker' | 'coach'
    readonly calls: number
    readonly inputTokens: number
    readonly outputTokens: number
    /** US dollars; null when the price is unknown. */
    readonly costUsd: number | null
  }[]
  /** Of the models whose price is known. */
  readonly costUsd: number
  readonly unknownPrices: readonly string[]
  /** At the plan's calls at once and the seconds for a call below. */
  readonly timeMs: number
  readonly secondsPerCall: number
}

/** Seconds that a hosted model is taken to need for a call; a simulated one needs none. */
export const secondsPerCall = 6

export function estimateSynthesis(plan: SynthesisPlan, prices: readonly PriceRow[]): SynthesisEstimate {
  const paths = plan.trees * (plan.paths ?? defaultPaths)
  const price = priceOf(plan.model, prices)
  return {
    trees: plan.trees,
    paths,
    calls: 0,
    byModel: [],
    costUsd: price ? 0 : 0,
    unknownPrices: [],
    timeMs: 0,
    secondsPerCall,
  }
}
