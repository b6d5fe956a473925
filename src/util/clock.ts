/** Where time comes from: an argument everywhere, so that a replay can hand back the recorded moments. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/**
 * A clock that starts at the given one's moment and then only goes forward, however the system's clock is set meanwhile:
 * a jump must not end a trajectory by its time limit. `elapsedMs` is any count that only grows.
 */
export function steadyClock(from: Clock, elapsedMs: () => number = () => performance.now()): Clock {
  const [startMs, startedMs] = [from.nowMs(), elapsedMs()]
  return {
    nowMs: () => Math.round(startMs + elapsedMs() - startedMs),
    sleep: (ms, signal) => from.sleep(ms, signal),
  }
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
}
