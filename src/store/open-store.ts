import { basename } from 'node:path'
import type { CallLedger } from '../models/_shared/ledger.ts'
import { systemClock } from '../util/clock.ts'
import { isPostgresAddress } from './postgres-address.ts'
import type { RunStore } from './run-store.ts'
import { openSqliteStore } from './sqlite-store.ts'

/** A run to look at, with the name that reports call it by. */
export interface ReadableRun {
  readonly name: string
  readonly store: RunStore
}

/**
 * Opens a stored run to look at, also while it is being made: the path of its file, or `postgres://…/database?run=name`.
 * Throws InputError or StoreError.
 */
export async function openToRead(address: string): Promise<ReadableRun> {
  const store = await openAnywhere(address, 'read')
  const plan = (await store.plan()) as { readonly name?: unknown } | null
  return { name: typeof plan?.name === 'string' ? plan.name : basename(store.where), store }
}

/** A run with the ledger of its calls; the ledger is null where it was opened to read. */
export interface AnyRun extends RunStore {
  readonly ledger: CallLedger | null
}

/** A run wherever it lives, to read, or to write derived rows and branches. Throws InputError or StoreError. */
export async function openAnywhere(address: string, access: 'read' | 'write'): Promise<AnyRun> {
  if (!isPostgresAddress(address)) return openSqliteStore(address, { access, clock: systemClock })
  // Loaded on demand: most runs are files.
  const { openPostgresStore } = await import('./postgres-store.ts')
  return openPostgresStore(address, { access, clock: systemClock })
}
