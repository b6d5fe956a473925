import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells, shapeFault } from '../_shared/cells.ts'
import { undrawn } from '../_shared/drawn.ts'
import type { Parsed } from '../_shared/expression.ts'
import { inside } from '../_shared/fence.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { leastOf, turned, turnings } from '../_shared/symmetry.ts'
import { drawGame, type Habit, type Move, makeMove, play, type Recipe, rowsOf, startBoard, symbolsOf } from './board.ts'

/** Follow the moves of a game of turning pieces. */
interface Reversi {
  /** Rows of `0`, `1` and `*` for an empty cell. */
  readonly rows: readonly string[]
  readonly moves: readonly Move[]
}

/** The first level's count is by full enumeration of its games (by identity). */
const ladder: readonly (Recipe & { readonly instances?: number })[] = [
  { size: 4, before: [4, 8], moves: 2, forbidden: 0, instances: 13_564 },
  { size: 6, before: [4, 14], moves: 3, forbidden: 0, instances: 250_000 },
  { size: 6, before: [3, 14], moves: 6, forbidden: 0, instances: 500_000 },
  { size: 8, before: [6, 24], moves: 10, forbidden: 0 },
  { size: 8, before: [5, 20], moves: 20, forbidden: 0.15 },
  { size: 10, before: [6, 30], moves: 40, forbidden: 0.15 },
  { size: 12, before: [10, 40], moves: 80, forbidden: 0.15 },
  { size: 16, before: [10, 60], moves: 160, forbidden: 0.15 },
]

/** Larger boards are not read. */
const largest = { size: 40, moves: 2_000 }
const maxLength = (cells: number) => 2_000 + 20 * cells

const format = (symbols: string, size: number) =>
  JSON.stringify(Array.from({ length: size }, (_, row) => symbols.slice(row * size, (row + 1) * size))).replace(
    /,/g,
    ', ',
  )

function ask({ rows, moves }: Reversi): string {
  return [
    `Two kinds of pieces, 0 and 1, lie on a board of ${rows.length} rows and ${rows.length} columns; * is an empty cell. Cell (r, c) lies in row r, counted from 1 at the top, and column c, counted from 1 at the left.`,
    'Board:',
    ...rows,
    'These moves are made one after another, each on the board that the one before has left:',
    ...moves.map(({ piece, at }) => `${piece} at (${at[0]}, ${at[1]})`),
    'A move puts a piece of the named kind on the named cell. From there one looks in each of the eight directions (left, right, up, down and the four diagonals): where the very next cell in that direction holds a piece of the other kind, and the line of such pieces goes on without a gap until it meets a piece of the kind just placed, all pieces of that line turn into the kind just placed. A line that ends at an empty cell or at the edge of the board stays as it is. Only lines that begin next to the newly placed piece count; a piece that was turned turns no others.',
    'A move whose cell is not empty, or that would turn no piece at all, is not allowed: it is skipped and changes nothing, its piece is not placed. The same kind may move several times in a row.',
    answerFormat(
      'Give the board at the end as a list of its rows from top to bottom, each a string of the symbols 0, 1 and *.',
      '["0*1", "**0"]',
    ),
  ].join('\n')
}

function checked(rows: readonly string[], moves: readonly Move[]): Reversi | null {
  const size = rows.length
  if (size < 2 || size > largest.size || moves.length === 0 || moves.length > largest.moves) return null
  if (!rows.every(row => row.length === size && /^[01*]+$/.test(row))) return null
  const placed = moves.every(({ at }) => at.every(n => Number.isSafeInteger(n) && n >= 1 && n <= size))
  return placed ? { rows, moves } : null
}

const read = readBack(ask, prompt => {
  const rows = /\nBoard:\n((?:[01*]{2,40}\n){2,40})/.exec(prompt)?.[1]
  if (rows === undefined) return null
  const moves = [...prompt.matchAll(/^([01]) at \((\d{1,2}), (\d{1,2})\)$/gm)].map(
    ([, piece, r, c]): Move => ({ piece: piece === '0' ? 0 : 1, at: [Number(r), Number(c)] }),
  )
  return checked(rows.trimEnd().split('\n'), moves)
})

/** The symbols of a board, row after row: single cells, whole rows, or all in one. */
function readBoard(answer: string, size: number): Parsed<string> {
  const limit = maxLength(size * size)
  const inner = inside(answer, limit)
  if (inner === null) return { ok: false, why: `longer than ${limit} characters` }
  // Stars are cells here, so that no Markdown but the code fence can be taken off.
  const text = inner
    .replace(/^(?:the\s+)?(?:final\s+)?answer\s*(?:is\s*:?|[:=])\s*/i, '')
    .replace(/\.$/, '')
    .replace(/\\\*/g, '*')
  const given = readCells(undrawn(text))
  if (!given.ok) return { ok: false, why: `${given.why} in ${quote(text)}` }
  const { cells } = given.value
  const bad = cells.find(cell => !/^[01*]+$/.test(cell))
  if (bad !== undefined) return { ok: false, why: `${quote(bad)} holds something else than 0, 1 and *` }
  const compact = cells.length === size && cells.every(cell => cell.length === size)
  if (compact || (cells.length === 1 && cells[0]!.length === size * size)) return { ok: true, value: cells.join('') }
  if (cells.some(cell => cell.length > 1)) return { ok: false, why: `not ${size} rows of ${size} cells` }
  if (cells.length !== size * size) return { ok: false, why: `${cells.length} cells, not ${size} x ${size}` }
  const fault = shapeFault(given.value, size, size)
  return fault === null ? { ok: true, value: cells.join('') } : { ok: false, why: fault }
}

function verify({ rows, moves }: Reversi, answer: string): Verdict {
  const size = rows.length
  const given = readBoard(answer, size)
  if (!given.ok) return malformed(given.why)
  const truth = symbolsOf(play(rows, moves))
  if (given.value === truth) return correct
  const at = [...truth].findIndex((symbol, i) => symbol !== given.value[i])
  return incorrect(`(${Math.floor(at / size) + 1}, ${(at % size) + 1}) holds ${truth[at]}, not ${given.value[at]}`)
}

/** What players get who know the rules by halves. */
function misses({ rows, moves }: Reversi, rng: Rng): string[] {
  const size = rows.length
  const right = symbolsOf(play(rows, moves))
  const by = (habit: Habit) => symbolsOf(play(rows, moves, habit))
  const swapped = (text: string) => text.replace(/[01]/g, piece => (piece === '0' ? '1' : '0'))
  const exchanged = moves.map(({ piece, at: [r, c] }): Move => ({ piece, at: [c, r] }))
  const transposed = turned(
    rowsOf(play(rows, moves), size).map(row => [...row]),
    (r, c) => [c, r],
  )
  const all = symbolsOf(play(rows, moves.slice(0, -1)))
  const lastOnly = symbolsOf(play(rows, moves.slice(-1)))
  const last = moves.at(-1)!
  const beforeLast = play(rows, moves.slice(0, -1))
  const placedOnly = Uint8Array.from(beforeLast)
  placedOnly[(last.at[0] - 1) * size + last.at[1] - 1] = last.piece
  const spoiled = Array.from({ length: 6 }, () => {
    const at = rng.int(0, right.length - 1)
    return right.slice(0, at) + rng.pick([...'01*'].filter(symbol => symbol !== right[at])) + right.slice(at + 1)
  })
  const habits: readonly Habit[] = [
    'chain',
    'over-gaps',
    'rows-and-columns',
    'turns-one',
    'places-anyway',
    'no-turning',
  ]
  return [
    ...habits.map(by),
    all,
    symbolsOf(placedOnly),
    rows.join(''),
    lastOnly,
    symbolsOf(play(rows, exchanged)),
    ...spoiled,
    transposed.flat().join(''),
    swapped(right),
  ]
    .map(symbols => format(symbols, size))
    .concat(format(right, size).replace(/, "[01*]+"\]$/, ']'))
}

function turnedGame({ rows, moves }: Reversi, index: number): string {
  const turning = turnings(rows.length)[index]!
  return JSON.stringify([
    turned(
      rows.map(row => [...row]),
      turning,
    ).map(row => row.join('')),
    moves.map(({ piece, at: [r, c] }) => [`${piece}`, turning(r - 1, c - 1).join(' ')]),
  ])
}

/** The same game with the kinds exchanged. */
const exchangedKinds = ({ rows, moves }: Reversi): Reversi => ({
  rows: rows.map(row => row.replace(/[01]/g, piece => (piece === '0' ? '1' : '0'))),
  moves: moves.map(({ piece, at }) => ({ piece: piece === 0 ? 1 : 0, at })),
})

export default defineTask<Reversi>({
  slug: 'reversi',
  title: 'Reversi',
  split: 'seen',
  version: 1,
  about: 'Follow the moves of a game of Reversi and give the board at the end.',
  levels: ladder.map(({ size, moves, forbidden, instances }) => ({
    knob: `${size} x ${size} board, ${moves} moves${forbidden > 0 ? ', some not allowed' : ''}`,
    ...(instances ? { instances } : {}),
  })),
  generate: (rng, level) => drawGame(rng, ladder[level - 1]!),
  ask,
  read,
  verify,
  solve: ({ rows, moves }) => format(symbolsOf(play(rows, moves)), rows.length),
  pythonData: ({ rows, moves }) => ({ BOARD: rows, MOVES: moves.map(({ piece, at }) => [piece, ...at]) }),
  nearMisses: (puzzle, rng) => onlyWrong(text => verify(puzzle, text), misses(puzzle, rng)),
  identity(puzzle) {
    const exchanged = exchangedKinds(puzzle)
    return leastOf(Array.from({ length: 8 }, (_, i) => [turnedGame(puzzle, i), turnedGame(exchanged, i)]).flat())
  },
  effort: ({ rows, moves }) => rows.length * moves.length,
  show: ({ rows, moves }) =>
    [
      `    ${rows.map((_, c) => String(c + 1).padStart(2)).join(' ')}`,
      ...rows.map((row, r) => `${String(r + 1).padStart(3)}  ${[...row].map(s => (s === '*' ? '.' : s)).join('  ')}`),
      ...moves.map(({ piece, at }) => `${piece} at (${at.join(', ')})`),
    ].join('\n'),
  /** The board that the question prints is the one after the moves; they were made from the start of the game. */
  fromPublished(sample) {
    const { board_size: size, moves } = (sample.solution ?? {}) as Record<string, unknown>
    if (typeof size !== 'number' || ![2, 4, 6, 8, 10, 12, 14, 16].includes(size) || !Array.isArray(moves)) return null
    const rows = rowsOf(startBoard(size), size)
    if (!moves.every(at => Array.isArray(at) && at.length === 2)) return null
    const puzzle = checked(
      rows,
      moves.map((at, i): Move => ({ piece: i % 2 === 0 ? 0 : 1, at: [Number(at[0]), Number(at[1])] })),
    )
    if (puzzle === null) return null
    const cells = startBoard(size)
    return puzzle.moves.every(move => makeMove(cells, size, move)) ? puzzle : null
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return typeof key === 'string' ? key : null
  },
})
