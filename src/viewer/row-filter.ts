import { InputError } from '../errors.ts'
import type { Summary } from '../store/run-store.ts'
import type { StopReason } from '../trajectory.ts'
import { nearest } from '../util/nearest.ts'
import type { RowFilter, SortField } from './api.ts'

export type Splits = ReadonlyMap<string, 'seen' | 'unseen'>

const filterNames = ['label', 'model', 'task', 'split', 'level', 'verdict', 'stop', 'only', 'text'] as const
const onlyNames = ['failures', 'checker-wrong', 'branches'] as const

/** The filter in an address; empty values count as not given. Throws InputError. */
export function readFilter(query: URLSearchParams): RowFilter {
  const filter: Record<string, string | number> = {}
  for (const name of filterNames) {
    const value = query.get(name)
    if (value === null || value === '') continue
    filter[name] = name === 'level' ? whole(name, value) : value
  }
  const { split, only } = filter
  if (split !== undefined && split !== 'seen' && split !== 'unseen')
    throw new InputError(`there is no split "${split}"`, 'There are: seen, unseen')
  if (only !== undefined && !onlyNames.some(name => name === only))
    throw new InputError(`"only" cannot be "${only}"`, `There are: ${onlyNames.join(', ')}`)
  return filter as RowFilter
}

/** A whole number from 0 in an address. Throws InputError. */
export function whole(name: string, value: string): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number
  throw new InputError(`${name} must be a whole number, not "${value}"`, `For example ${name}=1`)
}

/** Whether a row is shown. Branches are shown only where they are asked for. */
export function matcher(filter: RowFilter, splits: Splits): (row: Summary) => boolean {
  const { label, model, task, split, level, verdict, stop, only, text } = filter
  const words = text?.toLowerCase()
  const has = (value: string | null) => value?.toLowerCase().includes(words!) === true
  return row =>
    (row.branchOf === null) === (only !== 'branches') &&
    (label === undefined || row.label === label) &&
    (model === undefined || row.model === model) &&
    (task === undefined || row.task === task) &&
    (split === undefined || splits.get(row.task) === split) &&
    (level === undefined || row.level === level) &&
    (verdict === undefined || row.verdict === verdict) &&
    (stop === undefined || row.stop === (stop as StopReason)) &&
    (only !== 'failures' || failed(row)) &&
    (only !== 'checker-wrong' || checkerWrong(row)) &&
    (words === undefined || has(row.answer) || has(row.why) || has(row.trajectoryId))
}

const failures = new Set(['incorrect', 'malformed', 'no-answer'])

const failed = (row: Summary) => row.verdict !== null && failures.has(row.verdict)

/** A checker let a wrong answer pass, or refused a right one. */
function checkerWrong(row: Summary): boolean {
  if (row.verdict === null || row.verdict === 'unscored') return false
  const wrong = row.verdict === 'correct' ? 'failed' : 'passed'
  for (const checker in row.checks) if (row.checks[checker] === wrong) return true
  return false
}

const sortKeys: { readonly [F in SortField]: (row: Summary) => string | number | null } = {
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

/** The field in an address, or null for the order in which the trajectories were made. Throws InputError. */
export function readSort(value: string | null): SortField | null {
  if (value === null || value === '') return null
  if (Object.hasOwn(sortKeys, value)) return value as SortField
  const near = nearest(value, Object.keys(sortKeys))
  throw new InputError(
    `rows cannot be sorted by "${value}"`,
    `${near ? `Did you mean "${near}"? ` : ''}There are: ${Object.keys(sortKeys).join(', ')}`,
  )
}

/** Sorts; what has no value comes last both ways, equals keep their order. */
export function sortRows(rows: readonly Summary[], field: SortField | null, descending: boolean): readonly Summary[] {
  if (field === null) return descending ? rows.toReversed() : rows
  const keys = rows.map(sortKeys[field])
  const different = [...new Set(keys)].filter(value => value !== null)
  different.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  if (descending) different.reverse()
  const rank = new Map<string | number | null, number>(different.map((value, i) => [value, i]))
  rank.set(null, different.length)
  // Rank and place in one number: those are sorted without a comparison of ours, which takes a tenth of the time.
  const order = Float64Array.from(keys, (key, i) => rank.get(key)! * rows.length + i)
  order.sort()
  return Array.from(order, place => rows[place % rows.length]!)
}
