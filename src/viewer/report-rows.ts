import { columnsOf, type RunReport, runReport } from '../report/run-report.ts'
import type { Summary } from '../store/run-store.ts'
import type { Splits } from './row-filter.ts'

export interface ReportRowsOptions {
  readonly names: readonly string[]
  readonly against: string | null
  readonly splits: Splits
  readonly compare?: boolean
}

/** The report of rows; one with nothing in it where there are none. Pure, since a saved page does it too. */
export function reportRows(rows: readonly Summary[], options: ReportRowsOptions): RunReport {
  const { names, against, splits, compare = true } = options
  const counted = rows.filter(row => row.branchOf === null)
  if (counted.length === 0) return emptyReport(names)
  // A filter may leave nothing of the method that was compared with: the others are still worth a look.
  const known = against !== null && columnsOf(counted).some(({ id, label }) => id === against || label === against)
  return runReport(counted, { names, splits, compare, ...(known ? { against } : {}) })
}

const emptyReport = (names: readonly string[]): RunReport => ({
  names,
  simulated: false,
  warnings: [],
  counts: { planned: 0, done: 0, left: 0, unscored: 0 },
  columns: [],
  rows: [],
  averages: {},
  levels: [],
  costs: [],
  stops: {},
  errors: {},
  checkers: [],
  against: '',
  comparisons: [],
})
