import type { ExportFormat } from './_shared/format.ts'

/**
 * verl's multi-turn SFT: a parquet file with a column of messages. Its data set learns every assistant message and has no
 * mark per message, so only whole conversations whose every coach turn is learned can be said in it: the final turns do
 * not weigh double here. verl has no DPO.
 */
const verl: ExportFormat = {
  name: 'verl',
  about: 'verl: multi-turn SFT (parquet); without the double weight of the final turns; no dpo',
  file: (kind, split) => (kind === 'sft' ? `sft-${split}.parquet` : null),
  sft: ({ messages, learned, part }) =>
    part === 'whole' && learned.length === messages.filter(({ role }) => role === 'assistant').length
      ? [{ messages }]
      : [],
  dpo: () => [],
  settings: (_, { context }) => ({
    'data.messages_key': 'messages',
    'data.max_length': context,
    'data.truncation': 'error',
  }),
}

export default verl
