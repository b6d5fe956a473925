import type { Ledger } from '../models/_shared/ledger.ts'
import type { SqliteRunStore } from '../store/sqlite-store.ts'
import { systemClock } from '../util/clock.ts'

/**
 * Opens the file of a run, with the ledger of its paid calls in it; `create` (the default) makes it where there is none. Close
 * it when done. Throws InputError for a path that is no run, StoreError for a file that cannot be used or that somebody else
 * is writing.
 */
export async function openRunFile(
  path: string,
  access: 'create' | 'write' | 'read' = 'create',
): Promise<SqliteRunStore> {
  // Loaded on demand: SQLite is a part of Node that not every user of the library needs.
  const { openSqliteStore } = await import('../store/sqlite-store.ts')
  return openSqliteStore(path, { access, clock: systemClock })
}

/**
 * Opens a ledger, in which every paid call is kept so that none is paid twice: give it to `createCodeSteer` as
 * `models.ledger`. Close it when done. Throws StoreError for a file that cannot be used.
 */
export async function openLedgerFile(path: string): Promise<Ledger> {
  const { openLedger } = await import('../models/_shared/ledger.ts')
  return openLedger(path, { clock: systemClock })
}
