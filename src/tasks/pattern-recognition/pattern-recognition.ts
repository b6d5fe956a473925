import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells } from '../_shared/cells.ts'
import type { Parsed } from '../_shared/expression.ts'
import { undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { leastOf } from '../_shared/symmetry.ts'
import { drawMatrix, largestBlocks, type Recipe, sides } from './blocks.ts'

/** Find the one largest square block of equal letters. */
interface PatternRecognition {
  readonly rows: readonly string[]
}

const ladder: readonly Recipe[] = [
  { side: [6, 8], block: [3, 3], letters: 26, decoys: 0 },
  { side: [9, 12], block: [3, 5], letters: 26, decoys: 1 },
  { side: [13, 15], block: [3, 6], letters: 12, decoys: 3 },
  { side: [20, 24], block: [4, 6], letters: 6, decoys: 8 },
  { side: [32, 36], block: [4, 7], letters: 4, decoys: 18 },
  { side: [48, 52], block: [5, 8], letters: 3, decoys: 30 },
  { side: [64, 68], block: [5, 9], letters: 3, decoys: 50 },
  { side: [78, 84], block: [6, 10], letters: 2, decoys: 60 },
]

const range = ([low, high]: readonly [number, number]) => (low === high ? `${low}` : `${low} to ${high}`)

/** Larger matrices are not read. */
const largest = 200
const smallestSide = 3

function ask({ rows }: PatternRecognition): string {
  return [
    `A matrix of ${rows.length} rows and ${rows[0]!.length} columns holds letters:`,
    ...rows.map(row => [...row].join(' ')),
    `A block is a square part of the matrix, s rows high and s columns wide without gaps, all of whose cells hold the same letter. Exactly one block of this matrix has the largest side, and its side is at least ${smallestSide}; smaller blocks, also those that are part of it, do not count. Find the largest block.`,
    answerFormat(
      'Give its bottom right cell as [row, column]. Rows are counted from 0 at the top, columns from 0 at the left.',
      '[1000, 2000]',
    ),
  ].join('\n')
}

/** A matrix with exactly one largest block, else null. */
function checked(rows: readonly string[]): PatternRecognition | null {
  const columns = rows[0]?.length ?? 0
  if (rows.length > largest || columns === 0 || columns > largest) return null
  if (!rows.every(row => row.length === columns && /^[A-Z]+$/.test(row))) return null
  const blocks = largestBlocks(rows)
  return blocks.length === 1 && blocks[0]!.side >= smallestSide ? { rows } : null
}

const letterLines = (text: string): string[] =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .map(row => row.replace(/[ \t]/g, ''))

const read = readBack(ask, prompt => {
  const found = /^A matrix of \d{1,3} rows and \d{1,3} columns holds letters:\n((?:[A-Z ]{1,400}\n){1,200})/m.exec(
    prompt,
  )
  return found ? checked(letterLines(found[1]!)) : null
})

const named = /^\W{0,3}row\W{0,4}(\d{1,9})\W{1,4}(?:and\s{1,3})?\W{0,2}col(?:umn)?\W{0,4}(\d{1,9})\W{0,3}$/i

/** Row and column out of `[5, 6]`, `(5,6)`, `5, 6`, `"5,6"`, `row 5, column 6`: exactly two whole numbers. */
function readCell(answer: string): Parsed<readonly [row: number, column: number]> {
  const text = undressed(answer, 400)
  if (text === null) return { ok: false, why: 'far longer than a row and a column' }
  const words = /[-+]/.test(text) ? null : named.exec(text)
  if (words) return { ok: true, value: [Number(words[1]), Number(words[2])] }
  const given = readCells(text)
  if (!given.ok) return { ok: false, why: `${given.why} in ${quote(text)}` }
  const { cells } = given.value
  if (cells.length !== 2) return { ok: false, why: `${quote(text)} is not one row and one column` }
  const bad = cells.find(cell => !/^[0-9]{1,9}$/.test(cell))
  if (bad !== undefined) return { ok: false, why: `${quote(bad)} is not a whole number from 0` }
  return { ok: true, value: [Number(cells[0]), Number(cells[1])] }
}

const cornerOf = ({ rows }: PatternRecognition) => largestBlocks(rows)[0]!
const format = (row: number, column: number) => `[${row}, ${column}]`

function verify(puzzle: PatternRecognition, answer: string): Verdict {
  const given = readCell(answer)
  if (!given.ok) return malformed(given.why)
  const [row, column] = given.value
  const right = cornerOf(puzzle)
  if (row === right.row && column === right.column) return correct
  const { rows } = puzzle
  if (row >= rows.length || column >= rows[0]!.length)
    return incorrect(`${format(row, column)} lies outside the matrix`)
  const here = sides(rows.join(''), rows[0]!.length)[row * rows[0]!.length + column]!
  if (here === 1) return incorrect(`no block ends at ${format(row, column)} at the bottom right`)
  return incorrect(`the block that ends at ${format(row, column)} has side ${here}; there is one of side ${right.side}`)
}

/** Other corners, other ways to count, other blocks. */
function misses(puzzle: PatternRecognition, rng: Rng): string[] {
  const { rows } = puzzle
  const columns = rows[0]!.length
  const { row, column, side } = cornerOf(puzzle)
  const found = sides(rows.join(''), columns)
  const others = [...found.entries()].filter(([at, here]) => here > 2 && at !== row * columns + column)
  const first = others.map(([at]) => [Math.floor(at / columns), at % columns] as const)
  const second = rng.shuffle(others.filter(([, here]) => here === side - 1)).slice(0, 4)
  const spots: (readonly [number, number])[] = [
    ...first.slice(0, 1),
    [row + 1, column + 1],
    [row - side + 1, column - side + 1],
    [column, row],
    [row, column - side + 1],
    [row - side + 1, column],
    ...second.map(([at]) => [Math.floor(at / columns), at % columns] as const),
    [row, column + 1],
    [row + 1, column],
    [row - 1, column - 1],
    [row, column - 1],
    [row - 1, column],
    [rows.length - 1 - row, column],
    [rng.int(0, rows.length - 1), rng.int(0, columns - 1)],
  ]
  const texts = spots.filter(([r, c]) => r >= 0 && c >= 0).map(([r, c]) => format(r, c))
  return [
    ...texts,
    `[${row}, ${column}, ${side}]`,
    `${format(row, column)} or ${format(row, column - 1)}`,
    String(side),
  ]
}

/** Letters in the order in which they first stand, in the matrix and in its mirror image about the diagonal. */
function identity({ rows }: PatternRecognition): string {
  const renamed = (lines: readonly string[]) => {
    const names = new Map<string, string>()
    return lines.join('/').replace(/[A-Z]/g, letter => {
      const name = names.get(letter) ?? String.fromCharCode(97 + names.size)
      names.set(letter, name)
      return name
    })
  }
  const mirrored = [...rows[0]!].map((_, c) => rows.map(row => row[c]).join(''))
  return leastOf([renamed(rows), renamed(mirrored)])
}

export default defineTask<PatternRecognition>({
  slug: 'pattern-recognition',
  title: 'Pattern Recognition',
  split: 'seen',
  version: 1,
  about: 'Find the largest square block of equal letters in a matrix.',
  levels: ladder.map(({ side, block, letters, decoys }) => ({
    knob: `sides ${range(side)}, block of ${range(block)}, ${letters} letters${decoys > 0 ? `, decoys: ${decoys}` : ''}`,
  })),
  generate: (rng, level) => ({ rows: drawMatrix(rng, ladder[level - 1]!) }),
  ask,
  read,
  verify,
  solve(puzzle) {
    const { row, column } = cornerOf(puzzle)
    return format(row, column)
  },
  pythonData: ({ rows }) => ({ ROWS: rows }),
  nearMisses: (puzzle, rng) => onlyWrong(text => verify(puzzle, text), misses(puzzle, rng)),
  identity,
  effort: ({ rows }) => rows.length * rows[0]!.length,
  show(puzzle) {
    const { row, column, side } = cornerOf(puzzle)
    const inBlock = (r: number, c: number) => r > row - side && r <= row && c > column - side && c <= column
    return puzzle.rows
      .map((line, r) => [...line].map((letter, c) => (inBlock(r, c) ? letter : letter.toLowerCase())).join(' '))
      .join('\n')
  },
  fromPublished(sample) {
    const [, behind = ''] = (sample.question ?? '').split('If the matrix is\n')
    const [matrix, ...rest] = behind.split('Please provide')
    return rest.length === 0 ? null : checked(letterLines(matrix!))
  },
  publishedKey(sample) {
    const { row, column } = (sample.solution ?? {}) as Record<string, unknown>
    return typeof row === 'number' && typeof column === 'number' ? format(row, column) : null
  },
})
