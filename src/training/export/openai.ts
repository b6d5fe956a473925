import { assistant, type ExportFormat } from './_shared/format.ts'

/**
 * The files of OpenAI's fine-tuning interface, which several hosts take: chats in which each assistant message has a
 * `weight`, and preferences. A whole conversation is one row.
 */
const openai: ExportFormat = {
  name: 'openai',
  about: 'OpenAI-compatible fine-tuning services: supervised (messages with weights) and dpo (preferences)',
  file: (kind, split) => `${kind}-${split}.jsonl`,
  sft: ({ messages, learned }) => [
    {
      messages: messages.map(({ role, content }, i) =>
        role === 'assistant' ? { role, content, weight: learned.includes(i) ? 1 : 0 } : { role, content },
      ),
    },
  ],
  dpo: ({ prompt, chosen, rejected }) => [
    {
      input: { messages: prompt, tools: [], parallel_tool_calls: true },
      preferred_output: [assistant(chosen)],
      non_preferred_output: [assistant(rejected)],
    },
  ],
  settings: kind =>
    kind === 'sft'
      ? { method: { type: 'supervised' } }
      : { method: { type: 'dpo', dpo: { hyperparameters: { beta: 0.1 } } } },
}

export default openai
