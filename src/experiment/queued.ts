import type { RunCount } from '../store/postgres-progress.ts'
import type { PostgresRunStore } from '../store/postgres-store.ts'
import type { JobQueue } from './job-queue.ts'
import { expand } from './plan.ts'
import type { RunSnapshot } from './progress.ts'
import type { ProviderState } from './provider-gate.ts'
import { type PreparedRun, prepareRun, type RunOptions, type RunOutcome } from './run.ts'
import { type Worker, type WorkerOutcome, worker } from './worker.ts'

export interface QueuedOptions extends Omit<RunOptions, 'store' | 'ledger' | 'signal' | 'openModel'> {
  readonly store: PostgresRunStore
  readonly queue: JobQueue
  readonly signal: AbortSignal
  readonly leaseMs: number
  /** Whether this process works as well, or only looks on. */
  readonly work: boolean
}

const lookEveryMs = 1_000

/**
 * A run that many workers share: its items are put into the queue, and this process shows how far all of them are until
 * nothing is left. Stopping it leaves the queue to the others.
 */
export async function prepareQueued(options: QueuedOptions): Promise<PreparedRun> {
  const { store, plan, queue } = options
  const { overview } = await prepareRun({ ...options, ledger: store.ledger })
  const keys = expand(plan).map(item => item.key)
  await store.setCurrent(keys)
  const watch = watcher(await store.count())
  let own: Worker | undefined
  return {
    overview,
    snapshot: () => watch.snapshot(own?.state().providers ?? []),
    async work() {
      const done = new Set((await store.items('done')).map(item => item.key))
      await queue.add(keys.filter(key => !done.has(key)))
      if (options.work) own = worker({ ...options, until: 'empty' })
      const outcome = await follow(options, watch, own)
      watch.see(await store.count())
      return conclusion(watch.snapshot(own?.state().providers ?? []), outcome, options.signal)
    },
  }
}

/** Looks on until the queue is empty or our own worker stops. */
async function follow(
  { store, queue, signal, clock }: QueuedOptions,
  watch: Watcher,
  own: Worker | undefined,
): Promise<WorkerOutcome | null> {
  let ended: WorkerOutcome | null = null
  const working = own?.work().then(outcome => {
    ended = outcome
  })
  const tick = () => clock.sleep(lookEveryMs, signal).catch(() => undefined)
  while (!ended) {
    await (working ? Promise.race([working, tick()]) : tick())
    if (signal.aborted) break
    watch.see(await store.count())
    if (own) continue
    const { waiting, lent } = await queue.counts()
    if (waiting + lent === 0) break
  }
  await working
  return ended
}

function conclusion(snapshot: RunSnapshot, outcome: WorkerOutcome | null, signal: AbortSignal): RunOutcome {
  const failure = outcome?.failure ?? null
  if (snapshot.left === 0) return { end: 'finished', why: null, failure, snapshot }
  const why = outcome?.why ?? (signal.aborted ? 'stopped by you' : null)
  if (why !== null) return { end: 'stopped', why, failure, snapshot }
  const kinds = Object.entries(snapshot.errors).map(([kind, count]) => `${count} × ${kind}`)
  return { end: 'incomplete', why: kinds.join(', ') || 'the queue was emptied by others', failure, snapshot }
}

type Watcher = ReturnType<typeof watcher>

/** How far back the rate looks. */
const windowMs = 120_000

/** Makes the display's snapshot of what the database counts. */
function watcher(first: RunCount) {
  const startedMs = performance.now()
  const sum = (count: RunCount, of: (cell: RunCount['cells'][number]) => number) =>
    count.cells.reduce((all, cell) => all + of(cell), 0)
  const doneIn = (count: RunCount) => sum(count, cell => cell.done)
  let latest = first
  let seen = [{ atMs: startedMs, done: doneIn(first) }]
  return {
    see(count: RunCount) {
      latest = count
      const atMs = performance.now()
      seen = [...seen.filter(look => atMs - look.atMs < windowMs), { atMs, done: doneIn(count) }]
    },
    snapshot(providers: readonly ProviderState[]): RunSnapshot {
      const { cells, spent, errors } = latest
      const [total, done] = [sum(latest, cell => cell.total), doneIn(latest)]
      const [from, to] = [seen[0]!, seen.at(-1)!]
      const perMinute = to.atMs - from.atMs < 1_000 ? 0 : ((to.done - from.done) / (to.atMs - from.atMs)) * 60_000
      return {
        total,
        done,
        failed: sum(latest, cell => cell.failed),
        underWay: sum(latest, cell => cell.underWay),
        left: total - done,
        cells,
        spent,
        spentNow: {
          calls: spent.calls - first.spent.calls,
          inputTokens: spent.inputTokens - first.spent.inputTokens,
          outputTokens: spent.outputTokens - first.spent.outputTokens,
          costUsd: spent.costUsd === null || first.spent.costUsd === null ? null : spent.costUsd - first.spent.costUsd,
        },
        elapsedMs: performance.now() - startedMs,
        perMinute,
        leftMs: total === done ? 0 : perMinute > 0 ? ((total - done) / perMinute) * 60_000 : null,
        errors,
        providers,
        stopping: null,
        simulated: cells.some(cell => cell.simulated),
      }
    },
  }
}
