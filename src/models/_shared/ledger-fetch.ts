import { isAbort, messageOf, ProviderError } from '../../errors.ts'
import type { CallLedger, Flight, StoredAnswer } from './ledger.ts'
import { type RequestKey, redact, requestKey } from './request-key.ts'
import { type CallScope, currentScope, NotSent, OtherForm } from './scope.ts'

/**
 * Puts the ledger beside the HTTP response. The row `started` is on the disk before the request leaves (and before it waits
 * for its place: what was killed in that wait counts as maybe paid), the whole body is before anybody can see that the
 * answer is complete: of a stream everything from the first sign of its end is held
 * back until it is written. Answers that are no whole completion are recorded as attempts and never served again.
 */
export function ledgerFetch(
  real: typeof globalThis.fetch,
  ledger: CallLedger | undefined,
  model: string,
): typeof globalThis.fetch {
  return async (input, init) => {
    const scope = currentScope()
    // Outside of a call there is no trial, hence nothing that could be a ledger's key.
    if (!scope) return real(input, init)
    const key = requestKey(input, init)
    scope.requestHash = key.hash
    if (!ledger) {
      await scope.enter()
      return real(input, init)
    }
    const facts = { ...key, requestHash: key.hash, trial: scope.trial, model }
    const turn = await ledger.turn(facts, init?.signal)
    if ('hit' in turn) {
      if (turn.hit.streamed !== key.streamed) throw new OtherForm()
      scope.fromLedger = true
      scope.recordedMs = turn.hit.tookMs
      return responseOf(turn.hit)
    }
    return send(() => real(input, init), key, turn.flight, init?.signal, scope)
  }
}

async function send(
  request: () => Promise<Response>,
  key: RequestKey,
  flight: Flight,
  signal: AbortSignal | null | undefined,
  { enter, answered }: Pick<CallScope, 'enter' | 'answered'>,
): Promise<Response> {
  const lost = (error: unknown, otherwise: 'connection' | 'cut') =>
    flight.failed(isAbort(error, signal ?? undefined) ? 'aborted' : otherwise, redact(detailOf(error), key.secrets))
  let response: Response
  try {
    await enter()
    flight.sent()
    response = await request()
  } catch (error) {
    await (error instanceof NotSent ? flight.unsent() : lost(error, 'connection'))
    throw error
  }
  if (response.ok && key.streamed && response.body) return watched(response, response.body, key, flight, lost, answered)
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    await lost(error, 'cut')
    throw error
  }
  if (response.ok) answered()
  const headers = keptHeaders(response.headers)
  const body = redact(text, key.secrets)
  if (!response.ok) await flight.failed('http-error', body, response.status)
  else if (!isJson(text)) await flight.failed('bad-response', body, response.status)
  else await flight.done({ status: response.status, headers, body })
  return new Response(text || null, { status: response.status, statusText: response.statusText, headers })
}

/** Passes a stream of events on while keeping it; from the first sign of its end on it is held until it is written. */
function watched(
  response: Response,
  source: ReadableStream<Uint8Array>,
  key: RequestKey,
  flight: Flight,
  lost: (error: unknown, otherwise: 'cut') => Promise<void>,
  answered: () => void,
): Response {
  const headers = keptHeaders(response.headers)
  const reader = source.getReader()
  const decoder = new TextDecoder()
  const held: Uint8Array[] = []
  let body = ''
  let scanned = 0
  let ending = false
  let settled = false
  const read = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      body += decoder.decode(value, { stream: true })
      // A marker may lie across two chunks: look a little before the new text as well.
      ending ||= endMarker.test(body.slice(Math.max(0, scanned - markerLength)))
      scanned = body.length
      if (ending) held.push(value)
      else return controller.enqueue(value)
    }
    body += decoder.decode()
    settled = true
    answered()
    if (!ending) {
      await flight.failed('cut', redact(body.slice(-500), key.secrets), response.status)
      throw cutOff()
    }
    await flight.done({ status: response.status, headers, body: redact(body, key.secrets) })
    for (const chunk of held) controller.enqueue(chunk)
    controller.close()
  }
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        await read(controller)
      } catch (error) {
        const first = !settled
        settled = true
        controller.error(error)
        if (first) await lost(error, 'cut')
      }
    },
    async cancel(reason) {
      const first = !settled
      settled = true
      await reader.cancel(reason)
      if (first) await flight.failed('aborted', messageOf(reason))
    },
  })
  return new Response(stream, { status: response.status, statusText: response.statusText, headers })
}

/**
 * What the end of a stream looks like at the providers: OpenAI and its like, OpenAI responses, Anthropic, Google. Words of
 * the model that look the same only make the rest of its stream wait a little.
 */
const endMarker =
  /"finish_reason"\s*:\s*"|data:\s*\[DONE\]|"type"\s*:\s*"response\.(completed|incomplete)"|"type"\s*:\s*"message_stop"|"finishReason"\s*:\s*"/
const markerLength = 64

function cutOff(): ProviderError {
  return new ProviderError('connection', 'the stream ended before the completion did', 'Run the same command again.', {
    retryable: true,
  })
}

function responseOf(answer: StoredAnswer): Response {
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}

/** The headers that readers of an answer need; everything else, cookies included, is left out of the record. */
const wantedHeaders = ['content-type', 'date', 'request-id', 'x-request-id', 'retry-after', 'retry-after-ms']

function keptHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(wantedHeaders.flatMap(name => (headers.has(name) ? [[name, headers.get(name)!]] : [])))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function detailOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`
}
