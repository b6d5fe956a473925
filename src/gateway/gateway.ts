import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { newId } from '../util/id.ts'
import { version } from '../version.ts'
import { admission } from './admission.ts'
import { answerInOnePiece, answerStreamed, type Protocol } from './answer.ts'
import type { Ask } from './ask.ts'
import { type KeyRing, keyRing } from './auth.ts'
import { readChat } from './chat-request.ts'
import { badRequest, GatewayError, gatewayErrorOf } from './errors.ts'
import { checkHost, loopbackNames } from './host.ts'
import {
  type AccessEntry,
  type GatewayContext,
  type GatewayEnv,
  type GatewayLimits,
  gatewayLimits,
  type House,
  recordRequest,
} from './house.ts'
import { type Metrics, metrics } from './metrics.ts'
import { chatProtocol, responsesProtocol } from './protocols.ts'
import { readResponses } from './responses-request.ts'
import type { Service } from './service.ts'

export interface GatewayOptions {
  readonly service: Service
  /** In clear or as `sha256:…`; none admits everybody. */
  readonly keys?: readonly string[]
  readonly limits?: Partial<GatewayLimits>
  readonly onAccess?: (entry: AccessEntry) => void
  /** Defects of ours, for the log. */
  readonly onDefect?: (error: unknown) => void
  /** `Host` names that are answered; null answers all. Without keys only loopback names, against DNS rebinding. */
  readonly hosts?: readonly string[] | null
  /** Host names beside the loopback ones. */
  readonly extraHosts?: readonly string[]
}

export interface Gateway {
  readonly fetch: (request: Request, bindings?: Partial<HttpBindings>) => Response | Promise<Response>
  readonly metrics: Metrics
  readonly inFlight: number
  /** Refuses new requests with 503 from now on. */
  drain(): void
  /** Aborts what is still under way. */
  abort(): void
}

/** Puts the gateway together; `server.ts` makes it listen. */
export function createGateway(options: GatewayOptions): Gateway {
  const limits = { ...gatewayLimits, ...options.limits }
  const nowMs = () => performance.now()
  const house: House = {
    service: options.service,
    limits,
    metrics: metrics(),
    admission: admission({ concurrency: limits.concurrency, perMinute: limits.perMinute, nowMs }),
    underWay: new Set(),
    onDefect: options.onDefect ?? (() => {}),
  }
  house.metrics.gauge('codesteer_in_flight', () => house.admission.inside)
  let draining = false
  const app = makeApp(house, keyRing(options.keys ?? []), options, () => draining)
  return {
    fetch: (request, bindings) => app.fetch(request, bindings ?? {}),
    metrics: house.metrics,
    get inFlight() {
      return house.admission.inside
    },
    drain() {
      draining = true
    },
    abort() {
      for (const one of house.underWay) one.abort(new DOMException('the gateway is shutting down', 'AbortError'))
    },
  }
}

function makeApp(house: House, keys: KeyRing, options: GatewayOptions, draining: () => boolean) {
  const app = new Hono<GatewayEnv>()
  app.use('*', async (c, next) => {
    const startedMs = performance.now()
    c.set('requestId', newId())
    c.set('client', c.env.incoming?.socket.remoteAddress ?? 'local')
    c.set('facts', {})
    c.header('x-request-id', c.get('requestId'))
    const done = (status: number) => recordRequest(c, house, status, performance.now() - startedMs, options.onAccess)
    await next()
    const { status } = c.res
    const ended = c.get('ended')
    if (ended) void ended.then(() => done(status))
    else done(status)
  })
  const own = keys.size > 0 ? null : [...loopbackNames, ...(options.extraHosts ?? []).map(name => name.toLowerCase())]
  const hosts = options.hosts === undefined ? own : options.hosts
  app.use('*', async (c, next) => {
    checkHost(c.req.header('host'), hosts)
    await next()
  })
  app.get('/healthz', c => c.json({ status: draining() ? 'draining' : 'ok', version }, draining() ? 503 : 200))
  const guard = async (c: GatewayContext, next: () => Promise<void>) => {
    if (keys.size > 0) c.set('client', keys.admit(c.req.header('authorization')))
    await next()
  }
  app.use('/v1/*', guard)
  app.use('/metrics', guard)
  app.get('/metrics', c =>
    c.text(house.metrics.text(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  app.get('/v1/models', c =>
    c.json({ object: 'list', data: [...house.service.models].map(([id, { about }]) => modelOut(house, id, about)) }),
  )
  app.get('/v1/models/:id{.+}', c => {
    const id = decodeURIComponent(c.req.param('id'))
    house.service.checkModel(id)
    return c.json(modelOut(house, id, house.service.models.get(id)!.about))
  })
  const limit = bodyLimit({
    maxSize: house.limits.bodyBytes,
    onError: () => {
      throw new GatewayError(413, 'body_too_large', `The body is longer than ${house.limits.bodyBytes} bytes.`)
    },
  })
  const post = <A extends Ask>(path: string, read: (body: unknown, headers: Headers) => A, protocol: Protocol<A>) =>
    app.post(path, limit, async c => {
      if (draining())
        throw new GatewayError(503, 'shutting_down', 'The gateway is shutting down. Try another one.', {
          headers: { 'retry-after': '5', connection: 'close' },
        })
      house.admission.rate(c.get('client'))
      const ask = read(await jsonBody(c), c.req.raw.headers)
      house.service.checkModel(ask.model)
      return answer(c, house, ask, protocol)
    })
  post('/v1/chat/completions', readChat, chatProtocol)
  post('/v1/responses', readResponses, responsesProtocol)
  app.notFound(c =>
    errorResponse(
      c,
      new GatewayError(
        404,
        'not_found',
        `There is no ${c.req.method} ${c.req.path}. There are: POST /v1/chat/completions, POST /v1/responses, GET /v1/models, GET /healthz, GET /metrics.`,
      ),
      house,
    ),
  )
  app.onError((error, c) => {
    const told = gatewayErrorOf(error)
    if (told.code === 'internal_error') house.onDefect(error)
    return errorResponse(c, told, house)
  })
  return app
}

/** Takes a place for the request and answers it in its protocol; the place is free again when all is said. */
async function answer<A extends Ask>(
  c: GatewayContext,
  house: House,
  ask: A,
  protocol: Protocol<A>,
): Promise<Response> {
  const leave = house.admission.enter()
  const facts = c.get('facts')
  Object.assign(facts, { model: ask.model, stream: ask.stream, ...(ask.tools ? { tools: ask.tools.length } : {}) })
  try {
    if (ask.stream) return await answerStreamed(c, house, ask, protocol, leave)
    const response = await answerInOnePiece(c, house, ask, protocol)
    leave()
    return response
  } catch (error) {
    leave()
    throw error
  }
}

const modelOut = ({ service }: House, id: string, about: string) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'codesteer',
  description: about,
  simulated: service.codesteer.taskModel.simulated,
})

function errorResponse(c: GatewayContext, error: GatewayError, house: House): Response {
  house.metrics.count('codesteer_refused_total', { code: error.code })
  c.get('facts').code = error.code
  return Response.json(error.body, {
    status: error.status,
    headers: { ...error.headers, 'x-request-id': c.get('requestId') },
  })
}

async function jsonBody(c: GatewayContext): Promise<unknown> {
  const type = c.req.header('content-type') ?? ''
  // Also what keeps a web page from posting here without asking first (a simple request cannot be JSON).
  if (!/^application\/json\b/i.test(type))
    throw new GatewayError(
      415,
      'unsupported_media_type',
      'Send the body as application/json: -H "content-type: application/json".',
    )
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer())
  } catch (error) {
    if (error instanceof TypeError) throw badRequest('The body is not UTF-8 text.')
    throw error
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badRequest(`The body is not JSON: ${(error as SyntaxError).message}.`, null, 'invalid_json')
  }
}
