import { openCoach } from '../assemble.ts'
import type { Checker } from '../checker.ts'
import { type Instruction, isFinish } from '../coach.ts'
import { beforeTurn, continuing, forcing, forcingAgain, forkReason } from '../continue.ts'
import { episode } from '../episode.ts'
import { InputError } from '../errors.ts'
import { fold } from '../fold.ts'
import type { Kit } from '../kit.ts'
import type { Method } from '../method.ts'
import type { ChatModel } from '../model.ts'
import { prompts } from '../prompts/prompts.ts'
import { load } from '../registry.ts'
import type { Sandbox } from '../sandbox.ts'
import type { SteerSettings } from '../settings.ts'
import { rounds } from '../steer.ts'
import type { Trajectory, TrajectoryEvent } from '../trajectory.ts'
import type { Clock } from '../util/clock.ts'

/** Which trajectory is branched where, and what the branch runs with. */
export interface ForkOptions {
  /** The stored trajectory. */
  readonly events: readonly TrajectoryEvent[]
  /** The turn whose guidance is replaced; 1-based. What lies before it is kept and not called again. */
  readonly turn: number
  readonly action?: 'text' | 'code'
  /** The words of the guidance; default: the standing prompt of the action. */
  readonly words?: string
  /** Name of the new trajectory; also its trial, so that what follows are new samples. */
  readonly id: string
  /** Opens the models that the record names. */
  readonly openModel: (id: string) => Promise<ChatModel>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly sandbox: Sandbox
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Text as it arrives, for the screen only. */
  readonly onDelta?: Kit['onDelta']
  /** Parts other than the recorded ones. */
  readonly model?: string
  readonly checkerModel?: string
  readonly coach?: string
  readonly settings?: Partial<SteerSettings>
}

/**
 * Branches a stored conversation: its events up to the turn come again from the record, then comes the forced guidance,
 * then the loop runs on live. Yields all events of the branch. Throws InputError for a turn that is not there, or a
 * method that no coach guides.
 */
export async function* forkTrajectory(options: ForkOptions): AsyncGenerator<TrajectoryEvent, Trajectory> {
  const { start, turns } = fold(options.events)
  const { body } = await load<Method>('methods', start.method)
  if (body !== rounds) {
    throw new InputError(
      `${start.method} asks no coach, so no guidance can be forced on it`,
      'Fork a trajectory of codesteer or symbolic-agent.',
    )
  }
  const { turn, id } = options
  if (turn < 1 || turn > turns.length + 1) {
    throw new InputError(
      `the trajectory has ${turns.length} turns, so it cannot be forked at turn ${turn}`,
      `Give --turn 1 to ${turns.length + 1}.`,
    )
  }
  const own = { ...start.settings, ...options.settings }
  const settings = { ...own, maxTurns: Math.max(own.maxTurns, turn) }
  const taskModel = await options.openModel(options.model ?? start.models.task)
  const kit: Kit = {
    taskModel,
    checkerModel: await options.openModel(
      options.checkerModel ?? (options.model ? options.model : start.models.checker),
    ),
    coach: await openCoach(options.coach ?? start.coach, options.openModel, options),
    checkers: await Promise.all(start.checkers.map(name => load<Checker>('checkers', name))),
    sandbox: options.sandbox,
    settings,
    clock: options.clock,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onDelta ? { onDelta: options.onDelta } : {}),
  }
  const input = {
    prompt: start.question.prompt,
    ...(start.question.coordinates ? { coordinates: start.question.coordinates } : {}),
    id,
    trial: id,
    method: start.method,
    branchOf: { trajectory: start.id, turn },
  }
  // A fork of a fork: what the first one forced is part of what is kept.
  const kept = beforeTurn(options.events, turn)
  const forced = forcing(forcingAgain(continuing(kit, kept), kept), turn, guidanceOf(options, turns))
  return yield* episode(input, forced, rounds)
}

function guidanceOf({ turn, action, words }: ForkOptions, turns: Trajectory['turns']): Instruction {
  const recorded = turns[turn - 1]?.guidance
  const chosen = action ?? (recorded && !isFinish(recorded) ? recorded.action : 'code')
  return { action: chosen, prompt: words ?? prompts[`task-${chosen}`], reason: forkReason, raw: null }
}
