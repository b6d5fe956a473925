import type { Summary, WorkItem } from '../store/run-store.ts'
import type { Spent } from './budget.ts'
import type { ProviderState } from './provider-gate.ts'

/** One method on one model, over all tasks. */
export interface CellProgress {
  readonly label: string
  readonly model: string
  readonly simulated: boolean
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly underWay: number
  readonly correct: number
  /** Done and judged: what accuracy is a share of. */
  readonly scored: number
  readonly tokens: number
  /** Null when a price is unknown. */
  readonly costUsd: number | null
}

/** A run as it stands at one moment; plain data, for a display or a line of JSON. */
export interface RunSnapshot {
  readonly total: number
  readonly done: number
  /** Set aside for another start, this one's and earlier ones'. */
  readonly failed: number
  readonly underWay: number
  readonly left: number
  readonly cells: readonly CellProgress[]
  readonly spent: Spent
  /** What this start has spent of that. */
  readonly spentNow: Spent
  readonly elapsedMs: number
  /** Trajectories finished per minute, of late. */
  readonly perMinute: number
  /** Null while it cannot be told. */
  readonly leftMs: number | null
  /** Failures by kind, e.g. `provider/rate-limit`: those set aside, and those that ended a trajectory. */
  readonly errors: Readonly<Record<string, number>>
  readonly providers: readonly ProviderState[]
  readonly stopping: string | null
  readonly simulated: boolean
}

type Counted = { -readonly [K in keyof CellProgress]: CellProgress[K] }

/** How far back the rate looks. */
const windowMs = 120_000

/** Counts what happens in a run. Its size depends on the number of cells, not of trajectories. */
export class RunProgress {
  readonly #elapsedMs: () => number
  readonly #startedMs: number
  readonly #cells = new Map<string, Counted>()
  readonly #errors = new Map<string, number>()
  /** Finished trajectories by second, for the rate. */
  #finished: { second: number; count: number }[] = []
  #failedKind = new Map<string, string>()

  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs
    this.#startedMs = elapsedMs()
  }

  add(item: WorkItem): void {
    this.#cell(item).total++
  }

  /** Counts an item that an earlier start finished or set aside. */
  earlier(summary: Summary): void {
    const cell = this.#cell(summary)
    cell.simulated ||= summary.simulated
    if (summary.state === 'failed') this.#fail(cell, summary)
    else this.#close(cell, summary)
  }

  begin(item: WorkItem): void {
    const cell = this.#cell(item)
    cell.underWay++
    const kind = this.#failedKind.get(item.key)
    if (kind === undefined) return
    this.#failedKind.delete(item.key)
    cell.failed--
    this.#count(kind, -1)
  }

  end(item: WorkItem, summary: Summary | null): void {
    const cell = this.#cell(item)
    cell.underWay--
    if (!summary) return
    cell.simulated ||= summary.simulated
    if (summary.state === 'failed') this.#fail(cell, summary)
    else this.#close(cell, summary)
    if (summary.state === 'failed') return
    const second = Math.floor(this.#elapsedMs() / 1_000)
    if (this.#finished.at(-1)?.second === second) this.#finished.at(-1)!.count++
    else this.#finished.push({ second, count: 1 })
  }

  snapshot(now: Pick<RunSnapshot, 'spent' | 'spentNow' | 'providers' | 'stopping'>): RunSnapshot {
    const cells = [...this.#cells.values()].map(cell => ({ ...cell }))
    const sum = (of: (cell: CellProgress) => number) => cells.reduce((all, cell) => all + of(cell), 0)
    const [total, done] = [sum(cell => cell.total), sum(cell => cell.done)]
    const perMinute = this.#perMinute()
    return {
      total,
      done,
      failed: sum(cell => cell.failed),
      underWay: sum(cell => cell.underWay),
      left: total - done,
      cells,
      ...now,
      elapsedMs: this.#elapsedMs() - this.#startedMs,
      perMinute,
      leftMs: total === done ? 0 : perMinute > 0 ? ((total - done) / perMinute) * 60_000 : null,
      errors: Object.fromEntries([...this.#errors].sort()),
      simulated: cells.some(cell => cell.simulated),
    }
  }

  #perMinute(): number {
    const now = this.#elapsedMs()
    this.#finished = this.#finished.filter(({ second }) => now - second * 1_000 < windowMs)
    const count = this.#finished.reduce((sum, entry) => sum + entry.count, 0)
    const spanMs = Math.min(windowMs, now - this.#startedMs)
    return spanMs < 1_000 ? 0 : (count / spanMs) * 60_000
  }

  #fail(cell: Counted, summary: Summary): void {
    const kind = summary.error ?? 'unknown'
    cell.failed++
    this.#failedKind.set(summary.key, kind)
    this.#count(kind, 1)
  }

  #close(cell: Counted, summary: Summary): void {
    cell.done++
    if (summary.error) this.#count(summary.error, 1)
    if (summary.verdict === 'correct') cell.correct++
    if (summary.verdict !== null && summary.verdict !== 'unscored') cell.scored++
    cell.tokens += summary.inputTokens + summary.outputTokens
    cell.costUsd = cell.costUsd === null || summary.costUsd === null ? null : cell.costUsd + summary.costUsd
  }

  #count(kind: string, by: number): void {
    const count = (this.#errors.get(kind) ?? 0) + by
    if (count > 0) this.#errors.set(kind, count)
    else this.#errors.delete(kind)
  }

  #cell({ label, model }: Pick<WorkItem, 'label' | 'model'>): Counted {
    const key = `${label}\0${model}`
    const known = this.#cells.get(key)
    if (known) return known
    const fresh: Counted = {
      label,
      model,
      simulated: model.startsWith('simulated/'),
      total: 0,
      done: 0,
      failed: 0,
      underWay: 0,
      correct: 0,
      scored: 0,
      tokens: 0,
      costUsd: 0,
    }
    this.#cells.set(key, fresh)
    return fresh
  }
}
