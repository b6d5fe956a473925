import { GatewayError } from './errors.ts'

export interface AdmissionLimits {
  /** Requests worked on at once. */
  readonly concurrency: number
  /** Requests a minute for each client (key, else address); null is no limit. */
  readonly perMinute: number | null
  /** Milliseconds that only go forward. */
  readonly nowMs: () => number
}

/** Who may come in now. */
export interface Admission {
  /** Takes a client's request into account. Throws GatewayError 429 with `retry-after` when it comes too soon. */
  rate(client: string): void
  /** Takes a place; call what it returns when done. Throws GatewayError 429 when all are taken. */
  enter(): () => void
  readonly inside: number
}

const clientsKept = 10_000

/** A token bucket for each client, and places for those who are inside. */
export function admission({ concurrency, perMinute, nowMs }: AdmissionLimits): Admission {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  let inside = 0
  return {
    get inside() {
      return inside
    },
    rate(client) {
      if (perMinute === null) return
      const now = nowMs()
      const known = buckets.get(client) ?? { tokens: perMinute, atMs: now }
      const tokens = Math.min(perMinute, known.tokens + ((now - known.atMs) / 60_000) * perMinute)
      // Put back at the end, so that the first are those not seen for longest.
      buckets.delete(client)
      if (buckets.size >= clientsKept) buckets.delete(buckets.keys().next().value!)
      buckets.set(client, { tokens: Math.max(0, tokens - 1), atMs: now })
      if (tokens >= 1) return
      buckets.set(client, { tokens, atMs: now })
      const waitSeconds = Math.ceil(((1 - tokens) / perMinute) * 60)
      throw tooMany(
        'rate_limit_exceeded',
        `More than ${perMinute} requests a minute. Wait ${waitSeconds} s.`,
        waitSeconds,
      )
    },
    enter() {
      if (inside >= concurrency)
        throw tooMany('concurrency_limit', `All ${concurrency} places of this gateway are taken. Try again soon.`, 1)
      inside++
      let left = false
      return () => {
        if (!left) inside--
        left = true
      }
    },
  }
}

const tooMany = (code: string, message: string, waitSeconds: number) =>
  new GatewayError(429, code, message, { headers: { 'retry-after': String(waitSeconds) } })
