// `codesteer mcp --http`: sessions, who may come in, what is too much, and its end.
import { connect } from 'node:net'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { HttpOptions } from '../../src/mcp/http.ts'
import { type FakeScript, startFakeServer } from '../fake-server/server.ts'
import { noSandbox, until, upstreamKey } from '../gateway/support.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { asked, call, overHttp, startHttp, type TestMcp } from './support.ts'

async function onFake(script: FakeScript, options: HttpOptions & { readonly concurrency?: number } = {}) {
  const upstream = await startFakeServer({ script })
  onTestFinished(() => upstream.close())
  const models = { environment: { CODESTEER_API_KEY: upstreamKey }, baseUrl: upstream.url, retry: { maxAttempts: 1 } }
  const steering = { model: 'openai-compatible/fake', sandbox: noSandbox, checkers: [], models }
  return { upstream, server: await startHttp({ ...options, steering }) }
}

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}

function post(server: TestMcp, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function refusal(response: Response) {
  const { jsonrpc, error } = (await response.json()) as {
    jsonrpc: string
    error: { code: number; message: string; data?: { code: string } }
  }
  return { status: response.status, jsonrpc, why: error.data?.code, message: error.message }
}

/** A request as it goes over the wire: fetch lets nobody choose the host. */
async function raw(server: TestMcp, head: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  socket.write(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk
  return answer
}

describe('the official client over HTTP', () => {
  it('lists and calls each tool', async () => {
    const server = await startHttp()
    const { client } = await overHttp(server)
    const { tools } = await client.listTools()
    expect(tools.map(tool => tool.name)).toEqual([
      'steer',
      'run_python',
      'check_code',
      'symbench_draw',
      'symbench_judge',
    ])
    const heard: string[] = []
    const steered = await call(
      client,
      'steer',
      { question: asked },
      { onprogress: ({ message }) => heard.push(message ?? '') },
    )
    // A client of this server does not learn where files lie on its machine.
    expect(steered.structured).toMatchObject({ answer: '9.9', stop: 'returned', simulated: true, record: null })
    expect(steered.text).not.toContain(server.out)
    expect(heard.length).toBeGreaterThan(3)
    expect((await call(client, 'run_python', { source: 'print(6 * 7)' })).structured.stdout).toBe('42\n')
    expect((await call(client, 'check_code', { source: 'print(42)' })).structured.lazy).toBe(true)
    const drawn = await call(client, 'symbench_draw', { task: 'game-24' })
    const [{ id }] = drawn.structured.questions as [{ id: string }]
    expect((await call(client, 'symbench_judge', { id, answer: '1 + 1' })).structured.verdict).toBe('incorrect')
    expect(server.log.map(entry => [entry.tool, entry.outcome])).toEqual(tools.map(({ name }) => [name, 'ok']))
    expect(JSON.stringify(server.log)).not.toContain('9.11')
    expect(server.defects).toEqual([])
  })

  it('many clients at once, each with a session of its own that it ends itself', async () => {
    const server = await startHttp({ steering: { sandbox: noSandbox } })
    const clients = await Promise.all(Array.from({ length: 8 }, () => overHttp(server)))
    const ids = new Set(clients.map(({ transport }) => transport.sessionId))
    expect(ids.size).toBe(8)
    const judged = await Promise.all(
      clients.map(({ client }) => call(client, 'symbench_judge', { id: 'game-24@1/1/1', answer: 'hello' })),
    )
    expect(judged.map(one => one.structured.verdict)).toEqual(judged.map(() => 'malformed'))
    const { transport } = clients[0]!
    const id = transport.sessionId!
    await transport.terminateSession()
    const late = await post(server, { jsonrpc: '2.0', id: 9, method: 'tools/list' }, { 'mcp-session-id': id })
    expect(await refusal(late)).toMatchObject({ status: 404, why: 'session_not_found' })
  })

  it('bad arguments are told as over stdio', async () => {
    const { client } = await overHttp(await startHttp({ steering: { sandbox: noSandbox } }))
    const { isError, text } = await call(client, 'symbench_draw', { task: 'gme-24' })
    expect([isError, text]).toEqual([true, expect.stringContaining('Did you mean "game-24"')])
  })

  it('what the provider says about our key stays here', async () => {
    const { server } = await onFake(() => ({
      status: 401,
      raw: JSON.stringify({ error: { message: `Incorrect API key provided: ${upstreamKey}` } }),
    }))
    const { client } = await overHttp(server)
    const { isError, text, structured } = await call(client, 'steer', { question: asked })
    expect([isError, text]).toEqual([true, expect.stringContaining("refused the gateway's own key")])
    expect(JSON.stringify([text, structured])).not.toContain('sk-upstream')
  })
})

describe('who may come in', () => {
  it('only under loopback names when there are no keys, and no page of a stranger', async () => {
    const server = await startHttp({ steering: { sandbox: noSandbox } })
    expect(await raw(server, 'POST /mcp HTTP/1.1\r\nHost: evil.example')).toMatch(
      /^HTTP\/1\.1 403[\s\S]*host_not_allowed/,
    )
    const from = (origin: string) => post(server, hello, { origin })
    expect(await refusal(await from('https://evil.example'))).toMatchObject({ status: 403, why: 'origin_not_allowed' })
    expect(await refusal(await from('null'))).toMatchObject({ status: 403 })
    expect(await refusal(await from('http://localhost.evil.example'))).toMatchObject({ status: 403 })
    const ours = await from('http://localhost:6274')
    expect(ours.status).toBe(200)
    expect(ours.headers.get('access-control-allow-origin')).toBeNull()
    const named = await startHttp({ steering: { sandbox: noSandbox }, extraHosts: ['Tools.Example'] })
    expect(await raw(named, 'GET /healthz HTTP/1.1\r\nHost: tools.example:81')).toMatch(/^HTTP\/1\.1 200/)
    expect((await post(named, hello, { origin: 'https://tools.example' })).status).toBe(200)
  })

  it('with keys: nobody without one, and nobody in the session of another', async () => {
    const keys = ['a-key-of-this-server-1', 'a-key-of-this-server-2']
    const server = await startHttp({ keys, steering: { sandbox: noSandbox } })
    const missing = await post(server, hello)
    expect(missing.headers.get('www-authenticate')).toBe('Bearer')
    expect(await refusal(missing)).toMatchObject({ status: 401, why: 'missing_api_key', jsonrpc: '2.0' })
    expect(await refusal(await post(server, hello, { authorization: 'Bearer wrong' }))).toMatchObject({ status: 401 })
    await expect(overHttp(server, 'not-a-key-of-this')).rejects.toThrow(/401|key/i)
    const { client, transport } = await overHttp(server, keys[0])
    expect((await client.listTools()).tools).toHaveLength(5)
    const list = { jsonrpc: '2.0', id: 7, method: 'tools/list' }
    const theirs = { 'mcp-session-id': transport.sessionId!, authorization: `Bearer ${keys[1]}` }
    expect(await refusal(await post(server, list, theirs))).toMatchObject({ status: 404 })
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })
})

describe('bad requests', () => {
  it('are told by status, in the shape of the protocol, and harm nobody', async () => {
    const server = await startHttp({ steering: { sandbox: noSandbox }, limits: { bodyBytes: 5_000 } })
    const cases: [string, unknown, Record<string, string>, object][] = [
      ['no JSON', '{"jsonrpc":', {}, { status: 400, why: 'invalid_json' }],
      ['no session', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, {}, { status: 400, why: 'no_session' }],
      ['a body that is no message', [], {}, { status: 400, why: 'no_session' }],
      ['an unknown session', hello, { 'mcp-session-id': 'x' }, { status: 404, why: 'session_not_found' }],
      ['a huge body', { ...hello, more: 'x'.repeat(9_000) }, {}, { status: 413, why: 'body_too_large' }],
      ['another type', hello, { 'content-type': 'text/plain' }, { status: 415 }],
      ['no taste for streams', hello, { accept: 'application/json' }, { status: 406 }],
    ]
    for (const [what, body, headers, expected] of cases)
      expect({ what, ...(await refusal(await post(server, body, headers))) }).toMatchObject({ what, ...expected })
    expect(await refusal(await fetch(`${server.url}/mcp`))).toMatchObject({ status: 400, why: 'no_session' })
    expect(await refusal(await fetch(`${server.url}/v1/models`))).toMatchObject({ status: 404 })
    expect((await post(server, hello)).status).toBe(200)
    expect(server.defects).toEqual([])
  })

  it('a session makes room for the next when all are taken', async () => {
    const server = await startHttp({ steering: { sandbox: noSandbox }, limits: { sessions: 2 } })
    const open = async () => {
      const response = await post(server, hello)
      await response.text()
      return { status: response.status, id: response.headers.get('mcp-session-id')! }
    }
    const ids = [(await open()).id, (await open()).id, (await open()).id]
    const statuses = []
    for (const id of ids) {
      const ping = await post(server, { jsonrpc: '2.0', id: 2, method: 'ping' }, { 'mcp-session-id': id })
      statuses.push(ping.status)
      await ping.text()
    }
    expect(statuses).toEqual([404, 200, 200])
  })

  it('beyond its places a call is refused', async () => {
    const { server, upstream } = await onFake(() => ({ delayMs: 600, text: '<<<1>>>' }), { concurrency: 1 })
    const { client } = await overHttp(server)
    const first = call(client, 'steer', { question: asked, turns: 1 })
    await until('the provider is asked', () => upstream.requests.length === 1)
    expect(await call(client, 'check_code', { source: 'x = 1' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('all 1 places'),
    })
    expect((await first).structured.answer).toBe('1')
  })
})

describe('clients that leave', () => {
  const drip = () => ({ text: 'word '.repeat(500), dripMs: 20 })

  it('cancel a call: the call to the provider stops, and the session goes on', async () => {
    const { server, upstream } = await onFake(drip)
    const { client } = await overHttp(server)
    const abort = new AbortController()
    const asking = call(client, 'steer', { question: asked }, { signal: abort.signal })
    await until('the provider is asked', () => upstream.requests.length === 1)
    abort.abort()
    await expect(asking).rejects.toThrow()
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    await until('the place is free', () => server.inside() === 0)
    expect(server.log).toMatchObject([{ tool: 'steer', outcome: 'cancelled' }])
    expect((await client.listTools()).tools).toHaveLength(5)
  })

  it.each(['closes its connections', 'ends its session'])('one that %s in the middle of a call', async how => {
    const { server, upstream } = await onFake(drip)
    const { client, transport } = await overHttp(server)
    call(client as Client, 'steer', { question: asked }).catch(() => undefined)
    await until('the provider is asked', () => upstream.requests.length === 1)
    if (how === 'ends its session') await transport.terminateSession()
    else await client.close()
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    await until('the place is free', () => server.inside() === 0)
  })
})

describe('its end', () => {
  it('lets a call under way finish, and refuses new ones', async () => {
    const { server, upstream } = await onFake(() => ({ delayMs: 60, text: '<<<1>>>' }))
    const { client } = await overHttp(server)
    const asking = call(client, 'steer', { question: asked, turns: 1 })
    await until('the provider is asked', () => upstream.requests.length === 1)
    const closing = server.close()
    expect((await asking).structured.answer).toBe('1')
    await closing
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })

  it('aborts what does not finish in time', async () => {
    const { server, upstream } = await onFake(() => ({ silent: true }))
    const { client } = await overHttp(server)
    call(client, 'steer', { question: asked }).catch(() => undefined)
    await until('the provider is asked', () => upstream.requests.length === 1)
    const beganMs = performance.now()
    await server.close()
    expect(performance.now() - beganMs).toBeLessThan(2_500)
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
  })

  it('the real command: says where it listens, logs calls without their words, ends by SIGTERM with exit code 0', async () => {
    let url = ''
    let end = () => {}
    const running = cli(['mcp', '--http', '--port', '0', '--out', temporaryFolder()], {
      onSpawn(child) {
        end = () => void child.kill('SIGTERM')
        child.stdout!.on('data', text => (url ||= /on (http:\S+)\/mcp/.exec(String(text))?.[1] ?? ''))
      },
    })
    onTestFinished(end)
    await until('it listens', () => url !== '', 20_000)
    const { client } = await overHttp({ url })
    expect((await call(client, 'steer', { question: asked })).structured.answer).toBe('9.9')
    end()
    const { code, stderr } = await running
    expect(code).toBe(0)
    expect(JSON.parse(stderr.trim().split('\n').at(-1)!)).toMatchObject({ tool: 'steer', outcome: 'ok' })
    expect(stderr).not.toContain('9.11 or')
  })
})
