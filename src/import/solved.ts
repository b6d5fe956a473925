import { messageOf } from '../errors.ts'
import type { Task } from '../task.ts'

/** A right answer of ours, or why there is none. */
export type Solved = { readonly ok: true; readonly answer: string } | { readonly ok: false; readonly why: string }

/**
 * Solves a published puzzle and checks the answer. Our solvers may throw on puzzles that are not ours: a published
 * instance can be without an answer, or outside what the solver was made for. That is a fact about it, not a crash.
 */
export function solvedBy(task: Task, puzzle: unknown): Solved {
  let answer: string
  try {
    answer = task.solve(puzzle)
  } catch (error) {
    return { ok: false, why: messageOf(error) }
  }
  const verdict = task.verify(puzzle, answer)
  return 'why' in verdict ? { ok: false, why: `our answer is refused: ${verdict.why}` } : { ok: true, answer }
}
