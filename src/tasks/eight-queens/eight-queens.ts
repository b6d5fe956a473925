import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { type Position, readPositions, showPositions } from '../_shared/positions.ts'
import { another, type Board, complete, completions, queensOf } from './solver.ts'

/** Complete a board to as many queens as it has rows, none attacking another, none on a blocked square. */
interface EightQueens {
  readonly board: Board
}

/** Board size, given queens, squares blocked at random; `unique` adds blocks until one placement is left. */
const ladder: readonly {
  readonly size: number
  readonly given: number
  readonly blocked: number
  readonly unique?: boolean
  readonly instances?: number
}[] = [
  { size: 8, given: 1, blocked: 3, instances: 250_000 },
  { size: 8, given: 2, blocked: 12 },
  { size: 8, given: 1, blocked: 20, unique: true },
  { size: 10, given: 2, blocked: 30, unique: true },
  { size: 12, given: 1, blocked: 60, unique: true },
  { size: 16, given: 1, blocked: 150, unique: true },
  { size: 22, given: 0, blocked: 365, unique: true },
  { size: 30, given: 0, blocked: 730, unique: true },
]

/** Longest answer that is read, in characters. */
const maxLength = 20_000

function ask({ board }: EightQueens): string {
  const size = board.length
  return [
    `A chessboard of ${size} rows and ${size} columns has to hold exactly ${size} queens, no two of them in the same row, in the same column or on the same diagonal (either direction, any distance).`,
    'On the board below, Q is a queen that is already placed and must stay, # is a blocked square on which no queen may stand, and . is a free square:',
    ...board,
    'Blocked squares do not shield: queens attack each other across them. Name the square of every queen by its row and column; rows are counted from 0 at the top, columns from 0 at the left.',
    answerFormat(
      `List the squares of all ${size} queens, those already placed included, as "row column" pairs separated by commas, in any order. Every placement that keeps these rules is right.`,
      '0 1, 1 3, 2 0, 3 2',
    ),
  ].join('\n')
}

function judge(board: Board, queens: readonly Position[]): Verdict {
  const size = board.length
  const rows = new Map<number, Position>()
  const columns = new Map<number, Position>()
  const falling = new Map<number, Position>()
  const rising = new Map<number, Position>()
  for (const queen of queens) {
    const [row, column] = queen
    if (row < 0 || row >= size || column < 0 || column >= size) {
      return incorrect(`there is no square ${row} ${column}: rows and columns go from 0 to ${size - 1}`)
    }
    if (board[row]![column] === '#') return incorrect(`the square ${row} ${column} is blocked`)
    for (const [lines, line, name] of [
      [rows, row, 'row'],
      [columns, column, 'column'],
      [falling, row - column, 'diagonal'],
      [rising, row + column, 'diagonal'],
    ] as const) {
      const other = lines.get(line)
      if (other?.[0] === row && other[1] === column) return incorrect(`the square ${row} ${column} is listed twice`)
      if (other) return incorrect(`the queens at ${other[0]} ${other[1]} and ${row} ${column} share a ${name}`)
      lines.set(line, queen)
    }
  }
  const lost = queensOf(board).find(([row, column]) => rows.get(row)?.[1] !== column)
  if (lost) return incorrect(`the queen given at ${lost[0]} ${lost[1]} is missing`)
  if (queens.length !== size) return incorrect(`${queens.length} queens are listed, not ${size}`)
  return correct
}

function verify({ board }: EightQueens, answer: string): Verdict {
  const queens = readPositions(answer, maxLength)
  return queens.ok ? judge(board, queens.value) : malformed(queens.why)
}

const at = (columns: readonly number[]): Position[] => columns.map((column, row) => [row, column])

function solution({ board }: EightQueens): number[] {
  const columns = complete(board)
  if (columns === null) throw new Error('eight-queens: the board cannot be completed')
  return columns
}

const withSquare = (board: Board, row: number, column: number, to: string): Board =>
  board.map((line, r) => (r === row ? line.slice(0, column) + to + line.slice(column + 1) : line))

function generate(rng: Rng, level: number): EightQueens {
  const { size, given, blocked, unique } = ladder[level - 1]!
  const empty: Board = Array.from({ length: size }, () => '.'.repeat(size))
  const planted = complete(empty, rng)!
  const others = at(planted).flatMap(([row, queen]) =>
    Array.from({ length: size }, (_, column): Position => [row, column]).filter(([, column]) => column !== queen),
  )
  let board = empty
  for (const [row, column] of rng.sample(others, blocked)) board = withSquare(board, row, column, '#')
  for (const row of rng.sample([...planted.keys()], given)) board = withSquare(board, row, planted[row]!, 'Q')
  while (unique) {
    const other = another(board, planted)
    if (other === null) break
    const [row, column] = rng.pick(at(other).filter(([r, c]) => planted[r] !== c))
    board = withSquare(board, row, column, '#')
  }
  return { board }
}

/** Squares of placements that break one rule each, the usual slips first. */
function misses(puzzle: EightQueens, rng: Rng): string[] {
  const { board } = puzzle
  const size = board.length
  const right = solution(puzzle)
  const queens = at(right)
  const given = queensOf(board)
  const open = (blocks: boolean, keep: boolean) =>
    board.map(line => line.replace(/#/g, blocks ? '#' : '.').replace(/Q/g, keep ? 'Q' : '.'))
  const free = [complete(open(false, true), rng), complete(open(true, false), rng), complete(open(false, false), rng)]
  const row = rng.int(0, size - 1)
  const moved = (by: number) => queens.map(([r, c]): Position => (r === row ? [r, c + by] : [r, c]))
  const swapped = queens.map(([r, c], i): Position => [r, i < 2 ? right[1 - i]! : c])
  const open8 = board.map((line, r): Position => [r, line.includes('Q') ? line.indexOf('Q') : line.indexOf('.')])
  return [
    ...free.flatMap(columns => (columns ? [at(columns)] : [])),
    queens.filter(([r, c]) => !given.some(([gr, gc]) => gr === r && gc === c)),
    queens.map(([r, c]): Position => [r + 1, c + 1]),
    queens.map(([r, c]): Position => [c, r]),
    moved(1),
    moved(-1),
    swapped,
    queens.map(([r, c]): Position => [r, size - 1 - c]),
    queens.slice(0, -1),
    [...queens, queens[0]!],
    [...queens.slice(0, -1), queens[0]!],
    open8,
    queens.map((_, r): Position => [r, r]),
    [...queens.slice(0, -1), [size, size] as Position],
  ].map(showPositions)
}

/** The eight turns and mirrors of a board. */
function symmetries(board: Board): Board[] {
  const transposed = (b: Board) => b.map((_, i) => b.map(line => line[i]!).join(''))
  const mirrored = (b: Board) => b.map(line => [...line].reverse().join(''))
  const flat = [board, mirrored(board)]
  const upright = [...flat, ...flat.map(b => [...b].reverse())]
  return [...upright, ...upright.map(transposed)]
}

export default defineTask<EightQueens>({
  slug: 'eight-queens',
  title: 'Eight Queens',
  split: 'unseen',
  version: 1,
  about: 'Complete a board with given queens and blocked squares to n queens, none attacking another.',
  levels: ladder.map(({ size, given, blocked, unique, instances }) => ({
    knob: `${size} x ${size}, ${given} given, ${blocked}${unique ? ' or more' : ''} blocked${unique ? ', one placement' : ''}`,
    ...(instances ? { instances } : {}),
  })),
  generate,
  ask,
  read: readBack(ask, prompt => {
    const found = /\nOn the board below, Q is [^\n]{20,200}:\n((?:[.#Q]{1,99}\n){1,99})Blocked squares do not/.exec(
      prompt,
    )
    return found ? { board: found[1]!.trimEnd().split('\n') } : null
  }),
  verify,
  solve: puzzle => showPositions(at(solution(puzzle))),
  pythonData: ({ board }) => ({ BOARD: board }),
  nearMisses: (puzzle, rng) => onlyWrong(answer => verify(puzzle, answer), misses(puzzle, rng)),
  identity: ({ board }) =>
    symmetries(board)
      .map(b => b.join('\n'))
      .sort()[0],
  // Squares to look at, and the blocked ones again: they are what makes a free row rare.
  effort: ({ board }) => board.length ** 2 + [...board.join('')].filter(c => c === '#').length,
  show: ({ board }) =>
    [
      `   ${board.map((_, c) => String(c % 10)).join(' ')}`,
      ...board.map((line, r) => `${String(r).padStart(2)} ${[...line].join(' ')}`),
    ].join('\n'),
  fromPublished(sample) {
    const lines = (sample.solution as { readonly initial_board?: unknown } | null)?.initial_board
    if (!Array.isArray(lines) || lines.length === 0 || lines.length > 31) return null
    const size = lines.length
    if (!lines.every(line => typeof line === 'string' && line.length === size && /^[01X]+$/.test(line))) return null
    return { board: lines.map((line: string) => line.replace(/0/g, '.').replace(/1/g, 'Q').replace(/X/g, '#')) }
  },
  countSolutions({ board }, limit) {
    let count = 0
    completions(board, () => ++count >= limit)
    return count
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return Array.isArray(key) && key.every(pair => Array.isArray(pair) && pair.length === 2)
      ? showPositions(key as Position[])
      : null
  },
})
