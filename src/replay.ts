import { openCoach } from './assemble.ts'
import type { Checker } from './checker.ts'
import { CodeSteerError, type FailureKind, InputError, ProviderError, type ProviderFault } from './errors.ts'
import { fold } from './fold.ts'
import type { Kit } from './kit.ts'
import { LimitReached } from './limit-reached.ts'
import type { ChatModel, ModelReply, ModelRequest } from './model.ts'
import { load } from './registry.ts'
import type { Sandbox } from './sandbox.ts'
import { steer } from './steer.ts'
import type { CodeRunEvent, ModelCallEvent, TrajectoryEnd, TrajectoryEvent } from './trajectory.ts'

/** Where a replay left the record: the first event that differs. */
export interface Divergence {
  readonly seq: number
  readonly recorded: TrajectoryEvent | null
  readonly replayed: TrajectoryEvent | null
}

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
  const tape = new Tape(recorded, end, cancel)
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
    ...(start.question.coordinates ? { coordinates: start.question.coordinates } : {}),
    ...(start.branchOf ? { branchOf: start.branchOf } : {}),
  }
  const events: TrajectoryEvent[] = []
  for await (const event of steer(input, kit)) {
    const known = recorded[events.length]
    if (known === undefined && end === null) break
    events.push(event)
    if (JSON.stringify(event) !== JSON.stringify(known)) {
      return { events, divergence: { seq: event.seq, recorded: known ?? null, replayed: event } }
    }
  }
  const missing = recorded[events.length]
  return { events, divergence: missing ? { seq: missing.seq, recorded: missing, replayed: null } : null }
}

/** The recorded calls and runs, handed out in their order. */
class Tape {
  readonly #events: readonly TrajectoryEvent[]
  readonly #end: TrajectoryEnd | null
  readonly #cancel: AbortController
  #moment = 0
  readonly #calls: ModelCallEvent[]
  readonly #runs: CodeRunEvent[]

  constructor(events: readonly TrajectoryEvent[], end: TrajectoryEnd | null, cancel: AbortController) {
    this.#events = events
    this.#end = end
    this.#cancel = cancel
    this.#calls = events.filter(event => event.type === 'model-call')
    this.#runs = events.filter(event => event.type === 'code-run')
  }

  nextMoment(): number {
    const at = Math.min(this.#moment++, this.#events.length - 1)
    return this.#events[at]?.atMs ?? 0
  }

  model(id: string): ChatModel {
    const own = this.#calls.filter(call => call.model === id)
    return {
      id,
      simulated: id.startsWith('simulated/'),
      capabilities: {
        systemMessage: true,
        temperature: true,
        jsonSchema: own.some(call => call.options.json !== undefined),
        tools: true,
        reasoning: 'none',
        contextTokens: null,
      },
      call: async (_request: ModelRequest): Promise<ModelReply> => {
        const call = this.#calls.shift()
        if (!call) throw this.#whatEndedIt()
        return {
          ...call.completion,
          usage: call.usage,
          costUsd: call.costUsd,
          tookMs: call.tookMs,
          requestHash: call.requestHash,
          fromLedger: call.fromLedger,
          attempts: call.attempts,
          notes: call.notes,
        }
      },
    }
  }

  sandbox(name: string): Sandbox {
    return {
      name,
      run: async () => {
        const run = this.#runs.shift()
        if (!run) throw this.#whatEndedIt()
        return run.result
      },
      close: async () => {},
    }
  }

  /** The tape is at its end: the record stopped here for the reason that its last event gives. */
  #whatEndedIt(): unknown {
    if (this.#end === null) return new InputError('the record ends here', 'It was cut off; what it holds was replayed.')
    if (this.#end.reason === 'cancelled') {
      this.#cancel.abort(new DOMException('cancelled', 'AbortError'))
      return this.#cancel.signal.reason
    }
    const error = this.#end.error
    if (!error) return new LimitReached(this.#end.reason)
    return rebuilt(error)
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
