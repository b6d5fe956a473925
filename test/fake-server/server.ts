import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The body of a chat request, as far as tests look at it. */
export interface FakeRequest {
  /** 0, 1, 2 … in the order of arrival. */
  readonly index: number
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: {
    readonly model?: string
    readonly messages?: readonly { readonly role: string; readonly content: unknown }[]
    readonly stream?: boolean
    readonly temperature?: number
    readonly max_tokens?: number
    readonly response_format?: unknown
  }
}

/** What the server does with one request. An empty object is a plain `ok`. */
export interface FakeReply {
  readonly text?: string
  /** Goes into `reasoning_content`. */
  readonly reasoning?: string
  readonly finish?: 'stop' | 'length' | 'content_filter' | 'tool_calls'
  /** Goes into `message.refusal`, as OpenAI tells a refusal. */
  readonly refusal?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[]
  /** Tokens; counted roughly (4 characters each) when absent; null leaves `usage` out. */
  readonly usage?: {
    readonly prompt: number
    readonly completion: number
    readonly reasoning?: number
    readonly cached?: number
  } | null
  /** An HTTP error: nothing is paid for. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The raw body instead of a completion (broken JSON, an error object, …). */
  readonly raw?: string
  /** Wait before the answer begins. */
  readonly delayMs?: number
  /** Wait between the pieces of a body, streamed or not. */
  readonly dripMs?: number
  /** Characters of text in one streamed piece. Default 8. */
  readonly pieceLength?: number
  /** Destroy the connection after so many pieces. */
  readonly cutAfter?: number
  /** End the body properly after so many pieces, as a proxy may do. */
  readonly endAfter?: number
  /** Accept the request and never answer. */
  readonly silent?: boolean
}

/** How to answer: by a function, or by a list of which the last element repeats. */
export type FakeScript = readonly FakeReply[] | ((request: FakeRequest) => FakeReply | Promise<FakeReply>)

export interface FakeServer {
  /** `http://127.0.0.1:<port>/v1` */
  readonly url: string
  readonly requests: readonly FakeRequest[]
  /** Completions that a provider would have charged for: produced in full, whether or not they arrived. */
  readonly paid: number
  /** Connections that the client gave up before the answer was over. */
  readonly closedEarly: number
  /** Replaces the script; counting goes on. */
  script(script: FakeScript): void
  close(): Promise<void>
}

/** The last user message comes back. */
export const echo: FakeScript = request => ({ text: lastUserText(request) })

/** Text of the last user message of a request. */
export function lastUserText({ body }: FakeRequest): string {
  const content = body.messages?.findLast(m => m.role === 'user')?.content
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map(part => String(Reflect.get(Object(part), 'text') ?? '')).join('')
}

/**
 * A real HTTP server that speaks the OpenAI chat protocol and does what the script says. `GET /stats` tells
 * `{requests, paid, closedEarly, servedMs}`, for tests that run it as a process of its own.
 */
export async function startFakeServer(options: { script?: FakeScript; port?: number } = {}): Promise<FakeServer> {
  let script = options.script ?? echo
  const requests: FakeRequest[] = []
  // servedMs: what all answers together took, from a request's arrival to its answer's last byte.
  const counts = { paid: 0, closedEarly: 0, servedMs: 0 }
  const server = createServer((request, response) => {
    const arrived = performance.now()
    if (request.method !== 'GET')
      response.on('finish', () => {
        counts.servedMs += performance.now() - arrived
      })
    response.on('close', () => {
      if (!response.writableFinished && !response.destroyedByUs) counts.closedEarly++
    })
    answer(request, response).catch(error => {
      // The client went away in the middle; what was paid is counted already.
      if (!response.destroyed) response.destroy(error)
    })
  })
  async function answer(request: IncomingMessage, response: Marked): Promise<void> {
    if (request.method === 'GET') return sendJson(response, 200, { requests: requests.length, ...counts })
    const fake = await readRequest(request, requests.length)
    requests.push(fake)
    const reply =
      typeof script === 'function' ? await script(fake) : (script[Math.min(fake.index, script.length - 1)] ?? {})
    if (reply.silent) return
    if (reply.delayMs) await sleep(reply.delayMs)
    if (reply.status !== undefined && reply.status >= 400) {
      const body =
        reply.raw ?? JSON.stringify({ error: { message: `status ${reply.status}`, type: 'fake', code: null } })
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(body)
      return
    }
    counts.paid++
    await sendPieces(response, reply, fake)
  }
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get paid() {
      return counts.paid
    },
    get closedEarly() {
      return counts.closedEarly
    },
    script: next => {
      script = next
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Marked = ServerResponse & { destroyedByUs?: boolean }

declare module 'node:http' {
  interface ServerResponse {
    /** Set when the script cuts the connection, so that it is not counted as the client's doing. */
    destroyedByUs?: boolean
  }
}

async function readRequest(request: IncomingMessage, index: number): Promise<FakeRequest> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return { index, path: request.url ?? '', headers: request.headers, body: text ? JSON.parse(text) : {} }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

async function sendPieces(response: Marked, reply: FakeReply, request: FakeRequest): Promise<void> {
  const streamed = request.body.stream === true
  const pieces =
    reply.raw !== undefined ? [reply.raw] : streamed ? streamPieces(reply, request) : wholePieces(reply, request)
  response.writeHead(200, { 'content-type': streamed ? 'text/event-stream' : 'application/json', ...reply.headers })
  for (const [index, piece] of pieces.entries()) {
    if (index === reply.endAfter) break
    if (index === reply.cutAfter) {
      // Let what was written leave first, or the client sees a refused connection instead of a cut one.
      await sleep(5)
      response.destroyedByUs = true
      response.destroy()
      return
    }
    if (reply.dripMs && index > 0) await sleep(reply.dripMs)
    if (response.destroyed) return
    response.write(piece)
  }
  response.end()
}

function wholePieces(reply: FakeReply, request: FakeRequest): string[] {
  const body = JSON.stringify({
    ...envelope(request, 'chat.completion'),
    choices: [{ index: 0, finish_reason: finishOf(reply), message: messageOf(reply) }],
    ...usageOf(reply, request),
  })
  if (!reply.dripMs && reply.cutAfter === undefined && reply.endAfter === undefined) return [body]
  return cut(body, Math.max(1, Math.ceil(body.length / 10)))
}

function streamPieces(reply: FakeReply, request: FakeRequest): string[] {
  const head = envelope(request, 'chat.completion.chunk')
  const event = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const length = reply.pieceLength ?? 8
  const usage = usageOf(reply, request)
  return [
    event({ role: 'assistant', content: '' }),
    ...cut(reply.reasoning ?? '', length).map(text => event({ reasoning_content: text })),
    ...cut(textOf(reply), length).map(text => event({ content: text })),
    ...(reply.refusal ? [event({ refusal: reply.refusal })] : []),
    event({}, finishOf(reply)),
    ...(usage.usage ? [`data: ${JSON.stringify({ ...head, choices: [], ...usage })}\n\n`] : []),
    'data: [DONE]\n\n',
  ]
}

function envelope(request: FakeRequest, object: string) {
  return { id: `fake-${request.index}`, object, created: 1_700_000_000, model: request.body.model ?? 'fake' }
}

function finishOf(reply: FakeReply): string {
  return reply.finish ?? (reply.toolCalls ? 'tool_calls' : 'stop')
}

function messageOf(reply: FakeReply) {
  return {
    role: 'assistant',
    content: reply.refusal ? null : textOf(reply),
    ...(reply.reasoning && { reasoning_content: reply.reasoning }),
    ...(reply.refusal && { refusal: reply.refusal }),
    ...(reply.toolCalls && {
      tool_calls: reply.toolCalls.map((call, index) => ({ id: `call-${index}`, type: 'function', function: call })),
    }),
  }
}

function textOf(reply: FakeReply): string {
  return reply.text ?? (reply.refusal || reply.toolCalls ? '' : 'ok')
}

function usageOf(reply: FakeReply, request: FakeRequest): { usage?: object } {
  if (reply.usage === null) return {}
  const rough = (text: string) => Math.ceil(text.length / 4)
  const usage = reply.usage ?? {
    prompt: rough(JSON.stringify(request.body.messages ?? '')),
    completion: rough(textOf(reply) + (reply.reasoning ?? '')),
  }
  return {
    usage: {
      prompt_tokens: usage.prompt,
      completion_tokens: usage.completion,
      total_tokens: usage.prompt + usage.completion,
      ...(usage.reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: usage.reasoning } }),
      ...(usage.cached !== undefined && { prompt_tokens_details: { cached_tokens: usage.cached } }),
    },
  }
}

function cut(text: string, length: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += length) pieces.push(text.slice(at, at + length))
  return pieces
}
