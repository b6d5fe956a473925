import { programOf } from '../../answer.ts'
import type { Instruction } from '../../coach.ts'
import type { Episode } from '../../episode.ts'
import type { Kit } from '../../kit.ts'
import type { ChatModel, ModelReply, Role } from '../../model.ts'
import type { TrajectoryEvent } from '../../trajectory.ts'

export const instruction = (action: 'text' | 'code', prompt: string, reason: string): Instruction => ({
  action,
  prompt,
  reason,
  raw: null,
})

/** One turn of a baseline: its decision, one call in a conversation of its own, and the run of the reply's program. */
export async function* oneTurn(
  episode: Episode,
  turn: number,
  decision: Instruction,
  content: string,
  by: { readonly role: Role; readonly model: ChatModel } = { role: 'task', model: episode.kit.taskModel },
): AsyncGenerator<TrajectoryEvent, ModelReply> {
  episode.begin(turn)
  yield* episode.decide(decision)
  const reply = yield* episode.call(by.role, `turn-${turn}`, by.model, [{ role: 'user', content }])
  const source = programOf(reply.text, episode.settings)
  if (source !== null) yield* episode.run('answer', source)
  return reply
}

/** The parts of a baseline: no checkers, and the last reply is the answer. */
export function plain(kit: Kit): Kit {
  return { ...kit, checkers: [], settings: { ...kit.settings, finalAnswer: 'last' } }
}
