import { stringify } from 'yaml'
import { assistant, type ExportFormat, type FormatFacts, type Kind } from './_shared/format.ts'

/** Axolotl's `chat_template` rows: each message says by `train` whether it carries loss. A whole conversation is one row. */
const axolotl: ExportFormat = {
  name: 'axolotl',
  about: 'axolotl: chat_template with a train mark per message, and chat_template.default for dpo',
  file: (kind, split) => `${kind}-${split}.jsonl`,
  sft: ({ messages, learned }) => [
    { messages: messages.map(({ role, content }, i) => ({ role, content, train: learned.includes(i) })) },
  ],
  dpo: ({ prompt, chosen, rejected }) => [
    { messages: prompt, chosen: assistant(chosen), rejected: assistant(rejected) },
  ],
  settings,
  beside: facts => ({
    'sft.yaml': stringify(settings('sft', facts)),
    ...(facts.has('dpo', 'train') ? { 'dpo.yaml': stringify(settings('dpo', facts)) } : {}),
  }),
}

/** The part of a configuration that is about the data; the paths are as seen from the format's folder. */
function settings(kind: Kind, { context, has }: FormatFacts) {
  const entry = (split: 'train' | 'validation') => ({
    path: `${kind}-${split}.jsonl`,
    ds_type: 'json',
    split: 'train',
    field_messages: 'messages',
    ...(kind === 'sft'
      ? { type: 'chat_template', message_field_training: 'train', roles_to_train: [], train_on_eos: 'turn' }
      : { type: 'chat_template.default', field_chosen: 'chosen', field_rejected: 'rejected' }),
  })
  return {
    ...(kind === 'dpo' ? { rl: 'dpo', rl_beta: 0.1 } : { train_on_inputs: false }),
    sequence_len: context,
    sample_packing: false,
    datasets: [entry('train')],
    ...(has(kind, 'validation') ? { test_datasets: [entry('validation')] } : {}),
  }
}

export default axolotl
