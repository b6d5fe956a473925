import type { Method } from '../method.ts'
import { fill, prompts } from '../prompts/prompts.ts'
import { instruction, oneTurn, plain } from './_shared/turn.ts'

/** An agent framework's kind of system prompt put in front of the question, in one user message; no loop. */
const autogenConca: Method = {
  name: 'autogen-conca',
  about: 'an assistant prompt that allows text and code, in front of the question, one call',
  source: 'table 1, AutoGen Conca. (our own wording)',
  prepare: async kit => plain(kit),
  async *body(episode) {
    const guidance = prompts['autogen-style']
    const content = fill('task-question', { guidance, question: episode.input.prompt })
    yield* oneTurn(episode, 1, instruction('text', guidance, 'the model chooses'), content)
    return 'returned'
  },
}

export default autogenConca
