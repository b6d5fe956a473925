import type { Rng } from '../../util/rng.ts'
import { layoutOf, search } from './solver.ts'

/** How a level's puzzles are made. */
export interface Recipe {
  readonly box: number
  /** Empty cells, both ends included. */
  readonly blanks: readonly [number, number]
  /**
   * Cells are taken out while plain deduction still puts them back; with this many branches allowed, further cells are
   * taken out while a search proves the solution unique.
   */
  readonly branches: number
}

/** Chains swapped per grid: every cell of the largest then changes about five times. */
const chains = 120

/** A filled grid: rows, columns and values of a regular one shuffled, then many pairs of values swapped along chains. */
export function filledGrid(rng: Rng, box: number): number[] {
  const { size } = layoutOf(box)
  const lines = () => {
    const bands = rng.shuffle(Array.from({ length: box }, (_, i) => i))
    return bands.flatMap(band => rng.shuffle(Array.from({ length: box }, (_, i) => band * box + i)))
  }
  const [rows, columns] = [lines(), lines()]
  const values = rng.shuffle(Array.from({ length: size }, (_, i) => i + 1))
  const upright = rng.chance(0.5)
  const cells = rows.flatMap((_, i) =>
    columns.map((_, j) => {
      const [r, c] = upright ? [rows[i]!, columns[j]!] : [rows[j]!, columns[i]!]
      return values[(box * (r % box) + Math.floor(r / box) + c) % size]!
    }),
  )
  const where = places(cells, box)
  for (let i = 0; i < chains; i++) swapChain(rng, cells, box, where)
  return cells
}

/** The cell in which each value stands in each unit. */
function places(cells: readonly number[], box: number): Int16Array[] {
  const { size, unitsOf, cellsOf } = layoutOf(box)
  const where = Array.from({ length: size + 1 }, () => new Int16Array(cellsOf.length))
  for (const [cell, value] of cells.entries()) for (const unit of unitsOf[cell]!) where[value]![unit] = cell
  return where
}

/** Exchanges two values in all cells that hang together by rows, columns and blocks: the grid stays right. */
function swapChain(rng: Rng, cells: number[], box: number, where: readonly Int16Array[]): void {
  const { size, unitsOf } = layoutOf(box)
  const start = rng.int(0, cells.length - 1)
  const first = cells[start]!
  const second = ((first - 1 + rng.int(1, size - 1)) % size) + 1
  const chain = [start]
  const seen = new Uint8Array(cells.length)
  seen[start] = 1
  for (let i = 0; i < chain.length; i++) {
    const cell = chain[i]!
    const other = where[cells[cell] === first ? second : first]!
    for (const unit of unitsOf[cell]!) {
      const next = other[unit]!
      if (seen[next] === 1) continue
      seen[next] = 1
      chain.push(next)
    }
  }
  for (const cell of chain) {
    const value = cells[cell] === first ? second : first
    cells[cell] = value
    for (const unit of unitsOf[cell]!) where[value]![unit] = cell
  }
}

/**
 * Takes cells out of a filled grid in random order, as long as each could be put back at once from what is left (one
 * value fits, or it fits nowhere else in a row, column or block). Putting them back in reverse order solves the puzzle,
 * so its solution is unique.
 */
function thin(rng: Rng, solution: readonly number[], box: number, blanks: number): number[] {
  const { all, unitsOf, cellsOf } = layoutOf(box)
  const cells = [...solution]
  const used = new Int32Array(cellsOf.length).fill(all)
  const fits = (cell: number, bit: number) => {
    const units = unitsOf[cell]!
    return ((used[units[0]]! | used[units[1]]! | used[units[2]]!) & bit) === 0
  }
  let left = blanks
  for (const cell of rng.shuffle([...cells.keys()])) {
    if (left === 0) break
    const bit = 1 << cells[cell]!
    const units = unitsOf[cell]!
    for (const unit of units) used[unit]! &= ~bit
    cells[cell] = 0
    const [row, column, block] = units
    const naked = (all & ~(used[row]! | used[column]! | used[block]!)) === bit
    const hidden = () =>
      units.some(unit => cellsOf[unit]!.every(other => other === cell || cells[other] !== 0 || !fits(other, bit)))
    if (naked || hidden()) {
      left--
      continue
    }
    for (const unit of units) used[unit]! |= bit
    cells[cell] = solution[cell]!
  }
  return cells
}

/** A puzzle of the recipe with exactly one solution, as cells row after row. */
export function puzzleOf(rng: Rng, { box, blanks, branches }: Recipe): number[] {
  for (;;) {
    const solution = filledGrid(rng, box)
    const target = rng.int(blanks[0], blanks[1])
    let cells = thin(rng, solution, box, target)
    let empty = cells.filter(value => value === 0).length
    if (branches > 0) {
      for (const cell of rng.shuffle([...cells.keys()].filter(i => cells[i] !== 0))) {
        if (empty === target) break
        const fewer = cells.with(cell, 0)
        const { solutions, finished } = search({ box, cells: fewer }, 2, branches)
        if (!finished || solutions.length !== 1) continue
        cells = fewer
        empty++
      }
    }
    if (empty >= blanks[0]) return cells
  }
}
