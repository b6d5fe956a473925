/** Cells row by row; a letter is its number from 0, a blank is -1. */
export type Square = readonly number[]

interface State {
  readonly n: number
  readonly cells: number[]
  readonly rows: number[]
  readonly columns: number[]
  nodes: number
}

function stateOf(square: Square, n: number): State | null {
  const state: State = { n, cells: Array(n * n).fill(-1), rows: Array(n).fill(0), columns: Array(n).fill(0), nodes: 0 }
  for (const [at, letter] of square.entries()) if (letter >= 0 && !put(state, at, letter)) return null
  return state
}

/** Writes a letter; false when its row or column has it already. */
function put({ n, cells, rows, columns }: State, at: number, letter: number): boolean {
  const [r, c, bit] = [Math.floor(at / n), at % n, 1 << letter]
  if (cells[at] === letter) return true
  if (cells[at] !== -1 || ((rows[r]! | columns[c]!) & bit) !== 0) return false
  cells[at] = letter
  rows[r]! |= bit
  columns[c]! |= bit
  return true
}

function take({ n, cells, rows, columns }: State, at: number): void {
  const bit = 1 << cells[at]!
  cells[at] = -1
  rows[Math.floor(at / n)]! &= ~bit
  columns[at % n]! &= ~bit
}

/** The number of bits set. */
function ones(mask: number): number {
  let n = mask - ((mask >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The cells from top right to bottom left. */
export const antiDiagonal = (n: number): number[] => Array.from({ length: n }, (_, r) => r * n + n - 1 - r)

/** Fills the blanks, the tightest first; false when the search grew too long. */
function fill(state: State, blanks: number[], found: number[][], most: number, patience: number): boolean {
  if (++state.nodes > patience) return false
  const { n, rows, columns } = state
  const all = 2 ** n - 1
  let [best, least, choices] = [-1, 99, 0]
  for (let i = 0; i < blanks.length && least > 1; i++) {
    const at = blanks[i]!
    const free = all & ~(rows[Math.floor(at / n)]! | columns[at % n]!)
    const count = ones(free)
    if (count < least) [best, least, choices] = [i, count, free]
  }
  if (best < 0) {
    found.push([...state.cells])
    return true
  }
  const at = blanks[best]!
  blanks[best] = blanks.at(-1)!
  blanks.pop()
  let finished = true
  for (let rest = choices; rest !== 0 && found.length < most && finished; rest &= rest - 1) {
    put(state, at, 31 - Math.clz32(rest & -rest))
    finished = fill(state, blanks, found, most, patience)
    take(state, at)
  }
  blanks.push(blanks[best] ?? at)
  blanks[best] = at
  return finished
}

/**
 * Latin squares that complete the given one and hold one and the same letter all along the diagonal from top right to
 * bottom left; at most `most` of them, in a fixed order. Null when the search grew longer than `patience` steps.
 */
export function completions(square: Square, n: number, most: number, patience = 2_000_000): number[][] | null {
  const diagonal = antiDiagonal(n)
  const given = new Set(diagonal.map(at => square[at]!).filter(letter => letter >= 0))
  if (given.size > 1) return []
  const found: number[][] = []
  for (const letter of given.size === 1 ? given : Array(n).keys()) {
    const state = stateOf(square, n)
    if (state === null || !diagonal.every(at => put(state, at, letter))) continue
    const blanks = state.cells.flatMap((value, at) => (value < 0 ? [at] : []))
    if (!fill(state, blanks, found, most, patience)) return null
    if (found.length >= most) break
  }
  return found
}
