import { programOf } from './answer.ts'
import { type Instruction, isFinish } from './coach.ts'
import { type Episode, episode, type SteerInput } from './episode.ts'
import type { Kit } from './kit.ts'
import type { ModelMessage } from './model.ts'
import { fill } from './prompts/prompts.ts'
import { describeRun } from './run-words.ts'
import type { StopReason, Trajectory, TrajectoryEvent } from './trajectory.ts'

export type { SteerInput } from './episode.ts'

/**
 * THE LOOP. A coach guides the task model between text and code; programs run in the sandbox; checkers advise; the coach
 * guides again, until it returns, gives up, or a limit is reached. Yields every event the moment it is a fact and
 * returns the folded trajectory. The world comes in through the kit alone: the same kit gives the same events.
 *
 * Failures of providers, sandbox and store, and cancellation, end the trajectory with their stop reason; only our own
 * bugs are thrown (after their trajectory-end).
 */
export function steer(input: SteerInput, kit: Kit): AsyncGenerator<TrajectoryEvent, Trajectory> {
  return episode(input, kit, rounds)
}

/** Turn after turn: guidance, reply, run, checks. */
export async function* rounds(episode: Episode): AsyncGenerator<TrajectoryEvent, StopReason> {
  const { kit, settings } = episode
  for (let turn = 1; ; turn++) {
    episode.begin(turn)
    if (turn > settings.maxTurns) return 'turn-limit'
    const guidance = yield* kit.coach.guide(episode.soFar(), episode)
    yield* episode.decide(guidance)
    if (isFinish(guidance)) return guidance.action === 'return' ? 'returned' : 'terminated'
    const content = await taskMessage(episode, guidance)
    const before = turn === 1 ? (episode.input.history ?? []) : episode.thread('task')
    const messages: ModelMessage[] = [...before, { role: 'user', content }]
    const reply = yield* episode.call('task', 'task', kit.taskModel, messages)
    if (turn === settings.maxTurns && !settings.checkLastTurn) continue
    const source = programOf(reply.text, settings)
    if (source !== null) yield* episode.run('answer', source)
    yield* episode.check()
  }
}

/** The words of the next message to the task model: guidance, with the question the first time, with its program's output later. */
async function taskMessage({ input, settings, soFar }: Episode, guidance: Instruction): Promise<string> {
  const previous = soFar().turns.at(-2)
  if (!previous) return fill('task-question', { guidance: guidance.prompt, question: input.prompt })
  if (!settings.showOutputToTaskModel || previous.run === null) return guidance.prompt
  const result = await describeRun(previous.run, settings.outputTokens)
  return fill('task-after-run', { result, guidance: guidance.prompt })
}
