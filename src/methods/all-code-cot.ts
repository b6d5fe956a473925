import type { Method } from '../method.ts'
import { fill, prompts } from '../prompts/prompts.ts'
import { instruction, oneTurn, plain } from './_shared/turn.ts'

/** Chain of thought, then a program. */
const allCodeCot: Method = {
  name: 'all-code-cot',
  about: 'asked to think and then write a program, one call',
  source: 'table 1, All Code + CoT',
  prepare: async kit => plain(kit),
  async *body(episode) {
    const guidance = prompts['task-code']
    const content = fill('task-question', { guidance, question: episode.input.prompt })
    yield* oneTurn(episode, 1, instruction('code', guidance, 'always code'), content)
    return 'returned'
  },
}

export default allCodeCot
