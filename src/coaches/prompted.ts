import type { CoachKind, Guidance } from '../coach.ts'
import { InputError } from '../errors.ts'
import type { ModelMessage } from '../model.ts'
import { fill, prompts } from '../prompts/prompts.ts'
import { decisionSchema, readDecision } from './_shared/decision.ts'
import { historyWords } from './_shared/history.ts'

/** Any chat model as coach, told the whole story each time; JSON where the model has it, tolerant reading where not. */
const prompted: CoachKind = {
  name: 'prompted',
  about: 'any chat model, prompted: prompted:<provider/model>',
  argument: 'provider/model',
  async open(argument, context) {
    if (!argument)
      throw new InputError('the prompted coach needs a model', 'For example --coach prompted:openai/gpt-4.1-mini')
    const model = await context.openModel(argument)
    return {
      name: `prompted:${argument}`,
      models: [model.id],
      async *guide(soFar, kit) {
        const ask =
          soFar.turns.length === 0
            ? firstWords(kit.question)
            : fill('coach-next', { question: kit.question, history: await historyWords(soFar, kit.settings) })
        const json = model.capabilities.jsonSchema
        // The first choice asks for one of two tokens; JSON would only make small models worse at it.
        const form = soFar.turns.length === 0 ? '' : `\n\n${prompts[json ? 'coach-json' : 'coach-words']}`
        const messages: ModelMessage[] = [{ role: 'user', content: ask + form }]
        const options = json && form ? { json: { name: 'coach-decision', schema: decisionSchema } } : {}
        const reply = yield* kit.call('coach', `coach-${soFar.turns.length}`, model, messages, options)
        return readDecision(
          reply.text,
          soFar.turns.at(-1)?.guidance.action === 'text' ? 'text' : 'code',
        ) satisfies Guidance
      },
    }
  },
}

export default prompted

const firstWords = (question: string) => fill('coach-first', { question })
