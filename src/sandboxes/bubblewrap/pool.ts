/** What a pool holds: something that runs one job at a time and may die. */
export interface Member {
  readonly alive: boolean
  close(): Promise<void>
  kill(): Promise<void>
}

/**
 * Up to `size` members, started when first needed, replaced when dead, lent to one job at a time; jobs wait in line for
 * them. `stopped` makes the error for jobs that come or still wait after `close`.
 */
export class Pool<M extends Member> {
  readonly #size: number
  readonly #start: () => Promise<M>
  readonly #stopped: () => Error
  readonly #idle: M[] = []
  readonly #busy = new Set<M>()
  readonly #line: (() => void)[] = []
  #slotsTaken = 0
  #closing: Promise<void> | undefined
  readonly #starting = new Set<Promise<M>>()

  constructor(size: number, start: () => Promise<M>, stopped: () => Error) {
    this.#size = size
    this.#start = start
    this.#stopped = stopped
  }

  /** Runs a job with a member of its own. Rejects with the signal's reason if aborted while waiting in line. */
  async use<T>(job: (member: M) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    await this.#takeSlot(signal)
    try {
      const member = await this.#member()
      try {
        return await job(member)
      } finally {
        this.#busy.delete(member)
        if (member.alive && !this.#closing) this.#idle.push(member)
        else await member.close()
      }
    } finally {
      this.#slotsTaken -= 1
      this.#line.shift()?.()
    }
  }

  /** Kills what runs, refuses what waits, frees everything. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    for (const wake of this.#line.splice(0)) wake()
    await Promise.allSettled(this.#starting)
    await Promise.all([...this.#idle.splice(0).map(m => m.close()), ...[...this.#busy].map(m => m.kill())])
  }

  async #takeSlot(signal?: AbortSignal): Promise<void> {
    if (this.#closing) throw this.#stopped()
    while (this.#slotsTaken >= this.#size) {
      await this.#turn(signal)
      if (this.#closing) throw this.#stopped()
    }
    this.#slotsTaken += 1
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

  async #member(): Promise<M> {
    let member = this.#idle.pop()
    while (member && !member.alive) {
      await member.close()
      member = this.#idle.pop()
    }
    if (!member) {
      const starting = this.#start()
      this.#starting.add(starting)
      member = await starting.finally(() => this.#starting.delete(starting))
    }
    if (this.#closing) {
      await member.close()
      throw this.#stopped()
    }
    this.#busy.add(member)
    return member
  }
}
