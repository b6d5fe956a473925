import { AISDKError, APICallError } from '@ai-sdk/provider'
import { CodeSteerError, messageOf, ProviderError, type ProviderFault } from '../../errors.ts'
import { redact } from './request-key.ts'
import { retryAfterMs } from './retry.ts'

/** What is needed to turn whatever a call threw into one of our errors. */
export interface FaultContext {
  readonly id: string
  /** The variable that holds the key, if there is one. */
  readonly keyVariable: string | undefined
  readonly secrets: readonly string[]
  readonly timeoutMs: number
  readonly timedOut: boolean
  readonly nowMs: number
}

/** Turns anything thrown by a provider into a ProviderError with its mend; our own errors pass as they are. */
export function toProviderError(thrown: unknown, context: FaultContext): CodeSteerError {
  const ours = ownError(thrown)
  if (ours) return ours
  const chain = causes(thrown)
  const codes = chain.map(codeOf)
  const slow = codes.some(code => code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
  if (context.timedOut || slow || chain.some(e => e instanceof Error && e.name === 'TimeoutError')) {
    return make('time-out', `${context.id} did not answer within ${context.timeoutMs} ms`, context, { cause: thrown })
  }
  const api = chain.find(e => APICallError.isInstance(e))
  if (api?.statusCode !== undefined && api.statusCode >= 400) return httpFault(api, context)
  if (isConnection(chain, codes)) {
    const code = codes.find(c => c !== undefined)
    return make(
      'connection',
      `the connection to ${context.id} failed: ${lastWords(chain)}${code ? ` (${code})` : ''}`,
      context,
      { cause: thrown },
    )
  }
  return spokenFault(thrown, chain, context)
}

const retryableFaults: ReadonlySet<ProviderFault> = new Set([
  'rate-limit',
  'overloaded',
  'time-out',
  'connection',
  'bad-response',
])

function make(
  fault: ProviderFault,
  message: string,
  context: FaultContext,
  options: ErrorOptions & { retryAfterMs?: number | undefined; retryable?: boolean } = {},
): ProviderError {
  return new ProviderError(fault, redact(message, context.secrets), mendOf(fault, context), {
    retryable: retryableFaults.has(fault),
    ...options,
  })
}

function mendOf(fault: ProviderFault, { id, keyVariable, timeoutMs }: FaultContext): string {
  const mends: Record<ProviderFault, string> = {
    authentication: keyVariable
      ? `Check the key in ${keyVariable}: it is wrong, expired or not allowed to use ${id}.`
      : `Check the key for ${id}.`,
    'unknown-model': `Check the name of the model and the server's address: the server at hand does not know ${id}.`,
    'context-overflow': 'Shorten the question, lower the limit of turns, or choose a model with a longer context.',
    'bad-request':
      'The server refuses the request as it is; if it names an option, override it in a capabilities file (CODESTEER_CAPABILITIES).',
    'rate-limit': 'Wait, lower the number of calls at a time, or ask the provider for a higher limit.',
    overloaded: "The provider's servers have trouble; run the same command again later.",
    'time-out': `Raise the time-out (${timeoutMs} ms now), or ask for a shorter answer.`,
    connection:
      'Check that the server runs and that its address and your network are right, then run the same command again.',
    'bad-response':
      'The server sent something that is no completion; check that its address is that of a model server.',
    'spend-cap': 'The account has no credit left or its cap is reached: add credit or raise the cap at the provider.',
  }
  return mends[fault]
}

const overflow =
  /context.{0,20}(length|window|size)|maximum.{0,20}context|too many (input )?tokens|(prompt|input|request).{0,20}too (long|large)|exceeds?.{0,40}token/i
const noCredit = /insufficient.?quota|billing|credit balance|payment required|exceeded your current quota/i

function httpFault(api: APICallError, context: FaultContext): ProviderError {
  const status = api.statusCode!
  const words = `${api.message} ${api.responseBody ?? ''}`
  const fault = faultOfStatus(status, words)
  const text = clip(api.message || api.responseBody || '')
  return make(fault, `${context.id} answered ${status}: ${text}`, context, {
    cause: api,
    retryAfterMs: retryableFaults.has(fault) ? retryAfterMs(api.responseHeaders, context.nowMs) : undefined,
  })
}

function faultOfStatus(status: number, words: string): ProviderFault {
  if (status === 401 || status === 403) return 'authentication'
  if (status === 402) return 'spend-cap'
  if (status === 404) return 'unknown-model'
  if (status === 408) return 'time-out'
  if (status === 413) return 'context-overflow'
  if (status === 429) return noCredit.test(words) ? 'spend-cap' : 'rate-limit'
  if (status === 409 || status >= 500) return 'overloaded'
  // Anthropic tells an empty account with a 400.
  if (/credit balance/i.test(words)) return 'spend-cap'
  if (overflow.test(words)) return 'context-overflow'
  if (/model.{0,40}(not found|does not exist|not exist)|unknown model/i.test(words)) return 'unknown-model'
  return 'bad-request'
}

/** An error told inside a stream (an object, not a status), or an answer that is no completion. */
function spokenFault(thrown: unknown, chain: readonly unknown[], context: FaultContext): ProviderError {
  const words = thrown instanceof Error ? lastWords(chain) : clip(wordsOf(thrown))
  const status = statusWithin(thrown)
  if (status !== undefined && status >= 400) {
    return make(faultOfStatus(status, words), `${context.id} broke off: ${words}`, context, { cause: thrown })
  }
  const fault = faultOfWords(words)
  // An error that neither the SDK nor JSON.parse made is somebody's bug, and would come again.
  const foreign = thrown instanceof Error && !chain.some(e => AISDKError.isInstance(e) || e instanceof SyntaxError)
  const options = { cause: thrown, ...(foreign && fault === 'bad-response' && { retryable: false }) }
  return make(fault, `${context.id} sent no usable completion: ${words}`, context, options)
}

function faultOfWords(words: string): ProviderFault {
  if (/rate.?limit/i.test(words)) return 'rate-limit'
  if (/overload/i.test(words)) return 'overloaded'
  return overflow.test(words) ? 'context-overflow' : 'bad-response'
}

function statusWithin(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  for (const name of ['statusCode', 'status', 'code']) {
    const value: unknown = Reflect.get(thrown, name)
    if (typeof value === 'number' && value >= 100 && value < 600) return value
  }
  return undefined
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  const message: unknown = Reflect.get(thrown, 'message')
  const type: unknown = Reflect.get(thrown, 'type')
  if (typeof message === 'string') return typeof type === 'string' ? `${type}: ${message}` : message
  return JSON.stringify(thrown)
}

function ownError(thrown: unknown): CodeSteerError | undefined {
  return causes(thrown).find(e => e instanceof CodeSteerError)
}

/** The error, its cause, the cause of that … (at most ten). */
function causes(thrown: unknown): unknown[] {
  const chain: unknown[] = []
  for (let e = thrown; e !== undefined && e !== null && chain.length < 10; e = e instanceof Error ? e.cause : undefined)
    chain.push(e)
  return chain
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : undefined
}

function isConnection(chain: readonly unknown[], codes: readonly (string | undefined)[]): boolean {
  if (
    codes.some(
      code =>
        code !== undefined && /^(E[A-Z]+|UND_ERR_[A-Z_]+|CERT_.*|.*_CERT.*)$/.test(code) && !code.startsWith('ERR_'),
    )
  )
    return true
  return chain.some(e => e instanceof TypeError && /^(terminated|fetch failed|failed to fetch)$/i.test(e.message))
}

function lastWords(chain: readonly unknown[]): string {
  return clip(messageOf(chain.findLast(e => e instanceof Error && e.message !== '') ?? chain[0]))
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 400 ? `${line.slice(0, 400)} …` : line
}
