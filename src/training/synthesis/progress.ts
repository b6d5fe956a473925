import type { Spent } from '../../experiment/budget.ts'
import type { ProviderState } from '../../experiment/provider-gate.ts'
import type { GrownPath, PathOutcome } from './path.ts'

/** A synthesis as it stands at one moment; plain data, for a display or a line of JSON. */
export interface SynthesisSnapshot {
  readonly trees: { readonly total: number; readonly done: number }
  /** Trajectories: leaves of the trees. `expected` is a guess until all trees are done. */
  readonly paths: {
    readonly done: number
    readonly expected: number
    readonly repeated: number
    readonly failed: number
  }
  /** Finished paths that came out right, of those that could be judged. */
  readonly right: number
  readonly judged: number
  readonly spent: Spent
  /** What this start has spent of that. */
  readonly spentNow: Spent
  readonly elapsedMs: number
  /** Paths finished per minute, of this start. */
  readonly perMinute: number
  /** Null while it cannot be told. */
  readonly leftMs: number | null
  readonly providers: readonly ProviderState[]
  readonly stopping: string | null
  readonly simulated: boolean
}

/** Counts what happens in a synthesis; its size does not grow with the paths. */
export class SynthesisProgress {
  readonly #elapsedMs: () => number
  readonly #startedMs: number
  readonly #expected: number
  readonly #treesTotal: number
  #trees = 0
  #done = 0
  #fresh = 0
  #repeated = 0
  #failed = 0
  #right = 0
  #judged = 0
  #simulated: boolean

  /** `expected`: paths that the plan is thought to come to. */
  constructor(treesTotal: number, expected: number, options: { elapsedMs: () => number; simulated: boolean }) {
    this.#treesTotal = treesTotal
    this.#expected = expected
    this.#elapsedMs = options.elapsedMs
    this.#startedMs = options.elapsedMs()
    this.#simulated = options.simulated
  }

  path(outcome: PathOutcome): void {
    if (outcome.state === 'failed') this.#failed++
    if (outcome.state === 'repeated') this.#repeated++
    if (outcome.state !== 'done') return
    this.#count(outcome.path)
    if (outcome.fresh) this.#fresh++
  }

  tree(): void {
    this.#trees++
  }

  #count({ verdict, summary }: GrownPath): void {
    this.#done++
    this.#simulated ||= summary.simulated
    if (verdict === 'unscored') return
    this.#judged++
    if (verdict === 'correct') this.#right++
  }

  snapshot(now: Pick<SynthesisSnapshot, 'spent' | 'spentNow' | 'providers' | 'stopping'>): SynthesisSnapshot {
    const elapsedMs = this.#elapsedMs() - this.#startedMs
    const over = this.#trees === this.#treesTotal
    // Trees that are done say more than the guess did, once there are some.
    const guess = this.#trees >= 10 ? (this.#done / Math.max(1, this.#trees)) * this.#treesTotal : this.#expected
    const expected = over ? this.#done : Math.max(this.#done + 1, Math.round(guess))
    const perMinute = elapsedMs < 1_000 ? 0 : (this.#fresh / elapsedMs) * 60_000
    return {
      trees: { total: this.#treesTotal, done: this.#trees },
      paths: { done: this.#done, expected, repeated: this.#repeated, failed: this.#failed },
      right: this.#right,
      judged: this.#judged,
      ...now,
      elapsedMs,
      perMinute,
      leftMs: over ? 0 : perMinute > 0 ? ((expected - this.#done) / perMinute) * 60_000 : null,
      simulated: this.#simulated,
    }
  }
}
