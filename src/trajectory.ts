import type { ExtractedAnswer } from './answer.ts'
import type { CheckReport } from './checker.ts'
import type { Guidance } from './coach.ts'
import type { FailureKind } from './errors.ts'
import type { FinishReason, ModelMessage, Role, ToolCall, Usage } from './model.ts'
import type { RunResult } from './sandbox.ts'
import type { SteerSettings } from './settings.ts'
import type { Pool } from './task.ts'

/** Raised when an event's shape changes in a way that older readers cannot skip. */
export const trajectoryFormat = 1

/** Why a trajectory ended. */
export type StopReason =
  | 'returned'
  | 'terminated'
  | 'turn-limit'
  | 'token-limit'
  | 'cost-limit'
  | 'time-limit'
  | 'cancelled'
  | 'error'

interface Stamp {
  /** 0, 1, 2 … without gaps. */
  readonly seq: number
  /** Milliseconds since 1970 at which the event was made. */
  readonly atMs: number
}

/** The first event: the question, and everything that the rest depends on. */
export interface TrajectoryStart extends Stamp {
  readonly type: 'trajectory-start'
  readonly format: number
  readonly id: string
  /**
   * `coordinates` when the question is a task's; a question typed by a user has only its words. `history` when it is the
   * last message of a conversation.
   */
  readonly question: {
    readonly prompt: string
    readonly history?: readonly ModelMessage[]
    readonly coordinates?: Coordinates
  }
  readonly method: string
  readonly settings: SteerSettings
  /** Ids by part: `task`, `checker`, and `coach` when it has models of its own. */
  readonly models: { readonly task: string; readonly checker: string; readonly coach: readonly string[] }
  readonly coach: string
  readonly checkers: readonly string[]
  readonly sandbox: string
  /** True when any of the models is the simulated one. */
  readonly simulated: boolean
  /** Name to hash of every prompt we may send. */
  readonly prompts: Readonly<Record<string, string>>
  readonly build: { readonly version: string }
  readonly trial: string
  readonly branchOf?: { readonly trajectory: string; readonly turn: number }
}

/** Where in the benchmark a question stands. */
export interface Coordinates {
  readonly id: string
  readonly task: string
  readonly version: number
  readonly level: number
  readonly seed: number
  readonly pool: Pool
}

/** The coach decided. */
export interface GuidanceEvent extends Stamp {
  readonly type: 'guidance'
  /** 1-based; the guidance begins its turn. A `return` or `terminate` carries the number the next turn would have had. */
  readonly turn: number
  readonly guidance: Guidance
}

/** A model was called and replied. */
export interface ModelCallEvent extends Stamp {
  readonly type: 'model-call'
  readonly turn: number
  readonly role: Role
  readonly model: string
  /** Conversation within the trajectory. Request = the thread's first `keep` messages, then `append`; the completion joins the thread. */
  readonly thread: string
  readonly keep: number
  readonly append: readonly ModelMessage[]
  readonly completion: {
    readonly text: string
    readonly reasoning: string | null
    readonly finish: FinishReason
    /** Present when the model called tools. */
    readonly toolCalls?: readonly ToolCall[]
  }
  readonly options: { readonly temperature?: number; readonly maxOutputTokens?: number; readonly json?: string }
  readonly usage: Usage
  readonly costUsd: number | null
  readonly requestHash: string
  readonly trial: string
  readonly fromLedger: boolean
  readonly attempts: number
  readonly notes: readonly string[]
  readonly tookMs: number
}

/** A program was run: the answer's, a checker's, or a tool's. */
export interface CodeRunEvent extends Stamp {
  readonly type: 'code-run'
  readonly turn: number
  readonly purpose: 'answer' | 'check' | 'tool'
  readonly source: string
  readonly timeoutMs: number
  readonly memoryBytes: number
  readonly result: RunResult
}

/** What a checker said about the turn. */
export interface CheckEvent extends Stamp {
  readonly type: 'check'
  readonly turn: number
  readonly checker: string
  readonly report: CheckReport
}

/** The last event: why it ended. */
export interface TrajectoryEnd extends Stamp {
  readonly type: 'trajectory-end'
  readonly reason: StopReason
  readonly error?: {
    readonly kind: FailureKind
    readonly message: string
    readonly mend: string
    readonly fault?: string
  }
}

/** The one data type in the middle: everything else makes, reads or folds lists of these. */
export type TrajectoryEvent =
  | TrajectoryStart
  | GuidanceEvent
  | ModelCallEvent
  | CodeRunEvent
  | CheckEvent
  | TrajectoryEnd

/** One round: guidance, the task model's reply, the run of its code, what the checkers said. */
export interface Turn {
  readonly index: number
  readonly guidance: Guidance
  readonly reply: ModelCallEvent | null
  /** The program that this turn's reply asks to be run, or null. */
  readonly source: string | null
  readonly run: RunResult | null
  readonly checks: readonly { readonly checker: string; readonly report: CheckReport }[]
  readonly answer: ExtractedAnswer | null
}

/** What is spent, by role and in total; null cost means that at least one price is unknown. */
export interface Spend {
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | null
  readonly modelMs: number
}

/** A trajectory folded from its events: everything here is derived. */
export interface Trajectory {
  readonly start: TrajectoryStart
  readonly turns: readonly Turn[]
  /** The guidance that ended the loop, when the coach ended it. */
  readonly finish: Guidance | null
  readonly end: TrajectoryEnd | null
  /** The answer by the rule of `answer.ts` and the settings; null when no turn gave one. */
  readonly answer: (ExtractedAnswer & { readonly turn: number }) | null
  readonly spend: Readonly<Record<Role, Spend>> & { readonly total: Spend }
  readonly tookMs: number
}
