import type { Position } from '../_shared/positions.ts'
import { type Selection, select } from './solver.ts'

/**
 * How many selections keep all rules, counted up to `limit`; null when the search takes more than `steps` and what it has
 * found by then is fewer. Goes through the different numbers, the corner's first, then positive ones: they never hurt a
 * product, so that large grids give several selections at once.
 */
export function countSelections(selection: Selection, limit: number, steps: number): number | null {
  const first = select(selection)
  if (first === null) return 0
  const exact = exhaustively(selection, limit, steps)
  if (exact !== null || limit > 2) return exact
  return limit === 1 || hasNeighbour(selection, first) ? limit : null
}

function exhaustively({ grid, count, most }: Selection, limit: number, steps: number): number | null {
  const size = grid.length
  const groups = groupsOf(grid)
  const [rows, columns] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)]
  const prunes = most !== null && grid.every(line => line.every(value => value >= 0))
  // For sums a line carries its sum, for products the number of its negative cells.
  const weight = (value: number) => (most !== null ? value : value < 0 ? 1 : 0)
  const keeps = (line: number) => (most !== null ? line <= most : line % 2 === 0)
  let [found, left, chosen] = [0, steps, 0]
  function descend(at: number): void {
    if (found >= limit || left-- <= 0) return
    if (chosen === count) {
      if (rows.every(keeps) && columns.every(keeps)) found++
      return
    }
    if (groups.length - at < count - chosen) return
    for (const [row, column] of groups[at]!) {
      const value = grid[row]![column]!
      if (most === null ? value === 0 : prunes && Math.max(rows[row]!, columns[column]!) + value > most) continue
      rows[row]! += weight(value)
      columns[column]! += weight(value)
      chosen++
      descend(at + 1)
      chosen--
      rows[row]! -= weight(value)
      columns[column]! -= weight(value)
    }
    if (at > 0) descend(at + 1)
  }
  descend(0)
  return found >= limit || left > 0 ? found : null
}

/** The cells of every number, the top right corner's alone and first, then from the largest number down. */
function groupsOf(grid: Selection['grid']): Position[][] {
  const corner = grid[0]!.at(-1)!
  const cells = new Map<number, Position[]>()
  for (const [row, line] of grid.entries()) {
    for (const [column, value] of line.entries()) {
      if (value !== corner) cells.set(value, [...(cells.get(value) ?? []), [row, column]])
    }
  }
  const others = [...cells.entries()].sort(([a], [b]) => b - a).map(([, positions]) => positions)
  return [[[0, grid.length - 1]], ...others]
}

/** Whether another selection differs in one cell only. */
function hasNeighbour({ grid, count, most }: Selection, known: readonly Position[]): boolean {
  const isFine = (cells: readonly Position[]) => {
    const values = cells.map(([row, column]) => grid[row]![column]!)
    if (new Set(values).size < count) return false
    return grid.every((_, line) =>
      [0, 1].every(axis => {
        const inLine = cells.flatMap((cell, i) => (cell[axis] === line ? [values[i]!] : []))
        if (most !== null) return inLine.reduce((a, b) => a + b, 0) <= most
        return !inLine.includes(0) && inLine.filter(value => value < 0).length % 2 === 0
      }),
    )
  }
  const taken = new Set(known.map(String))
  const free = grid
    .flatMap((line, row) => line.map((_, column): Position => [row, column]))
    .filter(cell => !taken.has(String(cell)))
  return known.some(([row, column], i) => {
    if (row === 0 && column === grid.length - 1) return false
    return free.some(cell => isFine(known.map((other, j) => (j === i ? cell : other))))
  })
}
