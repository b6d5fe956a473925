// What the models, settings and refusals of the gateway promise, one by one, and that no body whatever is our fault.
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { createService } from '../../src/gateway/service.ts'
import { finished, scriptedSandbox } from '../util/scripted.ts'
import { noSandbox, post, question, startBoth, startGateway, until } from './support.ts'

interface Body {
  readonly error?: { readonly code: string; readonly message: string; readonly param: string | null }
  readonly choices: readonly { readonly message: { readonly content: string }; readonly finish_reason: string }[]
  readonly codesteer: {
    readonly turns: number
    readonly stop: string
    readonly events: readonly { readonly type: string; readonly guidance?: { readonly action: string } }[]
  }
}
const bodyOf = async (response: Response | Promise<Response>) => (await (await response).json()) as Body

describe('the models', () => {
  const program = 'Computed:\n```python\nprint("<<<9>>>")\n```'
  it.each([
    ['codesteer-text', 'text', 1, 0],
    ['codesteer-code', 'code', 1, 0],
    ['codesteer-fast', 'text', 1, 0],
    ['codesteer', 'text', null, 2],
  ])('%s', async (model, action, turns, atLeastChecks) => {
    const { gateway } = await startBoth(() => ({ text: program }), {
      sandbox: scriptedSandbox(() => finished('<<<9>>>')),
      steering: { checkers: ['symbolic-code', 'self-answer'] },
    })
    const { codesteer } = await bodyOf(post(gateway, { ...question, model, codesteer: { events: true } }))
    const checks = codesteer.events.filter(event => event.type === 'check').length
    expect(codesteer.events.find(event => event.type === 'guidance')?.guidance?.action).toBe(action)
    if (turns === null) expect(checks).toBeGreaterThanOrEqual(atLeastChecks)
    else expect([codesteer.turns, checks]).toEqual([turns, 0])
  })

  it('codesteer/<model> is the long name of the whole loop', async () => {
    const { gateway } = await startBoth(() => ({ text: '<<<9>>>' }))
    const whole = await bodyOf(post(gateway, { ...question, model: 'codesteer/openai-compatible/fake' }))
    expect(whole.choices[0]!.message.content).toBe('<<<9>>>')
  })
})

describe('the settings of one request', () => {
  it('checkers: none, one, the server’s own', async () => {
    const { gateway } = await startBoth(() => ({ text: '```python\nprint("<<<9>>>")\n```' }), {
      sandbox: scriptedSandbox(() => finished('<<<9>>>')),
      steering: { checkers: ['symbolic-code', 'self-answer'], coach: 'fixed:code' },
    })
    const checksWith = async (checkers?: unknown) => {
      const settings = { turns: 1, events: true, ...(checkers === undefined ? {} : { checkers }) }
      const { codesteer } = await bodyOf(post(gateway, { ...question, codesteer: settings }))
      return codesteer.events.filter(event => event.type === 'check').map(event => Reflect.get(event, 'checker'))
    }
    expect(await checksWith('none')).toEqual([])
    expect(await checksWith(['symbolic-code'])).toEqual(['symbolic-code'])
    expect(await checksWith()).toEqual(['symbolic-code', 'self-answer'])
  })

  it('maxTokens ends a question early, and cannot lift the operator’s limit', async () => {
    const usage = { prompt: 100, completion: 10 }
    const limits = { tokens: 150, costUsd: null, timeMs: null }
    const { gateway, upstream } = await startBoth(() => ({ text: 'Hm.', usage }), {
      steering: { settings: { limits } },
    })
    const low = await bodyOf(post(gateway, { ...question, codesteer: { maxTokens: 50 } }))
    expect(low.codesteer.stop).toBe('token-limit')
    expect(low.choices[0]!.message.content).toBe('Hm.')
    const before = upstream.requests.length
    const high = await bodyOf(post(gateway, { ...question, codesteer: { maxTokens: 1e6, turns: 20 } }))
    expect(high.codesteer.stop).toBe('token-limit')
    expect(upstream.requests.length - before).toBeLessThanOrEqual(2)
  })

  it('maxCostUsd is refused when it is no amount', async () => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox } })
    for (const maxCostUsd of [-1, 0, '1', null]) {
      const { error } = await bodyOf(post(gateway, { ...question, codesteer: { maxCostUsd } }))
      expect(error).toMatchObject({ param: 'codesteer.maxCostUsd' })
    }
  })
})

describe('what is refused in the responses protocol', () => {
  it.each([
    [
      'an image',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:…' }] }] },
      'unsupported_content',
    ],
    ['tools', { input: 'hi', tools: [{ type: 'function', name: 'f' }] }, 'unsupported_parameter'],
    ['a tool result', { input: [{ type: 'function_call_output', call_id: 'x', output: 'y' }] }, 'unsupported_content'],
    ['work in the background', { input: 'hi', background: true }, 'unsupported_parameter'],
    ['a JSON schema', { input: 'hi', text: { format: { type: 'json_schema' } } }, 'unsupported_parameter'],
    ['no input', {}, 'invalid_request'],
    ['an empty question', { input: '  ' }, 'invalid_request'],
  ])('%s', async (_, body, code) => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox } })
    const response = await post(gateway, { model: 'codesteer', ...body }, { path: '/v1/responses' })
    expect([response.status, (await bodyOf(response)).error?.code]).toEqual([400, code])
  })
})

it('a call of a tool comes through when streamed, too', async () => {
  const { gateway } = await startBoth([{ toolCalls: [{ name: 'weather', arguments: '{"city":"Ulm"}' }], text: '' }])
  const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } }]
  const text = await (await post(gateway, { ...question, tools, stream: true })).text()
  expect(text).toMatch(/"tool_calls":\[\{"index":0,"id":"[^"]+","type":"function","function":\{"name":"weather"/)
  expect(text).toMatch(/"finish_reason":"tool_calls"[\s\S]*data: \[DONE\]/)
  expect(text).toContain('"stop":"unsteered"')
})

it('the steering is told while it happens, not when it is over', async () => {
  let release = () => {}
  const second = new Promise<void>(resolve => {
    release = resolve
  })
  let asked = 0
  const { gateway } = await startBoth(async () => {
    if (++asked === 2) await second
    return { text: 'Hm, not yet.' }
  })
  const response = await post(gateway, { ...question, stream: true, codesteer: { turns: 2 } })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  while (!seen.includes('[turn 2')) seen += (await reader.read()).value
  // The second reply has not come yet, and the first one with its decision is here.
  expect(seen).toMatch(/reasoning_content[\s\S]*\[turn 1[\s\S]*Hm[\s\S]*\[turn 2/)
  release()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    seen += value
  }
  expect(seen).toContain('data: [DONE]')
})

/** A gateway without a network in front of it. */
async function bare(): Promise<{ readonly gateway: Gateway; readonly defects: unknown[] }> {
  const steering = { model: 'simulated/apprentice', sandbox: noSandbox, checkers: [], coach: 'fixed:text' }
  const service = await createService({ steering })
  onTestFinished(() => service.close())
  const defects: unknown[] = []
  return { gateway: createGateway({ service, onDefect: error => defects.push(error) }), defects }
}

const ask = (gateway: Gateway, body: string, path = '/v1/chat/completions') =>
  gateway.fetch(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'localhost' },
      body,
    }),
  )

describe('while it shuts down', () => {
  it('a connection that is still open is told so, by the health check as well', async () => {
    const { gateway } = await bare()
    expect((await gateway.fetch(new Request('http://localhost/healthz'))).status).toBe(200)
    gateway.drain()
    const refused = await ask(gateway, JSON.stringify(question))
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual([
      503,
      '5',
      'close',
    ])
    expect((await bodyOf(refused)).error?.code).toBe('shutting_down')
    expect((await gateway.fetch(new Request('http://localhost/healthz'))).status).toBe(503)
  })
})

describe('no body is our fault', () => {
  it.each([
    ['nested without end', `{"model":"codesteer","messages":${'['.repeat(200_000)}`],
    ['nested and closed', `{"model":"codesteer","messages":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    [
      'a content nested deep',
      `{"model":"codesteer","messages":[{"role":"user","content":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`,
    ],
    ['numbers beyond numbers', '{"model":"codesteer","messages":[{"role":"user","content":"x"}],"max_tokens":1e999}'],
    [
      'the prototype',
      '{"model":"codesteer","messages":[{"role":"user","content":"x"}],"__proto__":{"stream":true},"constructor":1,"n":2}',
    ],
    ['a body that is null', 'null'],
    ['a byte order mark', '\uFEFF{}'],
    [
      'a tool whose schema is none',
      JSON.stringify({ ...question, tools: [{ type: 'function', function: { name: 'f', parameters: 7 } }] }),
    ],
    [
      'a tool whose schema refers to nothing',
      JSON.stringify({
        ...question,
        tools: [{ type: 'function', function: { name: 'f', parameters: { $ref: '#/nowhere' } } }],
      }),
    ],
    [
      'ten thousand messages of nobody',
      JSON.stringify({ model: 'codesteer', messages: Array.from({ length: 10_000 }, () => ({})) }),
    ],
  ])('%s', async (_, body) => {
    const { gateway, defects } = await bare()
    const response = await ask(gateway, body)
    expect(response.status).toBe(400)
    expect((await bodyOf(response)).error?.message).toMatch(/\S/)
    expect(defects).toEqual([])
  })

  it('half a character in a question, and a tool whose schema holds itself, are no trouble', async () => {
    const { gateway, defects } = await bare()
    const body = `{"model":"codesteer-text","messages":[{"role":"user","content":"9.11 or 9.9 \\ud800 \\u0000 which is larger?"}]}`
    expect((await ask(gateway, body)).status).toBe(200)
    const parameters = { type: 'object', properties: { next: { $ref: '#' } } }
    const list = [{ type: 'function', function: { name: 'list', parameters } }]
    expect((await ask(gateway, JSON.stringify({ ...question, tools: list }))).status).toBe(200)
    expect(defects).toEqual([])
  })

  it('whatever stands in the fields (drawn by chance)', async () => {
    const { gateway, defects } = await bare()
    const fields = [
      'model',
      'messages',
      'stream',
      'tools',
      'tool_choice',
      'codesteer',
      'n',
      'stop',
      'max_tokens',
      'temperature',
      'input',
      'instructions',
      'text',
    ]
    const value = fc.jsonValue({ maxDepth: 3 })
    const change = fc.record({ field: fc.constantFrom(...fields), value, inMessage: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), async (changes, responses) => {
        const body: Record<string, unknown> = responses
          ? { model: 'codesteer-text', input: 'x' }
          : { model: 'codesteer-text', messages: [{ role: 'user', content: 'x' }] }
        for (const { field, value: drawn, inMessage } of changes) {
          if (inMessage && !responses) body.messages = [{ role: 'user', content: drawn, [field]: drawn }]
          else body[field] = drawn
        }
        const response = await ask(gateway, JSON.stringify(body), responses ? '/v1/responses' : undefined)
        await response.text()
        expect([200, 400, 404]).toContain(response.status)
      }),
      { numRuns: 300 },
    )
    expect(defects).toEqual([])
    await until('all places are free', () => gateway.inFlight === 0)
  })
})
