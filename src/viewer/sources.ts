import type { RunStore, Summary } from '../store/run-store.ts'
import type { TrajectoryEvent } from '../trajectory.ts'

/** Everything that is listed of a run, read at one moment. */
export interface Content {
  readonly name: string
  readonly plan: unknown
  readonly done: number
  readonly planned: number
  /** Rows of all trajectories that have one, branches included. */
  readonly rows: readonly Summary[]
}

/** Something that can be looked at: where it lives is its own affair. */
export interface Source {
  readonly id: string
  /** As the user gave it, without credentials. */
  readonly where: string
  readonly kind: 'run' | 'asked'
  /** Changes whenever what is stored changes; null when it is gone. Cheap enough to be asked twice a second. */
  mark(): Promise<string | null>
  /** When it last changed, milliseconds since 1970. */
  changedMs(): number
  /** Whether somebody is writing to it now. */
  beingMade(): boolean
  read(): Promise<Content>
  /** How far it is, without reading the rows. */
  progress(): Promise<{ readonly done: number; readonly planned: number }>
  /** Throws StoreError or InputError when there is no such trajectory. */
  events(trajectoryId: string): Promise<readonly TrajectoryEvent[]>
  /** The run opened to store branches in; null for a folder of single trajectories. */
  openToWrite: (() => Promise<WritableRun>) | null
  /** Stores a branch where there is no run. */
  keep: ((trajectoryId: string, events: readonly TrajectoryEvent[]) => void) | null
  close(): Promise<void>
}

/** A run open for branches; `close` when nobody needs it any more. */
export interface WritableRun {
  readonly store: RunStore & { readonly ledger: import('../models/_shared/ledger.ts').CallLedger | null }
  close(): Promise<void>
}
