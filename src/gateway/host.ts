import { GatewayError } from './errors.ts'

/** The names of this machine for itself. */
export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * A page of a stranger's, open in the user's browser, can reach a loopback server under a name of its own (DNS rebinding):
 * names are checked. `names` null answers under every name. Throws GatewayError 403.
 */
export function checkHost(host: string | undefined, names: readonly string[] | null): void {
  if (names === null || host === undefined) return
  if (!names.includes(nameOf(host)))
    throw new GatewayError(403, 'host_not_allowed', 'This server does not answer under that host name.')
}

/**
 * Refuses what a web page of another origin sends. Programs send no `Origin`; a page served under one of the names, or under
 * the very host that is asked, may. Throws GatewayError 403.
 */
export function checkOrigin(
  origin: string | undefined,
  host: string | undefined,
  names: readonly string[] | null,
): void {
  if (origin === undefined) return
  const from = URL.canParse(origin) ? new URL(origin).host : null
  if (from !== null && from !== '' && (from === host?.toLowerCase() || names?.includes(nameOf(from)))) return
  throw new GatewayError(403, 'origin_not_allowed', 'This server does not answer pages of that origin.')
}

const nameOf = (host: string) => host.replace(/:\d+$/, '').toLowerCase()
