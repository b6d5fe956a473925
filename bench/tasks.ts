// Draw, solve and verify every task's questions on two cores: node bench/tasks.ts [--count 1000] [--workers 2] [slug…]
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { load, names } from '../src/registry.ts'
import type { Task } from '../src/task.ts'
import { spread } from '../tools/spread.ts'
import type { CellJob, CellTiming } from './tasks-worker.ts'

/** The work on one task's questions, in milliseconds of one core. */
export interface TaskTiming {
  readonly task: string
  readonly questions: number
  readonly drawMs: number
  readonly solveMs: number
  readonly verifyMs: number
  readonly totalMs: number
  /** The level that took the largest part. */
  readonly slowestLevel: number
  readonly slowestShare: number
}

export interface TasksTiming {
  readonly tasks: readonly TaskTiming[]
  readonly questions: number
  /** From the first draw to the last verdict, without starting the workers. */
  readonly wallMs: number
  readonly workers: number
  /** What we want, and whether it holds: one minute for all tasks with 1,000 questions each on two cores. */
  readonly goal: string
  readonly reached: boolean
}

/** `count` questions per task, evenly over its levels, by so many workers that take one task and level at a time. */
export async function measure(
  options: { count?: number; workers?: number; slugs?: readonly string[] } = {},
): Promise<TasksTiming> {
  const { count = 1_000, workers = 2, slugs = names('tasks') } = options
  const tasks = await Promise.all(slugs.map(slug => load<Task>('tasks', slug)))
  const jobs = tasks.flatMap(({ slug, levels }) =>
    spread(count, levels.length).map((questions, i): CellJob => ({ slug, level: i + 1, questions })),
  )
  // The long ones first, as far as one can guess, so that no worker is left alone with one at the end.
  jobs.sort((a, b) => b.level - a.level)
  const pool = await Promise.all(Array.from({ length: workers }, () => startWorker()))
  try {
    const begunMs = performance.now()
    const cells = (await Promise.all(pool.map(worker => drain(worker, jobs)))).flat()
    const wallMs = performance.now() - begunMs
    const goalMs = 60_000 * ((count * slugs.length) / 37_000)
    return {
      tasks: slugs.map(slug => summary(slug, cells)),
      questions: cells.reduce((sum, cell) => sum + cell.questions, 0),
      wallMs,
      workers,
      goal: `wall below ${(goalMs / 1_000).toFixed(1)} s`,
      reached: wallMs < goalMs,
    }
  } finally {
    await Promise.all(pool.map(worker => worker.terminate()))
  }
}

async function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL('./tasks-worker.ts', import.meta.url))
  await once(worker, 'message')
  return worker
}

/** Gives a worker one job after the other until there are none left. */
async function drain(worker: Worker, jobs: CellJob[]): Promise<CellTiming[]> {
  const done: CellTiming[] = []
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    worker.postMessage(job)
    const [timing] = (await once(worker, 'message')) as [CellTiming]
    done.push(timing)
  }
  return done
}

function summary(slug: string, all: readonly CellTiming[]): TaskTiming {
  const cells = all.filter(cell => cell.slug === slug)
  const sum = (of: (cell: CellTiming) => number) => cells.reduce((total, cell) => total + of(cell), 0)
  const timeOf = ({ drawMs, solveMs, verifyMs }: CellTiming) => drawMs + solveMs + verifyMs
  const totalMs = sum(timeOf)
  const slowest = cells.reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a))
  return {
    task: slug,
    questions: sum(cell => cell.questions),
    drawMs: sum(cell => cell.drawMs),
    solveMs: sum(cell => cell.solveMs),
    verifyMs: sum(cell => cell.verifyMs),
    totalMs,
    slowestLevel: slowest.level,
    slowestShare: timeOf(slowest) / totalMs,
  }
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string', default: '1000' }, workers: { type: 'string', default: '2' } },
  })
  const slugs = positionals.length > 0 ? positionals : names('tasks')
  const timing = await measure({ count: Number(values.count), workers: Number(values.workers), slugs })
  const seconds = (ms: number) => (ms / 1_000).toFixed(2).padStart(7)
  console.log(`${'seconds of one core'.padEnd(38)}   draw   solve  verify   total  slowest level`)
  for (const row of timing.tasks.toSorted((a, b) => b.totalMs - a.totalMs)) {
    const parts = [row.drawMs, row.solveMs, row.verifyMs, row.totalMs].map(seconds).join(' ')
    const slowest = `${row.slowestLevel} (${Math.round(100 * row.slowestShare)} %)`
    console.log(`${row.task.padEnd(36)} ${parts}  ${slowest}`)
  }
  const { questions, wallMs, workers, goal, reached } = timing
  console.log(
    `${questions} questions of ${timing.tasks.length} tasks: ${(wallMs / 1_000).toFixed(1)} s with ${workers} workers; ${goal}: ${reached ? 'yes' : 'NO'}`,
  )
}
