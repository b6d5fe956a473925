import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells, shapeFault } from '../_shared/cells.ts'
import type { Parsed } from '../_shared/expression.ts'
import { undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { puzzleOf, type Recipe } from './generator.ts'
import { layoutOf, search } from './solver.ts'

/** Fill a grid so that every row, column and block holds each value once. */
interface StandardSudoku {
  /** Side of a block; the grid has its square of rows. */
  readonly box: number
  /** Rows of values, 0 for an empty cell. */
  readonly grid: readonly (readonly number[])[]
}

const ladder: readonly Recipe[] = [
  { box: 3, blanks: [36, 40], branches: 0 },
  { box: 3, blanks: [46, 50], branches: 100 },
  { box: 3, blanks: [51, 55], branches: 100 },
  { box: 3, blanks: [56, 58], branches: 200 },
  { box: 4, blanks: [110, 125], branches: 0 },
  { box: 4, blanks: [136, 146], branches: 40 },
  { box: 5, blanks: [255, 270], branches: 0 },
  { box: 5, blanks: [280, 292], branches: 0 },
]

/** Longest answer that is read, in characters; 25 x 25 cells, one per line, take a third of it. */
const maxLength = 20_000

const show = (row: readonly number[]) => row.map(value => (value === 0 ? '.' : String(value))).join(' ')

function ask({ box, grid }: StandardSudoku): string {
  const size = box * box
  return [
    `Complete a sudoku of ${size} rows and ${size} columns with the whole numbers from 1 to ${size}.`,
    `Every row, every column and every block must hold each of these numbers exactly once. The blocks are the ${size} squares of ${box} x ${box} cells into which the grid is cut, starting at its top left corner.`,
    'The numbers that are given must stay where they are; a dot is an empty cell:',
    ...grid.map(show),
    answerFormat(
      `Give the complete grid as a list of its ${size} rows, each a list of ${size} numbers.`,
      '[[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]',
    ),
  ].join('\n')
}

const ruler = /^[\s|+=\-─━═│┃║┼╋╬┌┐└┘├┤┬┴╔╗╚╝╠╣╦╩]+$/

/** The numbers of a complete grid, row after row. */
function readGrid(answer: string, size: number): Parsed<number[]> {
  const text = undressed(answer, maxLength)
  if (text === null) return { ok: false, why: `longer than ${maxLength} characters` }
  // Grids are drawn with lines between the blocks.
  const plain = text
    .split(/\r?\n/)
    .filter(line => !ruler.test(line))
    .join('\n')
    .replace(/[|│┃║]/g, ' ')
  const read = readCells(plain)
  if (!read.ok) return { ok: false, why: `${read.why} in ${quote(text)}` }
  const { cells } = read.value
  const compact = size < 10 && cells.length === size && cells.every(cell => cell.length === size)
  const values = compact ? cells.flatMap(row => [...row]) : cells
  const shape = size < 10 ? /^[0-9]$/ : /^[0-9]{1,2}$/
  const bad = values.find(value => !shape.test(value))
  if (bad !== undefined) return { ok: false, why: `${quote(bad)} is not one of the numbers 1 to ${size}` }
  if (values.length !== size * size) return { ok: false, why: `${values.length} numbers, not ${size} x ${size}` }
  const fault = compact ? null : shapeFault(read.value, size, size)
  return fault === null ? { ok: true, value: values.map(Number) } : { ok: false, why: fault }
}

function judge({ box, grid }: StandardSudoku, values: readonly number[]): Verdict {
  const { size, cellsOf } = layoutOf(box)
  const place = (cell: number) => `row ${Math.floor(cell / size) + 1}, column ${(cell % size) + 1}`
  const outside = values.findIndex(value => value < 1 || value > size)
  if (outside >= 0) return incorrect(`${values[outside]} in ${place(outside)} is not one of 1 to ${size}`)
  const given = grid.flat()
  const changed = values.findIndex((value, cell) => given[cell] !== 0 && given[cell] !== value)
  if (changed >= 0) return incorrect(`the given ${given[changed]} in ${place(changed)} is changed`)
  for (const [unit, cells] of cellsOf.entries()) {
    const seen = new Set<number>()
    for (const cell of cells) {
      if (seen.has(values[cell]!)) {
        const name = ['row', 'column', 'block'][Math.floor(unit / size)]
        return incorrect(`${values[cell]} stands twice in ${name} ${(unit % size) + 1}`)
      }
      seen.add(values[cell]!)
    }
  }
  return correct
}

function verify(puzzle: StandardSudoku, answer: string): Verdict {
  const values = readGrid(answer, puzzle.box * puzzle.box)
  return values.ok ? judge(puzzle, values.value) : malformed(values.why)
}

function rowsOf(cells: readonly number[]): number[][] {
  const size = Math.sqrt(cells.length)
  return Array.from({ length: size }, (_, row) => cells.slice(row * size, (row + 1) * size))
}

function solution({ box, grid }: StandardSudoku): number[][] {
  const [first] = search({ box, cells: grid.flat() }, 1).solutions
  if (first === undefined) throw new Error('standard-sudoku: the grid has no solution')
  return rowsOf(first)
}

const format = (rows: readonly (readonly number[])[]) => JSON.stringify(rows)

/** Spoiled copies of the solution, the usual slips first. */
function misses(puzzle: StandardSudoku, rng: Rng): string[] {
  const { box, grid } = puzzle
  const right = solution(puzzle)
  const size = right.length
  const open = grid.flatMap((row, r) => row.flatMap((value, c) => (value === 0 ? [[r, c] as const] : [])))
  const [r, c] = rng.pick(open)
  const at = (row: number, column: number, value: number) =>
    right.map((line, i) => (i === row ? line.with(column, value) : line))
  const sameRow = open.find(([row, column]) => row === r && column !== c)
  const swapped = sameRow
    ? at(r, c, right[r]![sameRow[1]]!).map((l, i) => (i === r ? l.with(sameRow[1], right[r]![c]!) : l))
    : at(r, c, 1)
  const [a, b] = [right[0]![0]!, right[0]![1]!]
  const exchanged = right.map(line => line.map(value => (value === a ? b : value === b ? a : value)))
  const swapRows = (i: number, j: number) => right.map((line, k) => (k === i ? right[j]! : k === j ? right[i]! : line))
  const rowsOnly = grid.map(line => {
    const missing = rng.shuffle(Array.from({ length: size }, (_, i) => i + 1).filter(v => !line.includes(v)))
    return line.map(value => (value === 0 ? missing.pop()! : value))
  })
  const cyclic = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => ((i + j) % size) + 1))
  return [
    swapped,
    at(r, c, (right[r]![c]! % size) + 1),
    rowsOnly,
    grid,
    exchanged,
    swapRows(0, 1),
    swapRows(0, box),
    right.map((_, j) => right.map(line => line[j]!)),
    at(r, c, 0),
    [...right].reverse(),
    cyclic,
    right.slice(0, -1),
    right.map(line => line.slice(0, -1)),
    right.map(line => [...line, 0]),
  ].map(format)
}

/** Values renamed in the order in which they first stand. */
function renamed(cells: readonly number[]): string {
  const names: number[] = [0]
  let next = 1
  return cells
    .map(value => {
      names[value] ??= next++
      return names[value]
    })
    .join(' ')
}

function symmetries(grid: readonly (readonly number[])[]): number[][] {
  const turned = (g: readonly (readonly number[])[]) => g.map((_, i) => g.map(line => line[i]!).reverse())
  const views = [grid]
  for (let i = 0; i < 3; i++) views.push(turned(views.at(-1)!))
  return views.flatMap(view => [view.flat(), [...view].reverse().flat()])
}

export default defineTask<StandardSudoku>({
  slug: 'standard-sudoku',
  title: 'Standard Sudoku',
  split: 'seen',
  version: 1,
  about: 'Fill a sudoku: every row, column and block holds each number once.',
  levels: ladder.map(({ box, blanks }) => ({
    knob: `${box * box} x ${box * box}, ${blanks[0]} to ${blanks[1]} empty cells`,
  })),
  generate(rng, level) {
    const recipe = ladder[level - 1]!
    return { box: recipe.box, grid: rowsOf(puzzleOf(rng, recipe)) }
  },
  ask,
  read: readBack(ask, prompt => {
    const size = /Complete a sudoku of (4|9|16|25) rows and/.exec(prompt)
    const rows = /stay where they are; a dot is an empty cell:\n((?:[0-9. ]{7,99}\n){4,25})Give the complete/.exec(
      prompt,
    )
    if (!size || !rows) return null
    const grid = rows[1]!
      .trimEnd()
      .split('\n')
      .map(line => line.split(' ').map(cell => (cell === '.' ? 0 : Number(cell))))
    return grid.length === Number(size[1]) ? { box: Math.sqrt(grid.length), grid } : null
  }),
  verify,
  solve: puzzle => format(solution(puzzle)),
  pythonData: ({ box, grid }) => ({ BOX: box, GRID: grid }),
  nearMisses: (puzzle, rng) => onlyWrong(answer => verify(puzzle, answer), misses(puzzle, rng)),
  identity: ({ grid }) => symmetries(grid).map(renamed).sort()[0],
  effort: ({ grid }) => grid.flat().filter(value => value === 0).length,
  show({ box, grid }) {
    const width = grid.length > 9 ? 2 : 1
    const cell = (value: number) => (value === 0 ? '.' : String(value)).padStart(width)
    const groups = (line: readonly number[]) =>
      Array.from({ length: box }, (_, i) =>
        line
          .slice(i * box, (i + 1) * box)
          .map(cell)
          .join(' '),
      ).join(' | ')
    const rule = Array.from({ length: box }, () => '-'.repeat((width + 1) * box - 1)).join('-+-')
    return grid.flatMap((line, r) => [...(r > 0 && r % box === 0 ? [rule] : []), groups(line)]).join('\n')
  },
  fromPublished(sample) {
    const grid = (sample.solution as { readonly puzzle?: unknown } | null)?.puzzle
    return isGrid(grid) ? { box: 3, grid } : null
  },
  countSolutions({ box, grid }, limit) {
    const { solutions, finished } = search({ box, cells: grid.flat() }, limit, 20_000)
    return finished || solutions.length >= limit ? solutions.length : null
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return isGrid(key) ? format(key) : null
  },
})

const isGrid = (rows: unknown): rows is number[][] =>
  Array.isArray(rows) &&
  rows.length === 9 &&
  rows.every(row => Array.isArray(row) && row.length === 9 && row.every(v => Number.isInteger(v) && v >= 0 && v <= 9))
