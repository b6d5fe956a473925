import { existsSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { type AnyRun, openAnywhere } from '../store/open-store.ts'
import { isPostgresAddress } from '../store/postgres-address.ts'
import { isBeingWritten } from '../store/sqlite-file.ts'
import { sha256 } from '../util/hash.ts'
import { gone } from './errors.ts'
import type { Content, Source, WritableRun } from './sources.ts'

/** Stands in addresses: readable, and different for files of one name in two folders. */
export const idOf = (name: string, where: string) =>
  `${name.replace(/\.run$/, '').replace(/[^\w-]+/g, '-')}-${sha256(where).slice(0, 6)}`

async function contentOf(store: AnyRun, fallback: string): Promise<Content> {
  const [plan, rows, counts] = [await store.plan(), await store.summaries({ branches: true }), await store.counts()]
  const { name } = (plan ?? {}) as { readonly name?: unknown }
  return { name: typeof name === 'string' ? name : fallback, plan, rows, ...progressOf(counts) }
}

const progressOf = (counts: Awaited<ReturnType<AnyRun['counts']>>) => ({
  done: counts.done,
  planned: counts.done + counts.open + counts.waiting + counts.failed,
})

/**
 * A run's file. It is opened anew for every look and closed at once, so that a run that ends meanwhile can put its journal
 * away, and a file that was deleted is noticed. `own` gives the store of a run that this very process is
 * working on, for as long as it does.
 */
export function fileSource(path: string, own: () => AnyRun | null = () => null): Source {
  const stat = (name: string) => {
    const found = statSync(name, { throwIfNoEntry: false })
    return found ? `${found.ino}/${found.size}/${found.mtimeMs}` : '-'
  }
  const opened = async <T>(work: (store: AnyRun) => Promise<T>): Promise<T> => {
    if (!existsSync(path)) throw gone(path)
    try {
      const store = await openAnywhere(path, 'read')
      try {
        return await work(store)
      } finally {
        await store.close()
      }
    } catch (error) {
      throw existsSync(path) ? error : gone(path)
    }
  }
  return {
    id: idOf(basename(path), path),
    where: path,
    kind: 'run',
    mark: async () => (existsSync(path) ? `${stat(path)} ${stat(`${path}-wal`)}` : null),
    changedMs() {
      const times = [path, `${path}-wal`].map(name => statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0)
      return Math.max(...times)
    },
    beingMade: () => own() !== null || isBeingWritten(path),
    read: () => opened(store => contentOf(store, basename(path))),
    progress: () => opened(async store => progressOf(await store.counts())),
    events: id => opened(store => store.trajectory(id)),
    openToWrite: async (): Promise<WritableRun> => {
      if (!existsSync(path)) throw gone(path)
      // Its owner closes it.
      const working = own()
      if (working) return { store: working, close: async () => undefined }
      const store = await openAnywhere(path, 'write')
      return { store, close: () => store.close() }
    },
    keep: null,
    close: async () => undefined,
  }
}

/** How old a look at a database may be before it is taken again although no trajectory was finished. */
const databaseLookMs = 5_000

/** A run in PostgreSQL, kept open. Throws InputError or StoreError. */
export async function databaseSource(address: string): Promise<Source> {
  if (!isPostgresAddress(address)) throw new TypeError('no PostgreSQL address')
  const store = await openAnywhere(address, 'read')
  const counts = async () => progressOf(await store.counts())
  let seen = { mark: '', atMs: Date.now(), done: -1, planned: 0 }
  return {
    id: idOf('postgres', store.where),
    where: store.where,
    kind: 'run',
    async mark() {
      const { done, planned } = await counts()
      const mark = `${done}/${planned}/${Math.floor(Date.now() / databaseLookMs)}`
      if (done !== seen.done || planned !== seen.planned) seen = { mark, atMs: Date.now(), done, planned }
      return mark
    },
    changedMs: () => seen.atMs,
    beingMade: () => seen.done < seen.planned && Date.now() - seen.atMs < 120_000,
    read: () => contentOf(store, store.where),
    progress: counts,
    events: id => store.trajectory(id),
    openToWrite: async () => {
      const writable = await openAnywhere(address, 'write')
      return { store: writable, close: () => writable.close() }
    },
    keep: null,
    close: () => store.close(),
  }
}
