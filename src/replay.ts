import { openCoach } from './assemble.ts'
import type { Checker } from './checker.ts'
import { forcing, forcingAgain } from './continue.ts'
import { episode } from './episode.ts'
import { CodeSteerError, type FailureKind, InputError, ProviderError, type ProviderFault } from './errors.ts'
import { fold } from './fold.ts'
import type { Kit } from './kit.ts'
import { LimitReached } from './limit-reached.ts'
import type { Method } from './method.ts'
import type { ChatModel } from './model.ts'
import { load } from './registry.ts'
import type { Sandbox } from './sandbox.ts'
import { replyOf, Tape } from './tape.ts'
import type { TrajectoryEnd, TrajectoryEvent } from './trajectory.ts'

/** Where a replay left the record: the first event that differs. */
export interface Divergence {
  readonly seq: number
  readonly recorded: TrajectoryEvent | null
  readonly replayed: TrajectoryEvent | null
}

/** What a replay came to. */
export interface ReplayResult {
  readonly events: readonly TrajectoryEvent[]
  /** Null when every event came out byte for byte as recorded. */
  readonly divergence: Divergence | null
}

/**
 * Runs the loop again from a record: models and sandbox hand back what they said then, nothing is called, the clock
 * shows the recorded moments. With an unchanged loop every event comes out the same; the first difference is returned.
 * A trajectory that was cut off replays as far as it goes.
 */
export async function replay(recorded: readonly TrajectoryEvent[]): Promise<ReplayResult> {
  const { start, end } = fold(recorded)
  const cancel = new AbortController()
  const tape = new Player(recorded, end, cancel)
  const coach = await openCoach(start.coach, async id => tape.model(id), { environment: {} })
  const kit: Kit = {
    taskModel: tape.model(start.models.task),
    checkerModel: tape.model(start.models.checker),
    coach,
    checkers: await Promise.all(start.checkers.map(name => load<Checker>('checkers', name))),
    sandbox: tape.sandbox(start.sandbox),
    settings: start.settings,
    // One moment per event: the recorder asks once for each.
    clock: { nowMs: () => tape.nextMoment(), sleep: async () => {} },
    signal: cancel.signal,
  }
  const input = {
    prompt: start.question.prompt,
    id: start.id,
    trial: start.trial,
    method: start.method,
    ...(start.question.history ? { history: start.question.history } : {}),
    ...(start.question.coordinates ? { coordinates: start.question.coordinates } : {}),
    ...(start.branchOf ? { branchOf: start.branchOf } : {}),
  }
  const events: TrajectoryEvent[] = []
  const { body } = await load<Method>('methods', start.method)
  for await (const made of episode(input, withFork(kit, recorded), body)) {
    const known = recorded[events.length]
    const event = sameBuild(made, known)
    if (known === undefined && end === null) break
    events.push(event)
    if (JSON.stringify(event) !== JSON.stringify(known)) {
      return { events, divergence: { seq: event.seq, recorded: known ?? null, replayed: event } }
    }
  }
  const missing = recorded[events.length]
  return { events, divergence: missing ? { seq: missing.seq, recorded: missing, replayed: null } : null }
}

/**
 * Which build made a record, and what prompts it had at hand, is a fact of that day. A prompt that was used shows in the
 * messages: there a change of its words is a difference.
 */
function sameBuild(event: TrajectoryEvent, known: TrajectoryEvent | undefined): TrajectoryEvent {
  if (event.type !== 'trajectory-start' || known?.type !== 'trajectory-start') return event
  return { ...event, prompts: known.prompts, build: known.build }
}

/**
 * A branch was given its guidance at one turn by whoever forked it, and so may the path have been that it parts from; no coach
 * would decide it again. The branches of a training tree are decided by their coach, at that turn too.
 */
function withFork(kit: Kit, recorded: readonly TrajectoryEvent[]): Kit {
  const { branchOf, coach } = fold(recorded).start
  const again = forcingAgain(kit, recorded)
  const forced = recorded.find(event => event.type === 'guidance' && event.turn === branchOf?.turn)
  if (!branchOf || forced?.type !== 'guidance' || coach.startsWith('varied:')) return again
  return forcing(again, branchOf.turn, forced.guidance)
}

/** A kit's models and sandbox, played from a record; at its end they do what ended the record. */
class Player {
  readonly #tape: Tape
  readonly #recorded: readonly TrajectoryEvent[]
  readonly #end: TrajectoryEnd | null
  readonly #cancel: AbortController

  constructor(recorded: readonly TrajectoryEvent[], end: TrajectoryEnd | null, cancel: AbortController) {
    this.#tape = new Tape(recorded)
    this.#recorded = recorded
    this.#end = end
    this.#cancel = cancel
  }

  nextMoment(): number {
    return this.#tape.nextMoment() ?? this.#recorded.at(-1)?.atMs ?? 0
  }

  model(id: string): ChatModel {
    const jsonSchema = this.#recorded.some(
      event => event.type === 'model-call' && event.model === id && event.options.json !== undefined,
    )
    return {
      id,
      simulated: id.startsWith('simulated/'),
      capabilities: {
        systemMessage: true,
        temperature: true,
        jsonSchema,
        tools: true,
        reasoning: 'none',
        contextTokens: null,
      },
      call: async () => {
        const call = this.#tape.nextCall()
        if (!call) throw this.#whatEndedIt()
        return replyOf(call)
      },
    }
  }

  sandbox(name: string): Sandbox {
    return {
      name,
      run: async () => {
        const run = this.#tape.nextRun()
        if (!run) throw this.#whatEndedIt()
        return run.result
      },
      close: async () => {},
    }
  }

  /** The record stopped here for the reason that its last event gives. */
  #whatEndedIt(): unknown {
    if (this.#end === null) return new InputError('the record ends here', 'It was cut off; what it holds was replayed.')
    if (this.#end.reason === 'cancelled') {
      this.#cancel.abort(new DOMException('cancelled', 'AbortError'))
      return this.#cancel.signal.reason
    }
    const { error } = this.#end
    return error ? rebuilt(error) : new LimitReached(this.#end.reason)
  }
}

function rebuilt(error: NonNullable<TrajectoryEnd['error']>): Error {
  if (error.kind === 'provider') {
    return new ProviderError((error.fault ?? 'bad-response') as ProviderFault, error.message, error.mend, {
      retryable: false,
    })
  }
  if (error.kind === 'bug') return new Error(error.message)
  return new CodeSteerError(error.kind satisfies FailureKind, error.message, error.mend)
}
