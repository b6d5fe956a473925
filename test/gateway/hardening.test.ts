// What a gateway must stand: bad bodies, wrong keys, clients that leave, stall or come in crowds, and its own end.
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fold } from '../../src/fold.ts'
import { replay } from '../../src/replay.ts'
import { readTrajectoryFile } from '../../src/store/trajectory-file.ts'
import { temporaryFolder } from '../util/cli.ts'
import { noSandbox, post, question, startBoth, startGateway, type TestGateway, until, upstreamKey } from './support.ts'

interface ErrorBody {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly code: string
    readonly param: string | null
  }
}
const errorOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as ErrorBody).error,
})
const user = (content: unknown) => ({ model: 'codesteer', messages: [{ role: 'user', content }] })

describe('bad bodies get an error of the protocol that names the field', async () => {
  const cases: [string, unknown, { status?: number; code?: string; param?: string | null; message?: RegExp }][] = [
    ['no JSON', '{"model":', { code: 'invalid_json', message: /not JSON/ }],
    ['an empty body', '', { code: 'invalid_json' }],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe]), { message: /UTF-8/ }],
    ['a list', '[]', { code: 'invalid_request' }],
    ['no model', { messages: question.messages }, { param: 'model' }],
    ['no messages', { model: 'codesteer' }, { param: 'messages' }],
    ['empty messages', { model: 'codesteer', messages: [] }, { param: 'messages' }],
    [
      'an unknown role',
      { model: 'codesteer', messages: [{ role: 'wizard', content: 'x' }] },
      { param: 'messages.0.role' },
    ],
    ['an empty question', user('   '), { param: 'messages', message: /empty/ }],
    ['content that is a number', user(7), { param: 'messages.0.content' }],
    [
      'an image',
      user([
        { type: 'text', text: 'what is this?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      ]),
      { code: 'unsupported_content', param: 'messages.0.content.1', message: /steers text only/ },
    ],
    [
      'an answer as the last message',
      { model: 'codesteer', messages: [...question.messages, { role: 'assistant', content: 'x' }] },
      { message: /last message must be from the user/ },
    ],
    [
      'a tool result that nobody asked for',
      { model: 'codesteer', messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] },
      { param: 'messages.0.tool_call_id' },
    ],
    ['several choices', { ...question, n: 2 }, { code: 'unsupported_parameter', param: 'n' }],
    ['stop words', { ...question, stop: ['x'] }, { param: 'stop' }],
    [
      'a JSON schema',
      { ...question, response_format: { type: 'json_object' } },
      { param: 'response_format', message: /"content": "answer"/ },
    ],
    [
      'a forced tool',
      { ...question, tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'required' },
      { param: 'tool_choice' },
    ],
    [
      'an unknown model',
      { ...question, model: 'codesteer-fats' },
      { status: 404, code: 'model_not_found', message: /Did you mean "codesteer-fast"/ },
    ],
    [
      'an unknown setting',
      { ...question, codesteer: { turn: 3 } },
      { code: 'unknown_setting', message: /Did you mean codesteer.turns/ },
    ],
    ['a setting of the prototype', { ...question, codesteer: { constructor: 3 } }, { code: 'unknown_setting' }],
    ['too many turns', { ...question, codesteer: { turns: 1_000 } }, { param: 'codesteer.turns' }],
    [
      "somebody else's model as coach",
      { ...question, codesteer: { coach: 'prompted:openai/gpt-9' } },
      { param: 'codesteer.coach' },
    ],
    [
      'an unknown checker',
      { ...question, codesteer: { checkers: ['sorcery'] } },
      { param: 'codesteer.checkers', message: /self-answer/ },
    ],
    ['settings that are a text', { ...question, codesteer: 'fast' }, { param: 'codesteer' }],
  ]
  it.each(cases)('%s', async (_, body, expected) => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox, checkers: [] } })
    const error = await errorOf(await post(gateway, body))
    const { message = /./, ...rest } = expected
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', ...rest })
    expect(error.message).toMatch(message)
    expect(gateway.defects).toEqual([])
    expect(gateway.inFlight()).toBe(0)
  })

  it('headers set what the body does not, and unknown ones are told', async () => {
    const { gateway, upstream } = await startBoth(() => ({ text: 'Hm.' }))
    const ask = async (headers: Record<string, string>, codesteer?: object) => {
      const response = await post(gateway, { ...question, ...(codesteer ? { codesteer } : {}) }, { headers })
      return { response, body: (await response.json()) as { codesteer: { turns: number } } }
    }
    expect((await ask({ 'x-codesteer-turns': '2', 'x-codesteer-coach': 'rules' })).body.codesteer.turns).toBe(2)
    expect((await ask({ 'x-codesteer-turns': '2' }, { turns: 3 })).body.codesteer.turns).toBe(3)
    expect(upstream.requests).toHaveLength(5)
    expect((await ask({ 'x-codesteer-tunrs': '2' })).body).toMatchObject({
      error: { message: expect.stringContaining('x-codesteer-turns') },
    })
    expect((await ask({ 'x-codesteer-turns': 'two' })).response.status).toBe(400)
    const sampled = await post(gateway, { ...question, top_p: 0.5, 'evil\r\nname': 1, codesteer: { turns: 1 } })
    expect(sampled.headers.get('x-codesteer-ignored')).toBe('top_p')
  })

  it('wrong paths, methods and types', async () => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox } })
    expect(await errorOf(await fetch(`${gateway.url}/v1/embeddings`))).toMatchObject({
      status: 404,
      message: expect.stringContaining('POST /v1/chat/completions'),
    })
    expect(await errorOf(await fetch(`${gateway.url}/v1/chat/completions`))).toMatchObject({ status: 404 })
    // What a web page can send without asking first is refused.
    const simple = await post(gateway, question, { headers: { 'content-type': 'text/plain' } })
    expect(await errorOf(simple)).toMatchObject({ status: 415 })
    expect(simple.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('bodies that are too large, announced or not', async () => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox }, limits: { bodyBytes: 2_000 } })
    const large = JSON.stringify(user('x'.repeat(5_000)))
    expect(await errorOf(await post(gateway, large))).toMatchObject({ status: 413, code: 'body_too_large' })
    const chunked = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(await errorOf(chunked)).toMatchObject({ status: 413 })
  })
})

describe('who may ask', () => {
  const key = 'a-key-of-this-gateway'
  it('401 without the key on everything but the health check; the log names keys by their hash', async () => {
    const gateway = await startGateway({ keys: [key], steering: { coach: 'fixed:text', checkers: [] } })
    expect(await errorOf(await post(gateway, question))).toMatchObject({ status: 401, code: 'missing_api_key' })
    for (const path of ['/v1/models', '/metrics']) expect((await fetch(gateway.url + path)).status).toBe(401)
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
    const wrong = await post(gateway, question, { headers: { authorization: `Bearer ${key}x` } })
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await post(gateway, question, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
    expect(gateway.log.at(-1)!.client).toMatch(/^[0-9a-f]{8}$/)
    expect(JSON.stringify(gateway.log)).not.toContain(key)
    expect(JSON.stringify(gateway.log)).not.toContain('which is larger')
  })

  it('refuses keys that can be guessed', async () => {
    await expect(startGateway({ keys: ['short'], steering: { sandbox: noSandbox } })).rejects.toMatchObject({
      mend: expect.stringContaining('openssl'),
    })
  })

  it('answers under loopback names only when there are no keys', async () => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox } })
    const raw = await rawRequest(gateway, 'GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    expect(raw).toMatch(/^HTTP\/1\.1 403 [\s\S]*host_not_allowed/)
    expect(
      await rawRequest(
        gateway,
        `GET /v1/models HTTP/1.1\r\nHost: localhost:${gateway.port}\r\nConnection: close\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 200/)
  })

  it('429 with retry-after beyond the rate, and beyond the places', async () => {
    const rated = await startBoth(() => ({ text: '<<<1>>>' }), { limits: { perMinute: 2 } })
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await post(rated.gateway, question)).status)
    expect(statuses).toEqual([200, 200, 429])
    const late = await post(rated.gateway, question)
    expect(await errorOf(late)).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' })
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(20)
    const full = await startBoth(() => ({ delayMs: 400, text: '<<<1>>>' }), { limits: { concurrency: 2 } })
    const three = await Promise.all([1, 2, 3].map(() => post(full.gateway, { ...question, model: 'codesteer-fast' })))
    expect(three.map(one => one.status).sort()).toEqual([200, 200, 429])
    expect(three.find(one => one.status === 429)!.headers.get('retry-after')).toBe('1')
    expect((await post(full.gateway, { ...question, model: 'codesteer-fast' })).status).toBe(200)
  })
})

describe('clients that leave', () => {
  it.each([true, false])('the call to the provider stops (stream: %s)', async stream => {
    const { gateway, upstream } = await startBoth(() => ({ text: 'word '.repeat(500), dripMs: 20 }))
    const abort = new AbortController()
    const asking = post(gateway, { ...question, stream }, { signal: abort.signal })
    await until('the provider is asked', () => upstream.requests.length === 1)
    if (stream) {
      const reader = (await asking).body!.getReader()
      await reader.read()
      abort.abort()
      await reader.read().catch(() => undefined)
    } else {
      abort.abort()
      await asking.catch(() => undefined)
    }
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    await until('the place is free', () => gateway.inFlight() === 0)
    await until('the request is logged', () => gateway.log.length === 1)
    expect(gateway.log[0]).toMatchObject(
      stream ? { stop: 'cancelled', gone: 'closed' } : { stop: 'cancelled', status: 499 },
    )
    expect(gateway.defects).toEqual([])
  })

  it('the running program stops (real sandbox)', async () => {
    const endless = '```python\nwhile True:\n    pass\n```'
    const { upstream, gateway } = await startBoth(() => ({ text: endless }), {
      steering: { sandbox: undefined as never },
    })
    const abort = new AbortController()
    const asking = post(gateway, { ...question, model: 'codesteer-code' }, { signal: abort.signal })
    await until('the program was written', () => upstream.paid === 1)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(gateway.inFlight()).toBe(1)
    abort.abort()
    await asking.catch(() => undefined)
    // Long before its time limit of 30 s.
    await until('the program is stopped', () => gateway.inFlight() === 0, 3_000)
    await until('the request is logged', () => gateway.log.length === 1)
    expect(gateway.log[0]).toMatchObject({ stop: 'cancelled', turns: 1 })
  })

  it.each([
    ['when too much waits', { backlogBytes: 300_000 }, 'too-slow'],
    ['when nothing moves for too long', { backlogBytes: 1e9, stallMs: 400, pingMs: 100 }, 'closed'],
  ])('a reader that stops reading is let go %s, and the work stops', async (_, limits, gone) => {
    const { gateway, upstream } = await startBoth(
      () => ({ text: 'x'.repeat(40_000_000), pieceLength: 40_000, dripMs: 1 }),
      { limits },
    )
    const body = JSON.stringify({ ...question, stream: true })
    const socket = open(gateway)
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    socket.pause()
    await until('the request is logged', () => gateway.log.length === 1, 10_000)
    expect(gateway.log[0]).toMatchObject({ gone })
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    expect(gateway.inFlight()).toBe(0)
  })

  it.each([
    ['says nothing', ''],
    ['sends half a head', 'POST /v1/chat/completions HTTP/1.1\r\nHost: loc'],
    [
      'sends half a body',
      'POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"mod',
    ],
  ])('a connection that %s is cut off', async (_, text) => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox }, listen: { requestMs: 600 } })
    const startedMs = performance.now()
    const answer = await rawRequest(gateway, text)
    expect(performance.now() - startedMs).toBeLessThan(4_000)
    expect(answer).toMatch(/^(HTTP\/1\.1 408|$)/)
    expect(gateway.inFlight()).toBe(0)
  })

  it('noise instead of HTTP harms nobody', async () => {
    const gateway = await startGateway({ steering: { sandbox: noSandbox } })
    expect(await rawRequest(gateway, '\u0016\u0003\u0001\u0002 hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/)
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200)
  })
})

describe('limits of a request', () => {
  it('504 when the time is over before there is a reply, and the operator’s limit cannot be raised', async () => {
    const { gateway, upstream } = await startBoth(() => ({ silent: true }), {
      steering: { settings: { limits: { tokens: null, costUsd: null, timeMs: 300 } } },
    })
    const startedMs = performance.now()
    const reply = await post(gateway, { ...question, codesteer: { maxTimeMs: 60_000 } })
    expect(await errorOf(reply)).toMatchObject({
      status: 504,
      code: 'time_limit',
      message: expect.stringContaining('300 ms'),
    })
    expect(performance.now() - startedMs).toBeLessThan(3_000)
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
  })

  it('max_tokens and temperature reach the model, within what the operator allows', async () => {
    const { gateway, upstream } = await startBoth(() => ({ text: '<<<1>>>' }))
    await post(gateway, { ...question, temperature: 0.7, max_completion_tokens: 123, codesteer: { turns: 1 } })
    await post(gateway, { ...question, max_tokens: 1_000_000, codesteer: { turns: 1 } })
    expect(upstream.requests[0]!.body).toMatchObject({ temperature: 0.7, max_tokens: 123 })
    expect(upstream.requests[1]!.body.max_tokens).toBe(8_000)
  })

  it('usage counts the coach and the checker', async () => {
    const { gateway, upstream } = await startBoth(
      request => ({
        text: /guide another/.test(JSON.stringify(request.body)) ? '<<<Text>>>' : '<<<1>>>',
        usage: { prompt: 100, completion: 10 },
      }),
      { steering: { coach: 'prompted:openai-compatible/fake', checkers: ['self-answer'] } },
    )
    const body = (await (await post(gateway, { ...question, codesteer: { turns: 1 } })).json()) as { usage: object }
    // Coach, answer, and a check that was asked for twice because it held no program.
    expect(upstream.requests).toHaveLength(4)
    expect(body.usage).toMatchObject({ prompt_tokens: 400, completion_tokens: 40, total_tokens: 440 })
  })
})

describe('what is kept and told', () => {
  it('trajectories in the folder, which replay', async () => {
    const out = temporaryFolder()
    const gateway = await startGateway({ out })
    const asked = { model: 'codesteer', messages: [{ role: 'system', content: 'Be brief.' }, ...question.messages] }
    const id = (await post(gateway, asked)).headers.get('x-codesteer-trajectory')
    expect(readdirSync(join(out, 'trajectories'))).toEqual([`${id}.jsonl`])
    const { events } = readTrajectoryFile(join(out, 'trajectories', `${id}.jsonl`))
    expect(fold(events).end?.reason).toBe('returned')
    expect((await replay(events)).divergence).toBeNull()
  })

  it('metrics in the text format, and events on request', async () => {
    const gateway = await startGateway()
    const body = (await (await post(gateway, { ...question, codesteer: { events: true } })).json()) as {
      codesteer: { events: { type: string }[] }
    }
    expect(body.codesteer.events.map(event => event.type)).toEqual(
      expect.arrayContaining(['trajectory-start', 'check', 'trajectory-end']),
    )
    await post(gateway, '{')
    const text = await (await fetch(`${gateway.url}/metrics`)).text()
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+)$/)
    expect(text).toContain('codesteer_trajectories_total{model="codesteer",stop="returned"} 1')
    expect(text).toContain('codesteer_requests_total{path="/v1/chat/completions",status="400"} 1')
    expect(text).toContain('codesteer_refused_total{code="invalid_json"} 1')
    expect(text).toMatch(/codesteer_tokens_total\{role="checker",kind="output"\} [1-9]/)
    expect(text).toContain('codesteer_in_flight 0')
  })

  it('never the key for the provider', async () => {
    const { gateway } = await startBoth(() => ({
      status: 400,
      raw: JSON.stringify({ error: { message: `bad header ${upstreamKey}` } }),
    }))
    const error = await errorOf(await post(gateway, question))
    expect(error).toMatchObject({ status: 400, code: 'upstream_bad_request' })
    expect(JSON.stringify([error, gateway.log])).not.toContain(upstreamKey)
  })
})

describe('its end', () => {
  it('lets requests under way finish and refuses new ones', async () => {
    const { gateway } = await startBoth(() => ({ text: '<<<1>>>', delayMs: 500 }), { listen: { graceMs: 5_000 } })
    const asking = post(gateway, { ...question, model: 'codesteer-fast', stream: true })
    await until('it is under way', () => gateway.inFlight() === 1)
    const closing = gateway.close()
    await expect(fetch(`${gateway.url}/healthz`)).rejects.toThrow()
    expect(await (await asking).text()).toContain('data: [DONE]')
    await closing
  })

  it('aborts what does not finish in time', async () => {
    const { gateway, upstream } = await startBoth(() => ({ silent: true }), { listen: { graceMs: 200 } })
    const asking = post(gateway, question)
    await until('it is under way', () => upstream.requests.length === 1)
    const startedMs = performance.now()
    await gateway.close()
    expect(performance.now() - startedMs).toBeLessThan(2_500)
    expect(await errorOf(await asking)).toMatchObject({ status: 503, code: 'cancelled' })
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
  })
})

describe('a crowd', () => {
  it('60 streams at once all come to their end', async () => {
    const { gateway } = await startBoth(() => ({ text: `${'some words '.repeat(40)} <<<1>>>`, dripMs: 2 }))
    const ask = { ...question, model: 'codesteer-fast', stream: true }
    const texts = await Promise.all(Array.from({ length: 60 }, async () => (await post(gateway, ask)).text()))
    expect(texts.filter(text => text.endsWith('data: [DONE]\n\n'))).toHaveLength(60)
    expect(gateway.log.filter(entry => entry.status === 200 && entry.stop === 'turn-limit')).toHaveLength(60)
    expect(gateway.inFlight()).toBe(0)
  })
})

function open(gateway: TestGateway): Socket {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Sends bytes and reads until the other side closes. */
async function rawRequest(gateway: TestGateway, text: string): Promise<string> {
  const socket = open(gateway)
  socket.write(text)
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk
  return answer
}
