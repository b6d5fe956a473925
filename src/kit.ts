import type { Checker } from './checker.ts'
import type { Coach } from './coach.ts'
import type { ChatModel, ModelMessage, ModelReply, ModelRequest, Role } from './model.ts'
import type { RunResult, Sandbox } from './sandbox.ts'
import type { SteerSettings } from './settings.ts'
import type { TrajectoryEvent } from './trajectory.ts'
import type { Clock } from './util/clock.ts'

/** Everything a loop works with. The world comes in here and nowhere else. */
export interface Kit {
  readonly taskModel: ChatModel
  /** Writes the checking programs; the task model unless the user names another. */
  readonly checkerModel: ChatModel
  /** Sums up where a method has a summariser; the task model unless the plan names another. */
  readonly summariserModel?: ChatModel
  readonly coach: Coach
  readonly checkers: readonly Checker[]
  readonly sandbox: Sandbox
  readonly settings: SteerSettings
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Text as it arrives, for the screen only. */
  readonly onDelta?: (delta: {
    readonly role: Role
    readonly kind: 'text' | 'reasoning'
    readonly text: string
  }) => void
}

/** What coaches and checkers get: calls and runs that leave their events behind, and the question. */
export interface StepKit {
  /** The question, with the conversation it belongs to before it when there is one (the bare words stand in the trajectory's start). */
  readonly question: string
  readonly settings: SteerSettings
  readonly models: { readonly task: ChatModel; readonly checker: ChatModel }
  /** Calls a model; yields one model-call event. `thread` names the conversation within the trajectory. */
  call(
    role: Role,
    thread: string,
    model: ChatModel,
    messages: readonly ModelMessage[],
    options?: CallOptions,
  ): AsyncGenerator<TrajectoryEvent, ModelReply>
  /** Runs a program in the sandbox; yields one code-run event. */
  run(purpose: 'answer' | 'check' | 'tool', source: string): AsyncGenerator<TrajectoryEvent, RunResult>
}

/** What a call asks for beyond its messages. */
export interface CallOptions {
  readonly temperature?: number
  readonly maxOutputTokens?: number
  readonly json?: ModelRequest['json']
  readonly tools?: ModelRequest['tools']
}
