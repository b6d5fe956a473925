import { isDeepStrictEqual } from 'node:util'
import type { LiveMessage, RunListing } from './api.ts'
import type { Feed } from './event-stream.ts'
import { LiveTrajectory } from './live-trajectory.ts'
import type { Shelf } from './shelf.ts'
import type { Source } from './sources.ts'
import { trajectoryDetail } from './trajectory-detail.ts'

export interface LiveOptions {
  readonly shelf: Shelf
  /** How often a run or trajectory that others make is looked at. */
  readonly lookMs?: number
}

/** What is told of its own accord: trajectories that are being made here or elsewhere, and how far runs are. */
export interface Live {
  /** Begins to tell of a trajectory that this process makes. */
  begin(id: string, run: string): LiveTrajectory
  /** One that is or was made by this process. */
  made(id: string): LiveTrajectory | null
  /** The same for any stored one: its events so far, then whatever is added. Throws as the source does. */
  follow(source: Source, id: string): Promise<LiveTrajectory>
  /** Changes of one run, or of all that are on the shelf. */
  runs(source: Source | null): Feed
  close(): void
}

/** Trajectories that were made here and are over; their readers have ended by then or get them from the store. */
const endedKept = 50

export function liveOn({ shelf, lookMs = 500 }: LiveOptions): Live {
  const made = new Map<string, LiveTrajectory>()
  const followed = new Map<string, LiveTrajectory>()
  const timers = new Set<NodeJS.Timeout>()
  const every = (work: () => Promise<unknown>): (() => void) => {
    let busy = false
    const timer = setInterval(() => {
      if (busy) return
      busy = true
      void work().finally(() => {
        busy = false
      })
    }, lookMs)
    timers.add(timer)
    return () => {
      clearInterval(timer)
      timers.delete(timer)
    }
  }
  const watch = runWatch(shelf, every)
  return {
    begin(id, run) {
      const one = new LiveTrajectory(id, run)
      made.set(id, one)
      const over = [...made.values()].filter(other => other.ended)
      for (const old of over.slice(0, Math.max(0, over.length - endedKept))) made.delete(old.id)
      return one
    },
    made: id => made.get(id) ?? null,
    async follow(source, id) {
      const key = `${source.id}/${id}`
      const known = followed.get(key)
      if (known) return known
      const one = new LiveTrajectory(id, source.id)
      const look = async () => {
        const events = await source.events(id)
        for (const event of events.slice(one.events.length)) one.event(event)
        if (events.at(-1)?.type === 'trajectory-end') one.finish(() => detailOf(shelf, source, id))
      }
      await look()
      if (one.ended) return one
      followed.set(key, one)
      // A reader has a moment to come; the last one to go ends the looking.
      let idle = 0
      const stop = every(async () => {
        await look().catch(error => one.fail(String(error.message), 'Go back to the list of runs.'))
        idle = one.readers > 0 ? 0 : idle + 1
        if (!one.ended && idle < 4) return
        stop()
        followed.delete(key)
      })
      return one
    },
    runs: source => watch.feed(source),
    close() {
      for (const timer of timers) clearInterval(timer)
    },
  }
}

/** A stored trajectory with what is known around it. */
export async function detailOf(shelf: Shelf, source: Source, id: string) {
  const index = await shelf.index(source)
  const events = await source.events(id)
  return trajectoryDetail(events, { run: source.id, summary: index.row(id), branches: index.branchesOf(id) })
}

/** How far back a rate looks. */
const windowMs = 120_000

/** Looks at the runs on the shelf while anybody wants to know, and hands each reader the latest state of what changed. */
function runWatch(shelf: Shelf, every: (work: () => Promise<unknown>) => () => void) {
  const known = new Map<string, RunListing>()
  const history = new Map<string, { readonly atMs: number; readonly done: number }[]>()
  const readers = new Set<{ readonly only: string | null; readonly changed: Set<string>; stir: () => void }>()
  let stop: (() => void) | null = null
  let looked = false

  async function look(): Promise<void> {
    const firstLook = !looked
    looked = true
    for (const source of await shelf.sources()) {
      const wanted = [...readers].some(reader => reader.only === null || reader.only === source.id)
      const listing = wanted ? await shelf.listing(source).catch(() => null) : null
      if (!listing || isDeepStrictEqual(known.get(source.id), listing)) continue
      // What a reader sees in the first look of all it asked for itself; what appears later is news.
      const news = known.has(source.id) || !firstLook
      known.set(source.id, listing)
      count(listing)
      if (news || listing.state === 'running') tell(source.id)
    }
  }

  function count({ id, done }: RunListing): void {
    const now = performance.now()
    const seen = (history.get(id) ?? []).filter(entry => now - entry.atMs < windowMs)
    history.set(id, [...seen, { atMs: now, done }])
  }

  function tell(id: string): void {
    for (const reader of readers) {
      if (reader.only !== null && reader.only !== id) continue
      reader.changed.add(id)
      reader.stir()
    }
  }

  function progress(listing: RunListing): LiveMessage {
    const seen = history.get(listing.id) ?? []
    const [first, last] = [seen[0], seen.at(-1)]
    const left = Math.max(0, listing.planned - listing.done)
    const spanMs = first ? performance.now() - first.atMs : 0
    const perMinute = first && last && spanMs >= 1_000 ? ((last.done - first.done) / spanMs) * 60_000 : null
    const leftMs = left === 0 ? 0 : perMinute ? (left / perMinute) * 60_000 : null
    return { type: 'progress', run: listing.id, done: listing.done, left, perMinute, leftMs }
  }

  return {
    feed(source: Source | null): Feed {
      const reader = { only: source?.id ?? null, changed: new Set<string>(), stir: () => {} }
      const queue: LiveMessage[] = []
      // A run that is being made is told of at once: its bar then stands without waiting for the next change.
      for (const [id, listing] of known)
        if (listing.state === 'running' && (reader.only === null || reader.only === id)) reader.changed.add(id)
      return {
        async take() {
          const ready = queue.shift()
          if (ready) return { data: ready }
          const [id] = reader.changed
          if (id === undefined) return null
          reader.changed.delete(id)
          const listing = known.get(id)!
          if (listing.state === 'running') queue.push(progress(listing))
          return { data: { type: 'run-changed', run: id, listing } satisfies LiveMessage }
        },
        onMore(callback) {
          reader.stir = callback
          readers.add(reader)
          stop ??= every(look)
          return () => {
            readers.delete(reader)
            if (readers.size > 0) return
            stop?.()
            stop = null
          }
        },
      }
    },
  }
}
