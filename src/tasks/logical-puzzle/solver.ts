import type { Position } from '../_shared/positions.ts'

/** A selection problem: `most` bounds the sums of rows and columns; null asks for positive products instead. */
export interface Selection {
  readonly grid: readonly (readonly number[])[]
  readonly count: number
  readonly most: number | null
}

/** The cells of a grid by the number that stands in them; the top right corner stands alone for its number. */
function cellsByValue(grid: Selection['grid']): Map<number, Position[]> {
  const corner = grid[0]!.at(-1)!
  const cells = new Map<number, Position[]>([[corner, [[0, grid.length - 1]]]])
  for (const [row, line] of grid.entries()) {
    for (const [column, value] of line.entries()) {
      if (value !== corner) cells.set(value, [...(cells.get(value) ?? []), [row, column]])
    }
  }
  return cells
}

/**
 * A selection of `count` different numbers with the top right corner whose rows and columns sum to at most `most`, or
 * null. Exact; the sums only prune when no number is negative.
 */
function selectBySum({ grid, count }: Selection, most: number): Position[] | null {
  const [corner, ...others] = [...cellsByValue(grid).values()]
  others.sort((a, b) => valueAt(grid, a[0]!) - valueAt(grid, b[0]!))
  const groups = [corner!, ...others]
  const rows = grid.map(() => 0)
  const columns = grid.map(() => 0)
  const prunes = grid.every(line => line.every(value => value >= 0))
  const chosen: Position[] = []
  const within = () => [...rows, ...columns].every(sum => sum <= most)
  function descend(at: number): boolean {
    if (chosen.length === count) return within()
    if (groups.length - at < count - chosen.length) return false
    for (const cell of groups[at]!) {
      const [row, column] = cell
      const value = valueAt(grid, cell)
      if (prunes && (rows[row]! + value > most || columns[column]! + value > most)) continue
      rows[row]! += value
      columns[column]! += value
      chosen.push(cell)
      if (descend(at + 1)) return true
      chosen.pop()
      rows[row]! -= value
      columns[column]! -= value
    }
    return at > 0 && descend(at + 1)
  }
  return descend(0) ? chosen : null
}

const valueAt = (grid: Selection['grid'], [row, column]: Position) => grid[row]![column]!

type Four = readonly [Position, Position, Position, Position]

/** All rectangles whose four corners hold four different negative numbers: they keep every product positive. */
function rectangles(grid: Selection['grid']): Four[] {
  const size = grid.length
  const found: Four[] = []
  for (let top = 0; top < size; top++) {
    for (let bottom = top + 1; bottom < size; bottom++) {
      const columns = grid.flatMap((_, c) => (grid[top]![c]! < 0 && grid[bottom]![c]! < 0 ? [c] : []))
      for (const [i, left] of columns.entries()) {
        for (const right of columns.slice(i + 1)) {
          const four: Four = [
            [top, left],
            [top, right],
            [bottom, left],
            [bottom, right],
          ]
          if (new Set(four.map(cell => valueAt(grid, cell))).size === 4) found.push(four)
        }
      }
    }
  }
  return found
}

/** So many rectangles without a common number (and so without a common cell), the first with the corner if it must be in. */
function packed(grid: Selection['grid'], pieces: number, needed: Position | null): Position[] | null {
  const all = rectangles(grid)
  const used = new Set<number>()
  const chosen: Position[] = []
  const isNeeded = ([row, column]: Position) => needed !== null && row === needed[0] && column === needed[1]
  function descend(from: number, left: number): boolean {
    if (left === 0) return true
    for (let i = from; i < all.length; i++) {
      const four = all[i]!
      const values = four.map(cell => valueAt(grid, cell))
      if (chosen.length === 0 && needed !== null && !four.some(isNeeded)) continue
      if (values.some(value => used.has(value))) continue
      for (const value of values) used.add(value)
      chosen.push(...four)
      if (descend(chosen.length === 4 && needed !== null ? 0 : i + 1, left - 1)) return true
      chosen.splice(-4)
      for (const value of values) used.delete(value)
    }
    return false
  }
  return descend(0, pieces) ? chosen : null
}

/**
 * Cells with different negative numbers, an even count of them in every row and column, at least `least` and at most
 * `most` in all, with `needed` among them; null when there are none. Exact: always mends the first row (else column) with
 * an odd count, for which one more of its cells is inevitable.
 */
function evenSet(grid: Selection['grid'], least: number, most: number, needed: Position | null): Position[] | null {
  const size = grid.length
  const cells = grid.flatMap((line, row) =>
    line.flatMap((value, column) => (value < 0 ? [[row, column] as const] : [])),
  )
  const rows = grid.map(() => false)
  const columns = grid.map(() => false)
  const used = new Set<number>()
  const chosen: Position[] = []
  const odd = (lines: readonly boolean[]) => lines.reduce((n, isOdd) => n + Number(isOdd), 0)
  const flip = ([row, column]: Position) => {
    rows[row] = !rows[row]
    columns[column] = !columns[column]
  }
  const add = (cell: Position, from: number): boolean => {
    const value = valueAt(grid, cell)
    if (used.has(value) || chosen.includes(cell)) return false
    used.add(value)
    chosen.push(cell)
    flip(cell)
    if (descend(from)) return true
    flip(cell)
    chosen.pop()
    used.delete(value)
    return false
  }
  function descend(from: number): boolean {
    if (chosen.length + Math.max(odd(rows), odd(columns)) > most) return false
    const row = rows.indexOf(true)
    const column = columns.indexOf(true)
    if (row < 0 && column < 0) {
      if (chosen.length >= least) return true
      // The set's next part is entered by its first cell.
      for (let i = from; i < cells.length; i++) if (add(cells[i]!, i + 1)) return true
      return false
    }
    const line = cells.slice(from).filter(([r, c]) => (row >= 0 ? r === row : c === column))
    const closes = ([r, c]: Position) => Number(rows[r]) + Number(columns[c])
    return line.sort((a, b) => closes(b) - closes(a)).some(cell => add(cell, from))
  }
  if (needed === null) return descend(0) ? chosen : null
  const [row, column] = needed
  const first = cells.findIndex(([r, c]) => r === row && c === column)
  if (size === 0 || first < 0) return null
  return add(cells[first]!, 0) ? chosen : null
}

/** As `selectBySum`, for products: positive numbers never hurt, negative ones go in even sets. */
function selectByProduct({ grid, count }: Selection): Position[] | null {
  const corner: Position = [0, grid.length - 1]
  const positives = [...cellsByValue(grid).entries()].flatMap(([value, cells]) => (value > 0 ? [cells[0]!] : []))
  const needed = valueAt(grid, corner) < 0 ? corner : null
  if (valueAt(grid, corner) === 0) return null
  const least = Math.max(count - positives.length, needed ? 1 : 0)
  const most = needed ? count : count - 1
  const pieces = Math.ceil(least / 4)
  const negatives =
    least === 0
      ? []
      : ((pieces * 4 <= most ? packed(grid, pieces, needed) : null) ?? evenSet(grid, least, most, needed))
  // The corner leads the positive cells when it is one of them.
  return negatives && [...negatives, ...positives].slice(0, count)
}

/** A selection that keeps all rules, or null when there is none. Exact. */
export function select(selection: Selection): Position[] | null {
  return selection.most === null ? selectByProduct(selection) : selectBySum(selection, selection.most)
}

/** How many different positive numbers stand in the grid, the corner's place taken by the corner's own. */
export function positiveCount(grid: Selection['grid']): number {
  return [...cellsByValue(grid).keys()].filter(value => value > 0).length
}

/** The smallest bound on the sums under which a selection exists; null when there are too few different numbers. */
export function smallestBound(grid: Selection['grid'], count: number): number | null {
  if (cellsByValue(grid).size < count) return null
  let bound = Math.max(...grid.flat())
  while (selectBySum({ grid, count, most: bound }, bound) === null) bound++
  return bound
}
