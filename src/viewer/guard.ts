import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { sha256 } from '../util/hash.ts'
import { ViewerError } from './errors.ts'

/**
 * What the page may do: load what comes with it, and ask its own server. Nothing inline, nothing evaluated, no other
 * host, no frame around it.
 */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export const safetyHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
}

export interface GuardOptions {
  /** Known once the server listens. */
  readonly port: () => number
  /** 43 characters of base64url unless given. */
  readonly token?: string
}

export interface Guard {
  readonly token: string
  /** Goes before every route. */
  readonly check: MiddlewareHandler
}

/**
 * Lets in who came by the address with the token, under a loopback name, from the page itself. A page of a stranger's that
 * is open in the same browser reaches this port too (also under a name of its own, by DNS rebinding); it is told 403
 * whatever it knows.
 */
export function guard(options: GuardOptions): Guard {
  const token = options.token ?? randomBytes(32).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  // Cookies know no ports: two viewers on one machine must not take each other's.
  const cookie = () => `codesteer-view-${options.port()}`
  const check: MiddlewareHandler = async (c, next) => {
    for (const [name, value] of Object.entries(safetyHeaders)) c.header(name, value)
    refuseForeign((name: string) => c.req.header(name), options.port())
    const url = new URL(c.req.url)
    const given = url.searchParams.get('token')
    if (url.pathname === '/' && given !== null) {
      if (!equal(given, token)) throw stranger()
      setCookie(c, cookie(), session, { httpOnly: true, sameSite: 'Strict', path: '/' })
      // The token leaves the address bar; what stands behind the # comes along by itself.
      return c.redirect('/', 303)
    }
    const bearer = /^Bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const held = getCookie(c, cookie())
    if (!(bearer !== undefined && equal(bearer, token)) && !(held !== undefined && equal(held, session)))
      throw stranger()
    await next()
  }
  return { token, check }
}

const stranger = () =>
  new ViewerError(401, 'this address needs its token', 'Open the whole address that `codesteer view` printed.')

/** Hashes have equal length, so how long it takes says nothing of what came close. */
const equal = (a: string, b: string) => timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)))

function refuseForeign(header: (name: string) => string | undefined, port: number): void {
  const names = ['127.0.0.1', 'localhost', '[::1]'].flatMap(name => [`${name}:${port}`, ...(port === 80 ? [name] : [])])
  const host = header('host')?.toLowerCase() ?? ''
  const origin = header('origin')?.toLowerCase()
  const site = header('sec-fetch-site')
  const own =
    names.includes(host) &&
    (origin === undefined || names.some(name => origin === `http://${name}`)) &&
    (site === undefined || site === 'same-origin' || site === 'none')
  if (own) return
  throw new ViewerError(
    403,
    'the viewer answers its own page only',
    `Open it at http://127.0.0.1:${port} in a tab of its own.`,
  )
}
