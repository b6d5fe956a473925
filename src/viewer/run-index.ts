import type { Summary } from '../store/run-store.ts'
import type { RowFilter, RowPage, RunDetail, RunListing, SortField } from './api.ts'
import { matcher, type Splits, sortRows } from './row-filter.ts'
import type { Content } from './sources.ts'

/** Orders kept: paging through one asks for it again and again. */
const ordersKept = 12
/** Rows handed over at once, at most. */
export const mostRows = 1_000

/** The part of a listing that its rows say. */
type FromRows = Pick<RunListing, 'simulated' | 'accuracy' | 'methods' | 'tasks' | 'models' | 'costUsd' | 'tokens'>

/** A run's rows in memory as they stood at one moment, and what was asked of them. */
export interface RunIndex extends Content {
  readonly listed: FromRows
  readonly facets: RunDetail['facets']
  row(trajectoryId: string): Summary | null
  branchesOf(trajectoryId: string): readonly Summary[]
  filtered(filter: RowFilter): readonly Summary[]
  page(
    filter: RowFilter,
    order: { sort: SortField | null; descending: boolean; offset: number; limit: number },
  ): RowPage
  /** What was worked out of the rows for a question, kept as long as they are; what failed is not kept. */
  kept<T>(question: string, work: () => T): T
}

/** Task slug to its published name. */
export type Titles = ReadonlyMap<string, string>

export function indexOf(content: Content, splits: Splits, titles: Titles): RunIndex {
  const byId = new Map(content.rows.map(row => [row.trajectoryId, row]))
  const branches = Map.groupBy(
    content.rows.filter(row => row.branchOf !== null),
    row => row.branchOf!.trajectory,
  )
  const own = content.rows.filter(row => row.branchOf === null)
  const answers = new Map<string, unknown>()
  const kept = <T>(question: string, work: () => T): T => {
    const known = answers.get(question)
    answers.delete(question)
    const value = known === undefined ? work() : (known as T)
    answers.set(question, value)
    if (value instanceof Promise) value.catch(() => answers.delete(question))
    if (answers.size > ordersKept) answers.delete(answers.keys().next().value!)
    return value
  }
  const filtered = (filter: RowFilter): readonly Summary[] => {
    if (Object.keys(filter).length === 0) return own
    return kept(`filter ${JSON.stringify(filter)}`, () => content.rows.filter(matcher(filter, splits)))
  }
  return {
    ...content,
    listed: listedOf(own),
    facets: facetsOf(own, splits, titles),
    row: id => byId.get(id) ?? null,
    branchesOf: id => branches.get(id) ?? [],
    filtered,
    page(filter, { sort, descending, offset, limit }) {
      const rows = kept(`order ${sort} ${descending} ${JSON.stringify(filter)}`, () =>
        sortRows(filtered(filter), sort, descending),
      )
      return { total: rows.length, offset, rows: rows.slice(offset, offset + Math.min(limit, mostRows)) }
    },
    kept,
  }
}

function listedOf(rows: readonly Summary[]): FromRows {
  const [methods, tasks, models] = [new Set<string>(), new Set<string>(), new Set<string>()]
  let [scored, correct, tokens, simulated] = [0, 0, 0, false]
  let costUsd: number | null = 0
  for (const row of rows) {
    methods.add(row.label)
    tasks.add(row.task)
    models.add(row.model)
    simulated ||= row.simulated
    tokens += row.inputTokens + row.outputTokens
    costUsd = costUsd === null || row.costUsd === null ? null : costUsd + row.costUsd
    if (row.state !== 'done' || row.verdict === null || row.verdict === 'unscored') continue
    scored++
    if (row.verdict === 'correct') correct++
  }
  return {
    simulated,
    accuracy: scored === 0 ? null : correct / scored,
    methods: methods.size,
    tasks: tasks.size,
    models: [...models],
    costUsd,
    tokens,
  }
}

function facetsOf(rows: readonly Summary[], splits: Splits, titles: Titles): RunDetail['facets'] {
  const different = <T>(of: (row: Summary) => T) => [...new Set(rows.map(of))]
  return {
    labels: different(row => row.label),
    models: different(row => row.model),
    tasks: different(row => row.task)
      .sort()
      .map(slug => ({ slug, title: titles.get(slug) ?? slug, split: splits.get(slug) ?? null })),
    levels: different(row => row.level).sort((a, b) => a - b),
    stops: different(row => row.stop).filter(stop => stop !== null),
    verdicts: different(row => row.verdict).filter(verdict => verdict !== null),
  }
}
