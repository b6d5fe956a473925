/** Lets a bounded number of jobs run at once; the others wait in line. */
export class Turns {
  readonly #size: number
  readonly #running = new Set<Promise<unknown>>()
  readonly #line: (() => void)[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** Runs the job in its turn. Rejects with the signal's reason if aborted while it waits. */
  async take<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.#running.size >= this.#size) await this.#turn(signal)
    signal?.throwIfAborted()
    const running = job()
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
      this.#line.shift()?.()
    }
  }

  /** Resolves when nothing runs any more. */
  async quiet(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(wake), 1)
        reject(signal?.reason)
      }
      const wake = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#line.push(wake)
    })
  }
}
