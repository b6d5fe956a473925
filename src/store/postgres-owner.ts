import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Database } from './postgres-pool.ts'

/** One opening of a run by one process: who holds items and makes calls. Alive while it beats. */
export interface PostgresOwner {
  readonly id: string
  leave(): Promise<void>
}

/** What the dead left is looked at for a day, then forgotten. */
const forgottenAfter = '1 day'

/**
 * Makes this opening known and beats until it leaves. All moments are the database's: the clocks of the machines need
 * not agree. One that has not beaten for `leaseMs` is taken for gone, and what it held may be taken.
 */
export async function postgresOwner(db: Database, s: string, leaseMs: number): Promise<PostgresOwner> {
  const id = randomUUID()
  const beat = () =>
    db.rows(
      `INSERT INTO ${s}.owners (id, host, pid, lease_ms) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp()`,
      [id, hostname(), process.pid, leaseMs],
    )
  await beat()
  await db.rows(`DELETE FROM ${s}.owners WHERE beat_at < clock_timestamp() - $1::interval`, [forgottenAfter])
  let last: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // A beat that does not get through is made good by the next; if none does, others rightly take us for gone.
    last = beat().catch(() => undefined)
  }, leaseMs / 4).unref()
  return {
    id,
    async leave() {
      clearInterval(timer)
      await last
      await db.rows(`DELETE FROM ${s}.owners WHERE id = $1`, [id])
    },
  }
}
