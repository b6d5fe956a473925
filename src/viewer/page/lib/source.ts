import type {
  Disagreements,
  ForkRequest,
  ForkStarted,
  LiveMessage,
  RowFilter,
  RowPage,
  RunDetail,
  RunListing,
  RunReport,
  TrainingDetail,
  TrainingListing,
  TrajectoryDetail,
} from '../../api.ts'
import type { Order } from './filter.ts'

/** Where the page has its data from: a server, or what was saved in the page itself. */
export interface Source {
  /** `server`: things change and branches can be made; otherwise what the file holds. */
  readonly kind: 'server' | 'run' | 'trajectory'
  /** The place where a saved page begins; null with a server. */
  readonly home: { readonly run: string; readonly trajectory: string | null } | null
  /** Rows and conversations that a saved page of a run holds; null with a server, which has all. */
  readonly held: { readonly rows: number; readonly trajectories: number } | null
  runs(signal?: AbortSignal): Promise<readonly RunListing[]>
  run(id: string, signal?: AbortSignal): Promise<RunDetail>
  /** `comparisons: false` leaves the paired comparisons out, whose bootstrap takes seconds on a large run. */
  report(id: string, filter: RowFilter, asked: Asked, signal?: AbortSignal): Promise<RunReport>
  rows(
    id: string,
    filter: RowFilter,
    order: Order,
    page: { readonly offset: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<RowPage>
  disagreements(id: string, a: string, b: string, filter: RowFilter, signal?: AbortSignal): Promise<Disagreements>
  compare(ids: readonly string[], filter: RowFilter, asked: Asked, signal?: AbortSignal): Promise<RunReport>
  trajectory(run: string, id: string, signal?: AbortSignal): Promise<TrajectoryDetail>
  fork(run: string, id: string, request: ForkRequest): Promise<ForkStarted>
  trainings(signal?: AbortSignal): Promise<readonly TrainingListing[]>
  training(id: string, signal?: AbortSignal): Promise<TrainingDetail>
  /** Follows what happens; returns the function that ends it. */
  listen(
    about: { readonly run?: string; readonly trajectory?: string },
    onMessage: (message: LiveMessage) => void,
    onState?: (state: 'open' | 'lost') => void,
  ): () => void
}

/** What a report is to hold. */
export interface Asked {
  readonly comparisons: boolean
  /** The column that the others are compared with; null leaves the choice. */
  readonly against?: string | null
}

/** What could not be had, and what to do about it. */
export class Unavailable extends Error {
  readonly status: number
  readonly mend: string
  constructor(status: number, message: string, mend: string) {
    super(message)
    this.name = 'Unavailable'
    this.status = status
    this.mend = mend
  }
}
