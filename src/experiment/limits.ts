import { ProviderError } from '../errors.ts'
import type { CallGate } from '../models/_shared/chat.ts'
import type { RetryPolicy } from '../models/_shared/retry.ts'
import type { Clock } from '../util/clock.ts'
import type { Budget } from './budget.ts'
import { pauseAskedFor } from './rate-headers.ts'

/** What a plan allows at one provider. */
export interface ProviderLimits {
  readonly concurrency: number
  readonly requestsPerMinute: number | null
}

/** How a provider fares, for the display: what was configured, and what it is held to now. */
export interface ProviderState extends ProviderLimits {
  readonly provider: string
  /** Calls at once that it is held to now: halved when it says "too many", grown by one after each round of successes. */
  readonly effective: number
  readonly underWay: number
  readonly inLine: number
  /** Refusals with "too many requests" or "overloaded" so far. */
  readonly pushedBack: number
  /** Set while it gives nothing: since when (milliseconds ago), why, and when the next attempt is due. */
  readonly away: {
    readonly forMs: number
    readonly nextInMs: number
    readonly why: string
    readonly calls: number
  } | null
}

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

interface ProviderGateOptions {
  readonly clock: Clock
  /** A count of milliseconds that only grows. */
  readonly elapsedMs: () => number
  readonly limits: (provider: string) => ProviderLimits
  /** Aborted when the run is over. */
  readonly until?: AbortSignal
  /** Told when the provider goes away or comes back. */
  readonly onChange?: () => void
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

  async pass<T extends { readonly fromLedger: boolean }>(
    model: string,
    attempt: (answered: () => void) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const either = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal
    const gate = this.of(providerOf(model))
    const held: ProviderGate[] = []
    const leave = () => {
      for (const entered of held.splice(0)) entered.leave()
    }
    try {
      for (const next of this.#whole ? [gate, this.#whole] : [gate]) {
        await next.enter(either)
        held.push(next)
      }
      await this.#options.budget.admit(model, either)
    } catch (error) {
      leave()
      throw error
    }
    return gate
      .watch(() => attempt(leave))
      .finally(() => {
        leave()
        this.#options.budget.settle(model)
      })
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

/** No pause that a header asks for is longer; the retry's own waits are bounded by its policy. */
const longestPauseMs = 10 * 60_000

/** One provider's gate: so many calls at once, so many a minute, fewer when it pushes back. */
export class ProviderGate {
  readonly #name: string
  readonly #limits: ProviderLimits
  readonly #options: ProviderGateOptions
  readonly #line: { readonly go: () => void }[] = []
  readonly #sent: number[] = []
  #effective: number
  #underWay = 0
  #pausedUntil = Number.NEGATIVE_INFINITY
  #lastShrink = Number.NEGATIVE_INFINITY
  #pushedBack = 0
  #alarmAt: number | null = null
  #trouble: { readonly since: number; why: string; nextAt: number } | null = null
  #sleeping = 0

  constructor(name: string, options: ProviderGateOptions) {
    this.#name = name
    this.#options = options
    this.#limits = options.limits(name)
    this.#effective = this.#limits.concurrency
  }

  /** True while it gives nothing and is being waited for. */
  get away(): boolean {
    return this.#trouble !== null
  }

  /** Calls that sleep between two attempts. */
  get sleeping(): number {
    return this.#sleeping
  }

  /** Resolves when a call may be sent. Rejects with the signal's reason. */
  enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(place), 1)
        reject(signal.reason)
      }
      const place = {
        go: () => {
          signal.removeEventListener('abort', leave)
          this.#underWay++
          this.#sent.push(this.#options.elapsedMs())
          resolve()
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#line.push(place)
      this.#pump()
    })
  }

  leave(): void {
    this.#underWay--
    this.#pump()
  }

  /** Makes an attempt that has entered, and learns from how it went. Whoever entered leaves by itself. */
  async watch<T extends { readonly fromLedger: boolean }>(attempt: () => Promise<T>): Promise<T> {
    const startedAt = this.#options.elapsedMs()
    try {
      const value = await attempt()
      if (value.fromLedger) this.#sent.pop()
      else this.#wentWell()
      return value
    } catch (error) {
      if (error instanceof ProviderError) this.#wentWrong(error, startedAt)
      throw error
    }
  }

  /** Holds everybody back for a while, as the provider asked. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.elapsedMs() + Math.min(ms, longestPauseMs))
  }

  waits(waitMs: number, error: ProviderError): void {
    const now = this.#options.elapsedMs()
    const news = this.#trouble === null
    this.#trouble ??= { since: now, why: '', nextAt: 0 }
    this.#trouble.why = error.message
    this.#trouble.nextAt = now + waitMs
    this.#sleeping++
    if (news) this.#options.onChange?.()
    // The retry wakes by itself; here only the count is kept.
    this.#after(waitMs, () => {
      this.#sleeping--
    })
  }

  state(): ProviderState {
    const now = this.#options.elapsedMs()
    const trouble = this.#trouble
    return {
      provider: this.#name,
      ...this.#limits,
      effective: Math.floor(this.#effective),
      underWay: this.#underWay,
      inLine: this.#line.length,
      pushedBack: this.#pushedBack,
      away: trouble && {
        forMs: now - trouble.since,
        nextInMs: Math.max(0, trouble.nextAt - now),
        why: trouble.why,
        calls: this.#sleeping,
      },
    }
  }

  #wentWell(): void {
    const news = this.#trouble !== null
    this.#trouble = null
    if (news) this.#options.onChange?.()
    this.#effective = Math.min(this.#limits.concurrency, this.#effective + 1 / this.#effective)
  }

  #wentWrong(error: ProviderError, startedAt: number): void {
    if (error.fault !== 'rate-limit' && error.fault !== 'overloaded') return
    this.#pushedBack++
    if (error.retryAfterMs !== undefined) this.pause(error.retryAfterMs)
    // A burst of refusals is one message: calls sent before the last halving say nothing new.
    if (startedAt < this.#lastShrink) return
    this.#lastShrink = this.#options.elapsedMs()
    this.#effective = Math.max(1, Math.floor(this.#effective) / 2)
  }

  /** Does something later; or at once when the run stops, so that no timer outlives it. */
  #after(ms: number, work: () => void): void {
    this.#options.clock.sleep(Math.ceil(ms), this.#options.until).then(work, work)
  }

  #pump(): void {
    while (this.#line.length > 0 && this.#underWay < Math.floor(this.#effective)) {
      const waitMs = this.#mustWaitMs()
      if (waitMs > 0) {
        this.#wakeIn(waitMs)
        return
      }
      this.#line.shift()!.go()
    }
  }

  #mustWaitMs(): number {
    const now = this.#options.elapsedMs()
    const { requestsPerMinute } = this.#limits
    while (this.#sent.length > 0 && now - this.#sent[0]! >= 60_000) this.#sent.shift()
    const full = requestsPerMinute !== null && this.#sent.length >= requestsPerMinute
    const minute = full ? this.#sent[0]! + 60_000 - now : 0
    return Math.max(minute, this.#pausedUntil - now, 0)
  }

  #wakeIn(waitMs: number): void {
    const at = this.#options.elapsedMs() + waitMs
    if (this.#alarmAt !== null && this.#alarmAt <= at) return
    this.#alarmAt = at
    this.#after(waitMs, () => {
      if (this.#alarmAt === at) this.#alarmAt = null
      this.#pump()
    })
  }
}
