import type { Episode } from '../../episode.ts'
import type { ChatModel, Role } from '../../model.ts'
import { fill, prompts } from '../../prompts/prompts.ts'
import { describeRun } from '../../run-words.ts'
import type { StopReason, TrajectoryEvent } from '../../trajectory.ts'
import { instruction, oneTurn } from './turn.ts'

/** An attempt in words, one by code, and a third call that sums up; its answer is the answer. */
export async function* textCodeSummary(
  episode: Episode,
  by: { readonly role: Role; readonly model: ChatModel },
): AsyncGenerator<TrajectoryEvent, StopReason> {
  const { prompt: question } = episode.input
  const attempts: string[] = []
  for (const way of ['text', 'code'] as const) {
    const guidance = prompts[`task-${way}`]
    const content = fill('task-question', { guidance, question })
    const reply = yield* oneTurn(episode, attempts.length + 1, instruction(way, guidance, `attempt in ${way}`), content)
    const run = episode.soFar().turns.at(-1)?.run
    const result = run ? `\n\nExecution: ${await describeRun(run, episode.settings.outputTokens)}` : ''
    attempts.push(reply.text + result)
  }
  const content = fill('summarise', { question, text: attempts[0]!, code: attempts[1]! })
  yield* oneTurn(episode, 3, instruction('text', prompts.summarise, 'sum up both attempts'), content, by)
  return 'returned'
}
