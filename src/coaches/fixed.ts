import type { CoachKind, Guidance } from '../coach.ts'
import { InputError } from '../errors.ts'
import { type PromptName, prompts } from '../prompts/prompts.ts'

const openings: Readonly<Record<string, { readonly action: 'text' | 'code'; readonly prompt: PromptName }>> = {
  text: { action: 'text', prompt: 'task-text' },
  code: { action: 'code', prompt: 'task-code' },
}

/** One fixed instruction, then return: the one-shot baselines. */
const fixed: CoachKind = {
  name: 'fixed',
  about: 'one fixed way, one turn: fixed:text or fixed:code',
  argument: 'text|code',
  async open(argument) {
    const opening = openings[argument ?? '']
    if (!opening) throw new InputError(`no fixed coach "${argument ?? ''}"`, 'Use fixed:text or fixed:code.')
    return {
      name: `fixed:${argument}`,
      models: [],
      async *guide(soFar): AsyncGenerator<never, Guidance> {
        if (soFar.turns.length > 0) return { action: 'return', reason: 'a fixed coach gives one turn', raw: null }
        return { action: opening.action, prompt: prompts[opening.prompt], reason: 'fixed', raw: null }
      },
    }
  },
}

export default fixed
