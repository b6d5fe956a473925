import { describe, expect, it } from 'vitest'
import { ProviderError, type ProviderFault } from '../errors.ts'
import type { CallPlace } from '../models/_shared/chat.ts'
import type { Clock } from '../util/clock.ts'
import { Budget, type RunCaps } from './budget.ts'
import { Gates } from './limits.ts'
import type { ProviderLimits } from './provider-gate.ts'
import { pauseAskedFor } from './rate-headers.ts'

/** Time that passes only when told to. */
function handClock() {
  let now = 0
  const alarms: { at: number; ring: () => void }[] = []
  const clock: Clock = {
    nowMs: () => 1_700_000_000_000 + now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        alarms.push({ at: now + ms, ring: resolve })
      }),
  }
  const settle = async () => {
    for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve))
  }
  return {
    clock,
    elapsedMs: () => now,
    settle,
    async pass(ms: number) {
      const until = now + ms
      for (;;) {
        await settle()
        const next = alarms.filter(alarm => alarm.at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        alarms.splice(alarms.indexOf(next), 1)
        now = Math.max(now, next.at)
        next.ring()
      }
      now = until
      await settle()
    },
  }
}

const noCaps: RunCaps = { costUsd: null, tokens: null, timeMs: null }

function gatesWith(limits: Partial<ProviderLimits> = {}, caps = noCaps, concurrency = 1_000) {
  const time = handClock()
  const budget = new Budget(caps, time.elapsedMs)
  const gates = new Gates({
    ...time,
    budget,
    concurrency,
    limits: () => ({ concurrency: 8, requestsPerMinute: null, ...limits }),
  })
  const open: {
    settle: (how: 'ok' | ProviderFault, more?: { retryAfterMs?: number }) => void
  }[] = []
  /** Sends a call that lasts until told how it ends; gives its fate. */
  const send = (model = 'openai/x') => {
    const fate = { state: 'waiting' as 'waiting' | 'sent' | 'ok' | 'failed', error: null as unknown }
    const attempt = async ({ take }: CallPlace) => {
      await take()
      await new Promise<void>((resolve, reject) => {
        fate.state = 'sent'
        open.push({
          settle(how, more = {}) {
            if (how === 'ok') resolve()
            else reject(new ProviderError(how, how, 'mend', { retryable: true, retryAfterMs: more.retryAfterMs }))
          },
        })
      })
    }
    gates.pass(model, attempt, undefined).then(
      () => {
        fate.state = 'ok'
      },
      error => Object.assign(fate, { state: 'failed', error }),
    )
    return fate
  }
  const state = (provider = 'openai') => gates.states().find(one => one.provider === provider)!
  return { ...time, gates, budget, send, open, state }
}

describe('a provider’s gate', () => {
  it('lets so many calls through at once, in their order', async () => {
    const { send, open, settle, state } = gatesWith({ concurrency: 2 })
    const fates = [send(), send(), send(), send()]
    await settle()
    expect(fates.map(fate => fate.state)).toEqual(['sent', 'sent', 'waiting', 'waiting'])
    expect(state()).toMatchObject({ underWay: 2, inLine: 2, concurrency: 2, effective: 2 })
    open[0]!.settle('ok')
    await settle()
    expect(fates.map(fate => fate.state)).toEqual(['ok', 'sent', 'sent', 'waiting'])
  })

  it('lets a few get ready while others are under way, and those leave first', async () => {
    const { gates, send, open, settle, state } = gatesWith({ concurrency: 2 })
    const running = [send(), send()]
    await settle()
    const order: string[] = []
    const made = (name: string) =>
      gates.pass(
        'openai/x',
        async place => {
          order.push(`${name} ready`)
          await place.take()
          order.push(`${name} sent`)
        },
        undefined,
      )
    const rest = ['a', 'b', 'c', 'd'].map(made)
    await settle()
    expect(order).toEqual(['a ready', 'b ready'])
    expect(state()).toMatchObject({ underWay: 2, inLine: 4 })
    open[0]!.settle('ok')
    await Promise.all(rest)
    expect(order).toEqual(['a ready', 'b ready', 'a sent', 'c ready', 'b sent', 'd ready', 'c sent', 'd sent'])
    expect(running.filter(fate => fate.state === 'ok')).toHaveLength(1)
  })

  it('gives a place on when the answer has come, before it is written down', async () => {
    const { gates, settle, state } = gatesWith({ concurrency: 1 })
    const written = Promise.withResolvers<void>()
    let answered = () => {}
    const hold = async (place: CallPlace) => {
      await place.take()
      answered = place.answered
      await written.promise
    }
    const first = gates.pass('openai/x', hold, undefined)
    let sent = false
    const send = async (place: CallPlace) => {
      await place.take()
      sent = true
    }
    const second = gates.pass('openai/x', send, undefined)
    await settle()
    expect(sent).toBe(false)
    answered()
    await settle()
    expect(sent).toBe(true)
    written.resolve()
    await Promise.all([first, second])
    expect(state()).toMatchObject({ underWay: 0, inLine: 0 })
  })

  it('and the run’s own limit hold together: two providers share its places', async () => {
    const { send, open, settle } = gatesWith({ concurrency: 2 }, noCaps, 3)
    const fates = [send('a/x'), send('a/x'), send('b/x'), send('b/x')]
    await settle()
    expect(fates.map(fate => fate.state)).toEqual(['sent', 'sent', 'sent', 'waiting'])
    open[0]!.settle('ok')
    await settle()
    expect(fates.map(fate => fate.state)).toEqual(['ok', 'sent', 'sent', 'sent'])
  })

  it('halves once for a burst of refusals, and grows by one after a round of successes', async () => {
    const { send, open, settle, state, pass } = gatesWith({ concurrency: 8 })
    const burst = Array.from({ length: 8 }, () => send())
    await settle()
    await pass(10)
    for (const call of open.splice(0)) call.settle('rate-limit')
    await settle()
    expect(burst.every(fate => fate.state === 'failed')).toBe(true)
    expect(state()).toMatchObject({ effective: 4, pushedBack: 8 })
    await pass(1)
    for (let i = 0; i < 5; i++) send()
    await settle()
    expect(state()).toMatchObject({ underWay: 4, inLine: 1 })
    for (const call of open.splice(0, 1)) call.settle('overloaded')
    await settle()
    expect(state().effective).toBe(2)
    for (let done = 0; done < 3; done++) {
      open.shift()!.settle('ok')
      await settle()
    }
    expect(state().effective).toBe(3)
    for (let done = 0; done < 60; done++) {
      send()
      await settle()
      open.shift()!.settle('ok')
      await settle()
    }
    expect(state().effective).toBe(8)
  })

  it('never goes below one call, and other faults do not slow it', async () => {
    const { send, open, settle, state, pass } = gatesWith({ concurrency: 3 })
    for (let i = 0; i < 6; i++) {
      send()
      await settle()
      await pass(5)
      open.shift()!.settle(i < 4 ? 'rate-limit' : 'bad-request')
      await settle()
    }
    expect(state()).toMatchObject({ effective: 1, pushedBack: 4 })
  })

  it('holds everybody back for as long as the provider asked', async () => {
    const { send, open, settle, pass } = gatesWith()
    send()
    await settle()
    open[0]!.settle('rate-limit', { retryAfterMs: 30_000 })
    await settle()
    const later = send()
    await pass(29_000)
    expect(later.state).toBe('waiting')
    await pass(1_100)
    expect(later.state).toBe('sent')
  })

  it('keeps to so many requests a minute; answers from the ledger do not count', async () => {
    const { gates, send, pass, settle } = gatesWith({ requestsPerMinute: 3 })
    // Found in the ledger: it never takes its place.
    for (let i = 0; i < 5; i++) await gates.pass('openai/x', async () => {}, undefined)
    const fates = [send(), send(), send(), send(), send()]
    await settle()
    expect(fates.filter(fate => fate.state === 'sent')).toHaveLength(3)
    await pass(59_000)
    expect(fates.filter(fate => fate.state === 'sent')).toHaveLength(3)
    await pass(1_500)
    expect(fates.filter(fate => fate.state === 'sent')).toHaveLength(5)
  })

  it('makes nothing ready that the minute has no room for', async () => {
    const { gates, settle, pass } = gatesWith({ requestsPerMinute: 2, concurrency: 100 })
    let ready = 0
    const made = () =>
      gates.pass(
        'openai/x',
        async place => {
          ready++
          await place.take()
        },
        undefined,
      )
    const all = Promise.all(Array.from({ length: 5 }, made))
    await settle()
    expect(ready).toBe(2)
    await pass(60_000)
    expect(ready).toBe(4)
    await pass(60_000)
    await all
  })

  it('says that a provider is away and when it is tried next, until it answers', async () => {
    const { gates, send, open, settle, state, pass } = gatesWith()
    const error = new ProviderError('connection', 'ECONNREFUSED', 'm', { retryable: true })
    gates.waits('openai/x', { waitMs: 8_000, error })
    await pass(3_000)
    expect(state().away).toMatchObject({ forMs: 3_000, nextInMs: 5_000, why: 'ECONNREFUSED', calls: 1 })
    expect(gates.sleeping()).toBe(1)
    await pass(5_000)
    send()
    await settle()
    open[0]!.settle('ok')
    await settle()
    expect(state().away).toBeNull()
    expect(gates.sleeping()).toBe(0)
  })

  it('sends nothing more when it is stopped: lines and waits end, what is under way may finish', async () => {
    const { gates, send, open, settle } = gatesWith({ concurrency: 1 })
    const [running, inLine] = [send(), send()]
    await settle()
    const sleep = gates.clock.sleep(60_000)
    gates.stop('enough')
    await expect(sleep).rejects.toMatchObject({ kind: 'provider', fault: 'spend-cap' })
    await settle()
    expect(inLine).toMatchObject({ state: 'failed', error: { message: 'enough' } })
    const late = send()
    await settle()
    expect(late.state).toBe('failed')
    expect(running.state).toBe('sent')
    open[0]!.settle('ok')
    await settle()
    expect(running.state).toBe('ok')
    expect(open).toHaveLength(1)
  })
})

describe('the budget', () => {
  const call = (costUsd: number, model = 'openai/x') =>
    ({
      type: 'model-call',
      model,
      costUsd,
      usage: { inputTokens: 10, outputTokens: 5 },
    }) as never

  it('counts calls of all starts and says which cap is reached', () => {
    let now = 0
    const budget = new Budget({ costUsd: 1, tokens: 100, timeMs: 1_000 }, () => now)
    expect(budget.reached()).toBeNull()
    budget.add({ calls: 3, inputTokens: 20, outputTokens: 10, costUsd: 0.9 })
    budget.count(call(0.05))
    expect(budget.spent).toMatchObject({ calls: 4, inputTokens: 30, outputTokens: 15 })
    expect(budget.reached()).toBeNull()
    budget.count(call(0.05))
    expect(budget.reached()).toMatch(/spend cap of \$1/)
    const tokens = new Budget({ costUsd: null, tokens: 15, timeMs: null }, () => now)
    tokens.count(call(9))
    expect(tokens.reached()).toMatch(/15 tokens/)
    const time = new Budget({ costUsd: null, tokens: null, timeMs: 1_000 }, () => now)
    now = 1_000
    expect(time.reached()).toMatch(/time cap/)
  })

  it('near its cap sends calls one after the other, so that those in flight do not pass it', async () => {
    const { send, open, settle, budget } = gatesWith({}, { ...noCaps, costUsd: 1 })
    const first = send()
    const second = send()
    await settle()
    expect([first.state, second.state], 'the first call tells the price').toEqual(['sent', 'waiting'])
    open.shift()!.settle('ok')
    budget.count(call(0.3))
    await settle()
    const more = [second, send(), send(), send()]
    await settle()
    // 0.3 spent: two of 0.3 fit below 1, a third would pass it.
    expect(more.filter(fate => fate.state === 'sent')).toHaveLength(2)
    open.shift()!.settle('ok')
    budget.count(call(0.1))
    await settle()
    expect(more.filter(fate => fate.state === 'sent' || fate.state === 'ok')).toHaveLength(3)
  })
})

describe('rate headers', () => {
  const at = (headers: Record<string, string>) =>
    pauseAskedFor(new Headers(headers), Date.parse('2026-01-01T00:00:00Z'))
  it.each<[Record<string, string>, number]>([
    [{}, 0],
    [{ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '1m' }, 0],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m2.5s' }, 62_500],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '20ms' }, 20],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12' }, 12_000],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': 'soon' }, 0],
    [{ 'x-ratelimit-remaining-requests': '0' }, 0],
    [
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:07Z',
      },
      7_000,
    ],
  ])('%j ask for %d ms', (headers, ms) => {
    expect(at(headers)).toBe(ms)
  })
})
