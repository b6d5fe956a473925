import type { Coach } from './coach.ts'
import type { EpisodeBody } from './episode.ts'
import type { Kit } from './kit.ts'
import type { ChatModel } from './model.ts'

/**
 * A whole way of answering a question: CodeSteer itself or a baseline. The default export of a file in `methods/`. All
 * are judged alike: by the answer rule of `answer.ts` and the task's verifier.
 */
export interface Method {
  readonly name: string
  readonly about: string
  /** Where the method comes from: paper section or table row. */
  readonly source: string
  /**
   * Makes of the parts that the plan gave what this method consists of: its own coach, checkers and settings. Pure but
   * for opening models; called once per cell.
   */
  prepare(kit: Kit, context: MethodContext): Promise<Kit>
  /** The answering itself. A replay needs only this: everything that `prepare` decided is in the record. */
  readonly body: EpisodeBody
}

/** What a method may open when it prepares. */
export interface MethodContext {
  openModel(id: string): Promise<ChatModel>
  openCoach(name: string): Promise<Coach>
  /** Model ids for roles of the method's own (`summariser`), from the plan; absent: the task model serves. */
  readonly models: Readonly<Record<string, string | undefined>>
}
