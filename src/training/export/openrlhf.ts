import { assistant, type ExportFormat, turnsOf } from './_shared/format.ts'

/** OpenRLHF: message lists under keys that its flags name. A row for each learned turn: `--multiturn` would learn them all. */
const openrlhf: ExportFormat = {
  name: 'openrlhf',
  about: 'OpenRLHF: train_sft (input, output) and train_dpo (prompt, chosen, rejected)',
  file: (kind, split) => `${kind}-${split}.jsonl`,
  sft: example => turnsOf(example).map(({ prompt, completion }) => ({ input: prompt, output: [completion] })),
  dpo: ({ prompt, chosen, rejected }) => [{ prompt, chosen: [assistant(chosen)], rejected: [assistant(rejected)] }],
  settings: (kind, { context }) =>
    kind === 'sft'
      ? { apply_chat_template: true, input_key: 'input', output_key: 'output', max_len: context }
      : {
          apply_chat_template: true,
          prompt_key: 'prompt',
          chosen_key: 'chosen',
          rejected_key: 'rejected',
          max_len: context,
          beta: 0.1,
        },
}

export default openrlhf
