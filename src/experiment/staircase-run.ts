import { availableParallelism } from 'node:os'
import type { FailureKind } from '../errors.ts'
import type { ChatModel } from '../model.ts'
import type { Ledger } from '../models/_shared/ledger.ts'
import { type ModelOptions, openModel } from '../models/_shared/open.ts'
import { patientFetch } from '../models/_shared/patient-fetch.ts'
import { load } from '../registry.ts'
import type { Sandbox } from '../sandbox.ts'
import { chooseSandbox } from '../sandboxes/_shared/choose.ts'
import type { RunStore, WorkItem } from '../store/run-store.ts'
import type { Task } from '../task.ts'
import type { TrajectoryEnd } from '../trajectory.ts'
import { type Clock, steadyClock } from '../util/clock.ts'
import { Budget } from './budget.ts'
import { Gates, runRetryPolicy } from './limits.ts'
import { expand, type Plan } from './plan.ts'
import { type StaircaseOptions, type StaircaseState, type StaircaseStop, staircase } from './staircase.ts'
import type { StaircaseLine, StaircaseLog } from './staircase-log.ts'
import { type Workshop, workshop } from './workshop.ts'

export interface StaircaseRunOptions {
  /** One method, one model; its tasks are searched, its `seed` is the first of every level. Its limits are caps. */
  readonly plan: Plan
  readonly log: StaircaseLog
  /** Where the trajectories are kept: resumable to the turn, and readable as a run. */
  readonly store: RunStore
  readonly ledger: Ledger | null
  readonly search: Omit<StaircaseOptions, 'levels'>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Aborting stops the search; the question under way may finish for `graceMs`. */
  readonly signal?: AbortSignal
  readonly graceMs?: number
  /** An open sandbox of the caller's; default: the plan's. */
  readonly sandbox?: Sandbox
  readonly models?: Partial<ModelOptions>
  /** For tests: opens models in another way. */
  readonly openModel?: (id: string) => Promise<ChatModel>
  /** Told after every question, and once for every task at the beginning (`line` is null then). */
  readonly onState?: (found: TaskSearch, line: StaircaseLine | null) => void
}

/** Where the search stands for one task. */
export interface TaskSearch {
  readonly task: string
  readonly levels: readonly string[]
  readonly state: StaircaseState
  /** Questions that could not be judged; they count for nothing. */
  readonly unscored: number
  readonly simulated: boolean
  readonly tokens: number
  /** US dollars; null when a price is unknown. */
  readonly costUsd: number | null
  /** Why it is over; `unscored`: too many questions in a row could not be judged. Null: not over. */
  readonly stop: StaircaseStop | 'unscored' | null
}

export interface StaircaseOutcome {
  readonly tasks: readonly TaskSearch[]
  /** `finished`: every task's search is over. `stopped`: a cap or the caller. `failed`: nothing could be asked any more. */
  readonly end: 'finished' | 'stopped' | 'failed'
  /** Why it is not finished, in words. */
  readonly why: string | null
  /** What the last question that could not be judged failed by. */
  readonly failure: { readonly kind: FailureKind; readonly message: string; readonly mend: string } | null
}

/** So many questions in a row that cannot be judged end a task's search. */
const mostUnscored = 3

interface Search {
  readonly task: Task
  readonly taskVersion: number
  /** Questions in a row that could not be judged at this start. */
  inARow: number
}

interface Running {
  readonly options: StaircaseRunOptions
  readonly budget: Budget
  readonly gates: Gates
  readonly shop: Workshop
  why: string | null
  failure: StaircaseOutcome['failure']
  fatal: { readonly error: unknown } | null
}

/**
 * Searches every task of the plan for the level at which the method is right half of the time. The same options on the
 * same log and store go on where they stopped: what is judged is not asked again, an open trajectory is continued, and
 * no seed is used twice. Throws InputError before anything is sent, StoreError when nothing can be written any more.
 */
export async function runStaircase(options: StaircaseRunOptions): Promise<StaircaseOutcome> {
  const { plan, store, signal, graceMs = 5_000 } = options
  const searches: Search[] = []
  for (const { slug, version } of plan.tasks)
    searches.push({ task: await load<Task>('tasks', slug), taskVersion: version, inARow: 0 })
  for (const search of searches) options.onState?.(stateOf(search, options), null)
  await store.recordPlan(plan)
  const cut = new AbortController()
  const running = await assemble(options, cut.signal)
  let timer: NodeJS.Timeout | undefined
  const onAbort = () => {
    stop(running, 'stopped by you')
    timer = setTimeout(() => cut.abort(signal?.reason), graceMs)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  const own = running.sandbox
  try {
    await running.shop.ready()
    if (signal?.aborted) onAbort()
    look(running)
    await workOff(running, searches)
  } finally {
    signal?.removeEventListener('abort', onAbort)
    clearTimeout(timer)
    running.gates.stop('the search is over')
    await own?.close()
  }
  if (running.fatal) throw running.fatal.error
  const tasks = searches.map(search => stateOf(search, options))
  const { why, failure } = running
  if (why !== null) return { tasks, end: 'stopped', why, failure }
  const given = tasks.filter(({ stop }) => stop === null || stop === 'unscored')
  if (given.length === 0) return { tasks, end: 'finished', why: null, failure }
  return { tasks, end: 'failed', why: `${given.map(({ task }) => task).join(', ')} could not be judged`, failure }
}

/** What the log says of a task. Lines of another version of the task are of other questions. */
export function stateOf({ task, taskVersion, inARow }: Search, options: StaircaseRunOptions): TaskSearch {
  const { log, search } = options
  const lines = log.lines.filter(line => line.task === task.slug && line.taskVersion === taskVersion)
  const judged = lines.filter(line => line.verdict !== 'unscored')
  const state = staircase(
    judged.map(({ level, verdict }) => ({ level, right: verdict === 'correct' })),
    { ...search, levels: task.levels.length },
  )
  return {
    task: task.slug,
    levels: task.levels.map(level => level.knob),
    state,
    unscored: lines.length - judged.length,
    simulated: lines.some(line => line.simulated),
    tokens: lines.reduce((sum, line) => sum + line.tokens, 0),
    costUsd: lines.reduce<number | null>(
      (sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd),
      0,
    ),
    stop: state.stop ?? (inARow >= mostUnscored ? 'unscored' : null),
  }
}

async function assemble(
  options: StaircaseRunOptions,
  cut: AbortSignal,
): Promise<Running & { readonly sandbox: Sandbox | undefined }> {
  const { plan, store, clock, environment, log } = options
  const elapsedMs = () => performance.now()
  const budget = new Budget(plan.limits, elapsedMs)
  for (const { tokens, costUsd } of log.lines) budget.add({ calls: 0, inputTokens: tokens, outputTokens: 0, costUsd })
  const gates = new Gates({
    clock,
    elapsedMs,
    budget,
    limits: () => ({ concurrency: plan.limits.concurrency, requestsPerMinute: null }),
  })
  const own = options.sandbox ? undefined : await openSandbox(plan)
  const running: Omit<Running, 'shop'> = { options, budget, gates, why: null, failure: null, fatal: null }
  const shop = workshop({
    plan,
    store,
    sandbox: options.sandbox ?? own!,
    openModel: options.openModel ?? (id => openModel(id, modelOptions(id, options, gates))),
    environment,
    clock: steadyClock(clock, elapsedMs),
    signal: cut,
    stopping: () => gates.stopped,
    onEvent: (_, event) => {
      budget.count(event)
      if (event.type === 'trajectory-end') blame(whole, event)
      look(whole)
    },
  })
  const whole = Object.assign(running, { shop, sandbox: own })
  return whole
}

async function openSandbox(plan: Plan): Promise<Sandbox> {
  const { kind } = await chooseSandbox(plan.sandbox ?? undefined)
  return kind.open({ parallel: availableParallelism() })
}

function modelOptions(id: string, { environment, models, ledger }: StaircaseRunOptions, gates: Gates): ModelOptions {
  return {
    environment,
    ...models,
    clock: gates.clock,
    gate: gates,
    retry: { ...runRetryPolicy, ...models?.retry },
    fetch: gates.listening(id, models?.fetch ?? patientFetch()),
    onWait: wait => {
      gates.waits(id, wait)
      models?.onWait?.(wait)
    },
    ...(ledger ? { ledger } : {}),
  }
}

function stop(running: Running, why: string): void {
  running.why ??= why
  running.gates.stop(why)
}

function look(running: Running): void {
  const reached = running.budget.reached()
  if (reached) stop(running, reached)
}

/** Several tasks at once, the questions of one task after each other: each is chosen by the answers before it. */
async function workOff(running: Running, searches: readonly Search[]): Promise<void> {
  const waiting = [...searches]
  const worker = async () => {
    for (let search = waiting.shift(); search && !running.gates.stopped; search = waiting.shift()) {
      try {
        await workOn(running, search)
      } catch (error) {
        running.fatal ??= { error }
        running.gates.stop('the search failed')
      }
    }
  }
  await Promise.all(Array.from({ length: running.options.plan.limits.concurrency }, worker))
}

async function workOn(running: Running, search: Search): Promise<void> {
  const { options, gates, shop } = running
  const { log, store, clock, onState } = options
  for (;;) {
    const found = stateOf(search, options)
    if (found.stop !== null || gates.stopped) return
    const item = nextItem(search, found.state.next, options)
    await store.addItems([item])
    const outcome = await shop.work(item)
    if (outcome.state === 'open') return
    const { summary } = outcome
    const end = outcome.state === 'failed' ? outcome.end : null
    if (end?.error?.fault === 'spend-cap' && gates.stopped) return
    const line: StaircaseLine = {
      type: 'asked',
      task: item.task,
      taskVersion: item.taskVersion,
      level: item.level,
      seed: item.seed,
      verdict: summary.verdict ?? 'unscored',
      why: summary.why,
      trajectory: summary.trajectoryId,
      simulated: summary.simulated,
      tokens: summary.inputTokens + summary.outputTokens,
      costUsd: summary.costUsd,
      tookMs: summary.tookMs,
      atMs: clock.nowMs(),
    }
    log.append(line)
    search.inARow = line.verdict === 'unscored' ? search.inARow + 1 : 0
    if (end) blame(running, end)
    onState?.(stateOf(search, options), line)
  }
}

/** A wrong key fails every question; there is no sense in asking more. */
function blame(running: Running, { error }: TrajectoryEnd): void {
  if (!error) return
  running.failure = error
  if (error.fault === 'authentication' || error.fault === 'unknown-model') running.gates.stop(error.message)
}

/** The question at a level that follows those asked there before, as an item of the plan. */
function nextItem({ task, taskVersion }: Search, level: number, { plan, log }: StaircaseRunOptions): WorkItem {
  const asked = log.lines.filter(
    line => line.task === task.slug && line.taskVersion === taskVersion && line.level === level,
  )
  const seed = asked.reduce((next, line) => Math.max(next, line.seed + 1), plan.seed)
  const tasks = [{ slug: task.slug, version: taskVersion, levels: [level] }]
  const [item] = expand({ ...plan, tasks, seed, samples: 1, trials: 1 })
  return item!
}
