import { setImmediate } from 'node:timers/promises'
import { draw } from '../draw.ts'
import { fold } from '../fold.ts'
import { load, names } from '../registry.ts'
import { type RunStore, type Summary, summarise, type WorkItem } from '../store/run-store.ts'
import type { Task, Verdict } from '../task.ts'
import { verifyTrajectory } from '../verify.ts'

/** A stored trajectory whose derived row is not what it would be today. */
export interface Rescored {
  readonly before: Summary
  readonly after: Summary
}

export interface RescoreResult {
  readonly checked: number
  readonly changed: readonly Rescored[]
  /** Trajectories whose puzzle can no longer be told, with the reason; their rows stay as they are. */
  readonly skipped: readonly { readonly trajectoryId: string; readonly why: string }[]
}

/** Rows held at once. */
const page = 500

/**
 * Judges every finished trajectory again with the verifiers of today, without a call. With `write` the rows that changed
 * are replaced; the events are never touched.
 */
export async function rescoreRun(
  store: RunStore,
  options: { readonly write: boolean; readonly signal?: AbortSignal },
): Promise<RescoreResult> {
  const changed: Rescored[] = []
  const skipped: { trajectoryId: string; why: string }[] = []
  let checked = 0
  for (let offset = 0; ; offset += page) {
    const rows = await store.summaries({ state: 'done', branches: true, limit: page, offset })
    const ofPage: Rescored[] = []
    for (const before of rows) {
      // The rest of the process must breathe, or no Ctrl-C is heard.
      await setImmediate()
      options.signal?.throwIfAborted()
      const after = await judgeAgain(store, before)
      if (typeof after === 'string') skipped.push({ trajectoryId: before.trajectoryId, why: after })
      else if (JSON.stringify(after) !== JSON.stringify(before)) ofPage.push({ before, after })
      checked++
    }
    changed.push(...ofPage)
    if (options.write && ofPage.length > 0)
      await store.rescore(ofPage.map(({ after }) => ({ trajectoryId: after.trajectoryId, summary: after })))
    if (rows.length < page) return { checked, changed, skipped }
  }
}

/** The row as it would be made today, or why it cannot be. */
async function judgeAgain(store: RunStore, before: Summary): Promise<Summary | string> {
  const trajectory = fold(await store.trajectory(before.trajectoryId))
  const found = await puzzleOf(before, trajectory.start.question.prompt)
  if (typeof found === 'string') return found
  const verdict: Verdict = verifyTrajectory(found.task, found.puzzle, trajectory)
  return { ...before, ...summarise(itemOf(before), trajectory, verdict, before.state) }
}

/**
 * The puzzle of a recorded question. When the task draws others by now (its version was raised), the puzzle is read back
 * from the question's own words.
 */
export async function puzzleOf(
  item: WorkItem,
  prompt: string,
): Promise<{ readonly task: Task; readonly puzzle: unknown } | string> {
  if (!names('tasks').includes(item.task)) return `there is no task "${item.task}" any more`
  const task = await load<Task>('tasks', item.task)
  if (task.version === item.taskVersion) {
    const { question, puzzle } = draw(task, item.level, item.seed, item.pool)
    if (question.prompt === prompt) return { task, puzzle }
  }
  const puzzle = task.read(prompt)
  return puzzle === null ? `${item.task}: the question of version ${item.taskVersion} cannot be read` : { task, puzzle }
}

/** The item of a summary, without what is derived. */
export function itemOf(summary: Summary): WorkItem {
  const { key, label, method, model, task, taskVersion, level, seed, pool, trial } = summary
  return { key, label, method, model, task, taskVersion, level, seed, pool, trial }
}
