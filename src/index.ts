/**
 * CodeSteer as a library: a coach that steers a model between text and code, runs its programs in a sandbox, has the
 * answer checked, and guides again. `createCodeSteer` assembles everything; `steer` is the loop itself.
 * @packageDocumentation
 */
export { answerOf, type CodeBlock, codeBlocks, type ExtractedAnswer, lastMarked, programOf } from './answer.ts'
export { type AskOptions, type CodeSteer, type CodeSteerOptions, createCodeSteer, openSandbox } from './assemble.ts'
export type { Checker, CheckReport } from './checker.ts'
export type { LegacyReport } from './checkers/_shared/python/legacy.ts'
export type { Finding, FindingKind, Method as ProgramMethod } from './checkers/_shared/python/report.ts'
export { type CheckRow, checkSource } from './checkers/symbolic-code.ts'
export type { Coach, CoachContext, CoachKind, Finish, Guidance, Instruction } from './coach.ts'
export { draw } from './draw.ts'
export {
  CodeSteerError,
  type FailureKind,
  InputError,
  ProviderError,
  type ProviderFault,
  SandboxError,
  StoreError,
} from './errors.ts'
export type { Spent } from './experiment/budget.ts'
export { type ForkOptions, forkTrajectory } from './experiment/fork.ts'
export { openLedgerFile, openRunFile } from './experiment/open-run.ts'
export { type Plan, type PlanMethod, resolvePlan } from './experiment/plan.ts'
export type { CellProgress, RunSnapshot } from './experiment/progress.ts'
export type { ProviderState } from './experiment/provider-gate.ts'
export { type RunOptions, type RunOutcome, runPlan } from './experiment/run.ts'
export { fold, thread } from './fold.ts'
export type { CallOptions, Kit, StepKit } from './kit.ts'
export type {
  Capabilities,
  ChatModel,
  FinishReason,
  ModelProvider,
  ModelReply,
  ModelRequest,
  OpenContext,
  Role,
  ToolCall,
  ToolSpec,
  Usage,
} from './model.ts'
export type { CapabilityRow } from './models/_shared/capability-table.ts'
export type { CallGate, CallPlace } from './models/_shared/chat.ts'
export type {
  AttemptOutcome,
  CallFacts,
  CallLedger,
  Flight,
  Ledger,
  LedgerStats,
  MaybePaid,
  StoredAnswer,
  Turn as LedgerTurn,
} from './models/_shared/ledger.ts'
export { type ModelOptions, openModel, type WrapOptions, wrapModel } from './models/_shared/open.ts'
export type { PriceRow } from './models/_shared/price-table.ts'
export type { RetryPolicy } from './models/_shared/retry.ts'
export { load, names, type RegistryFolder } from './registry.ts'
export { type Divergence, type ReplayResult, replay } from './replay.ts'
export {
  type CheckerQuality,
  type Column,
  type Cost,
  type RunReport,
  type RunReportOptions,
  runReport,
  type Tally,
} from './report/run-report.ts'
export type { Average, Part } from './report/statistics/averages.ts'
export type { Bootstrapped } from './report/statistics/bootstrap.ts'
export type { Judged } from './report/statistics/compare.ts'
export type { WinsLossesTies } from './report/statistics/over-tasks.ts'
export type { Interval } from './report/statistics/proportion.ts'
export type { Finding as ComparisonFinding } from './report/statistics/sentence.ts'
export type { Availability, Isolation, RunRequest, RunResult, Sandbox, SandboxKind } from './sandbox.ts'
export { profiles, published, type SteerSettings, steerDefaults } from './settings.ts'
export { type SteerInput, steer } from './steer.ts'
export type { ItemState, RunStore, Summary, SummaryFilter, WorkItem } from './store/run-store.ts'
export type { SqliteRunStore } from './store/sqlite-store.ts'
export {
  createTrajectoryFile,
  readTrajectoryFile,
  type TrajectoryFile,
  type TrajectoryWriter,
} from './store/trajectory-file.ts'
export type { Instance, Level, Pool, PublishedSample, PythonValue, Question, Task, Verdict } from './task.ts'
export type {
  CheckEvent,
  CodeRunEvent,
  Coordinates,
  GuidanceEvent,
  ModelCallEvent,
  Spend,
  StopReason,
  Trajectory,
  TrajectoryEnd,
  TrajectoryEvent,
  TrajectoryStart,
  Turn,
} from './trajectory.ts'
export { type Clock, systemClock } from './util/clock.ts'
export type { Rng } from './util/rng.ts'
export { verifyTrajectory } from './verify.ts'
export { version } from './version.ts'
