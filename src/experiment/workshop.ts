import { openCoach } from '../assemble.ts'
import type { Checker } from '../checker.ts'
import { continuing } from '../continue.ts'
import { draw } from '../draw.ts'
import { episode } from '../episode.ts'
import { StoreError } from '../errors.ts'
import { fold } from '../fold.ts'
import type { Kit } from '../kit.ts'
import type { Method } from '../method.ts'
import type { ChatModel } from '../model.ts'
import { load } from '../registry.ts'
import type { Sandbox } from '../sandbox.ts'
import { coordinatesOf, type RunStore, type Summary, summarise, type WorkItem } from '../store/run-store.ts'
import type { Instance, Task, Verdict } from '../task.ts'
import type { TrajectoryEnd, TrajectoryEvent } from '../trajectory.ts'
import type { Clock } from '../util/clock.ts'
import { newId } from '../util/id.ts'
import { verifyTrajectory } from '../verify.ts'
import type { Plan, PlanMethod } from './plan.ts'

/** How work on an item ended. `open`: it was stopped and goes on at the next start. */
export type ItemOutcome =
  | { readonly state: 'done'; readonly summary: Summary }
  | { readonly state: 'failed'; readonly summary: Summary; readonly end: TrajectoryEnd }
  | { readonly state: 'open' }

export interface WorkshopOptions {
  readonly plan: Plan
  readonly store: RunStore
  readonly sandbox: Sandbox
  /** Opens models with the run's ledger, gates and retry. Called once for each id. */
  readonly openModel: (id: string) => Promise<ChatModel>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Aborting cuts off what is under way. */
  readonly signal: AbortSignal
  /** True when trajectories should be left as they stand after their next event. */
  readonly stopping: () => boolean
  /** Told of every new event once it is handed to the store. */
  readonly onEvent?: (item: WorkItem, event: TrajectoryEvent) => void
  /** Told when a record could not be continued because the loop or its parts changed since. */
  readonly onAnew?: (item: WorkItem) => void
  /**
   * Takes the writing of a finished trajectory, so that the next can begin meanwhile; whoever gives this waits for all of
   * them in the end. Without it `work` resolves when everything is on the disk.
   */
  readonly later?: (written: Promise<unknown>) => void
}

/** Works on single items of a plan: the same for a run in one process and for a worker among many. */
export interface Workshop {
  /** Opens every model and prepares every method of the plan, so that a missing key is an error before anything is paid. */
  ready(): Promise<void>
  /**
   * Begins or continues an item's trajectory and takes it to its end. Failures of providers and the sandbox are outcomes;
   * thrown are StoreError, and our own bugs in what surrounds the loop.
   */
  work(item: WorkItem): Promise<ItemOutcome>
}

/** Questions kept, since all methods ask the same one in a row. */
const keptInstances = 128

export function workshop(options: WorkshopOptions): Workshop {
  const { plan } = options
  const kits = keyed((id: string) => {
    const [label, model] = JSON.parse(id) as [string, string]
    return prepare(plan.methods.find(method => method.label === label)!, model, options, models)
  })
  const models = keyed(options.openModel)
  const instances = keyed((id: string) => instanceOf(JSON.parse(id) as WorkItem), keptInstances)
  return {
    async ready() {
      for (const model of plan.models) for (const { label } of plan.methods) await kits(JSON.stringify([label, model]))
    },
    async work(item) {
      const kit = await kits(JSON.stringify([item.label, item.model]))
      const method = await load<Method>('methods', item.method)
      const { task, taskVersion, level, seed, pool } = item
      const instance = await instances(JSON.stringify({ task, taskVersion, level, seed, pool }))
      return workOn({ item, kit, method, ...instance }, options)
    },
  }
}

/** Remembers what was made for a key, the newest `keep` of them. A failed making is not remembered. */
function keyed<T>(make: (key: string) => Promise<T>, keep = Number.POSITIVE_INFINITY): (key: string) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return key => {
    const known = made.get(key)
    if (known) return known
    const fresh = make(key)
    made.set(key, fresh)
    fresh.catch(() => made.delete(key))
    if (made.size > keep) made.delete(made.keys().next().value!)
    return fresh
  }
}

async function instanceOf(item: WorkItem): Promise<{ readonly task: Task; readonly instance: Instance }> {
  const task = await load<Task>('tasks', item.task)
  return { task, instance: draw(task, item.level, item.seed, item.pool) }
}

/** The kit of a cell: the plan's parts, then what the method makes of them. */
async function prepare(
  entry: PlanMethod,
  model: string,
  options: WorkshopOptions,
  openModel: (id: string) => Promise<ChatModel>,
): Promise<Kit> {
  const taskModel = await openModel(model)
  const coachOf = (name: string) => openCoach(name, openModel, options)
  const kit: Kit = {
    taskModel,
    checkerModel: entry.models.checker ? await openModel(entry.models.checker) : taskModel,
    coach: await coachOf(entry.coach),
    checkers: await Promise.all(entry.checkers.map(name => load<Checker>('checkers', name))),
    sandbox: options.sandbox,
    settings: entry.resolved,
    clock: options.clock,
    signal: options.signal,
  }
  const method = await load<Method>('methods', entry.method)
  return method.prepare(kit, { openModel, openCoach: coachOf, models: entry.models })
}

interface Job {
  readonly item: WorkItem
  readonly kit: Kit
  readonly method: Method
  readonly task: Task
  readonly instance: Instance
}

async function workOn(job: Job, options: WorkshopOptions): Promise<ItemOutcome> {
  const { store } = options
  const { trajectoryId, events } = await store.eventsOf(job.item.key)
  // Cut off between its end and its closing: nothing is left to do but that.
  if (events.at(-1)?.type === 'trajectory-end') return close(job, events, options)
  const outcome = await takeToEnd(job, trajectoryId ?? newId(), events, options)
  if (outcome !== 'diverged') return outcome
  options.onAnew?.(job.item)
  const anew = await takeToEnd(job, newId(), [], options)
  if (anew === 'diverged') throw new Error('a trajectory without a record cannot differ from it')
  return anew
}

/** Works a trajectory off from where its record ends; `diverged` when the loop would not make that record any more. */

async function takeToEnd(
  job: Job,
  id: string,
  recorded: readonly TrajectoryEvent[],
  options: WorkshopOptions,
): Promise<ItemOutcome | 'diverged'> {
  const { item, kit, method, instance } = job
  const { store } = options
  const input = {
    prompt: instance.question.prompt,
    coordinates: coordinatesOf(item),
    id,
    trial: trialOf(item),
    method: item.method,
  }
  await store.begin(item.key, id)
  const writer = appender(store, id)
  const events: TrajectoryEvent[] = []
  for await (const event of episode(input, recorded.length > 0 ? continuing(kit, recorded) : kit, method.body)) {
    if (event.type === 'trajectory-end' && !closes(event)) {
      await writer.written()
      return setAside(job, [...events, event], event, options)
    }
    const before = recorded[events.length]
    if (before && !sameEvent(event, before)) return 'diverged'
    events.push(before ?? event)
    if (before) continue
    writer.append(event)
    options.onEvent?.(item, event)
    if (event.type !== 'trajectory-end' && options.stopping()) break
  }
  if (events.at(-1)?.type === 'trajectory-end') return close(job, events, options, writer.written())
  await writer.written()
  return { state: 'open' }
}

/**
 * The trial in the ledger's key. It holds the item's own key, so that two methods that send the same first request get
 * two independent samples: shared ones would make their results correlated in a way that no statistic knows of.
 */
export const trialOf = (item: WorkItem) => `${item.key}/${item.trial}`

/** Hands events to the store in their order without waiting for each; the first failure comes out at the next chance. */
function appender(store: RunStore, id: string) {
  const writes: Promise<void>[] = []
  let failure: { readonly error: unknown } | undefined
  return {
    append(event: TrajectoryEvent) {
      if (failure) throw failure.error
      const write = store.append(id, event)
      write.catch(error => {
        failure ??= { error }
      })
      writes.push(write)
    },
    written: async () => void (await Promise.all(writes)),
  }
}

/** Faults of a provider that another start may find mended. */
const mayPass: ReadonlySet<string> = new Set([
  'rate-limit',
  'overloaded',
  'connection',
  'time-out',
  'authentication',
  'unknown-model',
  'spend-cap',
])

/** Whether an end is a fact about the trajectory, or only about the day on which it was worked on. */
function closes({ reason, error }: TrajectoryEnd): boolean {
  if (reason === 'cancelled') return false
  if (!error) return true
  return error.kind === 'provider' && !mayPass.has(error.fault ?? '')
}

/** Keeps the record open: its end is not written, so that the next start goes on from the event before. */
async function setAside(
  job: Job,
  events: readonly TrajectoryEvent[],
  end: TrajectoryEnd,
  { store, stopping }: WorkshopOptions,
): Promise<ItemOutcome> {
  if (end.error?.kind === 'store') throw new StoreError(end.error.message, end.error.mend)
  if (end.reason === 'cancelled' || stopping()) return { state: 'open' }
  const why = end.error ? `${end.error.kind}: ${end.error.message}` : end.reason
  const summary = summarise(job.item, fold(events), { verdict: 'unscored', why }, 'failed')
  await store.finish(job.item.key, 'failed', summary)
  return { state: 'failed', summary, end }
}

async function close(
  job: Job,
  events: readonly TrajectoryEvent[],
  { store, later }: WorkshopOptions,
  appended?: Promise<void>,
): Promise<ItemOutcome> {
  const trajectory = fold(events)
  const verdict: Verdict = verifyTrajectory(job.task, job.instance.puzzle, trajectory)
  const summary = summarise(job.item, trajectory, verdict, 'done')
  const write = async () => {
    await appended
    await store.finish(job.item.key, 'done', summary)
  }
  const written = write()
  if (later) later(written)
  else await written
  return { state: 'done', summary }
}

/** Equal but for what says nothing about the conversation: the build, and prompts that this one may not have used. */
function sameEvent(a: TrajectoryEvent, b: TrajectoryEvent): boolean {
  const bare = (event: TrajectoryEvent) =>
    JSON.stringify(event.type === 'trajectory-start' ? { ...event, build: null, prompts: null } : event)
  return bare(a) === bare(b)
}
