import type { Disagreements, RowFilter, RunReport, SortField, Summary } from '../../api.ts'
import type { Order } from './filter.ts'

// The rules of `/api/runs/:run/rows`, over rows that lie in the page itself.

const failed = new Set<string>(['incorrect', 'malformed', 'no-answer'])

/** A checker's last word differs from the verifier's. */
export function checkerWrong({ verdict, checks }: Summary): boolean {
  if (verdict === null || verdict === 'unscored') return false
  const right = verdict === 'correct'
  return Object.values(checks).some(outcome => (outcome === 'passed' && !right) || (outcome === 'failed' && right))
}

export function matching(
  rows: readonly Summary[],
  filter: RowFilter,
  splits: ReadonlyMap<string, 'seen' | 'unseen'>,
): Summary[] {
  const words = filter.text?.toLowerCase()
  const holds = (row: Summary): boolean =>
    (filter.label === undefined || row.label === filter.label) &&
    (filter.model === undefined || row.model === filter.model) &&
    (filter.task === undefined || row.task === filter.task) &&
    (filter.split === undefined || splits.get(row.task) === filter.split) &&
    (filter.level === undefined || row.level === filter.level) &&
    (filter.verdict === undefined || row.verdict === filter.verdict) &&
    (filter.stop === undefined || row.stop === filter.stop) &&
    (filter.only === 'branches') === (row.branchOf !== null) &&
    (filter.only !== 'failures' || failed.has(row.verdict ?? '')) &&
    (filter.only !== 'checker-wrong' || checkerWrong(row)) &&
    (words === undefined ||
      [row.answer, row.why, row.trajectoryId].some(text => text?.toLowerCase().includes(words) === true))
  return rows.filter(holds)
}

const keys: Readonly<Record<SortField, (row: Summary) => string | number | null>> = {
  label: row => row.label,
  model: row => row.model,
  task: row => row.task,
  level: row => row.level,
  seed: row => row.seed,
  verdict: row => row.verdict,
  stop: row => row.stop,
  turns: row => row.turns,
  tokens: row => row.inputTokens + row.outputTokens,
  costUsd: row => row.costUsd,
  tookMs: row => row.tookMs,
}

/** Sorted by one field; what has no value comes last either way. */
export function sorted(rows: readonly Summary[], { sort, descending }: Order): readonly Summary[] {
  if (sort === null) return rows
  const key = keys[sort]
  const sign = descending ? -1 : 1
  return rows.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    if (typeof a === 'string' || typeof b === 'string') return sign * String(a).localeCompare(String(b))
    return sign * (a - b)
  })
}

/** Instances that two columns answered with different success. */
export function disagreementsOf(
  rows: readonly Summary[],
  columns: RunReport['columns'],
  a: string,
  b: string,
): Disagreements {
  const of = (id: string) => {
    const column = columns.find(one => one.id === id || one.label === id)
    return rows.filter(row => row.label === column?.label && row.model === column.model)
  }
  const key = (row: Summary) => JSON.stringify([row.task, row.level, row.seed, row.trial])
  const others = new Map(of(b).map(row => [key(row), row]))
  const counts = { both: 0, neither: 0 }
  const differing: Disagreements['rows'][number][] = []
  for (const row of of(a)) {
    const other = others.get(key(row))
    if (!other || [row, other].some(({ verdict }) => verdict === null || verdict === 'unscored')) continue
    const [rightA, rightB] = [row.verdict === 'correct', other.verdict === 'correct']
    if (rightA && rightB) counts.both += 1
    else if (!rightA && !rightB) counts.neither += 1
    else {
      const { task, level, seed, trial } = row
      const right = rightA ? 'a' : 'b'
      differing.push({ task, level, seed, trial, right, a: row.trajectoryId, b: other.trajectoryId })
    }
  }
  return { a, b, ...counts, rows: differing }
}
