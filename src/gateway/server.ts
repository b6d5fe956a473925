import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { InputError } from '../errors.ts'
import type { Gateway } from './gateway.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** How long requests under way may go on after `close` was called. */
  readonly graceMs?: number
  /** How long a client may take to send its request. */
  readonly requestMs?: number
}

export interface Listening {
  /** `http://127.0.0.1:8080` */
  readonly url: string
  readonly port: number
  /** Refuses new requests, lets those under way finish within the grace time, then aborts them. Idempotent. */
  close(): Promise<void>
}

const defaultGraceMs = 30_000
const defaultRequestMs = 30_000

/** What can be listened for: the gateway, or another server with the same manners. */
export type Served = Pick<Gateway, 'fetch' | 'inFlight' | 'drain' | 'abort'>

/** Listens on the address. Throws InputError when it cannot be bound. */
export async function listen(gateway: Served, options: ListenOptions): Promise<Listening> {
  const { host, port, requestMs = defaultRequestMs, graceMs = defaultGraceMs } = options
  const handle = getRequestListener((request, bindings) => gateway.fetch(request, bindings as never), {
    overrideGlobalObjects: false,
  })
  const server = createServer(
    {
      // A client that opens a connection and says nothing, or only half of its request, is cut off.
      headersTimeout: Math.min(15_000, requestMs),
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.max(500, Math.min(5_000, requestMs / 4)),
      // A client that vanished without a word while it waits is noticed by the kernel.
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    },
    handle,
  )
  await bind(server, host, port)
  const address = server.address() as AddressInfo
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address
  let closing: Promise<void> | undefined
  return {
    url: `http://${shown}:${address.port}`,
    port: address.port,
    close() {
      closing ??= closeGently(server, gateway, graceMs)
      return closing
    },
  }
}

const bindMends: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Something listens there already: take another one with --port.',
  EACCES: 'Ports below 1024 need more rights: take another one with --port.',
  EADDRNOTAVAIL: 'This machine has no such address: take another one with --host.',
  ENOTFOUND: 'This name has no address: take another one with --host.',
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const mend = bindMends[error.code ?? ''] ?? 'Take another address with --host and --port.'
      reject(new InputError(`cannot listen on ${host}:${port}: ${error.code ?? error.message}`, mend, { cause: error }))
    })
    server.listen(port, host, resolve)
  })
}

const abortedSettleMs = 2_000

async function closeGently(server: Server, gateway: Served, graceMs: number): Promise<void> {
  gateway.drain()
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  const idle = await settled(() => gateway.inFlight === 0, graceMs)
  // What runs in sandboxes and at providers is stopped before the connections go.
  if (!idle) {
    gateway.abort()
    await settled(() => gateway.inFlight === 0, abortedSettleMs)
  }
  // The last answers leave before their connections are closed.
  await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 500).unref())])
  server.closeAllConnections()
  await closed
}

const lookMs = 20

async function settled(done: () => boolean, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs
  while (!done()) {
    if (performance.now() >= until) return false
    await new Promise(resolve => setTimeout(resolve, lookMs))
  }
  return true
}
