import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'

/** Tells the client that its call goes on, when it asked to be told. */
export interface Progress {
  /** Whether the client asked to be told. */
  readonly listening: boolean
  say(message: string): void
  /** What is being waited for; repeated every few seconds, so that the client does not give the call up. */
  waiting(what: string): void
  close(): void
}

const repeatMs = 5_000

/** Progress notifications for one call; nothing at all without a progress token. */
export function progressOf({
  _meta,
  sendNotification,
}: Pick<RequestHandlerExtra<ServerRequest, ServerNotification>, '_meta' | 'sendNotification'>): Progress {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return { listening: false, say: () => {}, waiting: () => {}, close: () => {} }
  let progress = 0
  let what = ''
  let sinceMs = performance.now()
  const say = (message: string) => {
    const params = { progressToken, progress: ++progress, message }
    // A client that has gone is noticed by the transport.
    sendNotification({ method: 'notifications/progress', params }).catch(() => undefined)
  }
  const timer = setInterval(() => {
    if (what !== '') say(`${what}, ${Math.round((performance.now() - sinceMs) / 1_000)} s`)
  }, repeatMs)
  timer.unref()
  return {
    listening: true,
    say,
    waiting(next) {
      what = next
      sinceMs = performance.now()
    },
    close: () => clearInterval(timer),
  }
}
