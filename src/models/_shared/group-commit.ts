import type { DatabaseSync } from 'node:sqlite'
import { ProviderError, type StoreError } from '../../errors.ts'
import { storeError, transaction } from './ledger-file.ts'

/** Gathers the writes of one turn of the event loop into one transaction. */
export interface GroupCommit {
  /**
   * Resolves with what `work` gave when it is on the disk. Rejects with StoreError when it could not be written. `soon` is
   * for what nobody waits for: it goes with the next commit that somebody does wait for, after at most 20 ms. The order of
   * submission is kept either way, so what is on the disk is always all that came before.
   */
  submit<T>(work: () => T, when?: 'now' | 'soon'): Promise<T>
  /** Commits now what waits. */
  flush(): void
}

interface Job {
  readonly work: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

const soonMs = 20

/**
 * A durable commit waits for the disk (0.1 to 10 ms) and blocks the event loop meanwhile. With many calls in flight several
 * have something to write at the same moment: they share one wait.
 */
export function groupCommit(
  db: DatabaseSync,
  path: string,
  options: {
    readonly describe?: (error: unknown, path: string) => StoreError
    /** Resolves when what is committed is on the disk; absent: the commit itself waits for that. */
    readonly durable?: () => Promise<void>
  } = {},
): GroupCommit {
  const { describe = storeError, durable } = options
  let waiting: Job[] = []
  let scheduled: NodeJS.Immediate | undefined
  let later: NodeJS.Timeout | undefined
  const flush = () => {
    clearImmediate(scheduled)
    scheduled = undefined
    clearTimeout(later)
    later = undefined
    const jobs = waiting
    waiting = []
    if (jobs.length === 0) return
    const rejectAll = (error: unknown) => {
      for (const job of jobs) job.reject(describe(error, path))
    }
    try {
      const settlements = transaction(db, () => jobs.map(settle))
      const settleAll = () => {
        for (const settlement of settlements) settlement()
      }
      if (durable) durable().then(settleAll, rejectAll)
      else settleAll()
    } catch (error) {
      rejectAll(error)
    }
  }
  return {
    flush,
    submit: (work, when = 'now') => {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof work>>()
      waiting.push({ work, resolve, reject })
      if (when === 'now') scheduled ??= setImmediate(flush)
      else later ??= setTimeout(flush, soonMs)
      return promise
    },
  }
}

/** Does the work now and tells its asker later, when all is written. A refusal is one asker's; what SQLite throws is everybody's. */
function settle(job: Job): () => void {
  try {
    const value = job.work()
    return () => job.resolve(value as never)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return () => job.reject(error)
  }
}
