import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * JSON with sorted keys and no blanks (RFC 8785), so that equal values have equal text. Half a character (a lone surrogate,
 * which that standard refuses and people do send) counts as the replacement character. Throws on values JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch {
    text = canonicalize(wellFormed(value))
  }
  if (text === undefined) throw new TypeError('canonicalJson: the value has no JSON form')
  return text
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), wellFormed(one)]))
}

/** SHA-256 of a text, as 64 lower-case hex digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Hash of any JSON value by content: equal values, equal hash, whatever the order of their keys. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value))
}
