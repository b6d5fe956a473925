import type { ModelReply } from './model.ts'
import type { CodeRunEvent, ModelCallEvent, TrajectoryEvent } from './trajectory.ts'

/** The calls, runs and moments of a record, handed out in their order; undefined when it is at its end. */
export class Tape {
  readonly #moments: number[]
  readonly #calls: ModelCallEvent[]
  readonly #runs: CodeRunEvent[]

  constructor(events: readonly TrajectoryEvent[]) {
    this.#moments = events.map(event => event.atMs)
    this.#calls = events.filter(event => event.type === 'model-call')
    this.#runs = events.filter(event => event.type === 'code-run')
  }

  nextCall(): ModelCallEvent | undefined {
    return this.#calls.shift()
  }

  nextRun(): CodeRunEvent | undefined {
    return this.#runs.shift()
  }

  /** The recorder asks for one moment per event. */
  nextMoment(): number | undefined {
    return this.#moments.shift()
  }
}

/** A recorded call as the reply that it was. */
export function replyOf(call: ModelCallEvent): ModelReply {
  const { completion, usage, costUsd, tookMs, requestHash, fromLedger, attempts, notes } = call
  return {
    ...completion,
    toolCalls: completion.toolCalls ?? [],
    usage,
    costUsd,
    tookMs,
    requestHash,
    fromLedger,
    attempts,
    notes,
  }
}
