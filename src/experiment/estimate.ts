import type { PriceRow } from '../models/_shared/price-table.ts'
import { priceOf } from '../models/_shared/prices.ts'
import type { Summary, WorkItem } from '../store/run-store.ts'
import type { Plan } from './plan.ts'

/** What a piece of a plan is expected to use. */
export interface CellEstimate {
  readonly label: string
  readonly model: string
  readonly items: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** US dollars; null when the model's price is unknown. */
  readonly costUsd: number | null
  /** `measured`: from this run's finished trajectories; `typical`: from the table below. */
  readonly from: 'measured' | 'typical'
}

export interface RunEstimate {
  readonly cells: readonly CellEstimate[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of the models whose price is known. */
  readonly costUsd: number
  readonly unknownPrices: readonly string[]
}

/**
 * Tokens of one trajectory of each method: from runs of the simulated apprentice for the number of calls and the sizes of
 * our prompts, with 700 tokens taken for a real model's reply. Good to a factor of two or so; reasoning models use more.
 */
const typical: Readonly<Record<string, readonly [input: number, output: number]>> = {
  'only-question': [500, 700],
  'all-text-cot': [600, 700],
  'all-code-cot': [650, 700],
  'autogen-conca': [750, 700],
  'code-text-choice': [650, 700],
  'code-text-sum-1': [3_000, 2_000],
  'code-text-sum-2': [3_000, 2_000],
  'code-interpreter': [2_500, 1_200],
  codesteer: [6_000, 3_000],
  'symbolic-agent': [9_000, 3_500],
}
const unknownMethod = [6_000, 3_000] as const

/** What the given items will use, cell by cell; cells with at least five finished trajectories go by those. */
export function estimate(
  plan: Plan,
  items: readonly WorkItem[],
  finished: readonly Summary[] = [],
  prices: readonly PriceRow[] = [],
): RunEstimate {
  const cells = plan.models.flatMap(model =>
    plan.methods.map(method => {
      const own = (row: { readonly label: string; readonly model: string }) =>
        row.label === method.label && row.model === model
      const known = finished.filter(summary => own(summary) && summary.state === 'done')
      const count = items.filter(own).length
      const mean = (of: (summary: Summary) => number) => known.reduce((sum, row) => sum + of(row), 0) / known.length
      const measured = known.length >= 5
      const [input, output] = measured
        ? [mean(row => row.inputTokens), mean(row => row.outputTokens)]
        : (typical[method.method] ?? unknownMethod)
      const price = priceOf(model, prices)
      return {
        label: method.label,
        model,
        items: count,
        inputTokens: Math.round(count * input),
        outputTokens: Math.round(count * output),
        costUsd: price && (count * (input * price.input + output * price.output)) / 1_000_000,
        from: measured ? ('measured' as const) : ('typical' as const),
      }
    }),
  )
  return {
    cells,
    inputTokens: cells.reduce((sum, cell) => sum + cell.inputTokens, 0),
    outputTokens: cells.reduce((sum, cell) => sum + cell.outputTokens, 0),
    costUsd: cells.reduce((sum, cell) => sum + (cell.costUsd ?? 0), 0),
    unknownPrices: [...new Set(cells.filter(cell => cell.costUsd === null).map(cell => cell.model))],
  }
}
