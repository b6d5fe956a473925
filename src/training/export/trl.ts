import { assistant, type ExportFormat, turnsOf } from './_shared/format.ts'

/**
 * TRL's conversational prompt and completion: a row for each learned turn. TRL can also put loss on all assistant turns of
 * one row (`assistant_only_loss`), but only with chat templates that mark them, and not on the last one alone.
 */
const trl: ExportFormat = {
  name: 'trl',
  about: 'TRL: SFTTrainer (prompt, completion) and DPOTrainer (prompt, chosen, rejected)',
  file: (kind, split) => `${kind}-${split}.jsonl`,
  sft: example => turnsOf(example).map(({ prompt, completion }) => ({ prompt, completion: [completion] })),
  dpo: ({ prompt, chosen, rejected }) => [{ prompt, chosen: [assistant(chosen)], rejected: [assistant(rejected)] }],
  settings: (kind, { context }) =>
    kind === 'sft'
      ? { max_length: context, completion_only_loss: true, assistant_only_loss: false, packing: false }
      : { max_length: context, loss_type: ['sigmoid'], beta: 0.1 },
}

export default trl
