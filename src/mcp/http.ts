import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport as Transport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { keyRing } from '../gateway/auth.ts'
import { GatewayError, gatewayErrorOf } from '../gateway/errors.ts'
import { checkHost, checkOrigin, loopbackNames } from '../gateway/host.ts'
import type { Served } from '../gateway/server.ts'
import { version } from '../version.ts'
import { createMcp, type McpOptions } from './server.ts'
import type { Workplace } from './workplace.ts'

export interface HttpLimits {
  /** Sessions held at once; the one that was idle for longest makes room. */
  readonly sessions: number
  /** A session that nothing was asked of for so long is over. */
  readonly idleMs: number
  readonly bodyBytes: number
}

export const httpLimits: HttpLimits = { sessions: 256, idleMs: 30 * 60_000, bodyBytes: 8 * 2 ** 20 }

export interface HttpOptions extends McpOptions {
  /** In clear or as `sha256:…`; none admits everybody who may come in by name. */
  readonly keys?: readonly string[]
  /** `Host` and `Origin` names that are answered beside the loopback ones. */
  readonly extraHosts?: readonly string[]
  /** Answer under every name, although there are no keys. */
  readonly anyHost?: boolean
  readonly limits?: Partial<HttpLimits>
}

interface Session {
  readonly server: McpServer
  readonly transport: Transport
  /** The key, or nobody: a session answers only the client that opened it. */
  readonly client: string
  usedMs: number
  /** Requests of this session that are open now, the client's listening stream included. */
  open: number
}

interface Env {
  Bindings: Partial<HttpBindings>
  Variables: { client: string }
}

/** The server of the Streamable HTTP transport, at `/mcp`; `gateway/server.ts` makes it listen. */
export function createMcpHttp(place: Workplace, options: HttpOptions = {}): Served {
  const limits = { ...httpLimits, ...options.limits }
  const sessions = new Map<string, Session>()
  let draining = false
  const app = new Hono<Env>()
  guard(app, options)
  app.get('/healthz', c => c.json({ status: draining ? 'draining' : 'ok', version }, draining ? 503 : 200))
  const tooLarge = () => {
    throw new GatewayError(413, 'body_too_large', `The body is longer than ${limits.bodyBytes} bytes.`)
  }
  app.post('/mcp', bodyLimit({ maxSize: limits.bodyBytes, onError: tooLarge }), async c => {
    if (draining) throw new GatewayError(503, 'shutting_down', 'The server is shutting down.')
    const body = await readBody(c)
    const session = sessionOf(c, sessions) ?? (await opened(body, c.get('client'), place, sessions, limits, options))
    return answer(c, session, body)
  })
  for (const method of ['GET', 'DELETE'])
    app.on(method, '/mcp', c => {
      const session = sessionOf(c, sessions)
      if (!session) throw new GatewayError(400, 'no_session', 'Send the header mcp-session-id of an open session.')
      return answer(c, session, undefined)
    })
  app.notFound(() => {
    throw new GatewayError(404, 'not_found', 'There is nothing here but POST, GET and DELETE /mcp, and GET /healthz.')
  })
  app.onError(error => {
    const told = gatewayErrorOf(error)
    if (told.code === 'internal_error') options.onDefect?.(error)
    return rpcError(told)
  })
  return {
    fetch: (request, bindings) => app.fetch(request, bindings ?? {}),
    get inFlight() {
      return place.inside
    },
    drain() {
      draining = true
    },
    abort() {
      place.abort()
      for (const { server } of sessions.values()) void server.close()
    },
  }
}

/** Who may come in: by name, by origin, by key. */
function guard(app: Hono<Env>, { keys = [], extraHosts = [], anyHost = false }: HttpOptions): void {
  const ring = keyRing(keys)
  const names = [...loopbackNames, ...extraHosts.map(name => name.toLowerCase())]
  app.use('*', async (c, next) => {
    const host = c.req.header('host')
    checkHost(host, ring.size > 0 || anyHost ? null : names)
    checkOrigin(c.req.header('origin'), host, names)
    c.set('client', 'anybody')
    await next()
  })
  app.use('/mcp', async (c, next) => {
    if (ring.size > 0) c.set('client', ring.admit(c.req.header('authorization')))
    await next()
  })
}

async function readBody(c: Context<Env>): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer()))
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError(400, 'invalid_json', 'The body is not JSON.')
  }
}

/** The session that the request names; undefined when it names none. Throws GatewayError 404 for one that is over. */
function sessionOf(c: Context<Env>, sessions: ReadonlyMap<string, Session>): Session | undefined {
  const id = c.req.header('mcp-session-id')
  if (id === undefined) return undefined
  const session = sessions.get(id)
  if (session === undefined || session.client !== c.get('client'))
    throw new GatewayError(404, 'session_not_found', 'There is no such session: open a new one with initialize.')
  return session
}

const messagesOf = (
  body: unknown,
): readonly { readonly method?: unknown; readonly id?: unknown; readonly params?: unknown }[] =>
  (Array.isArray(body) ? body : [body]).filter(one => typeof one === 'object' && one !== null)

async function opened(
  body: unknown,
  client: string,
  place: Workplace,
  sessions: Map<string, Session>,
  limits: HttpLimits,
  options: McpOptions,
): Promise<Session> {
  if (!messagesOf(body).some(({ method }) => method === 'initialize'))
    throw new GatewayError(400, 'no_session', 'Begin with initialize, then send its mcp-session-id with every request.')
  await makeRoom(sessions, limits)
  const server = createMcp(place, options)
  const transport: Transport = new Transport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: id => void sessions.set(id, session),
  })
  const session: Session = { server, transport, client, usedMs: performance.now(), open: 0 }
  server.server.onclose = () => {
    if (transport.sessionId !== undefined) sessions.delete(transport.sessionId)
  }
  await server.connect(transport as Parameters<McpServer['connect']>[0])
  return session
}

/** Ends what has been idle for too long, and when all places are taken, the one that was idle for longest. */
async function makeRoom(sessions: ReadonlyMap<string, Session>, { sessions: most, idleMs }: HttpLimits): Promise<void> {
  const now = performance.now()
  const idle = [...sessions.values()].filter(one => one.open === 0).sort((a, b) => a.usedMs - b.usedMs)
  const old = idle.filter(one => now - one.usedMs > idleMs)
  for (const { server } of old) await server.close()
  if (sessions.size < most) return
  const first = idle.find(one => !old.includes(one))
  if (!first)
    throw new GatewayError(429, 'too_many_sessions', `All ${most} sessions are in use. Try again soon.`, {
      headers: { 'retry-after': '5' },
    })
  await first.server.close()
}

async function answer(c: Context<Env>, session: Session, body: unknown): Promise<Response> {
  session.usedMs = performance.now()
  const { transport } = session
  const { outgoing } = c.env
  session.open++
  const over = () => {
    session.open--
    session.usedMs = performance.now()
  }
  if (!outgoing) over()
  outgoing?.once('close', () => {
    over()
    // Without its connection an answer cannot be delivered: what was asked for on it is stopped, like anything else cancelled.
    if (!outgoing.writableFinished)
      for (const { id } of messagesOf(body)) if (typeof id === 'string' || typeof id === 'number') cancel(session, id)
  })
  const response = await transport.handleRequest(c.req.raw, body === undefined ? {} : { parsedBody: body })
  // The SDK leaves the stream of a cancelled request open for ever.
  for (const { method, params } of messagesOf(body)) {
    const id: unknown = method === 'notifications/cancelled' ? Reflect.get(Object(params), 'requestId') : undefined
    if (typeof id === 'string' || typeof id === 'number') transport.closeSSEStream(id)
  }
  return response
}

function cancel({ transport }: Session, requestId: string | number): void {
  const params = { requestId, reason: 'the client has gone' }
  transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
}

/** An HTTP failure in the shape of the protocol. */
function rpcError({ status, message, code, headers }: GatewayError): Response {
  const rpcCode = code === 'invalid_json' ? -32_700 : code === 'session_not_found' ? -32_001 : -32_000
  return Response.json(
    { jsonrpc: '2.0', error: { code: rpcCode, message, data: { code } }, id: null },
    { status, headers: { ...headers } },
  )
}
