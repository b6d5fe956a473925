import { openCoach } from '../../assemble.ts'
import type { Checker } from '../../checker.ts'
import { isFinish } from '../../coach.ts'
import { completionOf } from '../../coaches/_shared/decision.ts'
import { markOf, type PartingPoint, variedArgument } from '../../coaches/_shared/varied-name.ts'
import { beforeTurn, continuing } from '../../continue.ts'
import { draw } from '../../draw.ts'
import { episode } from '../../episode.ts'
import { StoreError } from '../../errors.ts'
import { fold } from '../../fold.ts'
import type { Kit } from '../../kit.ts'
import { notices } from '../../loop-safety.ts'
import type { ChatModel } from '../../model.ts'
import { load } from '../../registry.ts'
import type { Sandbox } from '../../sandbox.ts'
import { rounds } from '../../steer.ts'
import { coordinatesOf, type RunStore, type Summary, summarise, type WorkItem } from '../../store/run-store.ts'
import type { Instance, Task, Verdict } from '../../task.ts'
import type { TrajectoryEnd, TrajectoryEvent } from '../../trajectory.ts'
import type { Clock } from '../../util/clock.ts'
import { sha256 } from '../../util/hash.ts'
import { verifyTrajectory } from '../../verify.ts'
import type { SynthesisPlan } from './plan.ts'

/** A path to be grown: where it parts from an older one; the first path of a question parts from none. */
export interface PathSpec {
  readonly item: WorkItem
  /** From the root down. */
  readonly points: readonly PartingPoint[]
  /** The path that was first at the last parting point; null for the first path of all. */
  readonly parent: GrownPath | null
}

/** A path that is over. */
export interface GrownPath {
  readonly item: WorkItem
  readonly id: string
  readonly points: readonly PartingPoint[]
  /** Every decision from the root on, its own and those before. */
  readonly decisions: readonly {
    readonly mark: string
    /** Nothing is branched off after a void turn, or once programs fail again and again. */
    readonly stuck: boolean
  }[]
  readonly verdict: Verdict['verdict']
  readonly summary: Summary
}

export type PathOutcome =
  | { readonly state: 'done'; readonly path: GrownPath; readonly fresh: boolean }
  /** The coach had no other decision than those taken there already. */
  | { readonly state: 'repeated'; readonly fresh: boolean }
  /** Stopped; the next start goes on from the last event. */
  | { readonly state: 'open' }
  | { readonly state: 'failed'; readonly end: TrajectoryEnd }
  /** The record was made by a loop that decides otherwise by now; it is left as it is. */
  | { readonly state: 'changed' }

export interface PathWorld {
  readonly plan: SynthesisPlan
  readonly store: RunStore
  /** Rows that earlier starts left, by trajectory. */
  readonly earlier: ReadonlyMap<string, Summary>
  readonly sandbox: Sandbox
  /** Called for every path; remembers by itself. */
  readonly openModel: (id: string) => Promise<ChatModel>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Aborting cuts off what is under way. */
  readonly signal: AbortSignal
  /** True when paths should be left as they stand after their next event. */
  readonly stopping: () => boolean
  readonly onEvent?: (event: TrajectoryEvent) => void
}

const repeatedWhy = 'the same decision as an older path took here'
const letters = 'abcdefghijklmnopqrstuvwxyz'

/** `<item>-1b-3c`: the second path that parts at turn 1, and of its own the third at turn 3. The first path is `<item>-0`. */
export const pathId = ({ item, points }: Pick<PathSpec, 'item' | 'points'>): string =>
  `${item.key}-${points.length === 0 ? '0' : points.map(({ turn, sibling }) => `${turn}${letters[sibling]}`).join('-')}`

/** Grows paths: a question is drawn once for all its paths in a row. */
export function pathGrower(world: PathWorld): (spec: PathSpec) => Promise<PathOutcome> {
  const instances = new Map<string, Promise<{ readonly task: Task; readonly instance: Instance }>>()
  const instanceOf = (item: WorkItem) => {
    const known = instances.get(item.key) ?? drawn(item)
    instances.delete(item.key)
    instances.set(item.key, known)
    if (instances.size > keptInstances) instances.delete(instances.keys().next().value!)
    return known
  }
  return async spec => {
    const row = world.earlier.get(pathId(spec))
    if (row?.state === 'done') return { state: 'done', path: await recordedPath(spec, row, world), fresh: false }
    if (row?.state === 'failed' && row.why === repeatedWhy) return { state: 'repeated', fresh: false }
    return grow({ spec, ...(await instanceOf(spec.item)), kit: await kitOf(spec, world) }, world)
  }
}

const keptInstances = 256

async function drawn(item: WorkItem): Promise<{ readonly task: Task; readonly instance: Instance }> {
  const task = await load<Task>('tasks', item.task)
  return { task, instance: draw(task, item.level, item.seed, item.pool) }
}

async function recordedPath(spec: PathSpec, summary: Summary, { store }: PathWorld): Promise<GrownPath> {
  return pathOf(spec, await store.trajectory(pathId(spec)), summary)
}

function pathOf({ item, points }: PathSpec, events: readonly TrajectoryEvent[], summary: Summary): GrownPath {
  const { turns } = fold(events)
  const guided = events.filter(event => event.type === 'guidance')
  return {
    item,
    id: summary.trajectoryId,
    points,
    decisions: guided.map(({ guidance }, i) => ({
      mark: markOf(completionOf(guidance)),
      stuck:
        !isFinish(guidance) &&
        notices({ turns: turns.slice(0, i + 1) }).some(
          ({ kind }) => kind === 'void-turn' || kind === 'repeated-failure',
        ),
    })),
    verdict: summary.verdict ?? 'unscored',
    summary,
  }
}

/** The kit of one path: the plan's parts, with a coach whose decisions are this path's. */
async function kitOf({ item, points }: PathSpec, world: PathWorld): Promise<Kit> {
  const { plan, openModel, environment } = world
  const [method] = plan.base.methods
  const taskModel = await openModel(plan.model)
  const argument = variedArgument({ seed: item.key, openings: plan.prompts, points, of: plan.coaches })
  return {
    taskModel,
    checkerModel: plan.checkerModel === null ? taskModel : await openModel(plan.checkerModel),
    coach: await openCoach(`varied:${argument}`, openModel, { environment }),
    checkers: await Promise.all(plan.checkers.map(name => load<Checker>('checkers', name))),
    sandbox: world.sandbox,
    settings: method!.resolved,
    clock: world.clock,
    signal: world.signal,
  }
}

interface Job {
  readonly spec: PathSpec
  readonly task: Task
  readonly instance: Instance
  readonly kit: Kit
}

/** Takes a path from where its record, or its parent's up to the parting turn, stands to its end. */
async function grow(job: Job, world: PathWorld): Promise<PathOutcome> {
  const { spec, kit, instance } = job
  const { item, points, parent } = spec
  const { store } = world
  const id = pathId(spec)
  const turn = points.at(-1)?.turn ?? 1
  const own = await eventsSoFar(spec, id, world)
  const before = parent ? beforeTurn(await store.trajectory(parent.id), turn) : []
  // Killed while its beginning was copied, a branch has less than its parent gives it.
  const known = own.length > before.length ? own : before
  const input = {
    prompt: instance.question.prompt,
    coordinates: coordinatesOf(item),
    id,
    trial: trialOf(id),
    method: item.method,
    ...(parent ? { branchOf: { trajectory: parent.id, turn } } : {}),
  }
  const record = recorder(spec, id, own.length, store)
  const events: TrajectoryEvent[] = []
  for await (const event of episode(input, known.length > 0 ? continuing(kit, known) : kit, rounds)) {
    if (event.type === 'trajectory-end' && !closes(event)) {
      await record.written()
      return setAside(spec, [...events, event], event, world)
    }
    const recorded = known[events.length]
    if (recorded && !sameEvent(recorded, event)) return { state: 'changed' }
    events.push(event)
    record.add(event)
    if (!recorded) world.onEvent?.(event)
    if (event.type === 'guidance' && isRepeat(event, points)) return setRepeated(spec, events, record)
    if (event.type !== 'trajectory-end' && !recorded && world.stopping()) break
  }
  await record.written()
  if (events.at(-1)?.type !== 'trajectory-end') return { state: 'open' }
  const trajectory = fold(events)
  const summary = summarise(item, trajectory, verifyTrajectory(job.task, instance.puzzle, trajectory), 'done')
  await record.close('done', summary)
  return { state: 'done', path: pathOf(spec, events, summary), fresh: true }
}

/**
 * Holds the item's own key and the path, so that two paths that send the same request get two independent samples. The
 * number at the end is what tells samples of the simulated model apart.
 */
const trialOf = (id: string) => `${id}+${Number.parseInt(sha256(id).slice(0, 8), 16) % 1_000_000}`

/** What an earlier start recorded of this very path. */
async function eventsSoFar({ item, parent }: PathSpec, id: string, { store, earlier }: PathWorld) {
  if (parent) return earlier.has(id) ? store.trajectory(id) : []
  return (await store.eventsOf(item.key)).events
}

const isRepeat = (event: TrajectoryEvent & { type: 'guidance' }, points: readonly PartingPoint[]) => {
  const here = points.at(-1)
  return here?.turn === event.turn && here.taken.includes(markOf(completionOf(event.guidance)))
}

/** Writes a path's events as they come: the first path as its item's trajectory, the others as branches. */
function recorder({ item, parent }: PathSpec, id: string, stored: number, store: RunStore) {
  const writes: Promise<unknown>[] = []
  let failure: { readonly error: unknown } | undefined
  let count = 0
  const begin = (start: TrajectoryEvent): Promise<unknown> | null => {
    if (parent) return stored > 0 ? null : store.addBranch(id, [start], summarise(item, fold([start]), null, 'open'))
    const begun = store.begin(item.key, id)
    // Behind it in line, so that it fails when that failed.
    return stored > 0 ? begun : store.append(id, start)
  }
  return {
    /** Hands an event over without waiting; the first failure comes out at the next chance. */
    add(event: TrajectoryEvent) {
      if (failure) throw failure.error
      const nth = count++
      const write = nth === 0 ? begin(event) : nth < stored ? null : store.append(id, event)
      write?.catch(error => {
        failure ??= { error }
      })
      if (write) writes.push(write)
    },
    written: async () => void (await Promise.all(writes)),
    close: (state: 'done' | 'failed', summary: Summary) =>
      parent ? store.rescore([{ trajectoryId: id, summary }]) : store.finish(item.key, state, summary),
  }
}

/** The path is not gone down: what was paid for its decision stays on the books, its row says why. */
async function setRepeated(
  spec: PathSpec,
  events: readonly TrajectoryEvent[],
  record: ReturnType<typeof recorder>,
): Promise<PathOutcome> {
  await record.written()
  await record.close('failed', summarise(spec.item, fold(events), { verdict: 'unscored', why: repeatedWhy }, 'failed'))
  return { state: 'repeated', fresh: true }
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

/** Whether an end is a fact about the path, or only about the day on which it was worked on. */
function closes({ reason, error }: TrajectoryEnd): boolean {
  if (reason === 'cancelled') return false
  if (!error) return true
  return error.kind === 'provider' && !mayPass.has(error.fault ?? '')
}

/** Keeps the record open, without the end: the next start goes on from the event before. */
async function setAside(
  spec: PathSpec,
  events: readonly TrajectoryEvent[],
  end: TrajectoryEnd,
  { store, stopping }: PathWorld,
): Promise<PathOutcome> {
  if (end.error?.kind === 'store') throw new StoreError(end.error.message, end.error.mend)
  if (end.reason === 'cancelled' || stopping()) return { state: 'open' }
  if (!spec.parent) {
    const why = end.error ? `${end.error.kind}: ${end.error.message}` : end.reason
    const summary = summarise(spec.item, fold(events), { verdict: 'unscored', why }, 'failed')
    await store.finish(spec.item.key, 'failed', summary)
  }
  return { state: 'failed', end }
}

/** Equal but for whose record it is: a branch has another name, other samples and another start than the path it parts from. */
function sameEvent(a: TrajectoryEvent, b: TrajectoryEvent): boolean {
  if (a.type === 'trajectory-start' && b.type === 'trajectory-start')
    return a.question.prompt === b.question.prompt && JSON.stringify(a.settings) === JSON.stringify(b.settings)
  const bare = (event: TrajectoryEvent) => JSON.stringify({ ...event, atMs: 0, trial: '' })
  return bare(a) === bare(b)
}
