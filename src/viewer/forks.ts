import { InputError } from '../errors.ts'
import { forkTrajectory } from '../experiment/fork.ts'
import { forkStored, modelOpener } from '../experiment/fork-stored.ts'
import type { Sandbox } from '../sandbox.ts'
import { chooseSandbox } from '../sandboxes/_shared/choose.ts'
import type { TrajectoryEvent } from '../trajectory.ts'
import { systemClock } from '../util/clock.ts'
import { newId } from '../util/id.ts'
import type { ForkRequest, ForkStarted, TrajectoryDetail } from './api.ts'
import { rowOf } from './asked-source.ts'
import { answerTo, notFound, ViewerError } from './errors.ts'
import { detailOf, type Live } from './live.ts'
import type { LiveTrajectory } from './live-trajectory.ts'
import type { Shelf } from './shelf.ts'
import type { Source, WritableRun } from './sources.ts'
import { trajectoryDetail } from './trajectory-detail.ts'

export interface ForksOptions {
  readonly shelf: Shelf
  readonly live: Live
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Name of the sandbox; default: the best that is available. */
  readonly sandbox?: string
  /** Address of an OpenAI-compatible server. */
  readonly baseUrl?: string
  readonly onDefect: (error: unknown) => void
}

/** Branches that are made from the page. */
export interface Forks {
  /** Begins a branch; its events come over the live stream. Throws what makes it impossible before anything is paid. */
  start(source: Source, trajectoryId: string, request: ForkRequest): Promise<ForkStarted>
  /** A trajectory that this process is making, as far as it is. */
  detailOfLive(one: LiveTrajectory): Promise<TrajectoryDetail>
  /** Waits until nothing is under way. */
  settled(): Promise<void>
  /** Cancels what is under way; it is stored as far as it came. */
  cancel(): void
  /** Cancels, waits, and frees the sandbox. */
  close(): Promise<void>
}

/** Branches under way at once; each may run programs and pay for calls. */
const mostAtOnce = 4

export function forksOn(options: ForksOptions): Forks {
  const { shelf, live } = options
  const abort = new AbortController()
  const underWay = new Set<Promise<void>>()
  const writers = sharedWriters()
  let sandbox: Promise<Sandbox> | undefined

  async function openSandbox(): Promise<Sandbox> {
    sandbox ??= chooseSandbox(options.sandbox)
      .then(({ kind }) => kind.open({ parallel: mostAtOnce }))
      .catch(error => {
        sandbox = undefined
        throw error
      })
    return sandbox
  }

  async function begin(source: Source, id: string, request: ForkRequest) {
    const branch = newId()
    const one = { one: null as LiveTrajectory | null }
    const common = {
      turn: request.turn,
      ...(request.action ? { action: request.action } : {}),
      ...(request.words === undefined ? {} : { words: request.words }),
      ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}),
      id: branch,
      environment: options.environment,
      sandbox: await openSandbox(),
      clock: systemClock,
      signal: abort.signal,
      onDelta: (delta: Parameters<LiveTrajectory['delta']>[0]) => one.one?.delta(delta),
    }
    if (!source.openToWrite) {
      const events = await source.events(id)
      return {
        branch,
        one,
        loop: keptAside(source, branch, forkTrajectory({ ...common, events, openModel: modelOpener(common, null) })),
        release: async () => undefined,
      }
    }
    const of = (await shelf.index(source)).row(id)
    if (!of) throw notFound(`there is no finished trajectory ${id} in ${source.where}`)
    const { run, release } = await writers.open(source)
    return { branch, one, loop: forkStored({ ...common, store: run.store, of }), release }
  }

  async function start(source: Source, id: string, request: ForkRequest): Promise<ForkStarted> {
    if (underWay.size >= mostAtOnce)
      throw new ViewerError(429, `${underWay.size} branches are under way`, 'Wait until one of them is over.')
    abort.signal.throwIfAborted()
    const { branch, one, loop, release } = await begin(source, id, request)
    let first: IteratorResult<TrajectoryEvent, unknown>
    try {
      first = await loop.next()
    } catch (error) {
      await release()
      throw error
    }
    const told = live.begin(branch, source.id)
    one.one = told
    const work = follow(source, told, first, loop)
      .finally(release)
      .catch(options.onDefect)
      .finally(() => underWay.delete(work))
    underWay.add(work)
    return { trajectory: branch }
  }

  async function follow(
    source: Source,
    told: LiveTrajectory,
    first: IteratorResult<TrajectoryEvent, unknown>,
    loop: AsyncGenerator<TrajectoryEvent, unknown>,
  ): Promise<void> {
    try {
      for (let step = first; !step.done; step = await loop.next()) told.event(step.value)
      shelf.touch(source)
      told.finish(() => detailOf(shelf, source, told.id))
    } catch (error) {
      const { body, status } = answerTo(error)
      told.fail(body.error, body.mend)
      if (status === 500) options.onDefect(error)
    }
  }

  const cancel = () => abort.abort(new DOMException('the viewer is closing', 'AbortError'))
  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay)
  }
  return {
    start,
    async detailOfLive(one) {
      const steps = await one.steps()
      const summary = await rowOf(one.events).catch(() => null)
      return trajectoryDetail([...one.events], { run: one.run, summary, branches: [], steps })
    },
    settled,
    cancel,
    async close() {
      cancel()
      await settled()
      await (await sandbox?.catch(() => undefined))?.close()
    },
  }
}

/** A branch of a trajectory that lies in a file of its own lies beside it. */
async function* keptAside(
  source: Source,
  id: string,
  loop: AsyncGenerator<TrajectoryEvent>,
): AsyncGenerator<TrajectoryEvent> {
  const events: TrajectoryEvent[] = []
  try {
    for await (const event of loop) {
      events.push(event)
      yield event
    }
  } finally {
    if (events.length > 0) source.keep?.(id, events)
  }
}

/** One writer for each run, shared by its branches: two would lock each other out. */
function sharedWriters() {
  const open = new Map<string, { readonly run: Promise<WritableRun>; users: number }>()
  return {
    async open(source: Source) {
      const entry = open.get(source.id) ?? { run: source.openToWrite!(), users: 0 }
      open.set(source.id, entry)
      entry.users++
      let released = false
      const release = async () => {
        if (released) return
        released = true
        if (--entry.users > 0) return
        open.delete(source.id)
        await (await entry.run).close()
      }
      try {
        return { run: await entry.run, release }
      } catch (error) {
        entry.users--
        open.delete(source.id)
        throw error
      }
    },
  }
}

/** What a fork's body must be. Throws InputError. */
export function readForkRequest(body: unknown): ForkRequest {
  const example = 'Send {"turn": 1, "action": "code"}, or {"turn": 1, "words": "your guidance"}.'
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InputError('the body is no object', example)
  const { turn, action, words } = body as Record<string, unknown>
  if (typeof turn !== 'number' || !Number.isSafeInteger(turn) || turn < 1)
    throw new InputError(`turn must be a whole number from 1, not ${JSON.stringify(turn) ?? 'missing'}`, example)
  if (action !== undefined && action !== 'text' && action !== 'code')
    throw new InputError('action must be "text" or "code"', example)
  if (words !== undefined && (typeof words !== 'string' || words.trim() === ''))
    throw new InputError('words must be a text that is not empty', example)
  if (action === undefined && words === undefined) throw new InputError('nothing to force', example)
  return { turn, ...(action ? { action } : {}), ...(words === undefined ? {} : { words }) }
}
