import { InputError } from '../errors.ts'
import { columnId, columnsOf, type RunReport } from '../report/run-report.ts'
import { isPostgresAddress } from '../store/postgres-address.ts'
import type { Summary } from '../store/run-store.ts'
import type { Disagreements, RowFilter } from './api.ts'
import { disagreementsOf } from './disagreements.ts'
import { mostInPlace, reportApart } from './report-apart.ts'
import { reportRows } from './report-rows.ts'
import type { Splits } from './row-filter.ts'
import type { RunIndex } from './run-index.ts'
import type { Source } from './sources.ts'

/** What a report is of, and how much of it is wanted. */
export interface ReportAsk {
  readonly filter: RowFilter
  readonly against: string | null
  /** False: without the paired comparisons, at once also for a hundred thousand rows. */
  readonly compare: boolean
  /** Aborted when nobody waits for it any more. */
  readonly signal?: AbortSignal
}

/** A run that is shown, with its rows. */
export interface OpenRun {
  readonly source: Source
  readonly index: RunIndex
}

/** The report of the rows that pass the filter: what `codesteer report --json` says of them. */
export function reportOf(run: OpenRun, ask: ReportAsk, splits: Splits): Promise<RunReport> {
  return compareRuns([run], ask, splits)
}

/**
 * One run, or several in one report, each method of each run a column of its own. Resampling many rows takes seconds: that
 * is done in a thread, so that no other request waits. Throws InputError without a run.
 */
export async function compareRuns(runs: readonly OpenRun[], ask: ReportAsk, splits: Splits): Promise<RunReport> {
  if (runs.length === 0) throw new InputError('no run to compare', 'Name two or more: runs=a,b')
  const { filter, compare, signal } = ask
  const names = distinct(runs)
  const rows = runs.flatMap(({ index }, i) =>
    runs.length > 1 ? withRun(index.filtered(filter), names[i]!) : index.filtered(filter),
  )
  const against = ask.against ?? (runs.length > 1 ? firstCodesteer(rows) : null)
  const work = (): RunReport | Promise<RunReport> => {
    const files = runs.map(({ source }, i) => ({ path: source.where, name: names[i]! }))
    if (
      !compare ||
      rows.length <= mostInPlace ||
      runs.some(({ source }) => source.kind !== 'run' || isPostgresAddress(source.where))
    )
      return reportRows(rows, { names, against, splits, compare })
    return reportApart({ runs: files, filter, against, splits }, signal)
  }
  if (runs.length > 1) return work()
  const asked = async () => runs[0]!.index.kept(`report ${compare} ${against} ${JSON.stringify(filter)}`, work)
  try {
    return await asked()
  } catch (error) {
    // It was begun for somebody else, who has gone.
    if (error instanceof DOMException && error.name === 'AbortError' && !signal?.aborted) return asked()
    throw error
  }
}

/** The rows with their run's name before their method's. */
export const withRun = (rows: readonly Summary[], name: string): Summary[] =>
  rows.map(row => ({ ...row, label: `${name}: ${row.label}` }))

/** Runs of one plan have one name; their files tell them apart. */
function distinct(runs: readonly OpenRun[]): string[] {
  const names = runs.map(({ index }) => index.name)
  return names.map((name, i) => {
    if (names.filter(other => other === name).length === 1) return name
    return `${name} (${runs[i]!.source.where.split('/')
      .at(-1)!
      .replace(/\.run$/, '')}${sameFile(runs, i) ? ` ${i + 1}` : ''})`
  })
}

const fileName = (where: string) => where.split('/').at(-1)
const sameFile = (runs: readonly { readonly source: Source }[], i: number) =>
  runs.filter(({ source }) => fileName(source.where) === fileName(runs[i]!.source.where)).length > 1

/** The first run's codesteer, where it has one, as in a report of one run. */
function firstCodesteer(rows: readonly Summary[]): string | null {
  const found = rows.find(row => row.method === 'codesteer' && row.label.endsWith('codesteer'))
  return found ? columnId(found, columnsOf(rows)) : null
}

/** Where one method was right and the other wrong, by instance and trial. Throws InputError for an unknown method. */
export function disagreements(index: RunIndex, filter: RowFilter, a: string, b: string): Disagreements {
  const { only: _, label: __, ...others } = filter
  return disagreementsOf(index.filtered(others), a, b)
}
