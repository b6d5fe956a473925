/** One row: a task with each method's score, 0 to 100; null where it has none (not run, or unscored). */
export interface ScoreRow {
  readonly task: string
  readonly split: 'seen' | 'unseen' | null
  readonly scores: readonly (number | null)[]
}

export const parts = ['seen', 'unseen', 'total'] as const
/** The parts that averages are taken over. */
export type Part = (typeof parts)[number]

/** Averages over the tasks of one part of the benchmark. */
export interface Average {
  /** Mean over tasks of 100 x score / best score of any method in the row; null where there is no row. */
  readonly normalised: number | null
  /** Mean over tasks of the score. */
  readonly raw: number | null
  /** Tasks in the raw mean. */
  readonly tasks: number
}

/** To be shown wherever a normalised average is. */
export const poolWarning =
  'The normalised average divides by the best score of any method in the table: adding or removing a method changes everybody’s. Compare raw means across tables.'

const mean = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** The rows of a part; `total` is all of them, those without a split too. */
export const rowsOf = (rows: readonly ScoreRow[], part: Part) =>
  part === 'total' ? rows : rows.filter(row => row.split === part)

/**
 * The published average of CodeSteer's table: `100 x score / best score in that row`. Null where the method has no score;
 * null for all in a row that no method scores in, since 0 of 0 is no share.
 */
export function normalised(row: ScoreRow): (number | null)[] {
  const best = Math.max(...row.scores.map(score => score ?? 0))
  return row.scores.map(score => (score === null || best === 0 ? null : (100 * score) / best))
}

/** Both averages of one method (its place in the rows' `scores`) over a part of the tasks. */
export function averageOf(rows: readonly ScoreRow[], method: number, part: Part): Average {
  const own = rowsOf(rows, part)
  const raw = own.flatMap(row => row.scores[method] ?? [])
  return { normalised: mean(own.flatMap(row => normalised(row)[method] ?? [])), raw: mean(raw), tasks: raw.length }
}
