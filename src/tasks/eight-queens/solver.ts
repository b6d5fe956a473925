import type { Rng } from '../../util/rng.ts'

/** Largest board: rows and columns are bits of one 32-bit word. */
export const maxSize = 31

/** A board as rows of characters: `.` free, `#` blocked, `Q` a queen that stays. */
export type Board = readonly string[]

/** Given queens as [row, column], row by row. */
export function queensOf(board: Board): [number, number][] {
  return board.flatMap((line, row) =>
    [...line].flatMap((c, column): [number, number][] => (c === 'Q' ? [[row, column]] : [])),
  )
}

/** Clears from the open squares of all other rows what a queen on (row, column) attacks. */
function attack(free: Int32Array, row: number, column: number): void {
  const bit = 1 << column
  for (let r = 0; r < free.length; r++) {
    const away = r < row ? row - r : r - row
    if (away > 0) free[r]! &= ~(bit | (bit << away) | (bit >>> away))
  }
}

/**
 * Calls `found` with the column of each row's queen for every completion of the board, until it returns true. The row
 * with the fewest open squares goes first, and a column that only one row can still take is given to it. `rng` mixes the
 * order of the columns. Exact: without a completion `found` is never called.
 */
export function completions(board: Board, found: (columns: readonly number[]) => boolean, rng?: Rng): void {
  const size = board.length
  const columns = new Array<number>(size).fill(-1)
  const start = new Int32Array(size)
  for (const [r, line] of board.entries()) {
    for (let c = 0; c < size; c++) if (line[c] !== '#') start[r]! |= 1 << c
  }
  for (const [row, column] of queensOf(board)) {
    if (columns[row]! >= 0 || (start[row]! & (1 << column)) === 0) return
    columns[row] = column
    start[row] = 1 << column
    attack(start, row, column)
  }
  const all = size === 32 ? -1 : 2 ** size - 1

  function search(free: Int32Array): boolean {
    let [row, fewest, once, twice, taken] = [-1, 99, 0, 0, 0]
    for (let r = 0; r < size; r++) {
      if (columns[r]! >= 0) {
        taken |= 1 << columns[r]!
        continue
      }
      const mask = free[r]!
      if (mask === 0) return false
      twice |= once & mask
      once |= mask
      const count = bits(mask)
      if (count < fewest) [row, fewest] = [r, count]
    }
    if (row < 0) return found(columns)
    if ((once | taken) !== all) return false
    const single = once & ~twice
    let options = free[row]!
    if (single !== 0 && fewest > 1) {
      options = single & -single
      row = free.findIndex((mask, r) => columns[r]! < 0 && (mask & options) !== 0)
    }
    const list: number[] = []
    for (let rest = options; rest !== 0; rest &= rest - 1) list.push(31 - Math.clz32(rest & -rest))
    for (const column of rng ? rng.shuffle(list) : list) {
      const next = free.slice()
      attack(next, row, column)
      columns[row] = column
      if (search(next)) return true
      columns[row] = -1
    }
    return false
  }
  search(start)
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/** The first completion, as the column of each row's queen, or null when there is none. */
export function complete(board: Board, rng?: Rng): number[] | null {
  let first: number[] | null = null
  completions(
    board,
    columns => {
      first = [...columns]
      return true
    },
    rng,
  )
  return first
}

/** A completion that differs from the given one, or null when that is the only one. */
export function another(board: Board, known: readonly number[]): number[] | null {
  let other: number[] | null = null
  completions(board, columns => {
    if (columns.every((column, row) => column === known[row])) return false
    other = [...columns]
    return true
  })
  return other
}
