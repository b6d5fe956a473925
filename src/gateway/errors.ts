import { CodeSteerError, type FailureKind } from '../errors.ts'
import type { TrajectoryEnd } from '../trajectory.ts'

/** An answer that is no completion, in the shape that clients of the OpenAI protocol read. */
export class GatewayError extends Error {
  readonly status: number
  readonly type: string
  readonly code: string
  readonly param: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    more: { readonly param?: string | null; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message)
    this.name = 'GatewayError'
    this.status = status
    this.code = code
    this.type = typeOf(status)
    this.param = more.param ?? null
    this.headers = more.headers ?? {}
  }

  /** `{error: {…}}` as the official clients expect it. */
  get body() {
    const { message, type, param, code } = this
    return { error: { message, type, param, code } }
  }
}

function typeOf(status: number): string {
  if (status === 401 || status === 403) return 'authentication_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'api_error'
}

/** The caller's request cannot be used: 400 with the field at fault. */
export function badRequest(message: string, param: string | null = null, code = 'invalid_request'): GatewayError {
  return new GatewayError(400, code, message, { param })
}

const providerStatus: Readonly<Record<string, readonly [number, string]>> = {
  // Our key at the provider, not the client's with us: a 401 would send the client looking in the wrong place.
  authentication: [502, 'upstream_authentication'],
  'unknown-model': [502, 'upstream_unknown_model'],
  'context-overflow': [400, 'context_length_exceeded'],
  'bad-request': [400, 'upstream_bad_request'],
  'rate-limit': [429, 'upstream_rate_limit'],
  overloaded: [502, 'upstream_overloaded'],
  'time-out': [504, 'upstream_timeout'],
  connection: [502, 'upstream_connection'],
  'bad-response': [502, 'upstream_bad_response'],
  'spend-cap': [402, 'upstream_spend_cap'],
}

const kindStatus: Readonly<Record<FailureKind, readonly [number, string]>> = {
  input: [400, 'invalid_request'],
  sandbox: [503, 'sandbox_unavailable'],
  provider: [502, 'upstream_error'],
  store: [500, 'store_error'],
  bug: [500, 'internal_error'],
}

/** The failure that ended a trajectory as an HTTP answer. */
export function failureOf(error: NonNullable<TrajectoryEnd['error']>): GatewayError {
  const [status, code] = (error.fault && providerStatus[error.fault]) || kindStatus[error.kind]
  const message = wordsFor(error)
  return new GatewayError(status, code, message, status === 429 ? { headers: { 'retry-after': '5' } } : {})
}

/** What a stranger may know: not our defects, and nothing of what a provider says about our key (some repeat parts of it). */
function wordsFor({ kind, fault, message, mend }: NonNullable<TrajectoryEnd['error']>): string {
  if (kind === 'bug') return internal
  if (fault === 'authentication') return "The provider refused the gateway's own key. Its operator must mend that."
  return `${message}. ${mend}`
}

const internal = 'The gateway failed on this request; its log says more.'

/** Anything thrown, as an HTTP answer. */
export function gatewayErrorOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof CodeSteerError) {
    const fault = 'fault' in error ? { fault: String(error.fault) } : {}
    return failureOf({ kind: error.kind, message: error.message, mend: error.mend, ...fault })
  }
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError')
    return new GatewayError(504, 'time_limit', 'No reply within the time limit of this request.')
  if (name === 'AbortError')
    return new GatewayError(503, 'cancelled', 'The request was cancelled.', { headers: { 'retry-after': '5' } })
  return new GatewayError(500, 'internal_error', internal)
}
