import type { Method } from '../method.ts'
import { instruction, oneTurn, plain } from './_shared/turn.ts'

/** The bare question, nothing else. */
const onlyQuestion: Method = {
  name: 'only-question',
  about: 'the bare question, one call',
  source: 'table 1, Only Question',
  prepare: async kit => plain(kit),
  async *body(episode) {
    yield* oneTurn(episode, 1, instruction('text', '', 'the bare question'), episode.input.prompt)
    return 'returned'
  },
}

export default onlyQuestion
