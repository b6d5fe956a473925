import { basename } from 'node:path'
import { systemClock } from '../util/clock.ts'
import type { RunStore } from './run-store.ts'
import { openSqliteStore } from './sqlite-store.ts'

/** A run to look at, with the name that reports call it by. */
export interface ReadableRun {
  readonly name: string
  readonly store: RunStore
}

/** Opens a stored run to look at, also while it is being made: the path of its file. Throws InputError or StoreError. */
export async function openToRead(address: string): Promise<ReadableRun> {
  const store = openSqliteStore(address, { access: 'read', clock: systemClock })
  const plan = (await store.plan()) as { readonly name?: unknown } | null
  return { name: typeof plan?.name === 'string' ? plan.name : basename(address), store }
}
