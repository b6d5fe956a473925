import { correct, defineTask, incorrect, malformed, type PublishedSample, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { type Position, readPositions, showPositions } from '../_shared/positions.ts'
import { countSelections } from './count.ts'
import { positiveCount, type Selection, select, smallestBound } from './solver.ts'

/** Select cells of a grid: different numbers, the top right corner among them, bounded sums or positive products. */
type LogicalPuzzle = Selection

/**
 * Sum levels have the smallest bound that can be met. Product levels ask for more numbers than there are different
 * positive ones: `rectangles` of negative ones must be found; `negative` is the share of negative numbers.
 */
const ladder: readonly (
  | { readonly size: number; readonly max: number; readonly count: number }
  | { readonly size: number; readonly max: number; readonly rectangles: number; readonly negative: number }
)[] = [
  { size: 3, max: 12, count: 4 },
  { size: 4, max: 15, count: 7 },
  { size: 5, max: 8, rectangles: 1, negative: 0.3 },
  { size: 6, max: 12, rectangles: 1, negative: 0.3 },
  { size: 8, max: 16, rectangles: 2, negative: 0.3 },
  { size: 10, max: 20, rectangles: 2, negative: 0.25 },
  { size: 14, max: 30, rectangles: 3, negative: 0.2 },
  { size: 20, max: 40, rectangles: 5, negative: 0.16 },
]

/** Longest answer that is read, in characters. */
const maxLength = 20_000

function ask({ grid, count, most }: LogicalPuzzle): string {
  const size = grid.length
  return [
    `Select exactly ${count} cells of this grid of ${size} rows and ${size} columns of whole numbers:`,
    ...grid.map(line => line.join(', ')),
    'All of these rules must hold:',
    `- The numbers in the ${count} selected cells are all different.`,
    `- The cell in the top right corner, which holds ${grid[0]!.at(-1)}, is one of the selected cells.`,
    most === null
      ? '- In every row that has selected cells the product of its selected numbers is greater than 0, and likewise in every column that has selected cells. (With one selected number the product is that number; a row or column without selected cells is fine.)'
      : `- In every row the selected numbers add up to at most ${most}, and likewise in every column.`,
    `A cell is named by its row and its column, both counted from 0: the top left cell is 0 0, the top right cell is 0 ${size - 1}.`,
    answerFormat(
      'List the selected cells as "row column" pairs separated by commas, in any order. Every selection that keeps the rules is right.',
      '0 2, 1 0',
    ),
  ].join('\n')
}

/** Why the numbers selected in one row or column break the third rule, or null. */
function lineFault(values: readonly number[], most: number | null): string | null {
  if (values.length === 0) return null
  if (most !== null) {
    const sum = values.reduce((a, b) => a + b, 0)
    return sum <= most ? null : `sum to ${sum}, more than ${most}`
  }
  if (values.includes(0)) return 'have the product 0'
  return values.filter(value => value < 0).length % 2 === 0 ? null : 'have a negative product'
}

function judge({ grid, count, most }: LogicalPuzzle, cells: readonly Position[]): Verdict {
  const size = grid.length
  const places = new Set<number>()
  const byValue = new Map<number, Position>()
  for (const cell of cells) {
    const [row, column] = cell
    if (row < 0 || row >= size || column < 0 || column >= size) {
      return incorrect(`there is no cell ${row} ${column}: rows and columns go from 0 to ${size - 1}`)
    }
    if (places.has(row * size + column)) return incorrect(`the cell ${row} ${column} is listed twice`)
    places.add(row * size + column)
    const value = grid[row]![column]!
    const twin = byValue.get(value)
    if (twin) return incorrect(`the cells ${twin[0]} ${twin[1]} and ${row} ${column} hold the same number, ${value}`)
    byValue.set(value, cell)
  }
  if (cells.length !== count) return incorrect(`${cells.length} cells are selected, not ${count}`)
  if (!places.has(size - 1)) return incorrect('the top right cell is not selected')
  for (let line = 0; line < size; line++) {
    for (const [axis, name] of [
      [0, 'row'],
      [1, 'column'],
    ] as const) {
      const fault = lineFault(
        cells.flatMap(cell => (cell[axis] === line ? [grid[cell[0]]![cell[1]]!] : [])),
        most,
      )
      if (fault) return incorrect(`the selected numbers of ${name} ${line} ${fault}`)
    }
  }
  return correct
}

function verify(puzzle: LogicalPuzzle, answer: string): Verdict {
  const cells = readPositions(answer, maxLength)
  return cells.ok ? judge(puzzle, cells.value) : malformed(cells.why)
}

function solution(puzzle: LogicalPuzzle): Position[] {
  const found = select(puzzle)
  if (found === null) throw new Error('logical-puzzle: no selection keeps the rules')
  return found
}

function sumPuzzle(rng: Rng, size: number, max: number, count: number): LogicalPuzzle {
  for (;;) {
    const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => rng.int(1, max)))
    const most = smallestBound(grid, count)
    if (most !== null) return { grid, count, most }
  }
}

/** Negative numbers on the corners of rectangles that share no cell make the selection possible. */
function productPuzzle(rng: Rng, size: number, max: number, rectangles: number, negative: number): LogicalPuzzle {
  const lines = [...Array(size).keys()]
  const grid = lines.map(() => lines.map(() => rng.int(1, max) * (rng.chance(negative) ? -1 : 1)))
  const values = rng.sample(
    Array.from({ length: max }, (_, i) => -1 - i),
    4 * rectangles,
  )
  const planted = new Set<number>()
  const withCorner = rng.chance(0.3)
  if (!withCorner) grid[0]![size - 1] = rng.int(1, max)
  while (planted.size < 4 * rectangles) {
    const [top, bottom] = rng.sample(lines, 2)
    const [left, right] = rng.sample(lines, 2)
    const [r, c] = withCorner && planted.size === 0 ? [0, size - 1] : [top!, right!]
    const four = [r * size + c, r * size + left!, bottom! * size + c, bottom! * size + left!]
    if (new Set(four).size < 4 || four.some(cell => planted.has(cell))) continue
    if (!withCorner && four.includes(size - 1)) continue
    for (const cell of four) planted.add(cell)
  }
  for (const [i, cell] of [...planted].entries()) grid[Math.floor(cell / size)]![cell % size] = values[i]!
  return { grid, count: positiveCount(grid) + 4 * rectangles - rng.int(0, 3), most: null }
}

/** Selections that break one rule each, the usual slips first. */
function misses(puzzle: LogicalPuzzle, rng: Rng): Position[][] {
  const { grid, count } = puzzle
  const size = grid.length
  const right = solution(puzzle)
  const all = grid.flatMap((line, r) => line.map((_, c): Position => [r, c]))
  const corner: Position = [0, size - 1]
  const isCorner = ([r, c]: Position) => r === 0 && c === size - 1
  const rest = all.filter(cell => !isCorner(cell))
  const value = ([r, c]: Position) => grid[r]![c]!
  const byValue = [...rest].sort((a, b) => value(a) - value(b))
  const different = (cells: readonly Position[]) => [...new Map(cells.map(cell => [value(cell), cell])).values()]
  const taken = new Set(right.map(String))
  const free = rest.filter(cell => !taken.has(String(cell)))
  const at = right.findIndex(cell => !isCorner(cell))
  const swap = (to: Position) => right.map((cell, i) => (i === at ? to : cell))
  return [
    different([corner, ...(puzzle.most === null ? [...byValue].reverse() : byValue)]).slice(0, count),
    [corner, ...byValue.filter(cell => value(cell) > 0)].slice(0, count),
    ...rng.sample(free, Math.min(5, free.length)).map(swap),
    right.map(([r, c]): Position => [r + 1, c + 1]),
    right.map(([r, c]): Position => [c, r]),
    right.slice(0, -1),
    right.map(cell => (isCorner(cell) ? (free[0] ?? cell) : cell)),
    [...right.slice(0, -1), right[0]!],
    [...right.slice(0, -1), [size, size]],
    ...free.slice(0, 2).map(cell => [...right, cell]),
    [corner, ...rng.sample(rest, Math.min(count - 1, rest.length))],
  ]
}

/** The grid mirrored at the diagonal through the top right corner. */
const mirrored = (grid: Selection['grid']) =>
  grid.map((_, r) => grid.map((_, c) => grid[grid.length - 1 - c]![grid.length - 1 - r]!))

export default defineTask<LogicalPuzzle>({
  slug: 'logical-puzzle',
  title: 'Logical Puzzle',
  split: 'seen',
  version: 1,
  about: 'Select different numbers of a grid with bounded sums or positive products in all rows and columns.',
  levels: ladder.map(spec => ({
    knob: `${spec.size} x ${spec.size}, ${'count' in spec ? `${spec.count} numbers up to ${spec.max}, bounded sums` : `numbers -${spec.max} to ${spec.max}, positive products, ${spec.rectangles * 4} negative ones needed`}`,
  })),
  generate(rng, level) {
    const spec = ladder[level - 1]!
    return 'count' in spec
      ? sumPuzzle(rng, spec.size, spec.max, spec.count)
      : productPuzzle(rng, spec.size, spec.max, spec.rectangles, spec.negative)
  },
  ask,
  read: readBack(ask, prompt => {
    const found =
      /Select exactly (\d{1,4}) cells of this grid of \d{1,3} rows and \d{1,3} columns of whole numbers:\n((?:-?\d[-, 0-9]{0,2000}\n){1,99})All of these/.exec(
        prompt,
      )
    if (!found) return null
    const grid = found[2]!
      .trimEnd()
      .split('\n')
      .map(line => line.split(', ').map(Number))
    const bound = /In every row the selected numbers add up to at most (-?\d{1,9}),/.exec(prompt)
    return { grid, count: Number(found[1]), most: bound ? Number(bound[1]) : null }
  }),
  verify,
  solve: puzzle => showPositions(solution(puzzle)),
  pythonData: ({ grid, count, most }) => ({ GRID: grid, COUNT: count, MOST: most }),
  nearMisses: (puzzle, rng) => onlyWrong(answer => verify(puzzle, answer), misses(puzzle, rng).map(showPositions)),
  identity: ({ grid, count, most }) => [[JSON.stringify(grid), JSON.stringify(mirrored(grid))].sort()[0], count, most],
  // Bits of a blind choice: the logarithm of the number of selections with the corner.
  effort({ grid, count }) {
    const cells = grid.length ** 2 - 1
    return Array.from({ length: count - 1 }, (_, i) => Math.log2((cells - i) / (i + 1))).reduce((a, b) => a + b, 0)
  },
  show({ grid, count, most }) {
    const width = Math.max(...grid.flat().map(value => String(value).length))
    return [
      ...grid.map(line => line.map(value => String(value).padStart(width)).join(' ')),
      `select ${count}: ${most === null ? 'every product > 0' : `every sum <= ${most}`}`,
    ].join('\n')
  },
  fromPublished(sample) {
    const stored = storedOf(sample)
    const asked = /select (\d+) different numbers/.exec(sample.question ?? '')
    const count = asked ? Number(asked[1]) : Array.isArray(stored.solution) ? stored.solution.length : 0
    const isGrid = (rows: unknown): rows is number[][] =>
      Array.isArray(rows) &&
      rows.length > 0 &&
      rows.every(row => Array.isArray(row) && row.length === rows.length && row.every(Number.isSafeInteger))
    const rule = stored.constraints?.type
    if (!isGrid(stored.grid) || count < 1 || (rule !== 'sum_le_4' && rule !== 'product_gt_0')) return null
    return { grid: stored.grid, count, most: rule === 'sum_le_4' ? 4 : null }
  },
  countSolutions: (puzzle, limit) => countSelections(puzzle, limit, 200_000),
  publishedKey(sample) {
    const { solution: key } = storedOf(sample)
    return Array.isArray(key) && key.every(pair => Array.isArray(pair) && pair.length === 2)
      ? showPositions(key as Position[])
      : null
  },
})

const storedOf = (sample: PublishedSample) =>
  (sample.solution ?? {}) as {
    readonly grid?: unknown
    readonly solution?: unknown
    readonly constraints?: { readonly type?: unknown }
  }
