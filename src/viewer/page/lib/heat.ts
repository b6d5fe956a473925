import type { RunReport } from '../../api.ts'

export type HeatRow = RunReport['rows'][number] & { readonly title: string }

export const rowsOf = (report: RunReport, titles: ReadonlyMap<string, string>): HeatRow[] =>
  report.rows.map(row => ({ ...row, title: titles.get(row.task) ?? row.task }))

/** Rows by task, split or the share of a column; what has none comes last either way. */
export function order(rows: readonly HeatRow[], by: string, descending: boolean): HeatRow[] {
  const sign = descending ? -1 : 1
  const byTitle = (one: HeatRow, other: HeatRow) => one.title.localeCompare(other.title)
  if (by === 'task') return rows.toSorted((one, other) => sign * byTitle(one, other))
  if (by === 'split')
    return rows.toSorted(
      (one, other) => sign * (one.split ?? '~').localeCompare(other.split ?? '~') || byTitle(one, other),
    )
  const share = (row: HeatRow) => row.cells[by]?.accuracy ?? null
  return rows.toSorted((one, other) => {
    const [a, b] = [share(one), share(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null) || byTitle(one, other)
    return sign * (a - b) || byTitle(one, other)
  })
}

/** Scored answers of a column that are not right. */
export const failuresOf = (report: RunReport, column: string): number =>
  report.rows.reduce((sum, row) => {
    const tally = row.cells[column]
    return sum + (tally ? tally.n - tally.correct : 0)
  }, 0)
