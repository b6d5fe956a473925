import type { StopReason } from './trajectory.ts'

/** Thrown inside the loop when a trajectory has used up what it may; the loop turns it into its stop reason. */
export class LimitReached extends Error {
  readonly reason: StopReason
  constructor(reason: StopReason) {
    super(reason)
    this.name = 'LimitReached'
    this.reason = reason
  }
}
