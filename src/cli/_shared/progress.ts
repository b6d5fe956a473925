import pc from 'picocolors'
import type { Output } from './context.ts'

/** How far a counted piece of work is, on standard error: a line that redraws itself, or a line now and then in a log. */
export interface Progress {
  /** Call after each piece, as often as you like. `label` says what is being worked on. */
  done(count: number, label: string): void
  /** Clears the line on a terminal. */
  close(): void
}

const redrawMs = 100
const logEveryMs = 10_000

/** `nowMs` is any clock that only goes forward. */
export function progressOf(err: Output, total: number, nowMs: () => number = () => performance.now()): Progress {
  const begunMs = nowMs()
  let shownMs = begunMs
  return {
    done(count, label) {
      const now = nowMs()
      if (now - shownMs < (err.isTTY ? redrawMs : logEveryMs)) return
      shownMs = now
      const line = progressLine(count, total, now - begunMs, label)
      err.write(err.isTTY ? `\r\u001b[2K${pc.dim(line.slice(0, err.columns - 1))}` : `${line}\n`)
    },
    close() {
      if (err.isTTY) err.write('\r\u001b[2K')
    },
  }
}

/** `1,200 of 4,000 (30 %), about 20 s left: game-24`. The rest is taken to go as fast as what is done. */
export function progressLine(count: number, total: number, tookMs: number, label: string): string {
  const share = Math.floor((100 * count) / Math.max(1, total))
  const left = count > 0 ? `, about ${durationText((tookMs / count) * (total - count))} left` : ''
  return `${count.toLocaleString('en')} of ${total.toLocaleString('en')} (${share} %)${left}: ${label}`
}

/** A duration for a person: `9 s`, `4 min`, `2.5 h`. */
export function durationText(ms: number): string {
  if (ms < 100_000) return `${Math.ceil(ms / 1_000)} s`
  if (ms < 6_000_000) return `${Math.round(ms / 60_000)} min`
  return `${(ms / 3_600_000).toFixed(1)} h`
}

/**
 * Walks through work that never waits, letting the rest of the process breathe every 40 ms: without that no Ctrl-C is
 * heard. Throws the signal's reason when aborted.
 */
export async function* paced<T>(items: Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let restedMs = performance.now()
  for (const item of items) {
    yield item
    if (performance.now() - restedMs > 40) {
      await new Promise(resolve => setImmediate(resolve))
      restedMs = performance.now()
    }
    signal.throwIfAborted()
  }
}
