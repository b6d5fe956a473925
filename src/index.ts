/**
 * CodeSteer as a library: a coach that steers a model between text and code, runs its programs in a sandbox, has the
 * answer checked, and guides again. `createCodeSteer` assembles everything; `steer` is the loop itself.
 * @packageDocumentation
 */
export { answerOf, codeBlocks, lastMarked, programOf } from './answer.ts'
export {
  type AskOptions,
  type CodeSteer,
  type CodeSteerOptions,
  createCodeSteer,
  openSandbox,
} from './assemble.ts'
export type { Checker, CheckReport } from './checker.ts'
export { type CheckRow, checkSource } from './checkers/symbolic-code.ts'
export type { Coach, CoachKind, Guidance } from './coach.ts'
export { draw } from './draw.ts'
export { CodeSteerError, InputError, ProviderError, SandboxError, StoreError } from './errors.ts'
export { type ForkOptions, forkTrajectory } from './experiment/fork.ts'
export { openLedgerFile, openRunFile } from './experiment/open-run.ts'
export { type Plan, resolvePlan } from './experiment/plan.ts'
export { type RunOptions, type RunOutcome, runPlan } from './experiment/run.ts'
export { fold, thread } from './fold.ts'
export type { Kit, StepKit } from './kit.ts'
export type { Capabilities, ChatModel, ModelProvider, ModelReply, ModelRequest, Usage } from './model.ts'
export { type ModelOptions, openModel, wrapModel } from './models/_shared/open.ts'
export { load, names } from './registry.ts'
export { type ReplayResult, replay } from './replay.ts'
export { type RunReport, runReport } from './report/run-report.ts'
export type { RunRequest, RunResult, Sandbox, SandboxKind } from './sandbox.ts'
export { profiles, published, type SteerSettings, steerDefaults } from './settings.ts'
export { type SteerInput, steer } from './steer.ts'
export type { RunStore, Summary } from './store/run-store.ts'
export { createTrajectoryFile, readTrajectoryFile } from './store/trajectory-file.ts'
export type { Instance, Level, Pool, Question, Task, Verdict } from './task.ts'
export type { StopReason, Trajectory, TrajectoryEvent, Turn } from './trajectory.ts'
export { type Clock, systemClock } from './util/clock.ts'
export { verifyTrajectory } from './verify.ts'
export { version } from './version.ts'
