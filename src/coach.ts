import type { StepKit } from './kit.ts'
import type { Trajectory, TrajectoryEvent } from './trajectory.ts'

/** The coach's decision: the next thing to tell the task model, or the end. `raw` is the coach's own words, if it used any. */
export type Guidance = Instruction | Finish

/** The next thing to tell the task model: answer in words or by a program. */
export interface Instruction {
  readonly action: 'text' | 'code'
  readonly prompt: string
  readonly reason: string
  readonly raw: string | null
}

/** `return` ends with an answer, `terminate` gives the question up. */
export interface Finish {
  readonly action: 'return' | 'terminate'
  readonly reason: string
  readonly raw: string | null
}

export const isFinish = (guidance: Guidance): guidance is Finish =>
  guidance.action === 'return' || guidance.action === 'terminate'

/** A coach: what a file in `coaches/` makes. It sees the question and the turns so far, never a key. */
export interface Coach {
  /** As the user names it: `rules`, `prompted:openai/gpt-…`. */
  readonly name: string
  /** Model ids it calls, for the record. */
  readonly models: readonly string[]
  /** The next decision; `so far` has no turns yet at the first choice. Yields the events of the calls it makes. */
  guide(soFar: Trajectory, kit: StepKit): AsyncGenerator<TrajectoryEvent, Guidance>
}

/** A kind of coach: the default export of a file in `coaches/`. */
export interface CoachKind {
  readonly name: string
  readonly about: string
  /** What stands behind the colon, e.g. `<provider/model>`; null when nothing does. */
  readonly argument: string | null
  /** True when the argument may be left out (the task model then serves). */
  readonly argumentOptional?: boolean
  /** Makes a coach. Throws InputError for an argument that cannot be used. */
  open(argument: string | null, context: CoachContext): Promise<Coach>
}

/** What a coach is opened with. */
export interface CoachContext {
  /** Opens a model by id, with the same ledger and limits as every other. */
  openModel(id: string): Promise<import('./model.ts').ChatModel>
  readonly environment: Readonly<Record<string, string | undefined>>
}
