import type { Rng } from '../../util/rng.ts'

export const empty = 2
/** Cells row after row: 0, 1 or `empty`. */
export type Cells = Uint8Array

export interface Move {
  readonly piece: 0 | 1
  /** Row and column, from 1. */
  readonly at: readonly [row: number, column: number]
}

/** Misreadings of the rules: what near misses are made of. */
export type Habit = 'rows-and-columns' | 'over-gaps' | 'chain' | 'turns-one' | 'no-turning' | 'places-anyway'

const directions = [-1, 0, 1].flatMap(dr => [-1, 0, 1].map(dc => [dr, dc] as const)).filter(([r, c]) => r || c)

/** The cells that a piece on (row, column), from 0, turns. */
export function turnedBy(
  cells: Cells,
  size: number,
  row: number,
  column: number,
  piece: number,
  habit?: Habit,
): number[] {
  const turned: number[] = []
  if (habit === 'no-turning') return turned
  const overGaps = habit === 'over-gaps'
  for (const [dr, dc] of directions) {
    if (habit === 'rows-and-columns' && dr !== 0 && dc !== 0) continue
    // Steps to the piece of the same kind that closes the line; 1 or less is no line.
    let closed = 0
    let [r, c] = [row + dr, column + dc]
    for (let step = 1; r >= 0 && r < size && c >= 0 && c < size; step++, r += dr, c += dc) {
      const cell = cells[r * size + c]!
      if (cell === piece) closed = step
      if (!overGaps && (cell === piece || cell === empty)) break
    }
    for (let step = 1; step < (habit === 'turns-one' ? Math.min(closed, 2) : closed); step++) {
      const at = (row + step * dr) * size + column + step * dc
      if (cells[at] !== piece && cells[at] !== empty) turned.push(at)
    }
  }
  return turned
}

/** Makes a move if it is allowed; `cells` are changed. False when it is not. */
export function makeMove(cells: Cells, size: number, { piece, at }: Move, habit?: Habit): boolean {
  const [row, column] = [at[0] - 1, at[1] - 1]
  const cell = row * size + column
  if (cells[cell] !== empty && habit !== 'places-anyway') return false
  const turned = turnedBy(cells, size, row, column, piece, habit)
  if (turned.length === 0 && habit !== 'places-anyway' && habit !== 'no-turning') return false
  cells[cell] = piece
  for (const other of turned) cells[other] = piece
  if (habit !== 'chain') return true
  for (const other of turned) {
    for (const more of turnedBy(cells, size, Math.floor(other / size), other % size, piece)) cells[more] = piece
  }
  return true
}

export const cellsOf = (rows: readonly string[]): Cells =>
  Uint8Array.from(rows.join(''), symbol => (symbol === '*' ? empty : Number(symbol)))

export const symbolsOf = (cells: Cells): string => Array.from(cells, cell => '01*'[cell]).join('')

export function rowsOf(cells: Cells, size: number): string[] {
  const symbols = symbolsOf(cells)
  return Array.from({ length: size }, (_, row) => symbols.slice(row * size, (row + 1) * size))
}

/** The board after all moves. */
export function play(rows: readonly string[], moves: readonly Move[], habit?: Habit): Cells {
  const cells = cellsOf(rows)
  for (const move of moves) makeMove(cells, rows.length, move, habit)
  return cells
}

/** Two pieces of either kind in the middle, 1 at the upper left. */
export function startBoard(size: number): Cells {
  const cells = new Uint8Array(size * size).fill(empty)
  const [upper, lower] = [(size / 2 - 1) * size + size / 2 - 1, (size / 2) * size + size / 2 - 1]
  cells[upper] = 1
  cells[upper + 1] = 0
  cells[lower] = 0
  cells[lower + 1] = 1
  return cells
}

/** A random allowed move on one of the open cells, or null when there is none. */
function randomMove(rng: Rng, cells: Cells, open: readonly number[], size: number, piece: 0 | 1): Move | null {
  const allowed = (cell: number) => turnedBy(cells, size, Math.floor(cell / size), cell % size, piece).length > 0
  const moveTo = (cell: number): Move => ({ piece, at: [Math.floor(cell / size) + 1, (cell % size) + 1] })
  // Most boards have enough allowed cells to meet one by chance; testing all is for those that have not.
  for (let tries = 0; tries < 10 && open.length > 0; tries++) {
    const cell = rng.pick(open)
    if (allowed(cell)) return moveTo(cell)
  }
  const all = open.filter(allowed)
  return all.length === 0 ? null : moveTo(rng.pick(all))
}

/** How a level's games are made. */
export interface Recipe {
  readonly size: number
  /** Random moves before the board is shown, both ends included. */
  readonly before: readonly [number, number]
  readonly moves: number
  /** How often a move that is not allowed stands among them. */
  readonly forbidden: number
}

/** A board from the middle of a game and the moves that follow; a side that cannot move is passed over. */
export function drawGame(
  rng: Rng,
  { size, before, moves: count, forbidden }: Recipe,
): { rows: string[]; moves: Move[] } {
  for (;;) {
    const cells = startBoard(size)
    const open = [...cells.keys()].filter(cell => cells[cell] === empty)
    const lead = rng.int(before[0], before[1])
    let rows = rowsOf(cells, size)
    let turn: 0 | 1 = 0
    const moves: Move[] = []
    for (let done = 0; moves.length < count; ) {
      if (done === lead) rows = rowsOf(cells, size)
      if (done >= lead && rng.chance(forbidden)) {
        const at: [number, number] = [rng.int(1, size), rng.int(1, size)]
        const bad: Move = { piece: turn, at }
        if (!makeMove(Uint8Array.from(cells), size, bad)) {
          moves.push(bad)
          continue
        }
      }
      const other: 0 | 1 = turn === 0 ? 1 : 0
      const move: Move | null = randomMove(rng, cells, open, size, turn) ?? randomMove(rng, cells, open, size, other)
      if (move === null) break
      makeMove(cells, size, move)
      open.splice(open.indexOf((move.at[0] - 1) * size + move.at[1] - 1), 1)
      if (done >= lead) moves.push(move)
      done++
      turn = move.piece === 0 ? 1 : 0
    }
    if (moves.length === count && symbolsOf(cells) !== rows.join('')) return { rows, moves }
  }
}
