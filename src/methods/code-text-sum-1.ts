import type { Method } from '../method.ts'
import { textCodeSummary } from './_shared/summary.ts'
import { plain } from './_shared/turn.ts'

/** Text and code attempts, summed up by the task model itself. */
const codeTextSum1: Method = {
  name: 'code-text-sum-1',
  about: 'one attempt in words, one by code, summed up by the task model: three calls',
  source: 'table 1, Code + Text + Sum.1',
  prepare: async kit => plain(kit),
  body: episode => textCodeSummary(episode, { role: 'task', model: episode.kit.taskModel }),
}

export default codeTextSum1
