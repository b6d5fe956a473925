/** A stream of server-sent events with a bound on what waits for a slow reader. */
export interface EventStream {
  readonly readable: ReadableStream<Uint8Array>
  /** One event: `data`, and its name where the protocol has names. Dropped when the reader has gone. */
  send(data: unknown, name?: string): void
  /** A line that says nothing, so that nobody on the way takes the connection for dead. */
  ping(): void
  end(): void
}

export interface EventStreamOptions {
  /** Bytes that may wait for the reader. */
  readonly backlogBytes: number
  /** The reader went away, or did not keep up: whatever feeds the stream should stop. */
  readonly onGone: (why: 'closed' | 'too-slow') => void
}

/** Opens a stream; strings are sent as they are, everything else as JSON. */
export function eventStream({ backlogBytes, onGone }: EventStreamOptions): EventStream {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const readable = new ReadableStream<Uint8Array>(
    {
      start(one) {
        controller = one
      },
      cancel() {
        controller = undefined
        onGone('closed')
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: backlogBytes }),
  )
  const write = (text: string) => {
    if (!controller) return
    controller.enqueue(encoder.encode(text))
    if ((controller.desiredSize ?? 0) > 0) return
    controller = undefined
    onGone('too-slow')
  }
  return {
    readable,
    send(data, name) {
      const text = typeof data === 'string' ? data : JSON.stringify(data)
      write(`${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`)
    },
    ping: () => write(': still at work\n\n'),
    end() {
      controller?.close()
      controller = undefined
    },
  }
}
