/** List price of the models that match a pattern, in US dollars per million tokens. */
export interface PriceRow {
  /** Glob on `provider/model`; the last matching row wins. */
  readonly pattern: string
  readonly input: number
  readonly output: number
  /** Input tokens read from the provider's cache; null: charged like other input. */
  readonly cachedInput: number | null
  /** The day as of which this was the public list price. */
  readonly asOf: string
  readonly source: string
}

const row = (
  pattern: string,
  input: number,
  output: number,
  cachedInput: number | null,
  asOf: string,
  source: string,
) => ({
  pattern,
  input,
  output,
  cachedInput,
  asOf,
  source,
})

const openai = 'OpenAI price list'
const anthropic = 'Anthropic price list'
const google = 'Gemini API price list, paid tier, text'
const own = 'runs on your own machine: no charge per token'

/**
 * A deliberately small table: flat list prices that were public on the given day. Prices change; a row of the user's file
 * wins (see `loadPrices`). A model without a row has an unknown price, which is null everywhere and never 0.
 */
export const priceTable: readonly PriceRow[] = [
  row('simulated/*', 0, 0, 0, '2025-01-01', 'made up on this machine: nothing is called'),
  row('ollama/*', 0, 0, 0, '2025-01-01', own),
  row('local/*', 0, 0, 0, '2025-01-01', own),
  row('llama-cpp/*', 0, 0, 0, '2025-01-01', own),
  row('lm-studio/*', 0, 0, 0, '2025-01-01', own),
  row('vllm/*', 0, 0, 0, '2025-01-01', own),

  row('openai/gpt-3.5-turbo', 0.5, 1.5, null, '2025-08-01', openai),
  row('openai/gpt-4o-2024-05-13', 5, 15, null, '2025-08-01', openai),
  row('openai/gpt-4o', 2.5, 10, 1.25, '2025-08-01', openai),
  row('openai/gpt-4o-2024-08-06', 2.5, 10, 1.25, '2025-08-01', openai),
  row('openai/gpt-4o-2024-11-20', 2.5, 10, 1.25, '2025-08-01', openai),
  row('openai/gpt-4o-mini', 0.15, 0.6, 0.075, '2025-08-01', openai),
  row('openai/gpt-4.1', 2, 8, 0.5, '2025-08-01', openai),
  row('openai/gpt-4.1-mini', 0.4, 1.6, 0.1, '2025-08-01', openai),
  row('openai/gpt-4.1-nano', 0.1, 0.4, 0.025, '2025-08-01', openai),
  row('openai/o1', 15, 60, 7.5, '2025-08-01', openai),
  row('openai/o3', 2, 8, 0.5, '2025-08-01', openai),
  row('openai/o3-mini', 1.1, 4.4, 0.55, '2025-08-01', openai),
  row('openai/o4-mini', 1.1, 4.4, 0.275, '2025-08-01', openai),
  row('openai/gpt-5', 1.25, 10, 0.125, '2025-08-08', openai),
  row('openai/gpt-5-mini', 0.25, 2, 0.025, '2025-08-08', openai),
  row('openai/gpt-5-nano', 0.05, 0.4, 0.005, '2025-08-08', openai),

  row('anthropic/claude-3-5-haiku-*', 0.8, 4, 0.08, '2025-08-01', anthropic),
  row('anthropic/claude-3-5-sonnet-*', 3, 15, 0.3, '2025-08-01', anthropic),
  row('anthropic/claude-3-7-sonnet-*', 3, 15, 0.3, '2025-08-01', anthropic),
  row('anthropic/claude-opus-4-20250514', 15, 75, 1.5, '2025-08-01', anthropic),
  row('anthropic/claude-opus-4-1*', 15, 75, 1.5, '2025-08-08', anthropic),
  row('anthropic/claude-haiku-4-5*', 1, 5, 0.1, '2025-10-20', anthropic),

  row('google/gemini-2.0-flash', 0.1, 0.4, 0.025, '2025-08-01', google),
  row('google/gemini-2.5-flash-lite', 0.1, 0.4, 0.025, '2025-08-01', google),
]
