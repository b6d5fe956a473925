import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ProviderError } from '../../src/errors.ts'
import type { ModelRequest } from '../../src/model.ts'
import { patientFetch } from '../../src/models/_shared/patient-fetch.ts'
import { type FakeReply, type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { ask, impatientClock, openFake } from './support.ts'

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer()
})
afterEach(() => server.close())

/** The failure of a call that must fail. */
async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.then(
    () => 'no failure',
    error => error,
  )
  expect(outcome).toBeInstanceOf(ProviderError)
  return outcome
}

describe('a reply', () => {
  it('carries text, usage, finish and hash', async () => {
    server.script([{ text: 'four', usage: { prompt: 12, completion: 3, reasoning: 2, cached: 8 } }])
    const model = await openFake(server)
    const reply = await model.call(ask())
    expect(reply).toMatchObject({ text: 'four', reasoning: null, finish: 'stop', attempts: 1, fromLedger: false })
    expect(reply.usage).toEqual({ inputTokens: 12, outputTokens: 3, reasoningTokens: 2, cachedInputTokens: 8 })
    expect(reply.requestHash).toMatch(/^[0-9a-f]{64}$/)
    expect(reply.costUsd).toBeNull()
    expect(server.requests[0]?.headers.authorization).toBe('Bearer sk-test-secret-0123456789')
  })

  it('has null for every count that the server did not give', async () => {
    server.script([{ usage: null }])
    const { usage } = await (await openFake(server)).call(ask())
    expect(usage).toEqual({ inputTokens: null, outputTokens: null, reasoningTokens: null, cachedInputTokens: null })
  })

  it('has the price of its model', async () => {
    server.script([{ usage: { prompt: 1000, completion: 100 } }])
    const price = { input: 2, output: 10, cachedInput: null, asOf: '2026-01-01', source: 'test' }
    const model = await openFake(server, { prices: [{ pattern: 'openai-compatible/*', ...price }] })
    expect((await model.call(ask())).costUsd).toBeCloseTo(0.003, 12)
  })

  const shapes: [string, FakeReply, object][] = [
    ['a length limit', { text: 'half an', finish: 'length' }, { finish: 'length', text: 'half an' }],
    ["the provider's filter", { text: '', finish: 'content_filter' }, { finish: 'refusal', text: '' }],
    ["the model's refusal", { refusal: 'I will not.' }, { finish: 'refusal', text: 'I will not.' }],
    ['reasoning apart', { text: 'so', reasoning: 'because' }, { text: 'so', reasoning: 'because' }],
    ['think tags', { text: '<think>because</think>\nso' }, { text: 'so', reasoning: 'because' }],
    ['an empty text', { text: '' }, { text: '', finish: 'stop' }],
    ['a long text', { text: 'word '.repeat(40_000), pieceLength: 5000 }, { text: 'word '.repeat(40_000) }],
  ]
  it.each(shapes)('with %s is read the same, whole or streamed', async (_, reply, expected) => {
    server.script([reply])
    const model = await openFake(server)
    expect(await model.call(ask())).toMatchObject(expected)
    expect(await model.call(ask('hello', { onDelta: () => {} }))).toMatchObject(expected)
    expect(server.requests.map(r => r.body.stream ?? false)).toEqual([false, true])
  })

  it('streams text and thinking to the screen', async () => {
    server.script([{ text: '<think>first this</think>then that', reasoning: 'before', pieceLength: 3 }])
    const said = { text: '', reasoning: '' }
    const model = await openFake(server)
    const onDelta: ModelRequest['onDelta'] = ({ kind, text }) => {
      said[kind] += text
    }
    const reply = await model.call(ask('hello', { onDelta }))
    expect(said).toEqual({ text: 'then that', reasoning: 'beforefirst this' })
    expect(reply).toMatchObject({ text: 'then that', reasoning: 'before\n\nfirst this' })
  })

  it('takes a JSON schema where the model can be held to it, and gives the words back as they are', async () => {
    server.script([{ text: 'not even JSON' }])
    const json = { name: 'move', schema: z.object({ a: z.number() }) }
    const able = await openFake(server, { capabilities: [{ pattern: '*', capabilities: { jsonSchema: true } }] })
    expect((await able.call(ask('x', { json }))).text).toBe('not even JSON')
    expect(server.requests[0]?.body.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'move', schema: { properties: { a: { type: 'number' } } } },
    })
    const unable = await openFake(server)
    const reply = await unable.call(ask('x', { json }))
    expect(server.requests[1]?.body.response_format).toBeUndefined()
    expect(reply.notes).toEqual(['JSON schema dropped: the model cannot be held to one'])
  })

  it('says what was changed to fit the model', async () => {
    const poor = [{ pattern: '*', capabilities: { temperature: false, systemMessage: false } }]
    const messages = [{ role: 'system', content: 'Rules.' } as const, { role: 'user', content: 'Go.' } as const]
    const model = await openFake(server, { capabilities: poor })
    const reply = await model.call({ messages, temperature: 0.2, maxOutputTokens: 77, trial: '0' })
    expect(reply.notes).toHaveLength(2)
    const sent = server.requests[0]!.body
    expect(sent.temperature).toBeUndefined()
    expect(sent.max_tokens).toBe(77)
    expect(sent.messages).toEqual([{ role: 'user', content: 'Rules.\n\nGo.' }])
  })
})

describe('the one retry', () => {
  it('waits as Retry-After says through a burst of 429', async () => {
    const clock = impatientClock()
    server.script([
      { status: 429, headers: { 'retry-after': '3' } },
      { status: 429, headers: { 'retry-after-ms': '40' } },
      {},
    ])
    const reply = await (await openFake(server, { clock })).call(ask())
    expect([reply.attempts, server.requests.length, server.paid]).toEqual([3, 3, 1])
    expect(clock.waits).toEqual([3000, 40])
  })

  const passing: [string, FakeReply][] = [
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['529', { status: 529 }],
    ['broken JSON', { raw: '{"choices": [' }],
    ['JSON that is no completion', { raw: '{"choices": []}' }],
    ['an HTML page', { raw: '<html>gateway</html>' }],
    ['a body cut in the middle', { text: 'a long enough answer', cutAfter: 3 }],
    ['a body that ends too early', { text: 'a long enough answer', endAfter: 3 }],
  ]
  it.each(passing)('mends %s, whole and streamed', async (_, bad) => {
    for (const onDelta of [undefined, () => {}]) {
      let asked = 0
      server.script(() => (asked++ === 0 ? bad : { text: 'good' }))
      const reply = await (await openFake(server)).call(ask('x', onDelta && { onDelta }))
      expect([reply.text, reply.attempts]).toEqual(['good', 2])
    }
  })

  it('mends an error told within a stream', async () => {
    const error =
      'data: {"error": {"message": "model overloaded", "type": "overloaded", "code": 529}}\n\ndata: [DONE]\n\n'
    server.script([{ raw: error }, { text: 'good' }])
    const reply = await (await openFake(server)).call(ask('x', { onDelta: () => {} }))
    expect([reply.text, reply.attempts]).toEqual(['good', 2])
  })

  const lasting: [string, FakeReply, string, RegExp][] = [
    ['401', { status: 401 }, 'authentication', /CODESTEER_API_KEY/],
    ['403', { status: 403 }, 'authentication', /CODESTEER_API_KEY/],
    ['404', { status: 404 }, 'unknown-model', /name of the model/],
    ['400', { status: 400 }, 'bad-request', /CODESTEER_CAPABILITIES/],
    ['402', { status: 402 }, 'spend-cap', /credit/],
    ['413', { status: 413 }, 'context-overflow', /Shorten/],
    [
      'an overflow told by 400',
      { status: 400, raw: '{"error":{"message":"This model\'s maximum context length is 8192 tokens."}}' },
      'context-overflow',
      /Shorten/,
    ],
    [
      'an empty account told by 429',
      { status: 429, raw: '{"error":{"message":"no","type":"insufficient_quota","code":"insufficient_quota"}}' },
      'spend-cap',
      /credit/,
    ],
  ]
  it.each(lasting)('does not repeat %s', async (_, reply, fault, mend) => {
    server.script([reply])
    const error = await failureOf((await openFake(server)).call(ask()))
    expect([error.fault, error.retryable, server.requests.length]).toEqual([fault, false, 1])
    expect(error.mend).toMatch(mend)
  })

  it('gives up after its attempts with the last error', async () => {
    server.script([{ status: 500 }])
    const error = await failureOf((await openFake(server, { retry: { maxAttempts: 3 } })).call(ask()))
    expect([error.fault, server.requests.length]).toEqual(['overloaded', 3])
    expect(error.mend).toContain('Tried 3 times')
  })

  it('tells a server that is not there', async () => {
    const model = await openFake(server, { retry: { maxAttempts: 2 } })
    await server.close()
    const error = await failureOf(model.call(ask()))
    expect(error.fault).toBe('connection')
    expect(error.mend).toContain('Check that the server runs')
  })

  it('does not show a key that the server repeats', async () => {
    server.script([{ status: 401, raw: '{"error":{"message":"bad key sk-test-secret-0123456789"}}' }])
    const error = await failureOf((await openFake(server)).call(ask()))
    expect(error.message).toContain('bad key [key]')
  })
})

describe('time-outs and aborts', () => {
  const slow: [string, FakeReply][] = [
    ['no answer at all', { silent: true }],
    ['a late answer', { delayMs: 2000 }],
    ['a body that drips', { text: 'drop by drop by drop by drop', dripMs: 200 }],
  ]
  it.each(slow)('%s is a time-out, and the connection is closed', async (_, reply) => {
    for (const onDelta of [undefined, () => {}]) {
      server.script([reply])
      const before = server.closedEarly
      const model = await openFake(server, { timeoutMs: 150, retry: { maxAttempts: 1 } })
      const error = await failureOf(model.call(ask('x', onDelta && { onDelta })))
      expect([error.fault, error.retryable]).toEqual(['time-out', true])
      expect(error.message).toContain('150 ms')
      await expect.poll(() => server.closedEarly).toBe(before + 1)
    }
  })

  it("the runtime's own limits on a silent connection are ours to set", async () => {
    server.script([{ delayMs: 2500, text: 'late' }])
    const hasty = await openFake(server, { fetch: patientFetch(100), retry: { maxAttempts: 1 } })
    expect((await failureOf(hasty.call(ask()))).fault).toBe('time-out')
    expect((await (await openFake(server, { fetch: patientFetch(0) })).call(ask())).text).toBe('late')
  })

  it('a time-out is tried again', async () => {
    server.script([{ silent: true }, { text: 'awake' }])
    const reply = await (await openFake(server, { timeoutMs: 150 })).call(ask())
    expect([reply.text, reply.attempts]).toEqual(['awake', 2])
  })

  it.each(slow)("during %s an abort rejects with the caller's reason and closes the connection", async (_, reply) => {
    for (const onDelta of [undefined, () => {}]) {
      server.script([reply])
      const [asked, closed] = [server.requests.length, server.closedEarly]
      const controller = new AbortController()
      const reason = new Error('the user went home')
      const call = (await openFake(server)).call(ask('x', { signal: controller.signal, ...(onDelta && { onDelta }) }))
      const outcome = call.catch(error => error)
      await expect.poll(() => server.requests.length).toBe(asked + 1)
      controller.abort(reason)
      expect(await outcome).toBe(reason)
      await expect.poll(() => server.closedEarly).toBe(closed + 1)
      expect(server.requests.length).toBe(asked + 1)
    }
  })

  it('an aborted caller makes no request', async () => {
    const signal = AbortSignal.abort(new Error('too late'))
    await expect((await openFake(server)).call(ask('x', { signal }))).rejects.toThrow('too late')
    expect(server.requests).toHaveLength(0)
  })
})
