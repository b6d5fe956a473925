import type { DatabaseSync } from 'node:sqlite'
import { ProviderError, type StoreError } from '../../errors.ts'
import { storeError, transaction } from './ledger-file.ts'

/** Gathers the writes of one turn of the event loop into one transaction. */
export interface GroupCommit {
  /** Resolves with what `work` gave when it is on the disk. Rejects with StoreError when it could not be written. */
  submit<T>(work: () => T): Promise<T>
  /** Commits now what waits. */
  flush(): void
}

interface Job {
  readonly work: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * A durable commit waits for the disk (0.1 to 10 ms) and blocks the event loop meanwhile. With many calls in flight several
 * have something to write at the same moment: they share one wait.
 */
export function groupCommit(
  db: DatabaseSync,
  path: string,
  describe: (error: unknown, path: string) => StoreError = storeError,
): GroupCommit {
  let waiting: Job[] = []
  let scheduled: NodeJS.Immediate | undefined
  const flush = () => {
    clearImmediate(scheduled)
    scheduled = undefined
    const jobs = waiting
    waiting = []
    if (jobs.length === 0) return
    try {
      const settlements = transaction(db, () => jobs.map(settle))
      for (const settlement of settlements) settlement()
    } catch (error) {
      for (const job of jobs) job.reject(describe(error, path))
    }
  }
  return {
    flush,
    submit: work => {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof work>>()
      waiting.push({ work, resolve, reject })
      scheduled ??= setImmediate(flush)
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
