import type { Task, Verdict } from './task.ts'
import type { Trajectory } from './trajectory.ts'

/**
 * The verdict on a trajectory: the task's verifier on the trajectory's answer. A trajectory that ended by a failure of
 * the provider, the sandbox or ourselves before any answer is `unscored`, never a zero.
 */
export function verifyTrajectory<P>(task: Task<P>, puzzle: P, trajectory: Trajectory): Verdict {
  const { answer, end } = trajectory
  if (answer !== null) return task.verify(puzzle, answer.text)
  if (end === null) return { verdict: 'unscored', why: 'the trajectory has not ended' }
  if (end.reason === 'error' || end.reason === 'cancelled') {
    return { verdict: 'unscored', why: end.error ? `${end.error.kind}: ${end.error.message}` : end.reason }
  }
  return { verdict: 'no-answer', why: `no turn stated an answer between <<< and >>> (${end.reason})` }
}
