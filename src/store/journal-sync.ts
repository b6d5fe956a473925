import { close, closeSync, fdatasync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** Makes committed writes durable without holding up the process. */
export interface JournalSync {
  /** Resolves when everything committed before this moment is on the disk. Rejects with what the system said. */
  synced(): Promise<void>
  close(): Promise<void>
}

/**
 * Waits for the disk in the thread pool. SQLite's own `synchronous=FULL` waits inside the commit, and with it the whole
 * event loop: 0.2 ms on a quiet disk, 5 and more on a busy one, for every conversation under way. Here a commit only
 * writes to the journal; its writers are told when `fdatasync` on that journal has come back, which is what FULL does
 * too. All who wait at one moment share one. SQLite itself syncs the journal before it moves anything into the file.
 */
export function journalSync(path: string): JournalSync {
  // The journal's name must outlive a power cut as well.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
  const file = openSync(path, 'r+')
  const sync = promisify(fdatasync)
  let current: Promise<void> | undefined
  let following: Promise<void> | undefined
  let broken: Promise<void> | undefined
  const begin = (): Promise<void> => {
    // After one failure the system may call the next attempt a success although the data is gone: it stays a failure.
    if (broken) return broken
    const begun: Promise<void> = sync(file).finally(() => {
      if (current === begun) current = undefined
    })
    begun.catch(() => {
      broken = begun
    })
    current = begun
    return begun
  }
  return {
    synced() {
      if (!current) return begin()
      // The one under way may have begun before the last commit.
      following ??= current.then(noop, noop).then(() => {
        following = undefined
        return begin()
      })
      return following
    },
    async close() {
      await (following ?? current)?.then(noop, noop)
      await promisify(close)(file)
    },
  }
}

const noop = () => undefined
