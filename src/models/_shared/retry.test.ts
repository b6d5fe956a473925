import { describe, expect, it } from 'vitest'
import { InputError, ProviderError } from '../../errors.ts'
import type { Clock } from '../../util/clock.ts'
import { defaultRetryPolicy, type RetryPolicy, retryAfterMs, retrying, waitBefore } from './retry.ts'

/** A clock that jumps instead of waiting, and remembers the waits. */
function jumpingClock(): Clock & { readonly waits: number[] } {
  let now = 1_000_000
  const waits: number[] = []
  return {
    waits,
    nowMs: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      waits.push(ms)
      now += ms
    },
  }
}

const busy = (retryAfter?: number) =>
  new ProviderError('rate-limit', 'too many', 'Wait.', { retryable: true, retryAfterMs: retryAfter })
const policy: RetryPolicy = { ...defaultRetryPolicy, maxAttempts: 4 }

async function failing(errors: readonly Error[], rules = policy, random = () => 1) {
  const clock = jumpingClock()
  let made = 0
  const attempt = async () => {
    const error = errors[made++]
    if (error) throw error
    return 'answer'
  }
  const outcome = await retrying(attempt, rules, { clock, random }).catch(error => error)
  return { outcome, made, waits: clock.waits }
}

describe('retrying', () => {
  it('doubles its waits, with jitter between half and whole of the step', async () => {
    const full = await failing([busy(), busy(), busy()])
    expect(full.outcome).toEqual({ value: 'answer', attempts: 4 })
    expect(full.waits).toEqual([1000, 2000, 4000])
    expect((await failing([busy(), busy()], policy, () => 0)).waits).toEqual([500, 1000])
    expect(waitBefore(20, busy(), policy, () => 1)).toBe(policy.maxWaitMs)
  })

  it('keeps to the wait that the provider asked for, plus at most a tenth', async () => {
    expect((await failing([busy(7000)], policy, () => 0)).waits).toEqual([7000])
    expect((await failing([busy(7000)], policy, () => 1)).waits).toEqual([7700])
  })

  it('gives up after the last attempt and says how often it tried', async () => {
    const { outcome, made, waits } = await failing([busy(), busy(), busy(), busy()])
    expect(made).toBe(4)
    expect(waits).toHaveLength(3)
    expect(outcome).toBeInstanceOf(ProviderError)
    expect(outcome.fault).toBe('rate-limit')
    expect(outcome.mend).toContain('Tried 4 times')
  })

  it('does not begin a wait that would pass the limit of all waits', async () => {
    const { outcome, made, waits } = await failing([busy(700_000)])
    expect([made, waits]).toEqual([1, []])
    expect(outcome.mend).toContain('would pass the limit of 600000 ms')
  })

  it('does not repeat what no repetition mends', async () => {
    const wrongKey = new ProviderError('authentication', 'no', 'Check.', { retryable: false })
    expect(await failing([wrongKey])).toEqual({ outcome: wrongKey, made: 1, waits: [] })
    const input = new InputError('bad', 'Mend.')
    expect((await failing([input])).outcome).toBe(input)
  })

  it("rejects with the caller's reason while waiting", async () => {
    const controller = new AbortController()
    const clock: Clock = {
      nowMs: () => 0,
      sleep: (_, signal) => {
        controller.abort(new Error('enough'))
        signal?.throwIfAborted()
        return Promise.resolve()
      },
    }
    const attempt = () => Promise.reject(busy())
    const run = retrying(attempt, policy, { clock, random: () => 0, signal: controller.signal })
    await expect(run).rejects.toThrow('enough')
  })
})

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '150', 'retry-after': '9' }, 150],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' }, 5000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s', (headers, expected) => {
    expect(retryAfterMs(headers as Record<string, string>, now)).toBe(expected)
  })
})
