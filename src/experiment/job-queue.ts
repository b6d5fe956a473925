import type { PgBoss } from 'pg-boss'
import { StoreError } from '../errors.ts'
import { type Database, missingPackage } from '../store/postgres-pool.ts'

/** The right to work on one item, as the queue lent it. */
export interface Job {
  readonly id: string
  readonly key: string
  /** Which lending of the job this is: a later one makes this one void. */
  readonly retryCount: number
}

/** The work of one run, one job for each item that is not done. Lent out to one worker at a time. */
export interface JobQueue {
  /** Adds jobs for items that have none; those that are queued or lent out stay. In the given order. */
  add(keys: readonly string[]): Promise<void>
  /** Lends at most so many jobs. */
  take(count: number): Promise<Job[]>
  /** Shows that the borrower lives; one that does not for the length of the lease loses its jobs to others. */
  beat(jobs: readonly Job[]): Promise<void>
  /** Ends a job: its item is done, set aside, or no longer wanted. */
  done(job: Job): Promise<void>
  /** Gives a job back, for others to take at once. */
  giveBack(job: Job): Promise<void>
  counts(): Promise<{ readonly waiting: number; readonly lent: number }>
}

/** The queue engine's own schema; one for all runs of a database. */
const schema = 'codesteer_queue'

const daySeconds = 86_400

/** The shortest lease that the engine knows, in milliseconds. */
const shortestLeaseMs = 10_000

export interface QueueEngine {
  queue(run: string): Promise<JobQueue>
  /** Runs that have jobs that wait, or any, those lent out included. */
  busy(which: 'waiting' | 'any'): Promise<string[]>
  close(): Promise<void>
}

export interface QueueOptions {
  /** For how long a silent borrower keeps its jobs. At least ten seconds. */
  readonly leaseMs: number
}

/** Starts pg-boss on an open database; its tables are made at the first use. Throws InputError where it is not installed. */
export async function openQueueEngine(db: Database, options: QueueOptions): Promise<QueueEngine> {
  const leaseSeconds = Math.max(shortestLeaseMs / 1_000, Math.ceil(options.leaseMs / 1_000))
  // Looking through the leases counts the jobs as well, so not too often.
  const boss = await engine(db, Math.min(10, Math.ceil(leaseSeconds / 6)))
  const opened = new Map<string, Promise<JobQueue>>()
  const open = async (run: string): Promise<JobQueue> => {
    await boss.createQueue(run, {
      // One job for an item at most, whether it waits or is lent.
      policy: 'exclusive',
      heartbeatSeconds: leaseSeconds,
      // The heartbeat ends leases; this only bounds a job whose worker hangs and yet beats.
      expireInSeconds: daySeconds,
      // A worker that is killed is no fault of the job, however often it happens.
      retryLimit: 1_000_000,
      retryDelay: 0,
      retentionSeconds: 365 * daySeconds,
      deleteAfterSeconds: daySeconds,
    })
    return queueOf(boss, db, run)
  }
  return {
    queue(run) {
      const known = opened.get(run) ?? open(run)
      opened.set(run, known)
      return known
    },
    async busy(which) {
      const rows = await db.rows(
        `SELECT DISTINCT name FROM ${schema}.job WHERE state < $1::${schema}.job_state AND singleton_key IS NOT NULL ORDER BY name`,
        [which === 'waiting' ? 'active' : 'completed'],
      )
      return rows.map(row => row[0] as string)
    },
    close: () => boss.stop({ graceful: false, close: false }),
  }
}

async function engine(db: Database, lookEverySeconds: number): Promise<PgBoss> {
  let module: typeof import('pg-boss')
  try {
    module = await import('pg-boss')
  } catch (error) {
    throw missingPackage('pg-boss', error)
  }
  const boss = new module.PgBoss({
    db: { executeSql: (text, values) => db.raw(text, values) },
    schema,
    schedule: false,
    superviseIntervalSeconds: lookEverySeconds,
    monitorIntervalSeconds: lookEverySeconds,
    monitorVacuum: false,
  })
  // What goes wrong in its upkeep it tries again by itself; what we ask of it rejects.
  boss.on('error', () => undefined)
  try {
    await boss.start()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(`${db.address.shown}: the queue cannot be opened`, 'Update codesteer and pg-boss together.')
  }
  return boss
}

function queueOf(boss: PgBoss, db: Database, run: string): JobQueue {
  const attempt = ({ id, retryCount }: Job) => ({ id, retryCount })
  return {
    async add(keys) {
      const jobs = keys.map((key, i) => ({ singletonKey: key, data: { key }, priority: -i }))
      for (let at = 0; at < jobs.length; at += 5_000) await boss.insert(run, jobs.slice(at, at + 5_000))
    },
    async take(count) {
      const jobs = await boss.fetch<{ key: string }>(run, { batchSize: count })
      return jobs.map(({ id, data, retryCount }) => ({ id, key: data.key, retryCount }))
    },
    beat: async jobs => void (jobs.length > 0 && (await boss.touch(run, jobs.map(attempt)))),
    done: async job => void (await boss.complete(run, attempt(job))),
    giveBack: async job => void (await boss.fail(run, attempt(job))),
    async counts() {
      const [row] = await db.rows(
        `SELECT count(*) FILTER (WHERE state < 'active'), count(*) FILTER (WHERE state = 'active')
         FROM ${schema}.job WHERE name = $1 AND state < 'completed'`,
        [run],
      )
      return { waiting: row![0] as number, lent: row![1] as number }
    },
  }
}
