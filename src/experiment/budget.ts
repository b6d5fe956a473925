import type { TrajectoryEvent } from '../trajectory.ts'

/** What a whole run may use; null is no limit. US dollars, tokens of all roles, milliseconds of this start. */
export interface RunCaps {
  readonly costUsd: number | null
  readonly tokens: number | null
  readonly timeMs: number | null
}

/** What was spent, in tokens and US dollars. */
export interface Spent {
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Null when a price is unknown. */
  readonly costUsd: number | null
}

/**
 * What the run has spent and may spend, all earlier starts included. Calls under way are counted at the price of the
 * dearest call of their model so far, and a call that would pass the cap at that price is not sent: the cap is passed only
 * if a call turns out dearer than all before it. Near the cap calls go one after the other.
 */
export class Budget {
  readonly #caps: RunCaps
  readonly #elapsedMs: () => number
  readonly #startedMs: number
  readonly #dearest = new Map<string, number>()
  readonly #underWay = new Map<string, number>()
  #spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 as number | null }
  #waiting: (() => void)[] = []
  #noRoom = false

  constructor(caps: RunCaps, elapsedMs: () => number) {
    this.#caps = caps
    this.#elapsedMs = elapsedMs
    this.#startedMs = elapsedMs()
  }

  get spent(): Spent {
    return this.#spent
  }

  /** Counts what earlier starts spent. */
  add(earlier: Spent): void {
    const { calls, inputTokens, outputTokens, costUsd } = this.#spent
    this.#spent = {
      calls: calls + earlier.calls,
      inputTokens: inputTokens + earlier.inputTokens,
      outputTokens: outputTokens + earlier.outputTokens,
      costUsd: costUsd === null || earlier.costUsd === null ? null : costUsd + earlier.costUsd,
    }
  }

  /** Tells what a call of a model may cost, before this start has made one. */
  expect(model: string, costUsd: number): void {
    this.#dearest.set(model, Math.max(costUsd, this.#dearest.get(model) ?? 0))
  }

  /** Counts a recorded call. */
  count(event: TrajectoryEvent): void {
    if (event.type !== 'model-call') return
    const { usage, costUsd, model } = event
    this.add({ calls: 1, inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0, costUsd })
    if (costUsd !== null) this.expect(model, costUsd)
  }

  /** Which cap is reached, in words; null while there is room. */
  reached(): string | null {
    const { costUsd, tokens, timeMs } = this.#caps
    const { inputTokens, outputTokens } = this.#spent
    if (costUsd !== null && (this.#spent.costUsd ?? 0) >= costUsd) return `the spend cap of $${costUsd} is reached`
    if (this.#noRoom) return `the spend cap of $${costUsd} leaves no room for another call`
    if (tokens !== null && inputTokens + outputTokens >= tokens)
      return `the cap of ${tokens.toLocaleString('en')} tokens is reached`
    if (timeMs !== null && this.#elapsedMs() - this.#startedMs >= timeMs)
      return `the time cap of ${Math.round(timeMs / 1_000)} s is reached`
    return null
  }

  /** Resolves when a call of this model may be sent. Rejects with the signal's reason. */
  async admit(model: string, signal: AbortSignal): Promise<void> {
    while (this.#mustWait(model)) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
      signal.throwIfAborted()
    }
    this.#underWay.set(model, (this.#underWay.get(model) ?? 0) + 1)
  }

  /** To be told when a call is over, however it went. */
  settle(model: string): void {
    this.#underWay.set(model, this.#underWay.get(model)! - 1)
    // After the call's event has been counted, which happens before the next turn of the event loop.
    if (this.#waiting.length > 0) setImmediate(() => this.#wake())
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  #mustWait(model: string): boolean {
    const { costUsd } = this.#caps
    if (costUsd === null) return false
    let reserved = 0
    let calls = 0
    for (const [id, n] of this.#underWay) {
      reserved += n * (this.#dearest.get(id) ?? 0)
      calls += n
    }
    // The first calls of a run have no price to go by yet: one goes ahead and tells.
    const own = this.#dearest.get(model)
    if (own === undefined) return calls > 0 && this.#dearest.size === 0
    if ((this.#spent.costUsd ?? 0) + reserved + own <= costUsd) return false
    // Nobody under way could make room: the run is told by `reached`, and its stop ends the wait.
    if (calls === 0) this.#noRoom = true
    return true
  }
}
