import { availableParallelism } from 'node:os'
import { CodeSteerError, InputError, messageOf } from '../errors.ts'
import type { ChatModel } from '../model.ts'
import type { CallLedger } from '../models/_shared/ledger.ts'
import { type ModelOptions, openModel } from '../models/_shared/open.ts'
import { patientFetch } from '../models/_shared/patient-fetch.ts'
import type { PriceRow } from '../models/_shared/price-table.ts'
import { loadPrices, priceOf } from '../models/_shared/prices.ts'
import type { Sandbox } from '../sandbox.ts'
import { chooseSandbox } from '../sandboxes/_shared/choose.ts'
import type { ItemState, RunStore, Summary, WorkItem } from '../store/run-store.ts'
import type { TrajectoryEnd } from '../trajectory.ts'
import { type Clock, steadyClock } from '../util/clock.ts'
import { Budget, type Spent } from './budget.ts'
import { estimate, type RunEstimate } from './estimate.ts'
import { Gates, providerOf, runRetryPolicy } from './limits.ts'
import { expand, type Plan } from './plan.ts'
import { RunProgress, type RunSnapshot } from './progress.ts'
import { type ItemOutcome, type Workshop, workshop } from './workshop.ts'

/** What a run is worked off with. */
export interface RunOptions {
  readonly plan: Plan
  readonly store: RunStore
  /** Where paid calls are kept; null: every call is made anew (for models that cost nothing). */
  readonly ledger: CallLedger | null
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Aborting stops the run: what is under way may finish for `graceMs`, then it is cut off. Trajectories stay open. */
  readonly signal?: AbortSignal
  readonly graceMs?: number
  /** A count of milliseconds that only grows. Default: this process's. */
  readonly elapsedMs?: () => number
  /** An open sandbox of the caller's; default: the plan's, opened with as many places as there are cores. */
  readonly sandbox?: Sandbox
  /** More about opening models: server address, prices, retry, time-outs. */
  readonly models?: Partial<ModelOptions>
  /** For tests: opens models in another way; gates and ledger do not touch them. */
  readonly openModel?: (id: string) => Promise<ChatModel>
  /** Said to a person as it happens. */
  readonly onNote?: (note: string) => void
}

/** What a start found and will do. */
export interface RunOverview {
  readonly total: number
  readonly added: number
  readonly done: number
  readonly open: number
  readonly failed: number
  /** Items of an earlier plan on the same store: kept, not worked on. */
  readonly superseded: number
  readonly spent: Spent
  readonly estimate: RunEstimate
}

/** How a start of a run ended. */
export interface RunOutcome {
  /** `finished`: nothing is left. `stopped`: a cap or the caller. `incomplete`: some items were set aside. */
  readonly end: 'finished' | 'stopped' | 'incomplete'
  /** Why it stopped, or what set the items aside, in words; null when finished. */
  readonly why: string | null
  /** The latest failure that set an item aside. */
  readonly failure: NonNullable<TrajectoryEnd['error']> | null
  readonly snapshot: RunSnapshot
}

/** A run that is ready to be worked off. */
export interface PreparedRun {
  readonly overview: RunOverview
  snapshot(): RunSnapshot
  /** Works everything off. Throws InputError before anything is sent, StoreError when nothing can be written any more. */
  work(): Promise<RunOutcome>
}

/** A sandbox that fails so often in a row is broken; going on would only set everything aside. */
const sandboxFailures = 3

/**
 * Records the plan, adds its items, and looks at what earlier starts left. Idempotent: items have stable keys, and what is
 * done is done.
 */
export async function prepareRun(options: RunOptions): Promise<PreparedRun> {
  const { plan, store, environment } = options
  const prices =
    options.models?.prices ?? (environment.CODESTEER_PRICES ? await loadPrices(environment.CODESTEER_PRICES) : [])
  refuseUnknownPrices(plan, prices)
  await store.recordPlan(plan)
  const planned = expand(plan)
  const added = await store.addItems(planned)
  const current = new Map(planned.map(item => [item.key, item]))
  const inState = async (state: ItemState) =>
    (await store.items(state)).filter(({ key }) => current.has(key)).map(({ key }) => current.get(key)!)
  const [open, failed, waiting] = [await inState('open'), await inState('failed'), await inState('waiting')]
  const summaries = await store.summaries({ branches: true })
  const elapsedMs = options.elapsedMs ?? (() => performance.now())
  const budget = new Budget(plan.limits, elapsedMs)
  const progress = new RunProgress(elapsedMs)
  for (const item of planned) progress.add(item)
  for (const summary of summaries) {
    budget.add(spentOf(summary))
    if (summary.costUsd !== null && summary.calls > 0) budget.expect(summary.model, summary.costUsd / summary.calls)
    const item = current.get(summary.key)
    if (item && summary.branchOf === null) progress.earlier({ ...summary, label: item.label })
  }
  for (const item of open) for (const event of (await store.eventsOf(item.key)).events) budget.count(event)
  const before = budget.spent
  const gates = new Gates({
    clock: options.clock,
    elapsedMs,
    budget,
    concurrency: plan.limits.concurrency,
    limits: provider => ({
      concurrency: plan.limits.providers[provider]?.concurrency ?? plan.limits.concurrency,
      requestsPerMinute: plan.limits.providers[provider]?.requestsPerMinute ?? null,
    }),
  })
  const left = [...open, ...failed, ...waiting]
  const state: RunState = { options, budget, gates, progress, before, prices, left, why: null, failure: null }
  return {
    overview: {
      total: planned.length,
      added,
      done: planned.length - left.length,
      open: open.length,
      failed: failed.length,
      superseded: (await store.items()).filter(({ key }) => !current.has(key)).length,
      spent: before,
      estimate: estimate(plan, left, summaries, prices),
    },
    snapshot: () => snapshotOf(state),
    work: () => workThrough(state),
  }
}

/** Everything in one: prepares a run and works it off. */
export async function runPlan(options: RunOptions): Promise<RunOutcome> {
  return (await prepareRun(options)).work()
}

/** The part of a run's options that is about models. */
export type ModelWorld = Pick<RunOptions, 'environment' | 'ledger' | 'models'>

interface RunState {
  readonly options: RunOptions
  readonly budget: Budget
  readonly gates: Gates
  readonly progress: RunProgress
  readonly before: Spent
  readonly prices: readonly PriceRow[]
  readonly left: readonly WorkItem[]
  /** Why no more is begun. */
  why: string | null
  failure: RunOutcome['failure']
}

/** A cap on money that cannot hold must not be promised. */
export function refuseUnknownPrices(plan: Plan, prices: readonly PriceRow[]): void {
  if (plan.limits.costUsd === null) return
  const others = plan.methods.flatMap(({ models, coach }) => [
    models.checker,
    models.summariser,
    // What stands behind `rules:` is a router's file, not a model.
    coach.includes(':') && !coach.startsWith('rules:') ? coach.slice(coach.indexOf(':') + 1) : undefined,
  ])
  const unknown = [...plan.models, ...others].find(id => id?.includes('/') && priceOf(id, prices) === null)
  if (unknown === undefined) return
  throw new InputError(
    `limits.costUsd: the price of ${unknown} is unknown, so the cap could not hold`,
    'Give its price in a file that CODESTEER_PRICES names, or cap tokens instead (limits.tokens, --max-tokens).',
  )
}

export const spentOf = (summary: Summary): Spent => ({
  calls: summary.calls,
  inputTokens: summary.inputTokens,
  outputTokens: summary.outputTokens,
  costUsd: summary.costUsd,
})

function snapshotOf({ budget, gates, progress, before, why }: RunState): RunSnapshot {
  const { spent } = budget
  const spentNow: Spent = {
    calls: spent.calls - before.calls,
    inputTokens: spent.inputTokens - before.inputTokens,
    outputTokens: spent.outputTokens - before.outputTokens,
    costUsd: spent.costUsd === null || before.costUsd === null ? null : spent.costUsd - before.costUsd,
  }
  return progress.snapshot({ spent, spentNow, providers: gates.states(), stopping: why })
}

async function workThrough(state: RunState): Promise<RunOutcome> {
  const { options, gates, budget } = state
  const { plan, store, environment, signal } = options
  const cut = new AbortController()
  const stop = (why: string) => {
    state.why ??= why
    gates.stop(why)
  }
  const watch = watchFor(state, stop, cut)
  const writes = closingWrites(stop)
  let own: Sandbox | undefined
  try {
    if (state.left.length === 0) return { end: 'finished', why: null, failure: null, snapshot: snapshotOf(state) }
    own = options.sandbox ? undefined : await openSandbox(plan)
    const shop = workshop({
      plan,
      store,
      sandbox: options.sandbox ?? own!,
      openModel: options.openModel ?? (id => openModel(id, modelOptions(id, state))),
      environment,
      clock: steadyClock(options.clock, options.elapsedMs),
      signal: cut.signal,
      stopping: () => gates.stopped,
      onEvent: (_, event) => {
        budget.count(event)
        watch.look()
      },
      onAnew: item => options.onNote?.(`${item.key} begins anew: the loop changed since its record was made`),
      later: writes.add,
    })
    await shop.ready()
    signal?.throwIfAborted()
    await dispatch(state, shop, stop)
    await writes.all()
  } finally {
    watch.end()
    gates.stop('the run is over')
    await own?.close()
  }
  const snapshot = snapshotOf(state)
  const { failure, why } = state
  if (snapshot.left === 0) return { end: 'finished', why: null, failure, snapshot }
  if (why !== null) return { end: 'stopped', why, failure, snapshot }
  const kinds = Object.entries(snapshot.errors).map(([kind, count]) => `${count} × ${kind}`)
  return { end: 'incomplete', why: kinds.join(', '), failure, snapshot }
}

/** Finished trajectories that are being written down while others go on; a failure stops the run. */
function closingWrites(stop: (why: string) => void) {
  const pending = new Set<Promise<unknown>>()
  let failure: { readonly error: unknown } | undefined
  return {
    add(written: Promise<unknown>) {
      const settled = written
        .catch(error => {
          failure ??= { error }
          stop(messageOf(error))
        })
        .finally(() => pending.delete(settled))
      pending.add(settled)
    },
    async all() {
      await Promise.all(pending)
      if (failure) throw failure.error
    },
  }
}

/** Stops the run when a cap is reached or the caller asks for it; cuts off what does not end within the grace. */
function watchFor(state: RunState, stop: (why: string) => void, cut: AbortController) {
  const { budget, options } = state
  const { signal, graceMs = 5_000 } = options
  const timers: NodeJS.Timeout[] = []
  const look = () => {
    const reached = budget.reached()
    if (reached) stop(reached)
  }
  const onAbort = () => {
    stop('stopped by you')
    timers.push(setTimeout(() => cut.abort(signal?.reason), graceMs))
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  look()
  // Time passes without events as well.
  timers.push(setInterval(look, 500))
  return {
    look,
    end() {
      signal?.removeEventListener('abort', onAbort)
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

export async function openSandbox(plan: Plan): Promise<Sandbox> {
  const { kind } = await chooseSandbox(plan.sandbox ?? undefined)
  return kind.open({ parallel: availableParallelism() })
}

/** How a run opens its models: through its gates, with its ledger and its patience. */
export function modelOptions(
  id: string,
  { options, gates, prices }: Pick<RunState, 'gates' | 'prices'> & { readonly options: ModelWorld },
): ModelOptions {
  const { environment, ledger, models } = options
  return {
    environment,
    ...models,
    prices,
    clock: gates.clock,
    gate: gates,
    retry: { ...runRetryPolicy, ...models?.retry },
    fetch: gates.listening(id, models?.fetch ?? patientFetch()),
    onWait: wait => gates.waits(id, wait),
    ...(ledger ? { ledger } : {}),
  }
}

/**
 * Conversations kept ready beyond the plan's number, so that none of its places at the providers stands empty while a
 * program runs, an answer is judged or the disk is waited for. They send nothing before a place is free. None beyond a
 * single one: who asks for one at a time wants them one after the other.
 */
const readyBeyond = (concurrency: number) => Math.ceil((concurrency - 1) / 2)

/** Keeps as many trajectories under way as the plan allows; those that wait for a provider that is away do not count. */
async function dispatch(state: RunState, shop: Workshop, stop: (why: string) => void): Promise<void> {
  const { options, gates, progress } = state
  const { concurrency } = options.plan.limits
  const most = concurrency + readyBeyond(concurrency)
  const queue = new Queue(state.left)
  const underWay = new Set<WorkItem>()
  const blame = blamer(queue, stop)
  let fatal: { readonly error: unknown } | undefined
  const workOn = async (item: WorkItem) => {
    progress.begin(item)
    let outcome: ItemOutcome | undefined
    try {
      outcome = await shop.work(item)
      blame(item, outcome)
      if (outcome.state === 'failed') state.failure = outcome.end.error ?? null
    } catch (error) {
      fatal ??= { error }
      stop(error instanceof CodeSteerError ? error.message : 'a defect of codesteer')
    } finally {
      progress.end(item, outcome && outcome.state !== 'open' ? outcome.summary : null)
    }
  }
  let stirred = Promise.withResolvers<void>()
  const stir = () => stirred.resolve()
  gates.onChange(stir)
  const isAway = (item: WorkItem) => gates.of(providerOf(item.model)).away
  for (;;) {
    while (!gates.stopped && underWay.size < 2 * most) {
      const waiting = gates.sleeping()
      if (underWay.size - waiting >= most) break
      const item = queue.next(underWay.size === 0 ? () => false : isAway)
      if (!item) break
      underWay.add(item)
      void workOn(item).finally(() => {
        underWay.delete(item)
        stir()
      })
    }
    if (underWay.size === 0) break
    await stirred.promise
    stirred = Promise.withResolvers<void>()
  }
  if (fatal) throw fatal.error
}

/** What is left, in its order, by model, so that a model that cannot be used is passed over. */
class Queue {
  readonly #byModel = new Map<string, { readonly items: WorkItem[]; at: number }>()
  #turn = 0

  constructor(items: readonly WorkItem[]) {
    for (const item of items) {
      const known = this.#byModel.get(item.model)
      if (known) known.items.push(item)
      else this.#byModel.set(item.model, { items: [item], at: 0 })
    }
  }

  /** The next item, model after model; those for which `passOver` holds have to wait. */
  next(passOver: (item: WorkItem) => boolean): WorkItem | undefined {
    const lists = [...this.#byModel.values()]
    for (let i = 0; i < lists.length; i++) {
      const list = lists[(this.#turn + i) % lists.length]!
      const item = list.items[list.at]
      if (!item || passOver(item)) continue
      list.at++
      this.#turn = (this.#turn + i + 1) % lists.length
      return item
    }
    return undefined
  }

  /** Begins nothing more on this model. */
  drop(model: string): void {
    this.#byModel.delete(model)
  }
}

/** Decides what a failure means for the rest: a wrong key fails every item of its model, a broken sandbox all of them. */
function blamer(queue: Queue, stop: (why: string) => void) {
  let inARow = 0
  const model: ReadonlySet<string> = new Set(['authentication', 'unknown-model', 'spend-cap'])
  return (item: WorkItem, outcome: ItemOutcome) => {
    const error: TrajectoryEnd['error'] = outcome.state === 'failed' ? outcome.end.error : undefined
    inARow = error?.kind === 'sandbox' ? inARow + 1 : 0
    if (inARow >= sandboxFailures) stop(`the sandbox fails again and again: ${error?.message}`)
    if (error?.kind === 'provider' && model.has(error.fault ?? '')) queue.drop(item.model)
  }
}
