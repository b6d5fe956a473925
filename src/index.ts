/**
 * CodeSteer as a library.
 * @packageDocumentation
 */
export { answerOf, codeBlocks, lastMarked, programOf } from './answer.ts'
export { type AskOptions, type CodeSteer, type CodeSteerOptions, createCodeSteer } from './assemble.ts'
export type { Checker, CheckReport } from './checker.ts'
export type { Coach, CoachKind, Guidance } from './coach.ts'
export { draw } from './draw.ts'
export { CodeSteerError, InputError, ProviderError, SandboxError, StoreError } from './errors.ts'
export { fold, thread } from './fold.ts'
export type { Kit, StepKit } from './kit.ts'
export type { Capabilities, ChatModel, ModelProvider, ModelReply, ModelRequest, Usage } from './model.ts'
export { openModel, wrapModel } from './models/_shared/open.ts'
export { load, names } from './registry.ts'
export { type ReplayResult, replay } from './replay.ts'
export type { RunRequest, RunResult, Sandbox, SandboxKind } from './sandbox.ts'
export { profiles, published, type SteerSettings, steerDefaults } from './settings.ts'
export { type SteerInput, steer } from './steer.ts'
export type { Instance, Level, Pool, Question, Task, Verdict } from './task.ts'
export type { StopReason, Trajectory, TrajectoryEvent, Turn } from './trajectory.ts'
export { version } from './version.ts'
