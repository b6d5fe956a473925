import type { Coach, Guidance } from './coach.ts'
import type { Kit } from './kit.ts'
import type { ChatModel } from './model.ts'
import { replyOf, Tape } from './tape.ts'
import type { TrajectoryEvent } from './trajectory.ts'

/**
 * A kit that first hands back what a record holds, then goes on live: the way to resume a trajectory that was cut off, in
 * the middle of its conversation and without repeating a call or a run. The loop yields the recorded events again (the
 * caller has them already: the first `recorded.length`), then new ones.
 *
 * The trajectory's clock goes on from its last event, so that the time nobody worked on it does not count against its
 * limit. Calls that were sent but not recorded are the ledger's to answer for.
 */
export function continuing(kit: Kit, recorded: readonly TrajectoryEvent[]): Kit {
  const tape = new Tape(recorded)
  const lastMs = recorded.at(-1)?.atMs ?? kit.clock.nowMs()
  let behindMs: number | undefined
  const model = (live: ChatModel): ChatModel => ({
    ...live,
    call: async request => {
      const call = tape.nextCall()
      return call ? replyOf(call) : live.call(request)
    },
  })
  return {
    ...kit,
    taskModel: model(kit.taskModel),
    checkerModel: model(kit.checkerModel),
    ...(kit.summariserModel ? { summariserModel: model(kit.summariserModel) } : {}),
    coach: wrapCoach(kit.coach, model),
    sandbox: {
      ...kit.sandbox,
      run: async request => tape.nextRun()?.result ?? kit.sandbox.run(request),
    },
    clock: {
      sleep: (ms, signal) => kit.clock.sleep(ms, signal),
      nowMs() {
        const moment = tape.nextMoment()
        if (moment !== undefined) return moment
        behindMs ??= kit.clock.nowMs() - lastMs
        return kit.clock.nowMs() - behindMs
      },
    },
  }
}

/** A coach calls models of its own through the step kit; those calls must come off the tape as well. */
function wrapCoach(coach: Coach, model: (live: ChatModel) => ChatModel): Coach {
  return {
    ...coach,
    guide: (soFar, step) =>
      coach.guide(soFar, {
        ...step,
        call: (role, thread, live, messages, options) => step.call(role, thread, model(live), messages, options),
      }),
  }
}

/** The events of a trajectory before a turn's decision: what a branch at that turn keeps. */
export function beforeTurn(events: readonly TrajectoryEvent[], turn: number): TrajectoryEvent[] {
  const at = events.findIndex(event => ('turn' in event && event.turn >= turn) || event.type === 'trajectory-end')
  return events.slice(0, at < 0 ? events.length : at)
}

/** A kit whose coach gives the forced guidance at one turn (1-based) and decides by itself everywhere else. */
export function forcing(kit: Kit, turn: number, guidance: Guidance): Kit {
  const { coach } = kit
  return {
    ...kit,
    coach: {
      ...coach,
      async *guide(soFar, step) {
        return soFar.turns.length + 1 === turn ? guidance : yield* coach.guide(soFar, step)
      },
    },
  }
}

/** The reason that a fork's guidance bears, by which a record is known to have been forced there. */
export const forkReason = 'forced by a fork'

/** A kit whose coach gives again what forks forced in a record: no coach would decide it by itself. */
export function forcingAgain(kit: Kit, recorded: readonly TrajectoryEvent[]): Kit {
  return recorded.reduce(
    (made, event) =>
      event.type === 'guidance' && event.guidance.reason === forkReason
        ? forcing(made, event.turn, event.guidance)
        : made,
    kit,
  )
}
