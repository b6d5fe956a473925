import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { InputError } from '../errors.ts'
import { viewerApp } from './app.ts'
import { codeView } from './code-view.ts'
import { type Forks, forksOn } from './forks.ts'
import { guard } from './guard.ts'
import { type Live, liveOn } from './live.ts'
import { type PageFile, pageFiles } from './page-files.ts'
import { openShelf, type Shelf, type ShelfOptions } from './shelf.ts'
import { trainingsIn } from './trainings.ts'

export interface ViewerOptions extends ShelfOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** The world, for branches that are made from the page. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly sandbox?: string
  readonly baseUrl?: string
  /** How often runs that others make are looked at, in milliseconds. Default 500. */
  readonly lookMs?: number
  /** 43 characters of base64url unless given. */
  readonly token?: string
  /** The built page; default: the package's own, built first in a checkout. */
  readonly files?: ReadonlyMap<string, PageFile>
  /** Said to a person as it happens, e.g. that the page is being built. */
  readonly onNote?: (words: string) => void
  /** Defects of ours, for the log. */
  readonly onDefect?: (error: unknown) => void
}

export interface Viewer {
  /** `http://127.0.0.1:4711`, which lets nobody in. */
  readonly url: string
  readonly port: number
  readonly token: string
  readonly shelf: Shelf
  readonly live: Live
  readonly forks: Pick<Forks, 'settled' | 'cancel'>
  /** The address that lets its reader in, at a place of the page such as `/runs/smoke-1a2b3c`. */
  address(place?: string): string
  /** Stops serving; branches under way are cancelled and stored. Idempotent. */
  close(): Promise<void>
}

/** Loopback only: what is served here is nobody else's. */
const host = '127.0.0.1'

/** Serves the viewer's page and API. Throws InputError for runs that are not there or a port that is taken, StoreError without a page. */
export async function startViewer(options: ViewerOptions): Promise<Viewer> {
  const onDefect = options.onDefect ?? (() => {})
  const shelf = await openShelf(options)
  const live = liveOn({ shelf, ...(options.lookMs ? { lookMs: options.lookMs } : {}) })
  const forks = forksOn({
    shelf,
    live,
    environment: options.environment,
    ...(options.sandbox ? { sandbox: options.sandbox } : {}),
    ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
    onDefect,
  })
  let port = options.port
  const guarded = guard({ port: () => port, ...(options.token ? { token: options.token } : {}) })
  const closing = new AbortController()
  const app = viewerApp({
    guard: guarded,
    shelf,
    live,
    forks,
    trainings: trainingsIn(join(options.folder, 'trainings')),
    files: options.files ?? (await pageFiles('page', options.onNote)),
    closing: closing.signal,
    onDefect,
  })
  const server = createServer(
    { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message
      reject(
        new InputError(`cannot listen on ${host}:${port}: ${why}`, 'Take another port with --port, or --port 0.', {
          cause: error,
        }),
      )
    })
    server.listen(port, host, resolve)
  })
  port = (server.address() as AddressInfo).port
  const url = `http://${host}:${port}`
  // The first conversation is opened a moment after the list: its parsers are loaded by then.
  setImmediate(() => codeView('print(1)', { marks: true }).catch(onDefect))
  let closed: Promise<void> | undefined
  const close = async () => {
    const stopped = new Promise<void>(resolve => server.close(() => resolve()))
    // Branches end first, so that their readers hear of it.
    await forks.close()
    closing.abort()
    live.close()
    server.closeIdleConnections()
    await Promise.race([stopped, new Promise(resolve => setTimeout(resolve, 300).unref())])
    server.closeAllConnections()
    await stopped
    await shelf.close()
  }
  return {
    url,
    port,
    token: guarded.token,
    shelf,
    live,
    forks,
    address: place => `${url}/?token=${guarded.token}${place ? `#${place}` : ''}`,
    close: () => (closed ??= close()),
  }
}
