import { DatabaseSync } from 'node:sqlite'
import { messageOf, StoreError } from '../../errors.ts'

/** Raised when an older build could not use the file. */
export const ledgerFormat = 1
/** `CSLE` in SQLite's header: tells a ledger from any other database. */
const applicationId = 0x43534c45

/** The ledger's tables; a run's store has them beside its own. */
export const ledgerSchema = `
CREATE TABLE owners (
  id TEXT PRIMARY KEY, host TEXT NOT NULL, pid INTEGER NOT NULL, born_at_ms INTEGER NOT NULL, beat_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE calls (
  request_hash TEXT NOT NULL, trial TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'failed')),
  owner TEXT,
  model TEXT NOT NULL, method TEXT NOT NULL, url TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL, done_at_ms INTEGER,
  streamed INTEGER NOT NULL, status INTEGER, headers TEXT, body TEXT,
  PRIMARY KEY (request_hash, trial)
) STRICT;
CREATE INDEX calls_open ON calls (state) WHERE state = 'started';
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY, request_hash TEXT NOT NULL, trial TEXT NOT NULL, model TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL, status INTEGER, detail TEXT NOT NULL
) STRICT;
`

/**
 * Opens or creates the file: WAL, and `synchronous=full`, so that a committed row survives the loss of power. `maxBytes`
 * bounds the file. Throws StoreError for a path that cannot be opened, a foreign or damaged file, and a newer format.
 */
export function openLedgerFile(path: string, limits: { maxBytes?: number; lockWaitMs?: number }): DatabaseSync {
  const { maxBytes, lockWaitMs = 5000 } = limits
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    db.exec(`PRAGMA busy_timeout = ${Math.floor(lockWaitMs)}`)
    prepareFile(db, path)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    if (maxBytes !== undefined)
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pragma(db, 'page_size')))}`)
    return db
  } catch (error) {
    db?.close()
    throw storeError(error, path)
  }
}

function prepareFile(db: DatabaseSync, path: string): void {
  const format = pragma(db, 'user_version')
  if (format > ledgerFormat) {
    throw new StoreError(
      `the ledger ${path} has format ${format}; this build knows ${ledgerFormat}`,
      'Update codesteer, or name another ledger file.',
    )
  }
  if (format === 0) {
    // Another process may be creating it at this very moment: look again under the write lock.
    transaction(db, () => {
      if (pragma(db, 'user_version') !== 0) return
      const foreign = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }
      if (foreign.n > 0) throw foreignFile(path)
      db.exec(`${ledgerSchema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${ledgerFormat}`)
    })
  }
  if (pragma(db, 'application_id') !== applicationId) throw foreignFile(path)
}

/** Runs `work` under the write lock; all of it is on the disk when this returns, or none of it is. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  let result: T
  try {
    result = work()
    db.exec('COMMIT')
  } catch (error) {
    try {
      db.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full; the first error is the one to tell.
    }
    throw error
  }
  return result
}

function foreignFile(path: string): StoreError {
  return new StoreError(`${path} is a database, but no ledger of ours`, 'Name another file for the ledger.')
}

/** A pragma that is a number. */
export function pragma(db: DatabaseSync, name: string): number {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]!
}

const mends: Readonly<Record<number, string>> = {
  5: 'Another process holds the ledger; end it or wait for it, then run the same command again.',
  6: 'Another process holds the ledger; end it or wait for it, then run the same command again.',
  8: 'Make the file and its folder writable, or name another ledger file.',
  10: 'The disk failed to read or write; check it, then run the same command again.',
  11: 'The file is damaged: restore it from a copy, or name another ledger file.',
  13: 'Make room on the disk, then run the same command again: finished calls are kept and not paid again.',
  14: 'Make sure that the folder exists and may be written to, or name another ledger file.',
  26: 'Name another file for the ledger.',
}

/** Turns what SQLite throws into a StoreError with its mend. */
export function storeError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'errcode') : undefined
  // The low byte is the primary code; the rest says more about it.
  const mend = typeof code === 'number' ? mends[code & 0xff] : undefined
  return new StoreError(
    `the ledger ${path} cannot be used: ${messageOf(error)}`,
    mend ?? 'Name another file for the ledger.',
    {
      cause: error,
    },
  )
}
