import { newId } from '../util/id.ts'
import type { Ask } from './ask.ts'
import type { Reply } from './chat-shape.ts'
import { GatewayError, gatewayErrorOf } from './errors.ts'
import { type GatewayContext, type House, recordTrajectory } from './house.ts'
import { type EventStream, eventStream } from './sse.ts'
import { type Worked, type WorkOptions, work } from './work.ts'

/** How a reply is said in one of the protocols. */
export interface Protocol<A extends Ask> {
  whole(reply: Reply): object
  streamed(ask: A, head: Head, stream: EventStream): StreamedProtocol
}

export interface Head {
  readonly id: string
  readonly model: string
  readonly createdSeconds: number
}

/** The order is first, reasoning any number of times, then last or failed. */
export interface StreamedProtocol {
  first(): void
  reasoning(text: string): void
  /** `pieces` together are the reply's content. */
  last(reply: Reply, pieces: readonly string[]): void
  failed(error: GatewayError): void
}

const headOf = (ask: Ask): Head => ({ id: newId(), model: ask.model, createdSeconds: Math.floor(Date.now() / 1_000) })

/** Steers and answers with one JSON body. Throws GatewayError when there is no reply. */
export async function answerInOnePiece<A extends Ask>(
  c: GatewayContext,
  house: House,
  ask: A,
  protocol: Protocol<A>,
): Promise<Response> {
  const { id, createdSeconds } = headOf(ask)
  const life = lifeOf(c, house)
  const { reply } = await workAndRecord(c, house, ask, { id, createdSeconds, signal: life.signal })
    .catch(error => {
      // Nobody reads this answer; it is for the log (the number is nginx's).
      throw life.gone ? new GatewayError(499, 'client_closed', 'The client has gone.') : error
    })
    .finally(life.end)
  const { trajectory, turns, stop } = reply.extension
  const headers = {
    'x-request-id': c.get('requestId'),
    ...(trajectory === null ? {} : { 'x-codesteer-trajectory': trajectory }),
    'x-codesteer-turns': String(turns),
    'x-codesteer-stop': stop,
    ...commonHeaders(house, ask),
  }
  closeWhenStalled(c, house)
  return Response.json(protocol.whole(reply), { headers })
}

/** How long a request is worked on, and what cuts it short. */
interface Life {
  readonly signal: AbortSignal
  readonly gone: boolean
  /** The client has gone. */
  readonly leave: () => void
  /** All is said and done. */
  readonly end: () => void
}

function lifeOf(c: GatewayContext, house: House): Life {
  const controller = new AbortController()
  let gone = false
  const leave = () => {
    gone = true
    controller.abort(new DOMException('the client has gone', 'AbortError'))
  }
  const client = c.req.raw.signal
  house.underWay.add(controller)
  client.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    get gone() {
      return gone
    },
    leave,
    end() {
      house.underWay.delete(controller)
      // The runtime holds a request's signal until the request is collected, which this listener would never let happen.
      client.removeEventListener('abort', leave)
    },
  }
}

function commonHeaders({ service }: House, ask: Ask): Record<string, string> {
  return {
    ...(service.codesteer.taskModel.simulated ? { 'x-codesteer-simulated': 'true' } : {}),
    // Field names are the caller's words: only those that are plain ones go into a header.
    ...(ask.ignored.length > 0
      ? {
          'x-codesteer-ignored': ask.ignored
            .filter(name => /^\w{1,40}$/.test(name))
            .slice(0, 20)
            .join(', '),
        }
      : {}),
  }
}

function workAndRecord(c: GatewayContext, house: House, ask: Ask, options: WorkOptions): Promise<Worked> {
  return work(house.service, ask, {
    ...options,
    onTrajectory: trajectory => recordTrajectory(c, house, ask.model, trajectory),
  })
}

/** A connection on which nothing moves any more is closed, so that a reader who stopped reading holds nothing. */
function closeWhenStalled(c: GatewayContext, house: House): void {
  c.env.outgoing?.socket?.setTimeout(house.limits.stallMs)
}

/**
 * Steers and answers with server-sent events. The status waits for a first sign of life, so that a failure before it is an
 * HTTP error like any other; later ones are told inside the stream. `leave` is called when all is said.
 */
export async function answerStreamed<A extends Ask>(
  c: GatewayContext,
  house: House,
  ask: A,
  protocol: Protocol<A>,
  leave: () => void,
): Promise<Response> {
  const head = headOf(ask)
  const life = lifeOf(c, house)
  const stream = eventStream({
    backlogBytes: house.limits.backlogBytes,
    onGone(why) {
      life.leave()
      c.get('facts').gone = why
      if (why === 'too-slow') c.env.outgoing?.destroy()
    },
  })
  const said = protocol.streamed(ask, head, stream)
  const alive = Promise.withResolvers<void>()
  let waiting: string[] | null = []
  const reasoning = (text: string) => {
    if (waiting) waiting.push(text)
    else said.reasoning(text)
  }
  const working = workAndRecord(c, house, ask, {
    id: head.id,
    createdSeconds: head.createdSeconds,
    signal: life.signal,
    onReasoning: reasoning,
    onReply: () => alive.resolve(),
  })
  working.finally(life.end).then(
    () => alive.resolve(),
    error => alive.reject(error),
  )
  const hold = setTimeout(() => alive.resolve(), house.limits.holdMs)
  try {
    await alive.promise
  } finally {
    clearTimeout(hold)
  }
  said.first()
  for (const text of waiting) said.reasoning(text)
  waiting = null
  closeWhenStalled(c, house)
  const ping = setInterval(() => stream.ping(), house.limits.pingMs)
  const finish = async () => {
    try {
      const { reply } = await working
      said.last(reply, piecesOf(reply.content))
    } catch (error) {
      const told = gatewayErrorOf(error)
      if (told.code === 'internal_error') house.onDefect(error)
      house.metrics.count('codesteer_refused_total', { code: told.code })
      c.get('facts').code = told.code
      said.failed(told)
    } finally {
      clearInterval(ping)
      stream.end()
      leave()
    }
  }
  c.set('ended', finish())
  return new Response(stream.readable, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': c.get('requestId'),
      ...(ask.tools ? {} : { 'x-codesteer-trajectory': head.id }),
      ...commonHeaders(house, ask),
    },
  })
}

const pieceCharacters = 400

/** The content in pieces that end between words, as a stream brings it. */
function piecesOf(content: string): string[] {
  return content.match(new RegExp(`[\\s\\S]{1,${pieceCharacters}}(?=\\s|$)|[\\s\\S]{1,${pieceCharacters}}`, 'g')) ?? []
}
