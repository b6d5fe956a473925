import { InputError } from '../errors.ts'
import { columnsOf, outcomeOf } from '../report/run-report.ts'
import type { Summary } from '../store/run-store.ts'
import { nearest } from '../util/nearest.ts'
import type { Disagreements } from './api.ts'

/** Questions that two columns (by id or label) answered with different success. Pure, since a saved page does it too. Throws InputError for a column that is not there. */
export function disagreementsOf(rows: readonly Summary[], a: string, b: string): Disagreements {
  const columns = columnsOf(rows)
  const side = (wanted: string) => {
    const column = columns.find(({ id, label }) => id === wanted || label === wanted)
    if (!column) {
      throw unknownMethod(
        wanted,
        columns.map(({ id }) => id),
      )
    }
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
      .map(({ own: { task, level, seed, trial, trajectoryId }, other, x }) => ({
        task,
        level,
        seed,
        trial,
        right: x ? ('a' as const) : ('b' as const),
        a: trajectoryId,
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
