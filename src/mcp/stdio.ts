import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { messageOf } from '../errors.ts'
import { createMcp, type McpOptions } from './server.ts'
import type { Workplace } from './workplace.ts'

export interface StdioOptions extends McpOptions {
  readonly input: Readable
  /** Gets the protocol and nothing else. */
  readonly output: Writable
  readonly signal: AbortSignal
  /** What could not be read, for the log. */
  readonly onTrouble: (message: string) => void
  /** How long calls may finish after the client has closed its end. Default five seconds. */
  readonly graceMs?: number
}

/** Longer messages end the session: what is sent beyond them could not be told from the next message. */
const messageBytes = 8 * 2 ** 20

/** Serves one client over a pair of streams until it closes its end, or the signal is aborted. */
export async function serveStdio(place: Workplace, options: StdioOptions): Promise<void> {
  const { input, output, signal, onTrouble, graceMs = 5_000 } = options
  const server = createMcp(place, options)
  const transport = new StdioServerTransport(input, output, { maxBufferSize: messageBytes })
  const over = Promise.withResolvers<void>()
  server.server.onclose = over.resolve
  server.server.onerror = error => onTrouble(troubleWords(error))
  const leave = () => void settled(place, graceMs).then(() => server.close())
  const stop = () => void server.close()
  input.once('end', leave)
  input.once('close', leave)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await server.connect(transport)
    if (signal.aborted) stop()
    await over.promise
  } finally {
    place.abort()
    await settled(place, graceMs)
    signal.removeEventListener('abort', stop)
    input.off('end', leave)
    input.off('close', leave)
  }
}

const troubleWords = (error: Error) =>
  error.name === 'ZodError' ? 'a message that is no JSON-RPC was passed over' : messageOf(error)

const lookMs = 20

async function settled(place: Workplace, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs
  while (place.inside > 0 && performance.now() < until) await new Promise(resolve => setTimeout(resolve, lookMs))
}
