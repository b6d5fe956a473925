import { existsSync, mkdirSync, statSync, unlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CodeSteerError, InputError, messageOf, StoreError } from '../errors.ts'
import { ledgerFormat, ledgerSchema, pragma, transaction } from '../models/_shared/ledger-file.ts'
import { type JournalSync, journalSync } from './journal-sync.ts'
import { storeFormat } from './run-store.ts'

/** `CSRN` in SQLite's header: tells a run from any other database. */
const applicationId = 0x4353524e

const schema = `
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE plans (id INTEGER PRIMARY KEY, plan TEXT NOT NULL) STRICT;
CREATE TABLE items (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, label TEXT NOT NULL, method TEXT NOT NULL, model TEXT NOT NULL,
  task TEXT NOT NULL, task_version INTEGER NOT NULL, level INTEGER NOT NULL, seed INTEGER NOT NULL, pool TEXT NOT NULL,
  trial INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'open', 'done', 'failed')),
  trajectory TEXT
) STRICT;
CREATE INDEX items_state ON items (state);
CREATE TABLE trajectories (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, item INTEGER NOT NULL REFERENCES items (id),
  state TEXT, verdict TEXT, why TEXT, answer TEXT, answer_from TEXT, stop TEXT, error TEXT,
  simulated INTEGER, turns INTEGER, code_turns INTEGER, calls INTEGER, input_tokens INTEGER, output_tokens INTEGER,
  task_tokens INTEGER, cost_usd REAL, took_ms INTEGER, checks TEXT, branch_of TEXT, branch_turn INTEGER
) STRICT;
CREATE INDEX trajectories_item ON trajectories (item);
CREATE TABLE events (trajectory INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX events_place ON events (trajectory, seq);
`

export interface OpenRun {
  readonly path: string
  readonly db: DatabaseSync
  /** Null where the run was opened to read. */
  readonly journal: JournalSync | null
  close(): Promise<void>
}

export interface OpenRunOptions {
  /** `read`: look on, also while another process writes. `write`: the file must exist. `create`: made if it does not. */
  readonly access: 'read' | 'write' | 'create'
  readonly nowMs: number
  /** Bound on the file's size in bytes. */
  readonly maxBytes?: number
}

/**
 * Opens a run's file. While it is written to, its journal lies beside it (`-wal`, `-shm`) and its lock (`-lock`); when the
 * writer closes it, everything is in the one file. Throws InputError for a path that is no run, and StoreError for a newer
 * format, a damaged file, a full disk, or a second writer.
 */
export function openRun(path: string, options: OpenRunOptions): OpenRun {
  const { access, maxBytes, nowMs } = options
  if (access !== 'create' && !existsSync(path)) {
    throw new InputError(`there is no run ${path}`, 'Give the path of a file that `codesteer run` wrote.')
  }
  if (access === 'read') return openToRead(path)
  if (access === 'create') guarded(path, () => mkdirSync(dirname(path), { recursive: true }))
  // A file that is no run must not get a lock and a journal beside it.
  if (existsSync(path) && statSync(path).size > 0) checkRun(path)
  const lock = lockOf(path)
  let db: DatabaseSync | undefined
  try {
    return guarded(path, () => {
      const own = (db = new DatabaseSync(path))
      own.exec('PRAGMA busy_timeout = 5000')
      prepare(own, path)
      // Who waits for the disk, and how: journal-sync.ts.
      own.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
      signIn(own, nowMs)
      if (maxBytes !== undefined)
        own.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pragma(own, 'page_size')))}`)
      const journal = journalSync(`${path}-wal`)
      return { path, db: own, journal, close: () => closeWriter(own, journal, lock, path) }
    })
  } catch (error) {
    db?.close()
    lock.release()
    throw error
  }
}

function openToRead(path: string): OpenRun {
  let db: DatabaseSync | undefined
  try {
    return guarded(path, () => {
      const own = (db = new DatabaseSync(path, { readOnly: true }))
      own.exec('PRAGMA busy_timeout = 5000')
      checkFormat(own, path)
      return { path, db: own, journal: null, close: async () => own.close() }
    })
  } catch (error) {
    db?.close()
    throw error
  }
}

/** Throws when the file is none that this build can write to. */
function checkRun(path: string): void {
  openToRead(path).db.close()
}

function checkFormat(db: DatabaseSync, path: string): void {
  const format = pragma(db, 'user_version')
  if (pragma(db, 'application_id') !== applicationId) {
    throw new InputError(`${path} is a database, but no run of ours`, 'Give a file that `codesteer run` wrote.')
  }
  if (format > storeFormat) {
    throw new StoreError(
      `the run ${path} has format ${format}; this version reads up to ${storeFormat}`,
      'Update codesteer: npm i -g codesteer@latest',
    )
  }
  const ledger = db.prepare(`SELECT value FROM facts WHERE name = 'ledger-format'`).get() as { value: string }
  if (Number(ledger.value) > ledgerFormat) {
    throw new StoreError(
      `the ledger of ${path} has format ${ledger.value}; this version reads up to ${ledgerFormat}`,
      'Update codesteer: npm i -g codesteer@latest',
    )
  }
}

function prepare(db: DatabaseSync, path: string): void {
  const empty = () => (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }).n === 0
  if (pragma(db, 'user_version') === 0 && empty()) {
    transaction(db, () => {
      db.exec(`${schema} ${ledgerSchema}`)
      db.prepare('INSERT INTO facts (name, value) VALUES (?, ?)').run('ledger-format', String(ledgerFormat))
      db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${storeFormat}`)
    })
  }
  checkFormat(db, path)
}

/** Brings the journal home, so that the file alone is the whole run. */
async function closeWriter(db: DatabaseSync, journal: JournalSync, lock: RunLock, path: string): Promise<void> {
  try {
    await journal.close()
    guarded(path, () => {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      try {
        db.exec('PRAGMA journal_mode = DELETE')
      } catch (error) {
        // A reader looks on at this moment: the journal is empty by now and goes with the last one who closes.
        if (errcodeOf(error) !== 5) throw error
      }
    })
  } finally {
    db.close()
    lock.release()
  }
}

interface RunLock {
  release(): void
}

/**
 * The right to write to a run, held as the kernel's lock on an empty file beside it: it goes with the process, however
 * that ends, and knows nothing of clocks and process numbers.
 */
function lockOf(path: string): RunLock {
  const lockPath = `${path}-lock`
  for (;;) {
    const before = inodeOf(lockPath)
    const db = guarded(path, () => new DatabaseSync(lockPath))
    try {
      // Long enough for somebody who only looks whether it is held.
      db.exec('PRAGMA busy_timeout = 100; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    } catch (error) {
      db.close()
      throw errcodeOf(error) === 5 ? taken(path) : runError(error, path)
    }
    // Made just now, or replaced between the look and the opening: the next round sees which file it is.
    if (before === null || inodeOf(lockPath) !== before) {
      db.close()
      continue
    }
    return {
      release() {
        // Unlinked while still held, so that nobody can come to hold a file that has no name any more.
        unlinkSync(lockPath)
        db.close()
      },
    }
  }
}

/** Whether some process, this one included, is writing to a run. What a killed one left behind does not count. */
export function isBeingWritten(path: string): boolean {
  const lockPath = `${path}-lock`
  if (!existsSync(lockPath)) return false
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(lockPath, { readOnly: true })
    db.exec('PRAGMA busy_timeout = 0')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    return errcodeOf(error) === 5
  } finally {
    db?.close()
  }
}

const inodeOf = (path: string): number | null => (existsSync(path) ? statSync(path).ino : null)

function taken(path: string): StoreError {
  return new StoreError(
    `another process${writerOf(path)} is working on ${path}`,
    'Let it finish, or stop it; looking on (codesteer report) is possible meanwhile. Another run needs another --out FILE.',
  )
}

/** Says in the file who writes to it, for the message to others. */
function signIn(db: DatabaseSync, nowMs: number): void {
  const words = `${process.pid} on ${hostname()}, since ${new Date(nowMs).toISOString()}`
  db.prepare(`INSERT OR REPLACE INTO facts (name, value) VALUES ('writer', ?)`).run(words)
}

function writerOf(path: string): string {
  const { db } = openToRead(path)
  try {
    const row = db.prepare(`SELECT value FROM facts WHERE name = 'writer'`).get() as { value: string } | undefined
    return row ? ` (${row.value})` : ''
  } finally {
    db.close()
  }
}

const mends: Readonly<Record<number, string>> = {
  5: 'Another process holds it at this moment: run the same command again.',
  8: 'Make the file and its folder writable, or write elsewhere with --out FILE.',
  10: 'The disk failed to read or write; check it, then run the same command again.',
  11: 'The file is damaged: restore it from a copy, or begin another with --out FILE.',
  13: 'Make room on the disk, then run the same command again: it goes on where it stopped, and nothing is paid twice.',
  14: 'Make sure that the folder exists and may be written to, or write elsewhere with --out FILE.',
  26: 'Give a file that `codesteer run` wrote, or write elsewhere with --out FILE.',
}

const errcodeOf = (error: unknown): number | null => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'errcode') : undefined
  // The low byte is the primary code; the rest says more about it.
  return typeof code === 'number' ? code & 0xff : null
}

/** What SQLite or the file system threw, as an error with its mend. */
export function runError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error
  const mend = mends[errcodeOf(error) ?? -1] ?? 'Write elsewhere with --out FILE.'
  return new StoreError(`the run ${path} cannot be used: ${messageOf(error)}`, mend, { cause: error })
}

/** Turns what SQLite throws into StoreError; our own errors pass. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof CodeSteerError ? error : runError(error, path)
  }
}
