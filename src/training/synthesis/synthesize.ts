import { CodeSteerError, InputError } from '../../errors.ts'
import { Budget, type Spent } from '../../experiment/budget.ts'
import { Gates } from '../../experiment/limits.ts'
import { type ModelWorld, modelOptions, openSandbox, refuseUnknownPrices } from '../../experiment/run.ts'
import type { ChatModel } from '../../model.ts'
import { openModel } from '../../models/_shared/open.ts'
import type { PriceRow } from '../../models/_shared/price-table.ts'
import { loadPrices } from '../../models/_shared/prices.ts'
import type { Sandbox } from '../../sandbox.ts'
import type { RunStore, Summary, WorkItem } from '../../store/run-store.ts'
import type { TrajectoryEnd } from '../../trajectory.ts'
import { type Clock, steadyClock } from '../../util/clock.ts'
import { estimateSynthesis, type SynthesisEstimate } from './estimate.ts'
import { type PathOutcome, type PathSpec, pathGrower } from './path.ts'
import { coachModel, expandSynthesis, type SynthesisPlan } from './plan.ts'
import { SynthesisProgress, type SynthesisSnapshot } from './progress.ts'
import { schemeOf } from './schemes.ts'

export interface SynthesisOptions extends ModelWorld {
  readonly plan: SynthesisPlan
  /** Where the trees are kept; a run's file on SQLite, since branches are written while they grow. */
  readonly store: RunStore
  readonly clock: Clock
  /** Aborting stops the synthesis: what is under way may finish for `graceMs`, then it is cut off. */
  readonly signal?: AbortSignal
  readonly graceMs?: number
  /** A count of milliseconds that only grows. Default: this process's. */
  readonly elapsedMs?: () => number
  /** An open sandbox of the caller's; default: the plan's. */
  readonly sandbox?: Sandbox
  /** For tests: opens models in another way; gates and ledger do not touch them. */
  readonly openModel?: (id: string) => Promise<ChatModel>
  /** Said to a person as it happens. */
  readonly onNote?: (note: string) => void
}

export interface SynthesisOutcome {
  /** `finished`: every tree is whole. `stopped`: a cap or the caller. `incomplete`: some paths failed. */
  readonly end: 'finished' | 'stopped' | 'incomplete'
  /** Why it is not finished, in words. */
  readonly why: string | null
  readonly failure: NonNullable<TrajectoryEnd['error']> | null
  readonly snapshot: SynthesisSnapshot
}

/** A synthesis that is ready to be worked off. */
export interface PreparedSynthesis {
  /** What an earlier start left: trees begun, paths that are over, and what all of it cost. */
  readonly earlier: { readonly trees: number; readonly paths: number; readonly spent: Spent }
  readonly estimate: SynthesisEstimate
  snapshot(): SynthesisSnapshot
  /** Throws InputError before anything is sent, StoreError when nothing can be written any more. */
  work(): Promise<SynthesisOutcome>
}

/** A sandbox that fails so often in a row is broken. */
const sandboxFailures = 3

/** Paths kept ready beyond the calls at once, so that no place stands empty while a program runs. */
const readyBeyond = (concurrency: number) => Math.ceil(concurrency / 4)

interface State {
  readonly options: SynthesisOptions
  readonly items: readonly WorkItem[]
  readonly earlier: ReadonlyMap<string, Summary>
  readonly budget: Budget
  readonly gates: Gates
  readonly prices: readonly PriceRow[]
  readonly progress: SynthesisProgress
  readonly before: Spent
  why: string | null
  failure: SynthesisOutcome['failure']
  /** Paths that could not be grown, and those whose record is of another loop. */
  left: number
}

/**
 * Records the plan, adds its questions, and looks at what earlier starts left. Idempotent: trees and paths have stable names,
 * and a path that is over is not grown again.
 */
export async function prepareSynthesis(options: SynthesisOptions): Promise<PreparedSynthesis> {
  const { plan, store, environment } = options
  const prices =
    options.models?.prices ?? (environment.CODESTEER_PRICES ? await loadPrices(environment.CODESTEER_PRICES) : [])
  refuseUnknownPrices(plan.base, prices)
  const items = expandSynthesis(plan)
  await refuseOtherRuns(store)
  const { base: _, ...recorded } = plan
  await store.recordPlan(recorded)
  await store.addItems(items)
  const elapsedMs = options.elapsedMs ?? (() => performance.now())
  const budget = new Budget(plan.limits, elapsedMs)
  const rows = await store.summaries({ branches: true })
  for (const row of rows) await countEarlier(row, store, budget)
  // A first path that is open has no row yet.
  for (const { key } of await store.items('open'))
    for (const event of (await store.eventsOf(key)).events) budget.count(event)
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
  const estimate = estimateSynthesis(plan, prices)
  const state: State = {
    options,
    items,
    earlier: new Map(rows.map(row => [row.trajectoryId, row])),
    budget,
    gates,
    prices,
    progress: new SynthesisProgress(items.length, estimate.paths, {
      elapsedMs,
      simulated: plan.model.startsWith('simulated/'),
    }),
    before: budget.spent,
    why: null,
    failure: null,
    left: 0,
  }
  const own = new Set(items.map(({ key }) => key))
  const ours = rows.filter(row => own.has(row.key) && row.state === 'done')
  return {
    earlier: { trees: new Set(ours.map(row => row.key)).size, paths: ours.length, spent: budget.spent },
    estimate,
    snapshot: () => snapshotOf(state),
    work: () => workThrough(state),
  }
}

/** A run of an experiment is no place for trees: its report would not know what they are. */
async function refuseOtherRuns(store: RunStore): Promise<void> {
  const plan = (await store.plan()) as { readonly type?: unknown } | null
  if (plan === null || plan.type === 'synthesis') return
  throw new InputError(
    `${store.where} holds a run that is no synthesis`,
    'Name another file with --out; codesteer data export takes any run as it is.',
  )
}

/** Counts what a row cost by itself: a branch shares what lies before its turn with the path that it parts from. */
async function countEarlier(row: Summary, store: RunStore, budget: Budget): Promise<void> {
  const from = row.branchOf?.turn ?? 0
  for (const event of await store.trajectory(row.trajectoryId))
    if ('turn' in event && event.turn >= from) budget.count(event)
}

function snapshotOf({ budget, gates, progress, before, why }: State): SynthesisSnapshot {
  const { spent } = budget
  const spentNow: Spent = {
    calls: spent.calls - before.calls,
    inputTokens: spent.inputTokens - before.inputTokens,
    outputTokens: spent.outputTokens - before.outputTokens,
    costUsd: spent.costUsd === null || before.costUsd === null ? null : spent.costUsd - before.costUsd,
  }
  return progress.snapshot({ spent, spentNow, providers: gates.states(), stopping: why })
}

async function workThrough(state: State): Promise<SynthesisOutcome> {
  const { options, gates, budget } = state
  const { plan, signal, graceMs = 5_000 } = options
  const cut = new AbortController()
  const stop = (why: string) => {
    state.why ??= why
    gates.stop(why)
  }
  const look = () => {
    const reached = budget.reached()
    if (reached) stop(reached)
  }
  const timers: NodeJS.Timeout[] = []
  const onAbort = () => {
    stop('stopped by you')
    timers.push(setTimeout(() => cut.abort(signal?.reason), graceMs))
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  look()
  timers.push(setInterval(look, 500))
  let own: Sandbox | undefined
  try {
    own = options.sandbox ? undefined : await openSandbox(plan.base)
    const opened = new Map<string, Promise<ChatModel>>()
    const open =
      options.openModel ?? ((id: string) => openModel(id, modelOptions(id, { options, gates, prices: state.prices })))
    const openOnce = (id: string) => {
      const known = opened.get(id) ?? open(id)
      opened.set(id, known)
      return known
    }
    const grow = pathGrower({
      plan,
      store: options.store,
      earlier: state.earlier,
      sandbox: options.sandbox ?? own!,
      openModel: openOnce,
      environment: options.environment,
      clock: steadyClock(options.clock, options.elapsedMs),
      signal: cut.signal,
      stopping: () => gates.stopped,
      onEvent: event => {
        budget.count(event)
        look()
      },
    })
    // A missing key is an error before anything is paid.
    for (const id of modelsOf(plan)) await openOnce(id)
    await growAll(state, grow, stop)
  } finally {
    signal?.removeEventListener('abort', onAbort)
    for (const timer of timers) clearTimeout(timer)
    gates.stop('the synthesis is over')
    await own?.close()
  }
  const { why, failure } = state
  const snapshot = snapshotOf(state)
  if (why !== null) return { end: 'stopped', why, failure, snapshot }
  if (state.left === 0) return { end: 'finished', why: null, failure, snapshot }
  return { end: 'incomplete', why: `${state.left} paths could not be grown`, failure, snapshot }
}

const modelsOf = (plan: SynthesisPlan): string[] => [
  plan.model,
  ...(plan.checkerModel === null ? [] : [plan.checkerModel]),
  ...plan.coaches.map(coachModel).filter(model => model !== null),
]

/** Grows all trees by the plan's scheme, so many paths at once; the first defect ends it. */
async function growAll(state: State, grow: (spec: PathSpec) => Promise<PathOutcome>, stop: (why: string) => void) {
  const { options, gates, progress, items } = state
  const { concurrency } = options.plan.limits
  const atOnce = concurrency + readyBeyond(concurrency)
  const places = placesFor(atOnce)
  let fatal: { readonly error: unknown } | undefined
  let sandboxInARow = 0
  const growOne = async (spec: PathSpec): Promise<PathOutcome> => {
    const leave = await places.enter()
    try {
      if (gates.stopped) return { state: 'open' }
      const outcome = await grow(spec)
      progress.path(outcome)
      if (outcome.state === 'changed') {
        state.left++
        options.onNote?.(`${spec.item.key} is left as it stands: the loop decides otherwise since its record was made`)
      }
      if (outcome.state !== 'failed') {
        sandboxInARow = 0
        return outcome
      }
      state.left++
      const { error } = outcome.end
      state.failure = error ?? null
      sandboxInARow = error?.kind === 'sandbox' ? sandboxInARow + 1 : 0
      if (sandboxInARow >= sandboxFailures) stop(`the sandbox fails again and again: ${error?.message}`)
      if (['authentication', 'unknown-model'].includes(error?.fault ?? '')) stop(error!.message)
      return outcome
    } catch (error) {
      fatal ??= { error }
      stop(error instanceof CodeSteerError ? error.message : 'a defect of codesteer')
      return { state: 'open' }
    } finally {
      leave()
    }
  }
  await schemeOf[options.plan.scheme]({
    plan: options.plan,
    items,
    grow: growOne,
    stopped: () => gates.stopped,
    onTree: () => {
      if (!gates.stopped) progress.tree()
    },
    atOnce,
  })
  if (fatal) throw fatal.error
}

/** So many at once; the others wait in line. */
function placesFor(most: number) {
  let free = most
  const line: (() => void)[] = []
  const leave = () => {
    const next = line.shift()
    if (next) next()
    else free++
  }
  return {
    async enter(): Promise<() => void> {
      if (free > 0) free--
      else await new Promise<void>(resolve => line.push(resolve))
      return leave
    },
  }
}
