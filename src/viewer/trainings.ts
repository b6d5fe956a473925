import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TrainingEvent } from '../training/training-log.ts'
import type { TrainingDetail, TrainingListing } from './api.ts'
import { notFound } from './errors.ts'

/** The trainings of a folder, as their logs tell of them. */
export interface Trainings {
  listings(): TrainingListing[]
  /** Throws ViewerError 404. */
  detail(id: string): TrainingDetail
}

/** For how long a training without an end counts as running when its log says nothing new. */
const patienceMs = 10 * 60_000

type Start = Extract<TrainingEvent, { type: 'training-start' }>

/** Reads `<folder>/<training>/log.jsonl`; a log is read again when it has grown. */
export function trainingsIn(folder: string, nowMs: () => number = Date.now): Trainings {
  const known = new Map<string, { readonly mark: string; readonly detail: TrainingDetail }>()
  const look = (id: string): TrainingDetail | null => {
    const path = join(folder, id, 'log.jsonl')
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found?.isFile()) return null
    const mark = `${found.ino}/${found.size}/${found.mtimeMs}`
    const kept = known.get(id)
    const detail = kept?.mark === mark ? kept.detail : detailOf(id, readLog(path), found.mtimeMs)
    if (!detail) return null
    known.set(id, { mark, detail })
    const silent = detail.state === 'running' && nowMs() - found.mtimeMs > patienceMs
    return silent ? { ...detail, state: 'stopped' } : detail
  }
  const ids = () => (existsSync(folder) ? readdirSync(folder).sort() : [])
  return {
    listings: () =>
      ids()
        .flatMap(id => look(id) ?? [])
        .map(({ facts: _, curves: __, ...listing }) => listing)
        .sort((a, b) => b.changedMs - a.changedMs),
    detail(id) {
      // Only what the listing of the folder names is opened.
      const detail = ids().includes(id) ? look(id) : null
      if (!detail) throw notFound(`there is no training ${id}`, 'Go back to the list of trainings and choose again.')
      return detail
    },
  }
}

/** The whole lines of a log; a last one that was cut off is left out, and so is what is no event. */
function readLog(path: string): TrainingEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  lines.pop()
  return lines.flatMap(line => {
    try {
      return [JSON.parse(line) as TrainingEvent]
    } catch {
      return []
    }
  })
}

function detailOf(id: string, events: readonly TrainingEvent[], changedMs: number): TrainingDetail | null {
  const start = events.findLast((event): event is Start => event.type === 'training-start')
  if (!start) return null
  const last = events.at(-1)!
  const end = last.type === 'training-end' ? last : null
  // A training that was taken up again tells its steps from the checkpoint on once more: the later word counts.
  const curves = new Map<string, Map<number, number>>()
  let step = 0
  for (const event of events) {
    if (event.type !== 'training-step') continue
    step = event.step
    for (const [name, value] of Object.entries(event.values)) {
      if (!Number.isFinite(value)) continue
      const curve = curves.get(name) ?? new Map<number, number>()
      curves.set(name, curve.set(event.step, value))
    }
  }
  const { type: _, kind, steps, ...facts } = start
  const loss = [...(curves.get('loss') ?? [])].at(-1)?.[1] ?? null
  return {
    id,
    name: id,
    kind,
    state: end ? end.outcome : 'running',
    step,
    steps: steps ?? null,
    loss,
    changedMs,
    facts: { ...facts, ...(end ? { model: end.model, why: end.why, mend: end.mend } : {}) },
    curves: Object.fromEntries([...curves].map(([name, points]) => [name, [...points].sort(([a], [b]) => a - b)])),
  }
}
