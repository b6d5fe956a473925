import type { CoachKind, Guidance } from '../coach.ts'
import { InputError } from '../errors.ts'
import type { ModelMessage } from '../model.ts'
import { fill } from '../prompts/prompts.ts'
import type { SteerSettings } from '../settings.ts'
import type { Trajectory, Turn } from '../trajectory.ts'
import { completionOf, readDecision } from './_shared/decision.ts'
import { extendedReply, toldBy } from './_shared/history.ts'

/**
 * A fine-tuned coach behind an OpenAI-compatible server. Its history has the training form (steering-loop section 6): the
 * question once, then its decisions and the round inputs in turn; no system message, no decision prompt. Trees of training
 * data are made by the same functions, so it meets in use exactly what it was trained on.
 */
const tuned: CoachKind = {
  name: 'tuned',
  about: 'a fine-tuned coach behind an OpenAI-compatible server: tuned:<provider/model>',
  argument: 'provider/model',
  async open(argument, context) {
    if (!argument)
      throw new InputError(
        'the tuned coach needs a model',
        'For example --coach tuned:openai-compatible/my-coach with CODESTEER_BASE_URL set',
      )
    const model = await context.openModel(argument)
    return {
      name: `tuned:${argument}`,
      models: [model.id],
      async *guide(soFar, kit) {
        const messages = await tunedHistory(kit.question, soFar, kit.settings)
        const reply = yield* kit.call('coach', 'coach', model, messages)
        return readDecision(
          reply.text,
          soFar.turns.at(-1)?.guidance.action === 'text' ? 'text' : 'code',
        ) satisfies Guidance
      },
    }
  },
}

export default tuned

/**
 * The coach's conversation so far in the training form: user and assistant in turn, ending with what it must answer now.
 * Its earlier decisions stand in the form of `completionOf`, whoever made them and in whatever words.
 */
export async function tunedHistory(
  question: string,
  soFar: Trajectory,
  settings: SteerSettings,
): Promise<ModelMessage[]> {
  const messages: ModelMessage[] = [{ role: 'user', content: fill('coach-first', { question }) }]
  for (const turn of soFar.turns) {
    messages.push({ role: 'assistant', content: completionOf(turn.guidance) })
    messages.push({ role: 'user', content: await roundInput(turn, settings) })
  }
  return messages
}

/** What the coach is told after a turn: the extended reply, the self-check, the program's judgement, and how to answer. */
export async function roundInput(turn: Turn, settings: SteerSettings): Promise<string> {
  const symbolic = turn.source === null ? '' : `Program: ${toldBy(turn, 'symbolic-code', 'not judged')}\n`
  return fill('tuned-round', {
    reply: await extendedReply(turn, settings),
    check: toldBy(turn, 'self-answer', 'none was made'),
    symbolic,
  })
}
