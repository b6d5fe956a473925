/**
 * What the viewer's page and its server say to each other: one file, read by both. All bodies are JSON. Every request
 * carries the token (a cookie that the first address sets, or `authorization: Bearer`); answers that are no 2xx are
 * `ApiError`. A page saved with `--static` finds the same shapes inlined and asks nobody.
 *
 * | request | answer |
 * |---|---|
 * | `GET  /api/runs` | `RunListing[]` |
 * | `GET  /api/runs/:run` | `RunDetail` |
 * | `GET  /api/runs/:run/report?‹RowFilter›&against=&comparisons=no` | `RunReport` (src/report/run-report.ts), of the filtered rows; without comparisons at once, with them after seconds in a large run |
 * | `GET  /api/runs/:run/rows?‹RowFilter›&sort=&descending=&offset=&limit=` | `RowPage` |
 * | `GET  /api/runs/:run/disagreements?a=&b=&‹RowFilter›` | `Disagreements` |
 * | `GET  /api/compare?runs=a,b&‹RowFilter›&against=&comparisons=no` | `RunReport` of several runs, columns labelled by run |
 * | `GET  /api/runs/:run/trajectories/:id` | `TrajectoryDetail` |
 * | `POST /api/runs/:run/trajectories/:id/forks` `ForkRequest` | `ForkStarted` |
 * | `GET  /api/trainings` | `TrainingListing[]` |
 * | `GET  /api/trainings/:id` | `TrainingDetail` |
 * | `GET  /api/live`, `?run=`, `?trajectory=` | server-sent events, each `data:` a `LiveMessage`; of all runs, one, or one trajectory (with `&run=` where it lies in a run) |
 */

import type { Guidance } from '../coach.ts'
import type { RunReport } from '../report/run-report.ts'
import type { Summary } from '../store/run-store.ts'
import type { StopReason } from '../trajectory.ts'

export type { RunReport, Summary }

/** What can be looked at: a run's file, or the trajectories that `ask` made (`id` is then `asked`). */
export interface RunListing {
  /** Stands in addresses; stable while the server runs. */
  readonly id: string
  readonly name: string
  /** Path as the user gave it. */
  readonly where: string
  readonly kind: 'run' | 'asked'
  readonly state: 'running' | 'finished' | 'incomplete' | 'gone'
  readonly simulated: boolean
  readonly done: number
  readonly planned: number
  /** Right answers among the scored; null when none is scored. */
  readonly accuracy: number | null
  readonly methods: number
  readonly tasks: number
  readonly models: readonly string[]
  readonly costUsd: number | null
  readonly tokens: number
  /** When its file last changed, milliseconds since 1970. */
  readonly changedMs: number
}

export interface RunDetail extends RunListing {
  /** The plan with all defaults written out; null for `asked`. */
  readonly plan: unknown
  /** What the filters may be set to. */
  readonly facets: {
    readonly labels: readonly string[]
    readonly models: readonly string[]
    readonly tasks: readonly {
      readonly slug: string
      readonly title: string
      readonly split: 'seen' | 'unseen' | null
    }[]
    readonly levels: readonly number[]
    readonly stops: readonly StopReason[]
    readonly verdicts: readonly string[]
  }
}

/** Narrows rows; every field may be left out. In addresses a query parameter each. */
export interface RowFilter {
  readonly label?: string
  readonly model?: string
  readonly task?: string
  readonly split?: 'seen' | 'unseen'
  readonly level?: number
  readonly verdict?: string
  readonly stop?: StopReason
  /** `failures`: incorrect, malformed or no answer. `checker-wrong`: a checker's word differs from the verdict. */
  readonly only?: 'failures' | 'checker-wrong' | 'branches'
  /** Words to be found in the answer, the verifier's reason or the trajectory's name. */
  readonly text?: string
}

export type SortField =
  | 'label'
  | 'model'
  | 'task'
  | 'level'
  | 'seed'
  | 'verdict'
  | 'stop'
  | 'turns'
  | 'tokens'
  | 'costUsd'
  | 'tookMs'

export interface RowPage {
  readonly total: number
  readonly offset: number
  readonly rows: readonly Summary[]
}

/** Instances that two methods answered with different success. */
export interface Disagreements {
  readonly a: string
  readonly b: string
  readonly both: number
  readonly neither: number
  readonly rows: readonly {
    readonly task: string
    readonly level: number
    readonly seed: number
    readonly trial: number
    readonly right: 'a' | 'b'
    readonly a: string
    readonly b: string
  }[]
}

/** A run of characters of a program, `kind` naming its colour class. */
export interface Token {
  readonly text: string
  readonly kind: 'plain' | 'keyword' | 'string' | 'number' | 'comment' | 'function' | 'operator'
}

/** Where the symbolic checker saw something, lines 1-based and inclusive. */
export interface CodeMark {
  readonly fromLine: number
  readonly toLine: number
  readonly kind: string
  readonly words: string
  /** Whether it speaks for the program or against it. */
  readonly tone: 'good' | 'bad' | 'neutral'
}

export interface CodeView {
  readonly source: string
  readonly lines: readonly (readonly Token[])[]
  readonly marks: readonly CodeMark[]
}

/** One thing that happened, ready to be shown; `seq` orders all of a trajectory's. */
export type Step = {
  readonly seq: number
  readonly turn: number
  /** Milliseconds since the trajectory's start at which it was there, and how long it took. */
  readonly atMs: number
  readonly tookMs: number
} & (
  | { readonly kind: 'guidance'; readonly guidance: Guidance; readonly forced: boolean }
  | {
      readonly kind: 'reply'
      readonly role: 'task' | 'coach' | 'checker' | 'summariser'
      readonly model: string
      readonly prompt: string
      readonly text: string
      readonly reasoning: string | null
      readonly finish: string
      readonly inputTokens: number | null
      readonly outputTokens: number | null
      readonly costUsd: number | null
      readonly fromLedger: boolean
      /** Words and programs in turn, as the reply has them. */
      readonly parts: readonly (
        | { readonly kind: 'words'; readonly text: string }
        | { readonly kind: 'code'; readonly code: CodeView }
      )[]
    }
  | {
      readonly kind: 'run'
      readonly purpose: 'answer' | 'check' | 'tool'
      readonly code: CodeView
      readonly outcome: string
      readonly exitCode: number | null
      readonly stdout: string
      readonly stderr: string
      readonly droppedBytes: number
    }
  | {
      readonly kind: 'check'
      readonly checker: string
      readonly outcome: 'passed' | 'failed' | 'inconclusive'
      readonly summary: string
    }
  | { readonly kind: 'end'; readonly reason: StopReason; readonly error: string | null; readonly mend: string | null }
)

export interface TrajectoryDetail {
  readonly id: string
  readonly run: string
  readonly summary: Summary | null
  readonly simulated: boolean
  readonly question: {
    readonly prompt: string
    /** The puzzle drawn for the eye in plain text (board, grid); null when there is none. */
    readonly board: string | null
    /** The same as cells, when it is a grid: rows of short texts. */
    readonly grid: readonly (readonly string[])[] | null
  }
  readonly method: string
  readonly coach: string
  readonly models: { readonly task: string; readonly checker: string; readonly coach: readonly string[] }
  readonly startedMs: number
  readonly branchOf: { readonly trajectory: string; readonly turn: number } | null
  readonly branches: readonly { readonly id: string; readonly turn: number; readonly verdict: string | null }[]
  /** Whether a coach guides it, so that it can be forked. */
  readonly forkable: boolean
  readonly steps: readonly Step[]
  readonly answer: { readonly text: string; readonly from: 'code-output' | 'reply'; readonly turn: number } | null
  readonly verdict: { readonly verdict: string; readonly why: string | null } | null
  readonly spend: Readonly<
    Record<
      'task' | 'coach' | 'checker' | 'summariser' | 'total',
      {
        readonly calls: number
        readonly inputTokens: number
        readonly outputTokens: number
        readonly costUsd: number | null
        readonly modelMs: number
      }
    >
  >
  readonly tookMs: number
  /** False while it is still being made. */
  readonly over: boolean
}

export interface ForkRequest {
  /** 1-based; the turn whose guidance is replaced. */
  readonly turn: number
  readonly action?: 'text' | 'code'
  readonly words?: string
}

/** The branch's name; its events come over `/api/live?trajectory=`. */
export interface ForkStarted {
  readonly trajectory: string
}

export interface TrainingListing {
  readonly id: string
  readonly name: string
  readonly kind: 'sft' | 'dpo'
  readonly state: 'running' | 'finished' | 'failed' | 'stopped'
  readonly step: number
  readonly steps: number | null
  readonly loss: number | null
  readonly changedMs: number
}

export interface TrainingDetail extends TrainingListing {
  readonly facts: Readonly<Record<string, string | number | null>>
  /** Curves by name (`loss`, `eval_loss`, `rewards/accuracies` …): points of step and value. */
  readonly curves: Readonly<Record<string, readonly (readonly [number, number])[]>>
}

/** What the server tells of its own accord. */
export type LiveMessage =
  | { readonly type: 'run-changed'; readonly run: string; readonly listing: RunListing }
  /** A running run's display, as the command line shows it; null rates when unknown. */
  | {
      readonly type: 'progress'
      readonly run: string
      readonly done: number
      readonly left: number
      readonly perMinute: number | null
      readonly leftMs: number | null
    }
  | { readonly type: 'step'; readonly trajectory: string; readonly step: Step }
  /** Words of a model as they arrive; not kept. */
  | {
      readonly type: 'delta'
      readonly trajectory: string
      readonly role: string
      readonly kind: 'text' | 'reasoning'
      readonly text: string
    }
  | { readonly type: 'over'; readonly trajectory: string; readonly detail: TrajectoryDetail }
  | { readonly type: 'trouble'; readonly trajectory: string | null; readonly message: string; readonly mend: string }

export interface ApiError {
  readonly error: string
  readonly mend: string
}

/** What a page saved with `--static` holds, in `<script type="application/json" id="codesteer-data">`. */
export type StaticData =
  | {
      readonly kind: 'run'
      readonly detail: RunDetail
      readonly report: RunReport
      readonly rows: readonly Summary[]
      readonly trajectories: readonly TrajectoryDetail[]
    }
  | { readonly kind: 'trajectory'; readonly trajectory: TrajectoryDetail }
