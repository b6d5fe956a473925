import type { Rng } from '../../util/rng.ts'

/** Rows of numbers; 0 is an empty cell. */
export type Board = readonly (readonly number[])[]

/** One number is moved letter by letter. */
export interface Turn {
  /** Row and column, from 1. */
  readonly at: readonly [row: number, column: number]
  /** Letters `u`, `d`, `l`, `r`. */
  readonly moves: string
}

export const directions: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  u: [-1, 0],
  d: [1, 0],
  l: [0, -1],
  r: [0, 1],
}

/** Misreadings of the rules: what near misses are made of. */
export type Habit = 'slides' | 'stops-after-merge' | 'never-merges' | 'leaves-copies' | 'stops-when-blocked'

/** What a turn met on its way. */
export interface Tally {
  merges: number
  blocked: number
}

/** Moves one number; `board` is changed. */
export function moveOne(board: number[][], { at, moves }: Turn, habit?: Habit, tally?: Tally): void {
  let [row, column] = [at[0] - 1, at[1] - 1]
  if (!board[row]?.[column]) return
  for (const letter of moves) {
    const [dr, dc] = directions[letter] ?? [0, 0]
    for (let sliding = true; sliding; ) {
      const value = board[row]![column]!
      const target = board[row + dr]?.[column + dc]
      const merges = target === value && habit !== 'never-merges'
      if (target === undefined || (target !== 0 && !merges)) {
        if (tally) tally.blocked++
        if (habit === 'stops-when-blocked') return
        break
      }
      if (habit !== 'leaves-copies') board[row]![column] = 0
      row += dr
      column += dc
      board[row]![column] = target + value
      if (merges) {
        if (tally) tally.merges++
        if (habit === 'stops-after-merge') return
      }
      sliding = habit === 'slides' && !merges
    }
  }
}

/** The board after all turns. */
export function play(board: Board, turns: readonly Turn[], habit?: Habit): number[][] {
  const after = board.map(row => [...row])
  for (const turn of turns) moveOne(after, turn, habit)
  return after
}

/** The game that has the same name: each letter moves all numbers as far as they go. For near misses. */
export function playSliding(board: Board, letters: string): number[][] {
  let rows = board.map(row => [...row])
  const flip = () => {
    rows = rows[0]!.map((_, c) => rows.map(row => row[c]!))
  }
  for (const letter of letters) {
    const upright = letter === 'u' || letter === 'd'
    const backward = letter === 'd' || letter === 'r'
    if (upright) flip()
    rows = rows.map(row => {
      const line = backward ? [...row].reverse() : row
      const slid = slideLine(line)
      return backward ? slid.reverse() : slid
    })
    if (upright) flip()
  }
  return rows
}

function slideLine(line: readonly number[]): number[] {
  const numbers = line.filter(value => value !== 0)
  const slid: number[] = []
  for (let i = 0; i < numbers.length; i++) {
    const pair = numbers[i] === numbers[i + 1]
    slid.push(numbers[i]! * (pair ? 2 : 1))
    if (pair) i++
  }
  return [...slid, ...line.map(() => 0)].slice(0, line.length)
}

/** How a level's boards are made. */
export interface Recipe {
  readonly size: number
  readonly turns: number
  /** Letters of each turn. */
  readonly letters: number
  /** Powers of two up to this exponent. */
  readonly exponent: number
}

const steps = Object.entries(directions).map(([letter, [dr, dc]]) => [letter, dr, dc] as const)

/** How often a step to a merge, to an empty cell and against an obstacle is taken, relative to each other. */
const appetite = { merge: 8, free: 3, blocked: 1 } as const

/** Letters drawn so that the number merges where it can, wanders and now and then runs into something. */
function walk(rng: Rng, board: number[][], at: readonly [number, number], letters: number): string {
  let [row, column] = at
  let moves = ''
  while (moves.length < letters) {
    const value = board[row]![column]!
    const weights = steps.map(([, dr, dc]) => {
      const target = board[row + dr]?.[column + dc]
      return target === value ? appetite.merge : target === 0 ? appetite.free : appetite.blocked
    })
    let left = rng.int(1, weights[0]! + weights[1]! + weights[2]! + weights[3]!)
    const chosen = weights.findIndex(weight => (left -= weight) <= 0)
    const [letter, dr, dc] = steps[chosen]!
    const target = board[row + dr]?.[column + dc]
    moves += letter
    if (target !== 0 && target !== value) continue
    board[row]![column] = 0
    row += dr
    column += dc
    board[row]![column] = target + value
  }
  return moves
}

/**
 * A board with turns of which at least one merges and one runs into an obstacle, and which leave another board behind.
 * From two turns on, one in six names an empty cell.
 */
export function drawGame(rng: Rng, { size, turns: count, letters, exponent }: Recipe): { board: Board; turns: Turn[] } {
  const cells = Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size] as const)
  for (;;) {
    const density = rng.int(45, 75) / 100
    const board = Array.from({ length: size }, () =>
      Array.from({ length: size }, () => (rng.chance(density) ? 2 ** rng.int(1, exponent) : 0)),
    )
    if (board.flat().every(value => value === 0)) continue
    const now = board.map(row => [...row])
    const tally: Tally = { merges: 0, blocked: 0 }
    const turns: Turn[] = []
    while (turns.length < count) {
      const empty = turns.length > 0 && rng.chance(1 / 6)
      const places = cells.filter(([r, c]) => (now[r]![c] === 0) === empty)
      if (places.length === 0) continue
      const at = rng.pick(places)
      const walked = now.map(row => [...row])
      const moves = empty
        ? Array.from({ length: letters }, () => rng.pick([...'udlr'])).join('')
        : walk(rng, walked, at, letters)
      const turn: Turn = { at: [at[0] + 1, at[1] + 1], moves }
      moveOne(now, turn, undefined, tally)
      turns.push(turn)
    }
    const changed = JSON.stringify(now) !== JSON.stringify(board)
    if (changed && tally.merges > 0 && tally.blocked > 0) return { board, turns }
  }
}
