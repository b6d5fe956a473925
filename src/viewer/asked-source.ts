import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { puzzleOf } from '../experiment/rescore.ts'
import { fold } from '../fold.ts'
import { type Summary, summarise, type WorkItem } from '../store/run-store.ts'
import { createTrajectoryFile, readTrajectoryFile } from '../store/trajectory-file.ts'
import type { Verdict } from '../task.ts'
import type { TrajectoryEvent, TrajectoryStart } from '../trajectory.ts'
import { verifyTrajectory } from '../verify.ts'
import { gone, notFound } from './errors.ts'
import type { Source } from './sources.ts'

/** The task of a question that somebody typed. */
export const ownQuestion = 'question'

/** For how long a trajectory without an end counts as being made, when nothing is written any more. */
const patienceMs = 120_000

interface Read {
  readonly mark: string
  readonly id: string
  readonly row: Summary | null
  readonly over: boolean
}

/**
 * Trajectories in files of their own, as `ask` and the gateway leave them: all of a folder, also those that come later, or
 * the files named. Damaged files and what is no trajectory are passed over.
 */
export function askedSource(id: string, where: string, files: () => readonly string[]): Source {
  const read = new Map<string, Read>()
  const look = () =>
    files().flatMap(path => {
      const found = statSync(path, { throwIfNoEntry: false })
      return found?.isFile() ? [{ path, mark: `${found.ino}/${found.size}/${found.mtimeMs}`, ms: found.mtimeMs }] : []
    })
  const refresh = async () => {
    const there = look()
    for (const path of [...read.keys()]) if (!there.some(file => file.path === path)) read.delete(path)
    for (const { path, mark } of there) {
      if (read.get(path)?.mark === mark) continue
      const one = await readOne(path, mark)
      if (one) read.set(path, one)
      // Many files are many reads: others must get their turn.
      await setImmediate()
    }
    return [...read.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
  }
  const pathOf = (trajectory: string) => {
    const known = [...read].find(([, one]) => one.id === trajectory)?.[0]
    return known ?? files().find(path => basename(path) === `${trajectory}.jsonl`)
  }
  return {
    id,
    where,
    kind: 'asked',
    mark: async () => {
      const there = look()
      return there.length === 0 && !existsSync(where) ? null : there.map(file => `${file.path} ${file.mark}`).join('\n')
    },
    changedMs: () => Math.max(0, ...look().map(file => file.ms)),
    beingMade() {
      const open = new Set([...read].filter(([, one]) => !one.over).map(([path]) => path))
      return look().some(file => open.has(file.path) && Date.now() - file.ms < patienceMs)
    },
    async read() {
      const all = await refresh()
      return {
        name: id === 'asked' ? 'Asked' : basename(where),
        plan: null,
        done: all.filter(one => one.over).length,
        planned: all.length,
        rows: all.flatMap(one => (one.row ? [one.row] : [])),
      }
    },
    async progress() {
      const all = await refresh()
      return { done: all.filter(one => one.over).length, planned: all.length }
    },
    async events(trajectory) {
      const path = pathOf(trajectory)
      if (path === undefined) throw notFound(`there is no trajectory ${trajectory} in ${where}`)
      if (!existsSync(path)) throw gone(path)
      return readTrajectoryFile(path).events
    },
    openToWrite: null,
    keep(trajectory, events) {
      const folder = statSync(where, { throwIfNoEntry: false })?.isDirectory() ? where : join(where, '..')
      const file = createTrajectoryFile(join(folder, `${trajectory}.jsonl`))
      try {
        for (const event of events) file.append(event)
      } finally {
        file.close()
      }
    },
    close: async () => undefined,
  }
}

/** The trajectory files of a folder, newest last. */
export function trajectoryFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .sort()
    .map(name => join(folder, name))
}

async function readOne(path: string, mark: string): Promise<Read | null> {
  try {
    const { events } = readTrajectoryFile(path)
    if (events[0]?.type !== 'trajectory-start') return null
    const row = await rowOf(events)
    return { mark, id: events[0].id, row, over: events.at(-1)?.type === 'trajectory-end' }
  } catch {
    return null
  }
}

/** The row that a run would have of it, judged where it is a task's question. */
export async function rowOf(events: readonly TrajectoryEvent[]): Promise<Summary> {
  const trajectory = fold(events)
  const item = itemOfStart(trajectory.start)
  const over = trajectory.end !== null
  const verdict = over ? await judged(item, trajectory) : null
  return summarise(item, trajectory, verdict, over ? 'done' : 'open')
}

async function judged(item: WorkItem, trajectory: ReturnType<typeof fold>): Promise<Verdict | null> {
  if (item.task === ownQuestion) return null
  const found = await puzzleOf(item, trajectory.start.question.prompt)
  return typeof found === 'string'
    ? { verdict: 'unscored', why: found }
    : verifyTrajectory(found.task, found.puzzle, trajectory)
}

function itemOfStart({ id, method, models, question }: TrajectoryStart): WorkItem {
  const at = question.coordinates
  return {
    key: id,
    label: method,
    method,
    model: models.task,
    task: at?.task ?? ownQuestion,
    taskVersion: at?.version ?? 0,
    level: at?.level ?? 0,
    seed: at?.seed ?? 0,
    pool: at?.pool ?? 'test',
    trial: 0,
  }
}
