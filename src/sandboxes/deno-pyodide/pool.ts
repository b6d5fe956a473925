import { SandboxError } from '../../errors.ts'
import type { GuestProcess } from './guest-process.ts'

/** A store of booted guests, each given out once. */
export interface GuestPool {
  /** A booted guest: at once when one waits. Rejects with the signal's reason, or a SandboxError when none can boot. */
  take(signal?: AbortSignal): Promise<GuestProcess>
  /** How many wait, boot and run. */
  census(): { readonly waiting: number; readonly alive: number }
  /** Kills every guest and resolves when all are gone. Idempotent. */
  close(): Promise<void>
}

interface Taker {
  readonly give: (guest: GuestProcess) => void
  readonly fail: (error: unknown) => void
}

/** After so many failed boots in a row those who wait are told, instead of trying for ever. */
const failuresAllowed = 2

/**
 * Keeps up to `parallel` guests alive, counting those that run, so memory has a bound; a used one is replaced when it is
 * gone. While somebody waits all missing ones boot at once; otherwise one after another and politely, so that a refill
 * does not take the processor from a running program. `onFailure` may mend the cause before the next try.
 */
export function makePool(options: {
  readonly parallel: number
  readonly start: (lowPriority: boolean) => GuestProcess
  readonly onFailure: () => Promise<void>
}): GuestPool {
  const alive = new Set<GuestProcess>()
  const waiting: GuestProcess[] = []
  const queue: Taker[] = []
  let booting = 0
  let failures = 0
  let closing: Promise<void> | undefined

  function fill(): void {
    while (!closing && alive.size < options.parallel && booting < Math.max(1, queue.length)) startOne()
  }

  function startOne(): void {
    const guest = options.start(queue.length === 0)
    alive.add(guest)
    booting++
    guest.gone.then(() => {
      alive.delete(guest)
      const at = waiting.indexOf(guest)
      if (at >= 0) waiting.splice(at, 1)
      // A guest that failed to boot is replaced by `failed`, which knows when to give up.
      if (booted) fill()
    })
    let booted = false
    guest.booted.then(
      () => {
        booted = true
        booting--
        failures = 0
        const taker = queue.shift()
        if (taker) taker.give(guest)
        else waiting.push(guest)
        fill()
      },
      error => {
        booting--
        failed(error)
      },
    )
  }

  async function failed(error: unknown): Promise<void> {
    if (closing) return
    failures++
    let cause = error
    if (failures < failuresAllowed) {
      try {
        await options.onFailure()
        return fill()
      } catch (worse) {
        cause = worse
      }
    }
    failures = 0
    for (const taker of queue.splice(0)) taker.fail(cause)
  }

  function take(signal?: AbortSignal): Promise<GuestProcess> {
    if (closing) return Promise.reject(closed())
    const guest = waiting.shift()
    if (guest) return Promise.resolve(guest)
    const { promise, resolve, reject } = Promise.withResolvers<GuestProcess>()
    const onAbort = () => {
      queue.splice(queue.indexOf(taker), 1)
      reject(signal?.reason)
    }
    const leave = () => signal?.removeEventListener('abort', onAbort)
    const taker: Taker = {
      give: guest => {
        leave()
        resolve(guest)
      },
      fail: error => {
        leave()
        reject(error)
      },
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    queue.push(taker)
    // Nobody waits in the store now, so every guest alive either runs at full priority already or boots.
    for (const guest of alive) guest.hurry()
    fill()
    return promise
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      for (const taker of queue.splice(0)) taker.fail(closed())
      const all = [...alive]
      for (const guest of all) guest.close(closed())
      await Promise.all(all.map(guest => guest.gone))
    })()
    return closing
  }

  fill()
  return { take, close, census: () => ({ waiting: waiting.length, alive: alive.size }) }
}

function closed(): SandboxError {
  return new SandboxError('the sandbox was closed', 'Open another one: a closed sandbox runs nothing more.')
}
