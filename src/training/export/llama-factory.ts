import type { ChatMessage } from '../select/messages.ts'
import { type ExportFormat, kinds, splits, turnsOf } from './_shared/format.ts'

/**
 * LLaMA-Factory's sharegpt rows with their dataset_info.json. Its loader learns every answer of a row, or with
 * `mask_history` the last one: so a row for each learned turn, and that switch on.
 */
const llamaFactory: ExportFormat = {
  name: 'llama-factory',
  about: 'LLaMA-Factory: sharegpt rows, ranking for dpo, with dataset_info.json',
  file: (kind, split) => `${kind}-${split}.jsonl`,
  sft: example =>
    turnsOf(example).map(({ prompt, completion }) => ({ conversations: [...prompt, completion].map(said) })),
  dpo: ({ prompt, chosen, rejected }) => [
    {
      conversations: (prompt as readonly ChatMessage[]).map(said),
      chosen: said({ role: 'assistant', content: chosen }),
      rejected: said({ role: 'assistant', content: rejected }),
    },
  ],
  settings: (kind, { context, has }) => ({
    dataset_dir: '.',
    dataset: nameOf(kind, 'train'),
    ...(has(kind, 'validation') ? { eval_dataset: nameOf(kind, 'validation') } : {}),
    cutoff_len: context,
    ...(kind === 'sft'
      ? { stage: 'sft', mask_history: true, train_on_prompt: false }
      : { stage: 'dpo', pref_loss: 'sigmoid', pref_beta: 0.1 }),
  }),
  beside: ({ has }) => {
    const entries = kinds.flatMap(kind =>
      splits
        .filter(split => has(kind, split))
        .map(split => [
          nameOf(kind, split),
          {
            file_name: `${kind}-${split}.jsonl`,
            formatting: 'sharegpt',
            ...(kind === 'dpo' ? { ranking: true } : {}),
            columns: {
              messages: 'conversations',
              ...(kind === 'dpo' ? { chosen: 'chosen', rejected: 'rejected' } : {}),
            },
          },
        ]),
    )
    return { 'dataset_info.json': `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n` }
  },
}

const nameOf = (kind: string, split: string) => `codesteer_${kind}_${split}`
const said = ({ role, content }: ChatMessage) => ({ from: role === 'user' ? 'human' : 'gpt', value: content })

export default llamaFactory
