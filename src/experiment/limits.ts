import { ProviderError } from '../errors.ts'
import type { CallGate, CallPlace } from '../models/_shared/chat.ts'
import type { RetryPolicy } from '../models/_shared/retry.ts'
import type { Clock } from '../util/clock.ts'
import type { Budget } from './budget.ts'
import { ProviderGate, type ProviderGateOptions, type ProviderState } from './provider-gate.ts'
import { pauseAskedFor } from './rate-headers.ts'

/**
 * How long a run keeps trying: a provider that is away for an hour or two is waited for. What may have been paid for is
 * not repeated without end.
 */
export const runRetryPolicy: RetryPolicy = {
  maxAttempts: 100_000,
  firstWaitMs: 1_000,
  maxWaitMs: 60_000,
  maxTotalWaitMs: 2 * 3_600_000,
  maxPaidAttempts: 4,
}

/** The part of a model id that names its provider. */
export const providerOf = (model: string) => model.split('/', 1)[0]!

interface GateOptions extends ProviderGateOptions {
  readonly budget: Budget
  /** Calls of the whole run at once, all providers together; absent: only the providers' own limits hold. */
  readonly concurrency?: number
}

/** The gates of all providers of a run, and the run's own caps: every attempt at a call passes here. */
export class Gates implements CallGate {
  readonly #options: GateOptions
  readonly #providers = new Map<string, ProviderGate>()
  readonly #stop = new AbortController()
  /** Everybody's places: a conversation that is kept ready waits here, not one call more is sent. */
  readonly #whole: ProviderGate | null
  #listener: () => void = () => {}

  constructor(options: GateOptions) {
    this.#options = options
    const { concurrency } = options
    this.#whole =
      concurrency === undefined
        ? null
        : new ProviderGate('all', { ...options, limits: () => ({ concurrency, requestsPerMinute: null }) })
  }

  /** True once no more calls are let through. */
  get stopped(): boolean {
    return this.#stop.signal.aborted
  }

  /** Lets nothing new be sent: calls in line and waits end with this error; what is under way may finish. */
  stop(why: string): void {
    if (this.stopped) return
    this.#stop.abort(new ProviderError('spend-cap', why, 'Run the same command again to go on.', { retryable: false }))
    this.#listener()
  }

  async pass<T>(model: string, attempt: (place: CallPlace) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { budget } = this.#options
    const either = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal
    const gate = this.of(providerOf(model))
    const ready = await gate.getReady(either)
    try {
      await budget.admit(model, either)
    } catch (error) {
      ready.over()
      throw error
    }
    const place = new Place(this.#whole ? [gate, this.#whole] : [gate], either, ready)
    try {
      return await gate.watch(place, () => attempt(place))
    } finally {
      place.answered()
      ready.over()
      budget.settle(model)
    }
  }

  /** The clock that models wait by: a stop ends their waits. */
  readonly clock: Clock = {
    nowMs: () => this.#options.clock.nowMs(),
    sleep: (ms, signal) =>
      this.#options.clock.sleep(ms, signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal),
  }

  /** Told by the retry before each of its waits. */
  waits(model: string, wait: { readonly waitMs: number; readonly error: ProviderError }): void {
    this.of(providerOf(model)).waits(wait.waitMs, wait.error)
  }

  /** A fetch that reads what providers say of their limits in the headers of every answer. */
  listening(model: string, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (input, init) => {
      const response = await fetch(input, init)
      const pauseMs = pauseAskedFor(response.headers, this.#options.clock.nowMs())
      if (pauseMs > 0) this.of(providerOf(model)).pause(pauseMs)
      return response
    }
  }

  of(provider: string): ProviderGate {
    const known = this.#providers.get(provider)
    if (known) return known
    const gate = new ProviderGate(provider, {
      ...this.#options,
      until: this.#stop.signal,
      onChange: () => this.#listener(),
    })
    this.#providers.set(provider, gate)
    return gate
  }

  /** Calls that wait for a provider that is away. */
  sleeping(): number {
    return [...this.#providers.values()].reduce((sum, gate) => sum + (gate.away ? gate.sleeping : 0), 0)
  }

  /** Tells whenever a provider goes away or comes back, and when the run is stopped. */
  onChange(listener: () => void): void {
    this.#listener = listener
  }

  states(): ProviderState[] {
    return [...this.#providers.values()].map(gate => gate.state())
  }
}

/** The place of one attempt: at its provider, and in the whole run. */
class Place implements CallPlace {
  readonly #gates: readonly ProviderGate[]
  readonly #signal: AbortSignal
  readonly #ready: { over(): void }
  readonly #held: ProviderGate[] = []
  /** When it was taken last, by the gates' count; null while it never was. */
  takenAt: number | null = null

  constructor(gates: readonly ProviderGate[], signal: AbortSignal, ready: { over(): void }) {
    this.#gates = gates
    this.#signal = signal
    this.#ready = ready
  }

  readonly take = async (): Promise<void> => {
    if (this.#held.length > 0) return
    try {
      for (const gate of this.#gates) {
        this.takenAt = await gate.enter(this.#signal)
        this.#held.push(gate)
      }
    } catch (error) {
      this.takenAt = null
      this.answered()
      throw error
    }
    this.#ready.over()
  }

  readonly answered = (): void => {
    for (const gate of this.#held.splice(0)) gate.leave()
  }
}
