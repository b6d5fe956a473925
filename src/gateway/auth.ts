import { createHash, timingSafeEqual } from 'node:crypto'
import { InputError } from '../errors.ts'
import { GatewayError } from './errors.ts'

/** Who may ask. Only hashes of the keys are kept. */
export interface KeyRing {
  readonly size: number
  /** The name of the key in an `Authorization` header (eight hex digits of its hash), for the log. Throws GatewayError 401. */
  admit(authorization: string | undefined): string
}

const digestOf = (text: string) => createHash('sha256').update(text).digest()

/** Keys as the operator wrote them: in clear, or as `sha256:<64 hex digits>`. Throws InputError for one that is too short. */
export function keyRing(keys: readonly string[]): KeyRing {
  const digests = keys.map(readKey)
  return {
    size: digests.length,
    admit(authorization) {
      const given = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1]
      if (given === undefined)
        throw refusal('missing_api_key', 'No API key was given. Send the header: Authorization: Bearer <key>.')
      const digest = digestOf(given)
      // Every key is compared, whole: how long it takes says nothing about which came close.
      let name: string | undefined
      for (const known of digests) if (timingSafeEqual(known, digest)) name = known.toString('hex').slice(0, 8)
      if (name === undefined) throw refusal('invalid_api_key', 'The API key is not one of this gateway.')
      return name
    },
  }
}

const refusal = (code: string, message: string) =>
  new GatewayError(401, code, message, { headers: { 'www-authenticate': 'Bearer' } })

function readKey(key: string): Buffer {
  const hashed = /^sha256:([0-9a-f]{64})$/i.exec(key)
  if (hashed) return Buffer.from(hashed[1]!, 'hex')
  if (key.length < 16 || /\s/.test(key)) {
    throw new InputError(
      'an API key must have 16 characters or more and no blanks',
      'Make one: openssl rand -hex 24 (or give its hash as sha256:<64 hex digits>).',
    )
  }
  return digestOf(key)
}
