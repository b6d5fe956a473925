import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import { load, names } from '../registry.ts'
import type { AnyRun } from '../store/open-store.ts'
import { isPostgresAddress } from '../store/postgres-address.ts'
import type { Task } from '../task.ts'
import type { RunDetail, RunListing } from './api.ts'
import { askedSource, ownQuestion, trajectoryFiles } from './asked-source.ts'
import { gone, notFound } from './errors.ts'
import type { Splits } from './row-filter.ts'
import { indexOf, type RunIndex, type Titles } from './run-index.ts'
import { databaseSource, fileSource, idOf } from './run-source.ts'
import type { Source } from './sources.ts'

export interface ShelfOptions {
  /** Runs, trajectory files and databases as the user named them; none: everything in `folder`. */
  readonly runs: readonly string[]
  /** Where `run` and `ask` leave what they make. */
  readonly folder: string
  /** The store of a run that this very process works on, by its path. */
  readonly own?: (path: string) => AnyRun | null
}

/** Everything that can be looked at. */
export interface Shelf {
  readonly splits: Splits
  listings(): Promise<RunListing[]>
  /** Throws ViewerError 404, or 410 for one that was there. */
  source(id: string): Promise<Source>
  sources(): Promise<readonly Source[]>
  index(source: Source): Promise<RunIndex>
  listing(source: Source): Promise<RunListing>
  detail(source: Source): Promise<RunDetail>
  /** The next look reads the rows again, however fresh they are. */
  touch(source: Source): void
  close(): Promise<void>
}

interface Shown {
  readonly source: Source
  mark: string | null
  index: RunIndex | null
  reading: Promise<RunIndex> | null
  /** Something was written that the next look must see. */
  touched: boolean
  readMs: number
  readAtMs: number
}

/** While a run is being made its rows are read again this rarely, as a multiple of what reading them takes. */
const restFactor = 8

/** Puts everything on the shelf that is named. Throws InputError for what is not there. */
export async function openShelf(options: ShelfOptions): Promise<Shelf> {
  const tasks = await Promise.all(names('tasks').map(slug => load<Task>('tasks', slug)))
  const splits: Splits = new Map(tasks.map(task => [task.slug, task.split]))
  const titles: Titles = new Map([
    ...tasks.map(task => [task.slug, task.title] as const),
    [ownQuestion, 'Own questions'],
  ])
  const shown = new Map<string, Shown>()
  const put = (source: Source) => {
    if (!shown.has(source.id))
      shown.set(source.id, { source, mark: null, index: null, reading: null, touched: false, readMs: 0, readAtMs: 0 })
  }
  for (const run of options.runs) for (const source of await sourcesOf(run, options.own)) put(source)
  const scan = () => {
    if (options.runs.length > 0) return
    for (const source of folderSources(options.folder, options.own)) put(source)
  }
  scan()

  async function index(one: Shown): Promise<RunIndex> {
    const mark = await one.source.mark()
    if (mark === null) throw gone(one.source.where)
    if (one.touched) {
      // A reading that is under way may have begun before.
      one.touched = false
      const before = one.reading?.catch(() => undefined) ?? Promise.resolve(undefined)
      return reading(
        one,
        before.then(() => read(one, mark)),
      )
    }
    if (one.reading) return one.reading
    if (one.index && one.mark === mark) return one.index
    const restMs = Math.min(30_000, Math.max(300, restFactor * one.readMs))
    if (one.index && performance.now() - one.readAtMs < restMs) return one.index
    return reading(one, read(one, mark))
  }

  function reading(one: Shown, work: Promise<RunIndex>): Promise<RunIndex> {
    const own = work.finally(() => {
      if (one.reading === own) one.reading = null
    })
    one.reading = own
    return own
  }

  async function read(one: Shown, mark: string): Promise<RunIndex> {
    const begunMs = performance.now()
    const fresh = indexOf(await one.source.read(), splits, titles)
    Object.assign(one, { mark, index: fresh, readAtMs: performance.now(), readMs: performance.now() - begunMs })
    return fresh
  }

  async function listing(one: Shown): Promise<RunListing> {
    const { source } = one
    const base = { id: source.id, where: source.where, kind: source.kind, changedMs: source.changedMs() }
    try {
      const { name, listed, ...read } = await index(one)
      // Rows may be a while old in a run that is being made; how far it is, is not.
      const { done, planned } = one.mark === (await source.mark()) ? read : await source.progress()
      const made = source.beingMade()
      const state = made ? 'running' : done >= planned || source.kind === 'asked' ? 'finished' : 'incomplete'
      return { ...base, name, state, done, planned, ...listed }
    } catch (error) {
      if ((await source.mark().catch(() => null)) !== null && !one.index) throw error
      const { name, done, planned, listed } = one.index ?? nothing(source.where)
      return { ...base, name, state: 'gone', done, planned, ...listed }
    }
  }

  const find = (source: Source): Shown => shown.get(source.id)!
  return {
    splits,
    async listings() {
      scan()
      const found: RunListing[] = []
      for (const one of shown.values()) {
        // A file that no look can read says so when it is opened; the others are listed all the same.
        const listed = await listing(one).catch(() => null)
        if (listed) found.push(listed)
      }
      return found.sort((a, b) => b.changedMs - a.changedMs)
    },
    async source(id) {
      if (!shown.has(id)) scan()
      const one = shown.get(id)
      if (!one) throw notFound(`there is no run ${id}`)
      if ((await one.source.mark()) === null) throw gone(one.source.where)
      return one.source
    },
    async sources() {
      scan()
      return [...shown.values()].map(one => one.source)
    },
    index: source => index(find(source)),
    listing: source => listing(find(source)),
    async detail(source) {
      const { plan, facets } = await index(find(source))
      return { ...(await listing(find(source))), plan, facets }
    },
    touch(source) {
      find(source).touched = true
    },
    async close() {
      for (const { source } of shown.values()) await source.close()
    },
  }
}

const nothing = (name: string) => ({
  name,
  done: 0,
  planned: 0,
  listed: { simulated: false, accuracy: null, methods: 0, tasks: 0, models: [], costUsd: null, tokens: 0 },
})

async function sourcesOf(run: string, own?: ShelfOptions['own']): Promise<Source[]> {
  if (isPostgresAddress(run)) return [await databaseSource(run)]
  const found = statSync(run, { throwIfNoEntry: false })
  if (found?.isDirectory()) return folderSources(run, own)
  if (run.endsWith('.jsonl')) {
    if (!found)
      throw new InputError(`there is no trajectory ${run}`, 'Give the path of a file that `codesteer ask` wrote.')
    return [askedSource(idOf(run, resolve(run)), run, () => [run])]
  }
  const source = fileSource(run, () => own?.(run) ?? null)
  // Throws with the mend for a path that is no run.
  await source.progress().catch(error => {
    throw found
      ? error
      : new InputError(`there is no run ${run}`, 'Give the path of a file that `codesteer run` wrote.')
  })
  return [source]
}

/** The runs and single trajectories of a folder such as `.codesteer`; or of a folder of either. */
function folderSources(folder: string, own?: ShelfOptions['own']): Source[] {
  const runs = [folder, join(folder, 'runs')]
    .filter(path => existsSync(path))
    .flatMap(path =>
      readdirSync(path)
        .filter(name => name.endsWith('.run'))
        .map(name => join(path, name)),
    )
    .map(path => fileSource(path, () => own?.(path) ?? null))
  const trajectories = join(folder, 'trajectories')
  const from = existsSync(trajectories) || trajectoryFiles(folder).length === 0 ? trajectories : folder
  const asked = askedSource('asked', from, () => trajectoryFiles(from))
  return trajectoryFiles(from).length > 0 ? [...runs, asked] : runs
}
