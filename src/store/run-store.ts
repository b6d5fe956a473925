import type { Pool, Verdict } from '../task.ts'
import type { Coordinates, StopReason, Trajectory, TrajectoryEvent } from '../trajectory.ts'

/** Raised when a store's shape changes in a way that older readers cannot read. */
export const storeFormat = 1

/**
 * One trajectory to be made: a method on a model on a question, once. `key` is stable: the hash of what makes the work
 * what it is (method with its settings, models, question coordinates, trial), so that a changed plan repeats nothing.
 */
export interface WorkItem {
  readonly key: string
  /** The method as the plan labels it, e.g. `codesteer` or `codesteer, no symbolic checker`. */
  readonly label: string
  readonly method: string
  readonly model: string
  readonly task: string
  readonly taskVersion: number
  readonly level: number
  readonly seed: number
  readonly pool: Pool
  readonly trial: number
}

/**
 * `waiting`: not begun. `open`: begun and not over, whether somebody works on it now or was cut off. `done`: over, its
 * last event is a trajectory-end. `failed`: given up for a reason that another start may mend (provider away, key wrong);
 * its events so far are kept, without an end, and another start goes on from there.
 */
export type ItemState = 'waiting' | 'open' | 'done' | 'failed'

/**
 * A trajectory in one row: derived from its events and its verdict, kept for listing, rebuilt by `rescore`. Tokens and
 * money are of all roles together; `taskTokens` is what the published tables count.
 */
export interface Summary extends WorkItem {
  readonly trajectoryId: string
  readonly state: ItemState
  readonly verdict: Verdict['verdict'] | null
  readonly why: string | null
  readonly answer: string | null
  readonly answerFrom: 'code-output' | 'reply' | null
  readonly stop: StopReason | null
  /** Kind of the failure that ended it, e.g. `provider/rate-limit`. */
  readonly error: string | null
  readonly simulated: boolean
  readonly turns: number
  readonly codeTurns: number
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly taskTokens: number
  /** US dollars; null when a price is unknown. */
  readonly costUsd: number | null
  readonly tookMs: number
  /** What the checkers said of the turn whose answer counts: checker name to outcome. */
  readonly checks: Readonly<Record<string, 'passed' | 'failed' | 'inconclusive'>>
  /** Set for branches that `fork` made; they are not part of the plan's results. */
  readonly branchOf: { readonly trajectory: string; readonly turn: number } | null
}

/** Which rows of a run are wanted; what is left out does not filter. */
export interface SummaryFilter {
  readonly label?: string
  readonly model?: string
  readonly task?: string
  readonly level?: number
  readonly verdict?: Verdict['verdict']
  readonly stop?: StopReason
  readonly state?: ItemState
  /** Branches are left out unless asked for. */
  readonly branches?: boolean
  readonly limit?: number
  readonly offset?: number
}

/**
 * Where a run lives: its plan, its items, and the events of their trajectories, append-only while it runs. Readers may
 * look on meanwhile. Implemented on SQLite (one file that can be copied and mailed) and on PostgreSQL.
 */
export interface RunStore {
  /** A path or address for people, without credentials. */
  readonly where: string
  /** The plan with all defaults written out, as it was last recorded; null before the first. */
  plan(): Promise<unknown>
  /** Records the plan if it differs from the last one; earlier ones are kept. True when it was new. */
  recordPlan(plan: unknown): Promise<boolean>
  /** Adds items that are not there yet; returns how many were new. */
  addItems(items: readonly WorkItem[]): Promise<number>
  /** Items of a state, in the order in which they were added. */
  items(state?: ItemState): Promise<WorkItem[]>
  /** Events of an item's trajectory so far (empty when none was begun), and its id. */
  eventsOf(key: string): Promise<{ readonly trajectoryId: string | null; readonly events: TrajectoryEvent[] }>
  /** Marks an item as being worked on, under a new or the same trajectory id. */
  begin(key: string, trajectoryId: string): Promise<void>
  /**
   * Writes one event durably: when it resolves, a power cut does not lose it. Events of one trajectory are handed over in
   * their order and may be handed over without waiting for the one before.
   */
  append(trajectoryId: string, event: TrajectoryEvent): Promise<void>
  /** Closes an item with its derived row, or sets it aside as `failed` for another start. */
  finish(key: string, state: 'done' | 'failed', summary: Summary): Promise<void>
  /** Replaces derived rows, e.g. after a verifier changed. */
  rescore(rows: readonly { readonly trajectoryId: string; readonly summary: Summary }[]): Promise<void>
  /** Derived rows, quickly: a hundred thousand in under a second. */
  summaries(filter?: SummaryFilter): Promise<Summary[]>
  /** How many items are in each state. */
  counts(): Promise<Readonly<Record<ItemState, number>>>
  /** Events of one trajectory or branch; empty when there is none. */
  trajectory(trajectoryId: string): Promise<TrajectoryEvent[]>
  /** Adds a branch of a stored trajectory. */
  addBranch(trajectoryId: string, events: readonly TrajectoryEvent[], summary: Summary): Promise<void>
  /** Everything handed over is on the disk when it resolves. Idempotent. */
  close(): Promise<void>
}

/** The derived row of a trajectory. */
export function summarise(item: WorkItem, trajectory: Trajectory, verdict: Verdict | null, state: ItemState): Summary {
  const { start, turns, answer, end, spend } = trajectory
  const counted = answer ? turns.find(turn => turn.index === answer.turn) : turns.at(-1)
  const error = end?.error
  return {
    ...item,
    trajectoryId: start.id,
    state,
    verdict: verdict?.verdict ?? null,
    why: verdict && 'why' in verdict ? verdict.why : null,
    answer: answer?.text ?? null,
    answerFrom: answer?.from ?? null,
    stop: end?.reason ?? null,
    error: error ? (error.fault ? `${error.kind}/${error.fault}` : error.kind) : null,
    simulated: start.simulated,
    turns: turns.length,
    codeTurns: turns.filter(turn => turn.source !== null).length,
    calls: spend.total.calls,
    inputTokens: spend.total.inputTokens,
    outputTokens: spend.total.outputTokens,
    taskTokens: spend.task.inputTokens + spend.task.outputTokens,
    costUsd: spend.total.costUsd,
    tookMs: trajectory.tookMs,
    checks: Object.fromEntries((counted?.checks ?? []).map(check => [check.checker, check.report.outcome])),
    branchOf: start.branchOf ?? null,
  }
}

/** The coordinates of an item's question, as a trajectory's start records them. */
export function coordinatesOf(item: WorkItem): Coordinates {
  const id = `${item.task}@${item.taskVersion}/${item.level}/${item.seed}${item.pool === 'train' ? '/train' : ''}`
  return { id, task: item.task, version: item.taskVersion, level: item.level, seed: item.seed, pool: item.pool }
}
