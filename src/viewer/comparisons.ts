import { InputError } from '../errors.ts'
import { columnId, columnsOf, outcomeOf, type RunReport, runReport } from '../report/run-report.ts'
import type { Summary } from '../store/run-store.ts'
import { nearest } from '../util/nearest.ts'
import type { Disagreements, RowFilter } from './api.ts'
import type { Splits } from './row-filter.ts'
import type { RunIndex } from './run-index.ts'
import type { Source } from './sources.ts'

/** The report of the rows that pass the filter: what `codesteer report --json` says of them. Throws InputError for an unknown `against`. */
export function reportOf(index: RunIndex, filter: RowFilter, against: string | null, splits: Splits): RunReport {
  return index.kept(`report ${against} ${JSON.stringify(filter)}`, () =>
    reportRows(index.filtered(filter), [index.name], against, splits),
  )
}

/** Several runs in one report, each method of each run a column of its own. */
export function compareRuns(
  runs: readonly { readonly source: Source; readonly index: RunIndex }[],
  filter: RowFilter,
  against: string | null,
  splits: Splits,
): RunReport {
  if (runs.length === 0) throw new InputError('no run to compare', 'Name two or more: runs=a,b')
  const names = distinct(runs)
  const rows = runs.flatMap(({ index }, i) =>
    index.filtered(filter).map(row => ({ ...row, label: runs.length > 1 ? `${names[i]}: ${row.label}` : row.label })),
  )
  return reportRows(rows, names, against ?? firstCodesteer(rows), splits)
}

/** Runs of one plan have one name; their files tell them apart. */
function distinct(runs: readonly { readonly source: Source; readonly index: RunIndex }[]): string[] {
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

function reportRows(
  rows: readonly Summary[],
  names: readonly string[],
  against: string | null,
  splits: Splits,
): RunReport {
  const counted = rows.filter(row => row.branchOf === null)
  if (counted.length === 0) return emptyReport(names)
  // A filter may leave nothing of the method that was compared with: the others are still worth a look.
  const known = against !== null && columnsOf(counted).some(({ id, label }) => id === against || label === against)
  return runReport(counted, { names, splits, ...(known ? { against } : {}) })
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

/** Where one method was right and the other wrong, by instance and trial. Throws InputError for an unknown method. */
export function disagreements(index: RunIndex, filter: RowFilter, a: string, b: string): Disagreements {
  const { only: _, label: __, ...others } = filter
  const rows = index.filtered(others)
  const columns = columnsOf(rows)
  const side = (wanted: string) => {
    const column = columns.find(({ id, label }) => id === wanted || label === wanted)
    if (!column)
      throw unknownMethod(
        wanted,
        columns.map(({ id }) => id),
      )
    const own = rows.filter(row => row.state === 'done' && row.label === column.label && row.model === column.model)
    return new Map(own.map(row => [pairKey(row), row]))
  }
  const [left, right] = [side(a), side(b)]
  const pairs = [...left].flatMap(([key, own]) => {
    const other = right.get(key)
    const [x, y] = [outcomeOf(own).correct, other ? outcomeOf(other).correct : null]
    return other && x !== null && y !== null ? [{ own, other, x, y }] : []
  })
  return {
    a,
    b,
    both: pairs.filter(({ x, y }) => x && y).length,
    neither: pairs.filter(({ x, y }) => !x && !y).length,
    rows: pairs
      .filter(({ x, y }) => x !== y)
      .map(({ own, other, x }) => ({
        task: own.task,
        level: own.level,
        seed: own.seed,
        trial: own.trial,
        right: x ? ('a' as const) : ('b' as const),
        a: own.trajectoryId,
        b: other.trajectoryId,
      })),
  }
}

function pairKey(row: Summary): string {
  const { task, instance, trial } = outcomeOf(row)
  return `${task}\0${instance}\0${trial}`
}

function unknownMethod(wanted: string, there: readonly string[]): InputError {
  const near = nearest(wanted, there)
  return new InputError(
    `no method "${wanted}" in the run`,
    `${near ? `Did you mean "${near}"? ` : ''}There are: ${there.join(', ')}`,
  )
}
