import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells, shapeFault } from '../_shared/cells.ts'
import { undrawn } from '../_shared/drawn.ts'
import { undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { leastOf, turned, turnings } from '../_shared/symmetry.ts'
import { type Board, directions, drawGame, play, playSliding, type Recipe, type Turn } from './board.ts'

/** Move single numbers of a board step by step, merging equal ones. */
interface Merging {
  readonly board: Board
  readonly turns: readonly Turn[]
}

const ladder: readonly Recipe[] = [
  { size: 3, turns: 1, letters: 3, exponent: 4 },
  { size: 4, turns: 1, letters: 5, exponent: 4 },
  { size: 5, turns: 1, letters: 7, exponent: 5 },
  { size: 5, turns: 2, letters: 8, exponent: 4 },
  { size: 6, turns: 4, letters: 12, exponent: 4 },
  { size: 8, turns: 6, letters: 20, exponent: 5 },
  { size: 10, turns: 10, letters: 40, exponent: 5 },
  { size: 12, turns: 20, letters: 80, exponent: 6 },
]

/** Larger boards and numbers are not read. */
const largest = { size: 40, value: 2 ** 40, letters: 4_000 }
/** Longest answer that is read, in characters, by the number of cells. */
const maxLength = (cells: number) => 2_000 + 60 * cells

const format = (board: Board) => `[${board.map(row => `[${row.join(', ')}]`).join(', ')}]`

function ask({ board, turns }: Merging): string {
  const [rows, columns] = [board.length, board[0]!.length]
  return [
    `A board of ${rows} rows and ${columns} columns holds powers of two; 0 is an empty cell. Cell (r, c) lies in row r, counted from 1 at the top, and column c, counted from 1 at the left.`,
    'Board:',
    ...board.map(row => row.join(' ')),
    `One number is moved by a sequence of letters, each of which tries one step to the neighbouring cell: u up, d down, l left, r right.${turns.length > 1 ? ' This is done several times, one after another, each on the board that the one before has left:' : ''}`,
    ...turns.map(({ at, moves }) => `Move the number at (${at[0]}, ${at[1]}) by ${moves}`),
    'What a letter does:',
    '- The neighbouring cell would lie outside the board: nothing.',
    '- The neighbouring cell is empty: the number moves there, and the cell that it leaves is empty.',
    '- The neighbouring cell holds an equal number: both become one number, their sum, in the neighbouring cell, and the cell that is left is empty. The sum is the number that the next letters move.',
    '- The neighbouring cell holds a different number: nothing.',
    'A letter that does nothing does not stop those after it. All other numbers stay where they are. Where the named cell is empty to begin with, there is nothing to move and the board stays as it is.',
    answerFormat('Give the board at the end as a list of its rows.', '[[2, 0, 16, 4, 0, 8, 0]]'),
  ].join('\n')
}

/** A board and turns that can be played, else null. */
function checked(board: readonly (readonly unknown[])[], turns: readonly Turn[]): Merging | null {
  const columns = board[0]?.length ?? 0
  const sized = board.length <= largest.size && columns > 0 && columns <= largest.size
  const whole = board.every(
    row =>
      row.length === columns && row.every(v => Number.isSafeInteger(v) && Number(v) >= 0 && Number(v) <= largest.value),
  )
  const inside = turns.every(
    ({ at: [r, c], moves }) =>
      r >= 1 &&
      r <= board.length &&
      c >= 1 &&
      c <= columns &&
      moves.length <= largest.letters &&
      /^[udlr]*$/.test(moves),
  )
  return sized && whole && inside && turns.length > 0 ? { board: board as Board, turns } : null
}

const read = readBack(ask, prompt => {
  const rows = /\nBoard:\n((?:[0-9 ]{1,800}\n){1,40})/.exec(prompt)?.[1]
  const found = [...prompt.matchAll(/^Move the number at \((\d{1,2}), (\d{1,2})\) by ([udlr]{1,4000})$/gm)]
  if (rows === undefined) return null
  return checked(
    rows
      .trimEnd()
      .split('\n')
      .map(row => row.split(' ').map(Number)),
    found.map(([, r, c, moves]) => ({ at: [Number(r), Number(c)], moves: moves! })),
  )
})

function verify({ board, turns }: Merging, answer: string): Verdict {
  const [rows, columns] = [board.length, board[0]!.length]
  const limit = maxLength(rows * columns)
  const text = undressed(answer, limit)
  if (text === null) return malformed(`longer than ${limit} characters`)
  const given = readCells(undrawn(text))
  if (!given.ok) return malformed(`${given.why} in ${quote(text)}`)
  const { cells } = given.value
  const bad = cells.find(cell => !/^[0-9]{1,20}$/.test(cell))
  if (bad !== undefined) return malformed(`${quote(bad)} is not a whole number`)
  if (cells.length !== rows * columns) return malformed(`${cells.length} numbers, not ${rows} x ${columns}`)
  const fault = shapeFault(given.value, rows, columns)
  if (fault !== null) return malformed(fault)
  const truth = play(board, turns).flat()
  const at = truth.findIndex((value, i) => value !== Number(cells[i]))
  if (at < 0) return correct
  const place = `(${Math.floor(at / columns) + 1}, ${(at % columns) + 1})`
  return incorrect(`${place} holds ${truth[at]}, not ${Number(cells[at])}`)
}

/** What hasty players of this game and players of the other one get. */
function misses({ board, turns }: Merging, rng: Rng): string[] {
  const right = play(board, turns)
  const last = turns.at(-1)!
  const withLast = (moves: string): Turn[] => [...turns.slice(0, -1), { ...last, moves }]
  const put = (grid: Board, r: number, c: number, value: number) =>
    grid.map((row, i) => (i === r ? row.with(c, value) : row))
  const spoiled = Array.from({ length: 8 }, () => {
    const [r, c] = [rng.int(0, right.length - 1), rng.int(0, right[0]!.length - 1)]
    return put(right, r, c, rng.pick([0, 2, right[r]![c]! * 2, right[r]![c]! / 2].filter(Number.isSafeInteger)))
  })
  return [
    play(board, turns, 'stops-after-merge'),
    play(board, turns, 'slides'),
    play(board, turns, 'stops-when-blocked'),
    play(board, turns, 'never-merges'),
    play(board, turns, 'leaves-copies'),
    play(board, withLast(last.moves.slice(0, -1))),
    play(board, withLast(last.moves.slice(1))),
    playSliding(board, turns.map(({ moves }) => moves).join('')),
    board,
    play(
      board,
      turns.map(({ at: [r, c], moves }) => ({ at: [c, r], moves })),
    ),
    ...spoiled,
    right[0]!.map((_, c) => right.map(row => row[c]!)),
    right.slice(0, -1),
    right.map(row => [...row, 0]),
  ].map(format)
}

function turnedGame({ board, turns }: Merging, index: number): string {
  const turning = turnings(board.length)[index]!
  const letter = (of: string): string => {
    const [origin, to] = [turning(0, 0), turning(...directions[of]!)]
    const step = `${to[0] - origin[0]},${to[1] - origin[1]}`
    return Object.entries(directions).find(([, way]) => way.join() === step)![0]
  }
  const letters = Object.fromEntries([...'udlr'].map(of => [of, letter(of)]))
  return JSON.stringify([
    turned(board, turning),
    turns.map(({ at: [r, c], moves }) => [turning(r - 1, c - 1), moves.replace(/./g, of => letters[of]!)]),
  ])
}

export default defineTask<Merging>({
  slug: '2048',
  title: '2048',
  split: 'unseen',
  version: 1,
  about: 'Move single numbers of a board step by step, merging equal ones, and give the board at the end.',
  levels: ladder.map(({ size, turns, letters }) => ({
    knob: `${size} x ${size} board, ${turns} x ${letters} steps`,
  })),
  generate: (rng, level) => drawGame(rng, ladder[level - 1]!),
  ask,
  read,
  verify,
  solve: ({ board, turns }) => format(play(board, turns)),
  pythonData: ({ board, turns }) => ({ BOARD: board, TURNS: turns.map(({ at, moves }) => [...at, moves]) }),
  nearMisses: (puzzle, rng) => onlyWrong(text => verify(puzzle, text), misses(puzzle, rng)),
  identity(puzzle) {
    const { board } = puzzle
    if (board.length !== board[0]!.length) return puzzle
    return leastOf(Array.from({ length: 8 }, (_, i) => turnedGame(puzzle, i)))
  },
  effort: ({ turns }) => turns.reduce((sum, { moves }) => sum + moves.length, 0),
  show({ board, turns }) {
    const width = Math.max(...board.flat().map(value => String(value).length), 2)
    const rows = board.map(row => row.map(value => (value === 0 ? '.' : String(value)).padStart(width)).join(' '))
    return [...rows, ...turns.map(({ at, moves }) => `(${at.join(', ')}): ${moves}`)].join('\n')
  },
  fromPublished(sample) {
    const { grid, moves, start_pos } = (sample.solution ?? {}) as Record<string, unknown>
    if (!Array.isArray(grid) || !grid.every(Array.isArray)) return null
    if (typeof moves !== 'string' || !Array.isArray(start_pos) || start_pos.length !== 2) return null
    return checked(grid, [{ at: [Number(start_pos[0]) + 1, Number(start_pos[1]) + 1], moves }])
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return typeof key === 'string' ? key : null
  },
})
