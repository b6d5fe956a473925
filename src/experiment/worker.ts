import { CodeSteerError, InputError, messageOf } from '../errors.ts'
import { openModel } from '../models/_shared/open.ts'
import { loadPrices } from '../models/_shared/prices.ts'
import { load } from '../registry.ts'
import type { Sandbox } from '../sandbox.ts'
import { LeaseLost, type PostgresRunStore } from '../store/postgres-store.ts'
import type { WorkItem } from '../store/run-store.ts'
import type { Task } from '../task.ts'
import type { TrajectoryEnd } from '../trajectory.ts'
import { type Clock, steadyClock } from '../util/clock.ts'
import { Budget, type Spent } from './budget.ts'
import type { Job, JobQueue } from './job-queue.ts'
import { Gates } from './limits.ts'
import { expand, type Plan } from './plan.ts'
import type { ProviderState } from './provider-gate.ts'
import { type ModelWorld, modelOptions, openSandbox } from './run.ts'
import { type ItemOutcome, type Workshop, workshop } from './workshop.ts'

export interface WorkerOptions {
  readonly store: PostgresRunStore
  readonly queue: JobQueue
  readonly environment: ModelWorld['environment']
  readonly models?: ModelWorld['models']
  readonly clock: Clock
  /** Aborting ends the worker: calls under way may finish for `graceMs`, then everything is given back. */
  readonly signal: AbortSignal
  readonly graceMs?: number
  readonly leaseMs: number
  /** Trajectories at once; default: the plan's. */
  readonly concurrency?: number
  /** `idle`: no job can be taken now. `empty`: none is lent to others either. `never`: waits for more. */
  readonly until: 'idle' | 'empty' | 'never'
  readonly onNote?: (note: string) => void
  /** Open already; closed by whoever opened it. */
  readonly sandbox?: Sandbox
}

export interface WorkerState {
  readonly done: number
  readonly failed: number
  readonly givenBack: number
  readonly underWay: number
  readonly providers: readonly ProviderState[]
}

export interface WorkerOutcome {
  readonly end: 'idle' | 'empty' | 'stopped'
  /** Why it stopped, in words. */
  readonly why: string | null
  /** The latest failure that set an item aside or stopped the worker. */
  readonly failure: NonNullable<TrajectoryEnd['error']> | null
}

export interface Worker {
  state(): WorkerState
  /** Works jobs off. Throws InputError for what this machine lacks, StoreError when nothing can be written any more. */
  work(): Promise<WorkerOutcome>
}

const lookEveryMs = 500
const lookAroundMs = 2_000
/** A sandbox that fails so often in a row is broken here; other machines may have a better one. */
const sandboxFailures = 3

/**
 * One worker among many on a run: borrows jobs, continues or begins their trajectories, and returns what it cannot finish.
 * It may be killed at any moment: its jobs come back when their lease is over, and whoever takes them goes on from the
 * stored events and the ledger.
 */
export function worker(options: WorkerOptions): Worker {
  const counts = { done: 0, failed: 0, givenBack: 0 }
  const underWay = new Map<string, Job>()
  let bench: Bench | undefined
  return {
    state: () => ({ ...counts, underWay: underWay.size, providers: bench?.gates.states() ?? [] }),
    async work() {
      for (;;) {
        bench = await openBench(options)
        const outcome = await workOff(bench, { options, counts, underWay })
        if (outcome !== 'another plan') return outcome
      }
    },
  }
}

/** What work on one plan needs: limits, caps, and the place where trajectories are made. */
interface Bench {
  readonly plan: Plan
  readonly planNumber: number
  readonly items: ReadonlyMap<string, WorkItem>
  readonly gates: Gates
  readonly budget: Budget
  readonly shop: Workshop
  readonly cut: AbortController
  close(): Promise<void>
}

async function openBench(options: WorkerOptions): Promise<Bench> {
  const { store, environment, clock, models, onNote } = options
  const planNumber = await store.planNumber()
  const plan = (await store.plan()) as Plan | null
  if (!plan)
    throw new InputError(`${store.where} holds no plan`, 'Make one: codesteer run plan.json --queue postgres://…')
  await refuseOtherVersions(plan)
  const prices = models?.prices ?? (environment.CODESTEER_PRICES ? await loadPrices(environment.CODESTEER_PRICES) : [])
  const elapsedMs = () => performance.now()
  const budget = new Budget(plan.limits, elapsedMs)
  const gates = new Gates({
    clock,
    elapsedMs,
    budget,
    limits: provider => ({
      concurrency: plan.limits.providers[provider]?.concurrency ?? options.concurrency ?? plan.limits.concurrency,
      requestsPerMinute: plan.limits.providers[provider]?.requestsPerMinute ?? null,
    }),
  })
  const own = options.sandbox ? undefined : await openSandbox(plan)
  const cut = new AbortController()
  const world = { environment, ledger: store.ledger, ...(models ? { models } : {}) }
  const shop = workshop({
    plan,
    store,
    sandbox: options.sandbox ?? own!,
    openModel: id => openModel(id, modelOptions(id, { options: world, gates, prices })),
    environment,
    clock: steadyClock(clock),
    signal: cut.signal,
    stopping: () => gates.stopped,
    onEvent: (_, event) => budget.count(event),
    onAnew: item => onNote?.(`${item.key} begins anew: the loop changed since its record was made`),
  })
  try {
    await shop.ready()
  } catch (error) {
    await own?.close()
    throw error
  }
  const items = new Map(expand(plan).map(item => [item.key, item]))
  return { plan, planNumber, items, gates, budget, shop, cut, close: async () => own?.close() }
}

/** Workers of different builds must not draw different questions for the same item. */
async function refuseOtherVersions(plan: Plan): Promise<void> {
  for (const { slug, version } of plan.tasks) {
    const task = await load<Task>('tasks', slug)
    if (task.version === version) continue
    throw new InputError(
      `the run was planned with version ${version} of task ${slug}; this worker has version ${task.version}`,
      'Install the same version of codesteer on every machine, or plan the run anew.',
    )
  }
}

/** What changes while a bench is worked at. */
interface Shift {
  readonly bench: Bench
  readonly options: WorkerOptions
  readonly counts: { done: number; failed: number; givenBack: number }
  readonly underWay: Map<string, Job>
  readonly ending: Ending
}

async function workOff(
  bench: Bench,
  parts: Pick<Shift, 'options' | 'counts' | 'underWay'>,
): Promise<WorkerOutcome | 'another plan'> {
  const { options, underWay } = parts
  const { queue } = options
  const ending = endingOf(bench, options)
  const shift = { ...parts, bench, ending }
  const most = options.concurrency ?? bench.plan.limits.concurrency
  const atWork = new Set<Promise<void>>()
  let end: 'idle' | 'empty' = 'idle'
  const beat = setInterval(() => {
    // One that does not get through is made good by the next; if none does, others rightly take the jobs.
    queue.beat([...underWay.values()]).catch(() => undefined)
  }, options.leaseMs / 4)
  try {
    for (;;) {
      await ending.look()
      if (bench.gates.stopped || (ending.replanned && atWork.size === 0)) break
      const room = ending.replanned ? 0 : most + Math.min(bench.gates.sleeping(), most) - atWork.size
      const jobs = room > 0 ? await queue.take(room) : []
      for (const job of jobs) {
        underWay.set(job.id, job)
        const work = workOn(job, shift).finally(() => {
          underWay.delete(job.id)
          atWork.delete(work)
        })
        atWork.add(work)
      }
      if (jobs.length === 0 && atWork.size === 0 && options.until !== 'never') {
        const { waiting, lent } = await queue.counts()
        end = waiting + lent === 0 ? 'empty' : 'idle'
        if (end === 'empty' || end === options.until) break
      }
      if (jobs.length === 0 || jobs.length === room) await pause(atWork, ending.stopped)
    }
    await Promise.all(atWork)
  } finally {
    clearInterval(beat)
    ending.over()
    bench.gates.stop('the shift is over')
    await Promise.allSettled(atWork)
    await bench.close()
  }
  const { why, failure, crash, replanned } = ending
  if (crash) throw crash.error
  if (why !== null) return { end: 'stopped', why, failure }
  return replanned ? 'another plan' : { end, why, failure }
}

/** Until a trajectory ends, the shift is to stop, or it is time to look for jobs again. */
async function pause(atWork: ReadonlySet<Promise<void>>, stopped: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, lookEveryMs)
  await Promise.race([promise, stopped, ...atWork])
  clearTimeout(timer)
}

/** Works on a borrowed job and ends the borrowing in the way its item ended. */
async function workOn(job: Job, { bench, options, counts, ending }: Shift): Promise<void> {
  const { queue, store, clock } = options
  const giveBack = async () => {
    counts.givenBack++
    await store.release(job.key)
    await queue.giveBack(job)
  }
  try {
    const item = bench.items.get(job.key)
    if (!item) {
      // Of an earlier plan, or of one that was recorded a moment ago: then it must not be lost.
      if (await ending.isReplanned()) await queue.giveBack(job)
      else await queue.done(job)
      return
    }
    const leased = await store.lease(job.key)
    if (leased === 'held') {
      // Its former worker is silent for the queue but still beats in the store: a moment later one of the two is over.
      await clock.sleep(1_000)
      return await queue.giveBack(job)
    }
    if (leased !== 'leased') return await queue.done(job)
    const outcome = await bench.shop.work(item)
    if (outcome.state === 'open' || ending.blames(outcome)) return await giveBack()
    counts[outcome.state]++
    await queue.done(job)
  } catch (error) {
    // Somebody else goes on with it.
    if (error instanceof LeaseLost) return
    ending.crashed(error)
    // The database may be what failed; then the end of the lease gives it back.
    await giveBack().catch(() => undefined)
  }
}

/** When and why a shift ends before its work does. */
interface Ending {
  readonly why: string | null
  readonly failure: WorkerOutcome['failure']
  readonly crash: { readonly error: unknown } | null
  /** True once the run has another plan: what is under way may finish, then the bench is set up anew. */
  readonly replanned: boolean
  /** Looks at once whether there is another plan. */
  isReplanned(): Promise<boolean>
  readonly stopped: Promise<void>
  crashed(error: unknown): void
  /** Whether a failure says more about this machine than about the item: others should try it, and this worker stops. */
  blames(outcome: ItemOutcome): boolean
  /** Looks, now and then, at what other workers and the planner have done meanwhile. */
  look(): Promise<void>
  over(): void
}

function endingOf(bench: Bench, options: WorkerOptions): Ending {
  const { gates, budget, cut } = bench
  const { signal, store, graceMs = 5_000 } = options
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  const told: { -readonly [K in keyof Pick<Ending, 'why' | 'failure' | 'crash' | 'replanned'>]: Ending[K] } = {
    why: null,
    failure: null,
    crash: null,
    replanned: false,
  }
  const stop = (why: string) => {
    told.why ??= why
    gates.stop(why)
    resolve()
  }
  let grace: NodeJS.Timeout | undefined
  const onAbort = () => {
    stop('stopped by you')
    grace = setTimeout(() => cut.abort(signal.reason), graceMs)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  let others: Spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }
  let lookedAt = Number.NEGATIVE_INFINITY
  let brokenInARow = 0
  const isReplanned = async () => {
    told.replanned ||= (await store.planNumber()) !== bench.planNumber
    return told.replanned
  }
  return Object.assign(told, {
    stopped,
    isReplanned,
    crashed(error: unknown) {
      told.crash ??= { error }
      stop(error instanceof CodeSteerError ? error.message : `a defect of codesteer: ${messageOf(error)}`)
    },
    blames(outcome: ItemOutcome) {
      const error = outcome.state === 'failed' ? outcome.end.error : undefined
      brokenInARow = error?.kind === 'sandbox' ? brokenInARow + 1 : 0
      if (!error) return false
      told.failure = error
      const broken = brokenInARow >= sandboxFailures
      const refused = error.kind === 'provider' && /^(authentication|unknown-model)$/.test(error.fault ?? '')
      if (broken) stop(`the sandbox fails again and again: ${error.message}`)
      if (refused) stop(error.message)
      return broken || refused
    },
    async look() {
      if (performance.now() - lookedAt >= lookAroundMs) {
        lookedAt = performance.now()
        await isReplanned()
        // Caps are of the whole run: what others finished counts as well.
        const now = await store.spentByOthers()
        budget.add(difference(now, others))
        others = now
      }
      const reached = budget.reached()
      if (reached) stop(reached)
    },
    over() {
      signal.removeEventListener('abort', onAbort)
      clearTimeout(grace)
    },
  })
}

const difference = (now: Spent, before: Spent): Spent => ({
  calls: now.calls - before.calls,
  inputTokens: now.inputTokens - before.inputTokens,
  outputTokens: now.outputTokens - before.outputTokens,
  costUsd: now.costUsd === null || before.costUsd === null ? null : now.costUsd - before.costUsd,
})
