import { InputError, StoreError } from '../errors.ts'
import type { TrajectoryEvent } from '../trajectory.ts'
import type { Clock } from '../util/clock.ts'
import { canonicalJson } from '../util/hash.ts'
import { parsePostgresAddress, schemaOf } from './postgres-address.ts'
import { type PostgresLedger, postgresLedger } from './postgres-ledger.ts'
import { type PostgresOwner, postgresOwner } from './postgres-owner.ts'
import { type Database, openDatabase } from './postgres-pool.ts'
import { countRun, type RunCount, spentOf } from './postgres-progress.ts'
import { runStatements, type Statement } from './postgres-rows.ts'
import { prepareSchema, quoted, runsIn } from './postgres-schema.ts'
import { type EventRow, writeQueue } from './postgres-writes.ts'
import type { ItemState, RunStore, WorkItem } from './run-store.ts'

/** Another worker has taken the trajectory over, because this one was silent for too long: it must stop writing. */
export class LeaseLost extends StoreError {
  constructor(what: string, where: string) {
    super(
      `${where}: ${what} is in other hands by now`,
      'Nothing is lost: whoever holds it goes on with what is stored. Raise --lease if workers pause for long.',
    )
    this.name = 'LeaseLost'
  }
}

/** A run in PostgreSQL, with the ledger of its paid calls. Many processes may write; each trajectory has one holder. */
export interface PostgresRunStore extends RunStore {
  readonly run: string
  /** The ledger in the same schema; null where the run was opened to read. Closed with the store. */
  readonly ledger: PostgresLedger | null
  readonly db: Database
  /** Takes an item, so that nobody else writes it until it is finished, given back, or our beat stops. */
  lease(key: string): Promise<'leased' | 'done' | 'held' | 'unknown'>
  /** Gives an item back as it stands. */
  release(key: string): Promise<void>
  item(key: string): Promise<WorkItem | null>
  /** Grows with every plan that is recorded. */
  planNumber(): Promise<number>
  /** Says which items are the latest plan's: the others are kept and no longer counted. */
  setCurrent(keys: readonly string[]): Promise<void>
  /** How far all workers are. */
  count(): Promise<RunCount>
  /** What the trajectories finished by others have used, for caps on the whole run. */
  spentByOthers(): Promise<RunCount['spent']>
}

export interface PostgresStoreOptions {
  /** `read`: look on. `write`: the run must exist. `create`: made if it does not. */
  readonly access: 'read' | 'write' | 'create'
  readonly clock: Clock
  /** The run's name, where the address does not hold it. */
  readonly run?: string
  /** For how long a silent writer keeps what it holds, in milliseconds. Default 30 seconds. */
  readonly leaseMs?: number
  readonly connections?: number
  readonly patienceMs?: number
  readonly maybePaid?: 'repeat' | 'refuse'
}

export const defaultLeaseMs = 30_000

/**
 * Opens a run in PostgreSQL. Throws InputError for an address without a run or a run that is not there, and StoreError for
 * a database that cannot be used or a newer format; no message holds user or password.
 */
export async function openPostgresStore(address: string, options: PostgresStoreOptions): Promise<PostgresRunStore> {
  const parsed = parsePostgresAddress(address, options.run)
  const db = await openDatabase(parsed, options)
  try {
    const run = parsed.run ?? (await onlyRun(db))
    await prepareSchema(db, run, options.access === 'create')
    const s = quoted(schemaOf(run))
    const owner = options.access === 'read' ? null : await postgresOwner(db, s, options.leaseMs ?? defaultLeaseMs)
    const where = parsePostgresAddress(address, run).shown
    return storeOn({ db, run, s, owner, where }, options)
  } catch (error) {
    await db.close()
    throw error
  }
}

/** The run that is meant when a database holds just one. */
async function onlyRun(db: Database): Promise<string> {
  const runs = await runsIn(db)
  if (runs.length === 1) return runs[0]!
  throw new InputError(
    `${db.address.shown} names no run`,
    runs.length === 0
      ? 'Make one: codesteer run plan.json --queue postgres://…'
      : `Add ?run=NAME to the address or give --run NAME. There are: ${runs.join(', ')}`,
  )
}

interface Parts {
  readonly db: Database
  readonly run: string
  readonly s: string
  readonly owner: PostgresOwner | null
  readonly where: string
}

function storeOn(parts: Parts, options: PostgresStoreOptions): PostgresRunStore {
  const { db, run, s, owner, where } = parts
  const sql = runStatements(s)
  const rows = ([text, values]: Statement) => db.rows(text, values)
  const me = () => {
    if (!owner) throw new StoreError(`${where} was opened to read`, 'Open it to write.')
    return owner.id
  }
  const writes = writeQueue(events => writeEvents(parts, sql, events))
  const ledger = owner ? postgresLedger({ db, s, owner: owner.id, where, writes, ...options }) : null
  /** Reads see what was handed over before them. */
  const read = <T>(work: () => Promise<T>): Promise<T> => (owner ? writes.run(work) : work())
  const write = async <T>(work: (owner: string) => Promise<T>): Promise<T> => {
    const id = me()
    return writes.run(() => work(id))
  }
  const knows = async (name: string) => (await rows(sql.knows(name))).length > 0
  const eventsOf = async (name: string): Promise<TrajectoryEvent[]> =>
    (await rows(sql.events(name))).map(([body], seq) => eventOf(body as string, seq, name, where))
  const lastPlan = async () => (await rows(sql.lastPlan()))[0]
  const have = async (key: string) => (await rows(sql.item(key))).length > 0
  let open = true
  return {
    where,
    run,
    ledger,
    db,
    plan: () => read(async () => JSON.parse(((await lastPlan())?.[0] as string | undefined) ?? 'null')),
    planNumber: () => read(async () => ((await lastPlan())?.[1] as number | undefined) ?? 0),
    recordPlan: plan =>
      write(async () => {
        const text = canonicalJson(JSON.parse(JSON.stringify(plan)))
        if ((await lastPlan())?.[0] === text) return false
        await rows(sql.addPlan(text))
        return true
      }),
    addItems: items =>
      write(async () => {
        let added = 0
        for (let at = 0; at < items.length; at += 5_000)
          added += (await rows(sql.addItems(items.slice(at, at + 5_000)))).length
        return added
      }),
    items: state => read(async () => (await rows(sql.items(state))).map(sql.itemOf)),
    item: key => read(async () => (await rows(sql.item(key))).map(sql.itemOf)[0] ?? null),
    eventsOf: key =>
      read(async () => {
        const trajectoryId = ((await rows(sql.trajectoryOf(key)))[0]?.[0] as string | null | undefined) ?? null
        return { trajectoryId, events: trajectoryId === null ? [] : await eventsOf(trajectoryId) }
      }),
    lease: key =>
      write(async id => {
        if ((await rows(sql.lease(key, id))).length > 0) return 'leased'
        const [found] = await rows([`SELECT state FROM ${s}.items WHERE key = $1`, [key]])
        return !found ? 'unknown' : found[0] === 'done' ? 'done' : 'held'
      }),
    release: key => write(async id => void (await rows(sql.release(key, id)))),
    begin: (key, trajectoryId) =>
      write(async id => {
        if ((await rows(sql.begin(key, trajectoryId, id))).length > 0) return
        throw (await have(key)) ? new LeaseLost(`item ${key}`, where) : unknown(`no item ${key}`, where)
      }),
    append: async (trajectoryId, event) => {
      me()
      return writes.append({ trajectoryId, seq: event.seq, body: JSON.stringify(event) })
    },
    finish: (key, state, summary) =>
      write(async id => {
        if ((await rows(sql.finish(key, state, id, summary))).length > 0) return
        if (!(await have(key))) throw unknown(`no item ${key}`, where)
        if (!(await knows(summary.trajectoryId))) throw unknown(`no trajectory ${summary.trajectoryId}`, where)
        throw new LeaseLost(`item ${key}`, where)
      }),
    rescore: changed =>
      write(() =>
        db.transaction(async rows => {
          for (let at = 0; at < changed.length; at += 2_000) {
            const part = changed.slice(at, at + 2_000)
            const found = new Set((await rows(...sql.derive(part))).map(row => row[0]))
            const missing = part.find(row => !found.has(row.trajectoryId))
            if (missing) throw unknown(`no trajectory ${missing.trajectoryId}`, where)
          }
        }),
      ),
    summaries: (filter = {}) => read(async () => (await rows(sql.summaries(filter))).map(sql.summaryOf)),
    counts: () =>
      read(async () => {
        const none: Record<ItemState, number> = { waiting: 0, open: 0, done: 0, failed: 0 }
        return { ...none, ...Object.fromEntries(await rows(sql.counts())) }
      }),
    trajectory: trajectoryId =>
      read(async () => {
        if (!(await knows(trajectoryId))) throw unknown(`no trajectory ${trajectoryId}`, where)
        return eventsOf(trajectoryId)
      }),
    addBranch: (trajectoryId, events, summary) =>
      write(() =>
        db.transaction(async rows => {
          const [added] = await rows(...sql.addTrajectory(summary.key, trajectoryId))
          if (!added) throw unknown(`no item ${summary.key}`, where)
          const bodies = events.map(event => JSON.stringify(event))
          await rows(
            ...sql.addEvents(
              added[0] as number,
              events.map(event => event.seq),
              bodies,
            ),
          )
          await rows(...sql.derive([{ trajectoryId, summary }]))
        }),
      ),
    setCurrent: keys =>
      write(async () => {
        await db.rows(`UPDATE ${s}.items SET current = NOT current WHERE current <> (key = ANY($1::text[]))`, [keys])
      }),
    count: () => countRun(db, s),
    spentByOthers: () => spentOf(db, s, me()),
    async close() {
      if (!open) return
      open = false
      try {
        if (!owner) return
        // What is still held is given back at once: nobody has to wait until the lease is over.
        await writes.run(async () => void (await rows(sql.release(null, owner.id))))
        await owner.leave()
      } finally {
        await db.close()
      }
    },
  }
}

/** Writes events in one statement; for each the error it ended with, or null. */
async function writeEvents(
  { db, owner, where }: Parts,
  sql: ReturnType<typeof runStatements>,
  events: readonly EventRow[],
): Promise<(Error | null)[]> {
  const { rows: found, again } = await db.attempts(
    ...sql.append(
      events.map(event => event.trajectoryId),
      events.map(event => event.seq),
      events.map(event => event.body),
      owner!.id,
    ),
  )
  const written = new Map(found.map(row => [(row[0] as number) - 1, row[1] as boolean]))
  const seen = new Set<string>()
  return Promise.all(
    events.map(async ({ trajectoryId, seq, body }, i) => {
      const place = `${trajectoryId} ${seq}`
      const twice = seen.has(place)
      seen.add(place)
      const outcome = written.get(i)
      if (outcome === undefined) {
        const known = (await db.rows(...sql.knows(trajectoryId))).length > 0
        return known
          ? new LeaseLost(`trajectory ${trajectoryId}`, where)
          : unknown(`no trajectory ${trajectoryId}`, where)
      }
      if (outcome && !twice) return null
      // There was one at this place. Ours, if the database went away between writing it and saying so.
      const [before] = again && !twice ? await db.rows(...sql.body(trajectoryId, seq)) : []
      return before?.[0] === body ? null : outOfPlace(trajectoryId, seq, where)
    }),
  )
}

function unknown(what: string, where: string): StoreError {
  return new StoreError(`${what} in ${where}`, 'Its trajectories are listed by: codesteer report RUN --json')
}

function outOfPlace(name: string, seq: number, where: string): StoreError {
  return new StoreError(
    `${where}: trajectory ${name} has an event ${seq} already`,
    'Run the same command again: it goes on with what is stored.',
  )
}

function eventOf(body: string, seq: number, name: string, where: string): TrajectoryEvent {
  const event = JSON.parse(body) as TrajectoryEvent
  if (event.seq === seq) return event
  throw new StoreError(
    `${where}: event ${seq} of trajectory ${name} is missing`,
    'Restore the database from a copy, or begin another run with --run NAME.',
  )
}
