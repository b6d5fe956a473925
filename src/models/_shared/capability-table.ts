import type { Capabilities } from '../../model.ts'

/** One row: what every model whose `provider/model` matches the pattern can take. Later rows win over earlier ones. */
export interface CapabilityRow {
  /** `*` stands for any run of characters; case does not matter. */
  readonly pattern: string
  readonly capabilities: Partial<Capabilities>
}

const reasons = { temperature: false, reasoning: 'separate' } as const
const local = { jsonSchema: true, reasoning: 'think-tags' } as const

/**
 * What models can take, as their makers documented it in 2025. A wrong or missing row is overridden by a file of the
 * user's (see `loadCapabilities`); nothing else in the code looks at a model's name.
 */
export const capabilityTable: readonly CapabilityRow[] = [
  {
    pattern: '*',
    capabilities: {
      systemMessage: true,
      temperature: true,
      jsonSchema: false,
      tools: true,
      reasoning: 'think-tags',
      contextTokens: null,
    },
  },
  { pattern: 'simulated/*', capabilities: { reasoning: 'none' } },
  { pattern: 'local/*', capabilities: { tools: false, reasoning: 'none' } },

  { pattern: 'openai/*', capabilities: { jsonSchema: true, reasoning: 'separate' } },
  { pattern: 'openai/gpt-3.5-turbo*', capabilities: { jsonSchema: false, reasoning: 'none', contextTokens: 16_385 } },
  { pattern: 'openai/gpt-4o*', capabilities: { reasoning: 'none', contextTokens: 128_000 } },
  { pattern: 'openai/gpt-4o-2024-05-13', capabilities: { jsonSchema: false } },
  { pattern: 'openai/gpt-4.1*', capabilities: { reasoning: 'none', contextTokens: 1_047_576 } },
  { pattern: 'openai/o1*', capabilities: { ...reasons, contextTokens: 200_000 } },
  {
    pattern: 'openai/o1-mini*',
    capabilities: { systemMessage: false, jsonSchema: false, tools: false, contextTokens: 128_000 },
  },
  {
    pattern: 'openai/o1-preview*',
    capabilities: { systemMessage: false, jsonSchema: false, tools: false, contextTokens: 128_000 },
  },
  { pattern: 'openai/o3*', capabilities: { ...reasons, contextTokens: 200_000 } },
  { pattern: 'openai/o4*', capabilities: { ...reasons, contextTokens: 200_000 } },
  { pattern: 'openai/gpt-5*', capabilities: { ...reasons, contextTokens: 400_000 } },
  {
    pattern: 'openai/gpt-5-chat*',
    capabilities: { temperature: true, tools: false, reasoning: 'none', contextTokens: 128_000 },
  },

  { pattern: 'anthropic/*', capabilities: { jsonSchema: true, reasoning: 'separate', contextTokens: 200_000 } },
  { pattern: 'google/*', capabilities: { jsonSchema: true, reasoning: 'separate' } },
  { pattern: 'google/gemini-2*', capabilities: { contextTokens: 1_048_576 } },
  { pattern: 'google/gemma-3*', capabilities: { systemMessage: false, jsonSchema: false, reasoning: 'none' } },
  { pattern: 'mistral/*', capabilities: { jsonSchema: true, reasoning: 'separate' } },
  { pattern: 'deepseek/*', capabilities: { reasoning: 'separate' } },
  { pattern: 'deepseek/deepseek-reasoner', capabilities: { temperature: false } },

  { pattern: 'vllm/*', capabilities: local },
  { pattern: 'ollama/*', capabilities: local },
  { pattern: 'llama-cpp/*', capabilities: local },
  { pattern: 'lm-studio/*', capabilities: local },
]
