import type { Rng } from '../../util/rng.ts'
import { completions } from './solver.ts'

/** A Latin square filled row by row with random matchings, letters from 0. */
function randomLatin(rng: Rng, n: number): number[][] {
  const free = Array.from({ length: n }, () => new Set(Array(n).keys()))
  return Array.from({ length: n }, () => {
    const row = Array<number>(n).fill(-1)
    /** Column of each letter in this row. */
    const columnOf = Array<number>(n).fill(-1)
    const place = (column: number, seen: Set<number>): boolean => {
      for (const letter of rng.shuffle([...free[column]!])) {
        if (seen.has(letter)) continue
        seen.add(letter)
        // The letter is free here, or the column that holds it can take another one.
        if (columnOf[letter]! < 0 || place(columnOf[letter]!, seen)) {
          columnOf[letter] = column
          row[column] = letter
          return true
        }
      }
      return false
    }
    for (const column of rng.shuffle([...Array(n).keys()])) place(column, new Set())
    for (const [column, letter] of row.entries()) free[column]!.delete(letter)
    return row
  })
}

/** The columns permuted so that a letter, once in each row and column, runs from top right to bottom left. */
function turned(rows: readonly (readonly number[])[], letter: number): number[][] {
  const n = rows.length
  const source = Array<number>(n)
  for (const [r, row] of rows.entries()) source[n - 1 - r] = row.indexOf(letter)
  return rows.map(row => source.map(column => row[column]!))
}

/** Steps of search for one cell; a cell that would take longer stays. */
const patience = 2_000

/** The letters in each row and each column, as bits. */
interface Used {
  readonly rows: number[]
  readonly columns: number[]
}

/**
 * Whether a completion exists (or could not be ruled out) in which the blank cell holds another letter. Where the square
 * with the letter has one completion, this decides whether the one without it has.
 */
function otherwise(square: readonly number[], { rows, columns }: Used, at: number, letter: number): boolean {
  const n = rows.length
  const [r, c] = [Math.floor(at / n), at % n]
  // If nowhere else in the row or the column there is room for the letter, the cell must hold it.
  const across = columns.every((mask, i) => i === c || square[r * n + i]! >= 0 || ((mask >> letter) & 1) === 1)
  const down = rows.every((mask, i) => i === r || square[i * n + c]! >= 0 || ((mask >> letter) & 1) === 1)
  if (across || down) return false
  const used = rows[r]! | columns[c]! | (1 << letter)
  for (let other = 0; other < n; other++) {
    if ((used >> other) & 1) continue
    const found = completions(square.with(at, other), n, 1, patience)
    if (found === null || found.length > 0) return true
  }
  return false
}

/** A square with so many blanks (at most) whose completion is proved to be unique. */
export function randomDiagram(rng: Rng, n: number, blanks: number): number[] {
  const square = turned(randomLatin(rng, n), rng.int(0, n - 1)).flat()
  const all = 2 ** n - 1
  const used: Used = { rows: Array(n).fill(all), columns: Array(n).fill(all) }
  let left = blanks
  for (const at of rng.shuffle([...square.keys()])) {
    if (left === 0) break
    const letter = square[at]!
    const [r, c] = [Math.floor(at / n), at % n]
    square[at] = -1
    used.rows[r]! &= ~(1 << letter)
    used.columns[c]! &= ~(1 << letter)
    if (otherwise(square, used, at, letter)) {
      square[at] = letter
      used.rows[r]! |= 1 << letter
      used.columns[c]! |= 1 << letter
    } else left--
  }
  return square
}
