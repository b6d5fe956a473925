import { StoreError } from '../errors.ts'
import { groupCommit } from '../models/_shared/group-commit.ts'
import { type Ledger, ledgerOn } from '../models/_shared/ledger.ts'
import { transaction } from '../models/_shared/ledger-file.ts'
import type { TrajectoryEvent } from '../trajectory.ts'
import type { Clock } from '../util/clock.ts'
import { canonicalJson } from '../util/hash.ts'
import type { ItemState, RunStore } from './run-store.ts'
import { guarded, type OpenRun, type OpenRunOptions, openRun, runError } from './sqlite-file.ts'
import { runRows } from './sqlite-rows.ts'

/** A run in one SQLite file, with the ledger of its paid calls. */
export interface SqliteRunStore extends RunStore {
  /** The ledger on the same file; null where the run was opened to read. Closed with the store. */
  readonly ledger: Ledger | null
}

export interface SqliteStoreOptions extends Omit<OpenRunOptions, 'nowMs'> {
  readonly clock: Clock
}

/**
 * Opens a run's file as a store. Events and ledger rows of one moment share one durable commit, in the order in which they
 * were handed over: what was appended before a call was asked for is on the disk before the call is sent.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions): SqliteRunStore {
  const file = openRun(path, { ...options, nowMs: options.clock.nowMs() })
  try {
    return storeOn(file, options.clock)
  } catch (error) {
    // The first error is the one to tell.
    file.close().catch(() => undefined)
    throw error
  }
}

function storeOn(file: OpenRun, clock: Clock): SqliteRunStore {
  const { db, journal, path } = file
  const writable = journal !== null
  const guard = <T>(work: () => T): T => guarded(path, work)
  const rows = guard(() => runRows(db))
  const commits = groupCommit(db, path, {
    describe: runError,
    ...(journal ? { durable: () => journal.synced() } : {}),
  })
  const ledger = writable ? ledgerOn(db, path, commits, { clock }) : null
  /** Reads see what was handed over before them. */
  const read = <T>(work: () => T): T => {
    if (writable) commits.flush()
    return guard(work)
  }
  const write = <T>(work: () => T): Promise<T> => {
    if (!writable) throw readOnly(path)
    return commits.submit(work, 'soon')
  }
  const atOnce = async <T>(work: () => T): Promise<T> => {
    if (!journal) throw readOnly(path)
    const value = read(() => transaction(db, work))
    try {
      await journal.synced()
    } catch (error) {
      throw runError(error, path)
    }
    return value
  }
  /** Items that were begun here: of all others the file tells all, and need not be brought up to date first. */
  const begunHere = new Set<string>()
  const eventsOf = (name: string) => rows.events(name).map((body, seq) => eventOf(body, seq, name, path))
  let open = true
  return {
    where: path,
    ledger,
    plan: async () => read(() => JSON.parse(rows.lastPlan() ?? 'null')),
    async recordPlan(plan) {
      const text = canonicalJson(JSON.parse(JSON.stringify(plan)))
      return atOnce(() => {
        if (rows.lastPlan() === text) return false
        rows.addPlan(text)
        return true
      })
    },
    addItems: async items => atOnce(() => items.filter(rows.addItem).length),
    items: async state => read(() => rows.items(state)),
    eventsOf: async key =>
      (begunHere.has(key) ? read : guard)(() => {
        const trajectoryId = rows.trajectoryOf(key)
        return { trajectoryId, events: trajectoryId === null ? [] : eventsOf(trajectoryId) }
      }),
    async begin(key, trajectoryId) {
      begunHere.add(key)
      const begun = write(() => must(rows.begin(key, trajectoryId), `no item ${key}`, path))
      // Nobody needs to wait for it: what is written next stands behind it in line, and fails if it failed.
      begun.catch(() => undefined)
    },
    append: (trajectoryId, event) => {
      const body = JSON.stringify(event)
      return write(() => must(rows.append(trajectoryId, event.seq, body), `no trajectory ${trajectoryId}`, path))
    },
    finish: (key, state, summary) =>
      write(() => {
        must(rows.setState(key, state), `no item ${key}`, path)
        must(rows.derive(summary.trajectoryId, summary), `no trajectory ${summary.trajectoryId}`, path)
      }),
    async rescore(changed) {
      await atOnce(() => {
        for (const { trajectoryId, summary } of changed)
          must(rows.derive(trajectoryId, summary), `no trajectory ${trajectoryId}`, path)
      })
    },
    summaries: async (filter = {}) => read(() => rows.summaries(filter)),
    counts: async () =>
      read(() => {
        const none: Record<ItemState, number> = { waiting: 0, open: 0, done: 0, failed: 0 }
        return { ...none, ...Object.fromEntries(rows.counts()) }
      }),
    trajectory: async trajectoryId =>
      read(() => {
        must(rows.knows(trajectoryId), `no trajectory ${trajectoryId}`, path)
        return eventsOf(trajectoryId)
      }),
    async addBranch(trajectoryId, events, summary) {
      await atOnce(() => {
        must(rows.addTrajectory(summary.key, trajectoryId), `no item ${summary.key}`, path)
        for (const event of events) rows.append(trajectoryId, event.seq, JSON.stringify(event))
        rows.derive(trajectoryId, summary)
      })
    },
    async close() {
      if (!open) return
      open = false
      try {
        if (writable) guard(() => commits.flush())
        ledger?.close()
      } finally {
        await file.close()
      }
    },
  }
}

function must(found: boolean, what: string, path: string): void {
  if (!found) throw new StoreError(`${what} in ${path}`, 'Its trajectories are listed by: codesteer report RUN --json')
}

function readOnly(path: string): StoreError {
  return new StoreError(`${path} was opened to read`, 'Open it to write.')
}

function eventOf(body: string, seq: number, name: string, path: string): TrajectoryEvent {
  try {
    const event = JSON.parse(body) as TrajectoryEvent
    if (event.seq === seq) return event
  } catch (error) {
    throw damaged(name, seq, path, error)
  }
  throw damaged(name, seq, path)
}

function damaged(name: string, seq: number, path: string, cause?: unknown): StoreError {
  return new StoreError(
    `${path}: event ${seq} of trajectory ${name} is missing or damaged`,
    'Restore the file from a copy, or begin another with --out FILE.',
    { cause },
  )
}
