import { isFinish } from '../coach.ts'
import type { Method } from '../method.ts'
import { fill } from '../prompts/prompts.ts'
import { oneTurn, plain } from './_shared/turn.ts'

/** The coach's first choice alone, then one answer. */
const codeTextChoice: Method = {
  name: 'code-text-choice',
  about: 'the coach chooses text or code once, then one call',
  source: 'table 1, Code/Text Choice',
  prepare: async kit => plain(kit),
  async *body(episode) {
    episode.begin(1)
    const guidance = yield* episode.kit.coach.guide(episode.soFar(), episode)
    if (isFinish(guidance)) {
      yield* episode.decide(guidance)
      return guidance.action === 'return' ? 'returned' : 'terminated'
    }
    const content = fill('task-question', { guidance: guidance.prompt, question: episode.input.prompt })
    yield* oneTurn(episode, 1, guidance, content)
    return 'returned'
  },
}

export default codeTextChoice
