/** One message of a stream of server-sent events. */
export interface Frame {
  /** Stands as `id:`, so that a reader who comes back says where it was. */
  readonly id?: number
  readonly data: unknown
}

/**
 * What one reader still has to be told. It is asked only when the reader can take more, and says then what is new by that
 * time: nothing waits in memory for a slow reader.
 */
export interface Feed {
  /** The next message; null when there is none at the moment; `end` after the last. */
  take(): Promise<Frame | null | 'end'>
  /** Calls back when there may be more; returns how to stop that. */
  onMore(callback: () => void): () => void
}

export interface EventStreamOptions {
  /** How long nothing may be said before a line that says nothing keeps the connection alive. */
  readonly heartbeatMs?: number
  /** How long a reader may leave what was sent lying before the connection is closed. */
  readonly stalledMs?: number
  /** Ends all streams. */
  readonly signal?: AbortSignal
}

const defaults = { heartbeatMs: 15_000, stalledMs: 120_000 }

/** Answers with the feed as server-sent events. */
export function eventStream(feed: Feed, options: EventStreamOptions = {}): Response {
  return new Response(streamOf(feed, options), {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/** The bytes of the stream; pulled by the reader, one message at a time. */
export function streamOf(feed: Feed, options: EventStreamOptions = {}): ReadableStream<Uint8Array> {
  const { heartbeatMs, stalledMs } = { ...defaults, ...options }
  const encoder = new TextEncoder()
  let stirred = Promise.withResolvers<void>()
  let open = true
  let stalled: NodeJS.Timeout | undefined
  const stopListening = feed.onMore(() => stirred.resolve())
  const stop = () => {
    open = false
    clearTimeout(stalled)
    stopListening()
    options.signal?.removeEventListener('abort', onAbort)
    stirred.resolve()
  }
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const onAbort = () => {
    if (!open) return
    stop()
    controller?.close()
  }
  options.signal?.addEventListener('abort', onAbort, { once: true })
  return new ReadableStream<Uint8Array>(
    {
      start(own) {
        controller = own
        // The answer's head leaves at once: the page then knows that it is listened to.
        own.enqueue(encoder.encode(': here\nretry: 1000\n\n'))
        if (options.signal?.aborted) onAbort()
      },
      async pull(own) {
        clearTimeout(stalled)
        while (open) {
          stirred = Promise.withResolvers<void>()
          const frame = await feed.take()
          if (!open) return
          if (frame === 'end') {
            stop()
            own.close()
            return
          }
          const text = frame ? textOf(frame) : (await moreWithin(stirred.promise, heartbeatMs)) ? null : ': \n\n'
          if (!open) return
          if (text === null) continue
          own.enqueue(encoder.encode(text))
          stalled = setTimeout(() => {
            stop()
            own.error(new Error('the reader does not read'))
          }, stalledMs)
          stalled.unref()
          return
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  )
}

const textOf = ({ id, data }: Frame) => `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

/** True when more came; false when the time passed. */
async function moreWithin(more: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([more.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
