import { z } from 'zod'
import type { Usage } from '../../model.ts'
import { readTable } from './capabilities.ts'
import { matchesGlob } from './glob.ts'
import { type PriceRow, priceTable } from './price-table.ts'

const perMillion = z.number().nonnegative()

/** The shape of a user's file: US dollars per million tokens by pattern. */
export const priceFileSchema = z.record(
  z.string().min(1),
  z.strictObject({
    input: perMillion,
    output: perMillion,
    cachedInput: perMillion.nullable().default(null),
    asOf: z.iso.date(),
    source: z.string().default('your own file'),
  }),
)

/** The price row of a model; null when nobody told us. A row of the user's wins over the shipped table. */
export function priceOf(id: string, own: readonly PriceRow[] = []): PriceRow | null {
  return [...priceTable, ...own].findLast(row => matchesGlob(row.pattern, id)) ?? null
}

/** US dollars of one call; null when the price or a needed count is unknown, never 0 for that. */
export function costUsd(price: PriceRow | null, usage: Usage): number | null {
  if (!price) return null
  if (price.input === 0 && price.output === 0) return 0
  if (usage.inputTokens === null || usage.outputTokens === null) return null
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens)
  const fresh = usage.inputTokens - cached
  const total = fresh * price.input + cached * (price.cachedInput ?? price.input) + usage.outputTokens * price.output
  return total / 1_000_000
}

/** Reads a user's price file. Throws InputError when it cannot be read or has another shape. */
export async function loadPrices(path: string): Promise<readonly PriceRow[]> {
  const example = '{"openai/gpt-x": {"input": 2, "output": 8, "cachedInput": 0.5, "asOf": "2026-01-31"}}'
  const rows = await readTable(path, priceFileSchema, 'prices', example)
  return Object.entries(rows).map(([pattern, fields]) => ({ pattern, ...fields }))
}
