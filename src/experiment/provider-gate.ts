import { ProviderError } from '../errors.ts'
import type { Clock } from '../util/clock.ts'

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

export interface ProviderGateOptions {
  readonly clock: Clock
  /** A count of milliseconds that only grows. */
  readonly elapsedMs: () => number
  readonly limits: (provider: string) => ProviderLimits
  /** Aborted when the run is over. */
  readonly until?: AbortSignal
  /** Told when the provider goes away or comes back. */
  readonly onChange?: () => void
}

/** No pause that a header asks for is longer; the retry's own waits are bounded by its policy. */
const longestPauseMs = 10 * 60_000

/** Those who wait for something, first come, first served. */
class Line<T> {
  readonly #waiting: { readonly go: (value: T) => void }[] = []

  get length(): number {
    return this.#waiting.length
  }

  /** Resolves with what `next` gives. Rejects with the signal's reason. */
  join(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1)
        reject(signal.reason)
      }
      const entry = {
        go(value: T) {
          signal.removeEventListener('abort', leave)
          resolve(value)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(entry)
    })
  }

  next(value: T): void {
    this.#waiting.shift()?.go(value)
  }
}

/** One provider's gate: so many calls at once, so many a minute, fewer when it pushes back. */
export class ProviderGate {
  readonly #name: string
  readonly #limits: ProviderLimits
  readonly #options: ProviderGateOptions
  readonly #toGetReady = new Line<void>()
  readonly #toBeSent = new Line<number>()
  readonly #sent: number[] = []
  #effective: number
  #gettingReady = 0
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

  /** Resolves when a call may be made ready; `over`, once or more, tells that it is sent or was given up. */
  async getReady(signal: AbortSignal): Promise<{ over(): void }> {
    const turn = this.#toGetReady.join(signal)
    this.#pump()
    await turn
    let open = true
    return {
      over: () => {
        if (!open) return
        open = false
        this.#gettingReady--
        this.#pump()
      },
    }
  }

  /** Resolves when a call may be sent, with the moment. Rejects with the signal's reason. */
  async enter(signal: AbortSignal): Promise<number> {
    const turn = this.#toBeSent.join(signal)
    this.#pump()
    return turn
  }

  leave(): void {
    this.#underWay--
    this.#pump()
  }

  /** Makes an attempt and learns from how it went, if it was sent at all. Whoever entered leaves by itself. */
  async watch<T>(place: { readonly takenAt: number | null }, attempt: () => Promise<T>): Promise<T> {
    try {
      const value = await attempt()
      if (place.takenAt !== null) this.#wentWell()
      return value
    } catch (error) {
      if (error instanceof ProviderError && place.takenAt !== null) this.#wentWrong(error, place.takenAt)
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
      inLine: this.#toGetReady.length + this.#toBeSent.length,
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
    while (this.#toBeSent.length > 0 && this.#underWay < Math.floor(this.#effective)) {
      if (this.#mustWait(0)) return
      const now = this.#options.elapsedMs()
      this.#underWay++
      this.#sent.push(now)
      this.#toBeSent.next(now)
    }
    // Ready (written, claimed in the ledger) are as many as may be under way, so that one leaves in the moment a place is
    // free. Those that a kill catches here count as maybe paid, though nothing was sent.
    while (this.#toGetReady.length > 0 && this.#gettingReady < this.#limits.concurrency) {
      // What is limited by time waits here, where nothing is claimed yet.
      if (this.#mustWait(this.#gettingReady)) return
      this.#gettingReady++
      this.#toGetReady.next()
    }
  }

  /** True while time must pass before one more call than the `ahead` ready ones may leave; then it wakes by itself. */
  #mustWait(ahead: number): boolean {
    const now = this.#options.elapsedMs()
    const { requestsPerMinute } = this.#limits
    while (this.#sent.length > 0 && now - this.#sent[0]! >= 60_000) this.#sent.shift()
    const full = requestsPerMinute !== null && this.#sent.length + ahead >= requestsPerMinute
    const minute = full && this.#sent.length > 0 ? this.#sent[0]! + 60_000 - now : 0
    const waitMs = Math.max(minute, this.#pausedUntil - now, 0)
    if (waitMs > 0) this.#wakeIn(waitMs)
    // Full without any sent: the ready ones must leave first, which wakes as well.
    return full || waitMs > 0
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
