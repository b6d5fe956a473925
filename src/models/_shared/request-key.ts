import { canonicalJson, sha256 } from '../../util/hash.ts'

/** What identifies a request, and what must never be written down. */
export interface RequestKey {
  /** SHA-256 of method, address without credentials, and body with sorted keys. Streamed or not makes no difference. */
  readonly hash: string
  readonly method: string
  /** Without user, password and keys in the query. */
  readonly url: string
  readonly streamed: boolean
  /** Key values found in the headers and the query: to be struck from everything that is stored or shown. */
  readonly secrets: readonly string[]
}

const secretHeader = /^(authorization|proxy-authorization|api-key|x-api-key|x-goog-api-key)$/i
const secretParameter = /key|token|secret|signature|password/i

/**
 * Computes the key of a request as the providers make it. A streamed request and the same request answered in one piece
 * buy the same completion, so what only asks for streaming (`stream`, `stream_options`, `:streamGenerateContent`,
 * `alt=sse`) is left out: a run resumed without a screen must not pay again. Throws TypeError on a body that is not text.
 */
export function requestKey(input: string | URL | Request, init: RequestInit | undefined): RequestKey {
  const address = new URL(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url)
  const secrets = new Set<string>()
  if (address.password) secrets.add(decodeURIComponent(address.password))
  address.username = ''
  address.password = ''
  for (const [name, value] of [...address.searchParams]) {
    if (!secretParameter.test(name)) continue
    secrets.add(value)
    address.searchParams.delete(name)
  }
  for (const [name, value] of new Headers(init?.headers)) {
    if (secretHeader.test(name)) secrets.add(value.replace(/^(bearer|basic)\s+/i, ''))
  }
  const eventStream = address.pathname.endsWith(':streamGenerateContent')
  address.pathname = address.pathname.replace(/:streamGenerateContent$/, ':generateContent')
  if (address.searchParams.get('alt') === 'sse') address.searchParams.delete('alt')
  address.searchParams.sort()
  const method = (init?.method ?? 'GET').toUpperCase()
  const { body, streamed } = readBody(init?.body)
  return {
    hash: sha256(canonicalJson({ method, url: address.href, body })),
    method,
    url: address.href,
    streamed: streamed || eventStream,
    secrets: [...secrets].filter(secret => secret.length >= 4),
  }
}

function readBody(raw: RequestInit['body']): { body: unknown; streamed: boolean } {
  if (raw === undefined || raw === null) return { body: null, streamed: false }
  if (typeof raw !== 'string') throw new TypeError('requestKey: only text bodies can be kept in the ledger')
  let parsed: unknown
  try {
    parsed = JSON.parse(raw)
  } catch {
    // Not JSON: the text itself is the content.
    return { body: raw, streamed: false }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { body: parsed, streamed: false }
  const { stream, stream_options: _, ...rest } = parsed as Record<string, unknown>
  return { body: rest, streamed: stream === true }
}

/** Replaces every secret in a text. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '[key]')
  return clean
}
