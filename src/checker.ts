import type { StepKit } from './kit.ts'
import type { TrajectoryEvent, Turn } from './trajectory.ts'

/**
 * What a checker tells the coach. It advises and may err; only a verifier decides. `inconclusive` is its own outcome:
 * a check that did not run has found nothing.
 */
export interface CheckReport {
  readonly outcome: 'passed' | 'failed' | 'inconclusive'
  /** Words for the coach and, through it, for the task model. */
  readonly told: string
  /** Findings as plain JSON; their shape is the checker's own. */
  readonly detail: unknown
}

/** A checker: the default export of a file in `checkers/`. */
export interface Checker {
  readonly name: string
  readonly about: string
  /** Looks at the turn just made. Yields the events of whatever it called or ran, returns its report, or null when it has nothing to look at. */
  check(turn: Turn, kit: StepKit): AsyncGenerator<TrajectoryEvent, CheckReport | null>
}
