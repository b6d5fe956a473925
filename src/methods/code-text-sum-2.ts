import type { Method } from '../method.ts'
import { textCodeSummary } from './_shared/summary.ts'
import { plain } from './_shared/turn.ts'

/** Text and code attempts, summed up by another model (in the paper a fine-tuned one). */
const codeTextSum2: Method = {
  name: 'code-text-sum-2',
  about: 'one attempt in words, one by code, summed up by a summariser model (plan: models.summariser)',
  source: 'table 1, Code + Text + Sum.2',
  async prepare(kit, context) {
    const id = context.models.summariser
    return { ...plain(kit), summariserModel: id ? await context.openModel(id) : kit.taskModel }
  },
  body: episode =>
    textCodeSummary(episode, { role: 'summariser', model: episode.kit.summariserModel ?? episode.kit.taskModel }),
}

export default codeTextSum2
