import { InputError } from '../../errors.ts'
import { openQueueEngine } from '../../experiment/job-queue.ts'
import { prepareQueued, type QueuedOptions } from '../../experiment/queued.ts'
import type { PreparedRun } from '../../experiment/run.ts'
import { isPostgresAddress, parsePostgresAddress, runNameOf } from '../../store/postgres-address.ts'
import { defaultLeaseMs, openPostgresStore } from '../../store/postgres-store.ts'

export interface QueueFlags {
  /** Address of the database. */
  readonly queue: string
  readonly work?: boolean
  readonly lease?: number
}

type Options = Omit<QueuedOptions, 'store' | 'queue' | 'leaseMs' | 'work'>

/** Where a plan's run lives in a database, for people. Throws InputError. */
export const queuedPlace = (address: string, planName: string): string => parsed(address, planName).shown

/** Opens a run in PostgreSQL and prepares it to be worked off by this process and by workers elsewhere. */
export async function openQueued(
  flags: QueueFlags,
  options: Options,
): Promise<{ readonly prepared: PreparedRun; close(): Promise<void> }> {
  const { run } = parsed(flags.queue, options.plan.name)
  const leaseMs = flags.lease ?? defaultLeaseMs
  const store = await openPostgresStore(flags.queue, { access: 'create', clock: options.clock, run: run!, leaseMs })
  try {
    const engine = await openQueueEngine(store.db, { leaseMs })
    try {
      const queue = await engine.queue(store.run)
      const prepared = await prepareQueued({ ...options, store, queue, leaseMs, work: flags.work !== false })
      return {
        prepared,
        async close() {
          await engine.close()
          await store.close()
        },
      }
    } catch (error) {
      await engine.close()
      throw error
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

function parsed(address: string, planName: string) {
  if (!isPostgresAddress(address)) {
    throw new InputError(
      '--queue needs the address of a PostgreSQL database',
      'For example: --queue postgres://user@host:5432/database. Without --queue the run is a file and needs no service.',
    )
  }
  const { run } = parsePostgresAddress(address)
  return parsePostgresAddress(address, run ?? runNameOf(planName))
}
