import type { Method } from '../method.ts'
import { fill, prompts } from '../prompts/prompts.ts'
import { instruction, oneTurn, plain } from './_shared/turn.ts'

/** Chain of thought in words. */
const allTextCot: Method = {
  name: 'all-text-cot',
  about: 'asked to reason step by step in words, one call',
  source: 'table 1, All Text + CoT',
  prepare: async kit => plain(kit),
  async *body(episode) {
    const guidance = prompts['task-text']
    const content = fill('task-question', { guidance, question: episode.input.prompt })
    yield* oneTurn(episode, 1, instruction('text', guidance, 'always text'), content)
    return 'returned'
  },
}

export default allTextCot
