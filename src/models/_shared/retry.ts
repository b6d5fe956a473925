import { ProviderError } from '../../errors.ts'
import type { Clock } from '../../util/clock.ts'

/** How often and how long we try again. This is the one retry of the program; SDK retries are off. */
export interface RetryPolicy {
  /** 1 means: never again. */
  readonly maxAttempts: number
  /** Wait before the second attempt; doubles from then on. */
  readonly firstWaitMs: number
  /** No single wait of our own choosing is longer. */
  readonly maxWaitMs: number
  /** Sum of all waits, those asked for by the provider included. */
  readonly maxTotalWaitMs: number
  /** Bound on attempts that gave nothing but may have been paid for (time-out, unusable answer). Default: `maxAttempts`. */
  readonly maxPaidAttempts?: number
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 6,
  firstWaitMs: 1000,
  maxWaitMs: 60_000,
  maxTotalWaitMs: 600_000,
}

/** What a retry needs of the world. `random` gives numbers in [0, 1). */
export interface RetryWorld {
  readonly clock: Clock
  readonly random: () => number
  readonly signal?: AbortSignal | undefined
  /** Told before each wait, for progress displays. */
  readonly onWait?:
    | ((wait: { readonly attempt: number; readonly waitMs: number; readonly error: ProviderError }) => void)
    | undefined
}

/**
 * Runs `attempt` until it succeeds, fails in a way that no repetition mends, or the policy is used up; then the last
 * error is thrown, its mend telling how often it was tried. Waits grow exponentially with jitter (half to whole of the
 * step); a wait that the provider asked for is kept to, plus at most a tenth so that many callers do not return at once.
 * Aborting rejects with the signal's reason.
 */
export async function retrying<T>(
  attempt: (number: number) => Promise<T>,
  policy: RetryPolicy,
  world: RetryWorld,
): Promise<{ readonly value: T; readonly attempts: number }> {
  let waitedMs = 0
  let paid = 0
  for (let number = 1; ; number++) {
    world.signal?.throwIfAborted()
    try {
      return { value: await attempt(number), attempts: number }
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.retryable) throw error
      const waitMs = waitBefore(number + 1, error, policy, world.random)
      if (error.fault === 'time-out' || error.fault === 'bad-response') paid++
      if (number >= policy.maxAttempts || paid >= (policy.maxPaidAttempts ?? Number.POSITIVE_INFINITY))
        throw givenUp(error, `Tried ${number} times`)
      if (waitedMs + waitMs > policy.maxTotalWaitMs) {
        throw givenUp(
          error,
          `Tried ${number} times; the next wait of ${waitMs} ms would pass the limit of ${policy.maxTotalWaitMs} ms`,
        )
      }
      world.onWait?.({ attempt: number, waitMs, error })
      await world.clock.sleep(waitMs, world.signal)
      waitedMs += waitMs
    }
  }
}

/** Milliseconds to wait before the attempt of this number (2, 3, …). */
export function waitBefore(number: number, error: ProviderError, policy: RetryPolicy, random: () => number): number {
  if (error.retryAfterMs !== undefined) return Math.round(error.retryAfterMs * (1 + random() / 10))
  const step = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** (number - 2))
  return Math.round(step * (0.5 + random() / 2))
}

function givenUp(error: ProviderError, tried: string): ProviderError {
  return new ProviderError(error.fault, error.message, `${error.mend} (${tried}.)`, {
    retryable: true,
    retryAfterMs: error.retryAfterMs,
    cause: error.cause ?? error,
  })
}

/**
 * Reads `retry-after-ms`, or `retry-after` in seconds or as a date. Undefined when absent or unreadable; a moment that
 * has passed is 0.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>> | undefined, nowMs: number): number | undefined {
  const exact = Number.parseFloat(headers?.['retry-after-ms'] ?? '')
  if (Number.isFinite(exact) && exact >= 0) return exact
  const text = headers?.['retry-after']
  if (!text) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
