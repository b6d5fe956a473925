// A worker of bench/tasks.ts: draws, solves and verifies the questions of one task and level per message.
import { parentPort } from 'node:worker_threads'
import { draw } from '../src/draw.ts'
import { load } from '../src/registry.ts'
import type { Task } from '../src/task.ts'

export interface CellJob {
  readonly slug: string
  readonly level: number
  readonly questions: number
}

/** Times in milliseconds, summed over the questions. */
export interface CellTiming extends CellJob {
  readonly drawMs: number
  readonly solveMs: number
  readonly verifyMs: number
}

async function work({ slug, level, questions }: CellJob): Promise<CellTiming> {
  const task = await load<Task>('tasks', slug)
  let [drawMs, solveMs, verifyMs] = [0, 0, 0]
  for (let seed = 0; seed < questions; seed++) {
    const begunMs = performance.now()
    const { puzzle, question } = draw(task, level, seed)
    const drawnMs = performance.now()
    const solution = task.solve(puzzle)
    const solvedMs = performance.now()
    const { verdict } = task.verify(puzzle, solution)
    const verifiedMs = performance.now()
    if (verdict !== 'correct') throw new Error(`${question.id}: its own solution is ${verdict}`)
    drawMs += drawnMs - begunMs
    solveMs += solvedMs - drawnMs
    verifyMs += verifiedMs - solvedMs
  }
  return { slug, level, questions, drawMs, solveMs, verifyMs }
}

parentPort?.on('message', async (job: CellJob) => parentPort?.postMessage(await work(job)))
parentPort?.postMessage('ready')
