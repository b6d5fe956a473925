import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { undressed } from '../_shared/undressed.ts'
import { randomDiagram } from './generator.ts'
import { antiDiagonal, completions } from './solver.ts'

/** A square of the first letters of the alphabet to be completed; null is a blank. */
interface LetterLogicDiagram {
  readonly grid: readonly (readonly (string | null)[])[]
}

const ladder = [
  { order: 7, blanks: 16 },
  { order: 7, blanks: 22 },
  { order: 7, blanks: 29 },
  { order: 8, blanks: 38 },
  { order: 9, blanks: 48 },
  { order: 10, blanks: 58 },
  { order: 11, blanks: 64 },
  { order: 12, blanks: 76 },
] as const

const alphabet = 'abcdefghijklmnopqrstuvwxyz'
const numbersOf = ({ grid }: LetterLogicDiagram) =>
  grid.flat().map(letter => (letter === null ? -1 : alphabet.indexOf(letter)))
const rowsOf = (letters: readonly (string | null)[], n: number) =>
  Array.from({ length: n }, (_, r) => letters.slice(r * n, r * n + n))
const written = (rows: readonly (readonly (string | null)[])[]) => rows.map(row => row.join(',')).join('\n')

function solution(puzzle: LetterLogicDiagram): string[][] {
  const n = puzzle.grid.length
  const found = completions(numbersOf(puzzle), n, 1)?.[0]
  if (!found) throw new Error('letter-logic-diagram: the grid has no completion')
  return rowsOf(
    found.map(letter => alphabet[letter]!),
    n,
  ) as string[][]
}

function ask({ grid }: LetterLogicDiagram): string {
  const n = grid.length
  const last = alphabet[n - 1]
  return [
    `Complete this square of ${n} rows and ${n} columns with the ${n} small letters a to ${last}. A dot is an empty cell; letters already there must stay.`,
    ...grid.map(row => row.map(letter => letter ?? '.').join(' ')),
    `Every row and every column must contain each of the letters a to ${last} exactly once. In addition, all ${n} cells of the diagonal from the top right corner to the bottom left corner must hold one and the same letter.`,
    answerFormat(
      `Write the completed square in ${n} lines of ${n} small letters separated by commas, top row first.`,
      '\na,b\nb,a\n',
    ),
  ].join('\n')
}

function parse(prompt: string): LetterLogicDiagram | null {
  const found =
    /Complete this square of ([0-9]{1,2}) rows and [0-9]{1,2} columns [^\n]{1,200}\n((?:[a-z.](?: [a-z.]){1,25}\n){2,26})Every row/.exec(
      prompt,
    )
  if (!found) return null
  const grid = found[2]!
    .trimEnd()
    .split('\n')
    .map(row => row.split(' ').map(cell => (cell === '.' ? null : cell)))
  const n = Number(found[1])
  const letters = alphabet.slice(0, n)
  const square = grid.length === n && grid.every(row => row.length === n)
  return square && grid.flat().every(cell => cell === null || letters.includes(cell)) ? { grid } : null
}

/**
 * The cells row by row, whatever brackets, quotes and commas stand around them; stray outer brackets do not matter. Rows
 * are what inner brackets separate, else the lines.
 */
function rowsIn(text: string): string[][] {
  const plain = text.replace(/["'`“”‘’]/g, '')
  const seam = /[\])}][\s,;]*[[({]/
  const rows = seam.test(plain) ? plain.split(seam) : plain.split('\n')
  return rows.map(row => row.split(/[\s,;[\](){}]+/).filter(cell => cell !== '')).filter(row => row.length > 0)
}

/** Why a filled square is wrong, in words; null when it is right. Rows and columns are counted from 1. */
function fault({ grid }: LetterLogicDiagram, cells: readonly string[]): string | null {
  const n = grid.length
  for (const [at, given] of grid.flat().entries()) {
    if (given !== null && cells[at] !== given) {
      return `row ${Math.floor(at / n) + 1}, column ${(at % n) + 1} is given as ${given}, not ${quote(cells[at]!)}`
    }
  }
  for (let i = 0; i < n; i++) {
    const row = cells.slice(i * n, i * n + n)
    const column = cells.filter((_, at) => at % n === i)
    if (new Set(row).size < n) return `row ${i + 1} holds a letter twice`
    if (new Set(column).size < n) return `column ${i + 1} holds a letter twice`
  }
  const diagonal = new Set(antiDiagonal(n).map(at => cells[at]))
  return diagonal.size === 1 ? null : 'the diagonal from top right to bottom left holds different letters'
}

export default defineTask<LetterLogicDiagram>({
  slug: 'letter-logic-diagram',
  title: 'Letter Logic Diagram',
  split: 'seen',
  version: 1,
  about: 'Complete a Latin square of letters whose rising diagonal holds one letter only.',
  levels: ladder.map(({ order, blanks }) => ({ knob: `order ${order}, about ${blanks} blanks` })),
  generate(rng, level) {
    const { order, blanks } = ladder[level - 1]!
    const letters = randomDiagram(rng, order, blanks).map(letter => (letter < 0 ? null : alphabet[letter]!))
    return { grid: rowsOf(letters, order) }
  },
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const n = puzzle.grid.length
    const text = undressed(answer, 40 * n * n)
    if (text === null) return malformed(`far longer than a square of ${n} by ${n} letters`)
    const rows = rowsIn(text)
    const cells = rows.flat()
    if (cells.length !== n * n) return malformed(`${cells.length} cells instead of ${n * n}`)
    // One cell per line is a flat list written downwards.
    const odd = rows.length > 1 && rows.some(row => row.length > 1) ? rows.findIndex(row => row.length !== n) : -1
    if (odd >= 0) return malformed(`row ${odd + 1} has ${rows[odd]!.length} cells instead of ${n}`)
    const strange = cells.find(cell => cell.length !== 1 || !alphabet.slice(0, n).includes(cell))
    if (strange !== undefined)
      return malformed(`${quote(strange)} is none of the small letters a to ${alphabet[n - 1]}`)
    const why = fault(puzzle, cells)
    return why === null ? correct : incorrect(why)
  },
  solve: puzzle => written(solution(puzzle)),
  pythonData: ({ grid }) => ({ GRID: grid }),
  nearMisses(puzzle, rng) {
    const rows = solution(puzzle)
    const n = rows.length
    const swapped = (r: number, a: number, b: number) =>
      rows.map((row, i) => (i === r ? row.map((cell, c) => (c === a ? row[b]! : c === b ? row[a]! : cell)) : row))
    const swaps = Array.from({ length: 6 }, () => {
      const [a, b] = rng.sample([...Array(n).keys()], 2) as [number, number]
      return swapped(rng.int(0, n - 1), a, b)
    })
    const blank = puzzle.grid.flat().indexOf(null)
    const changed = rows.map((row, r) =>
      row.map((cell, c) => (r * n + c === blank ? alphabet[(alphabet.indexOf(cell) + 1) % n]! : cell)),
    )
    return onlyWrong(
      text => this.verify(puzzle, text),
      [
        written(changed),
        ...swaps.map(written),
        written([rows[1]!, rows[0]!, ...rows.slice(2)]),
        written(rows.map(row => [row[1]!, row[0]!, ...row.slice(2)])),
        written(rows.slice(0, -1)),
        written(rows.map(row => [...row, row[0]!])),
        written(rows).toUpperCase(),
        written(puzzle.grid),
        written([...rows].reverse()),
      ],
    )
  },
  /** Renamed letters make the same question. */
  identity({ grid }) {
    const order = [...new Set(grid.flat().filter(cell => cell !== null))]
    return grid.map(row => row.map(cell => (cell === null ? -1 : order.indexOf(cell))))
  },
  effort: ({ grid }) => grid.flat().filter(cell => cell === null).length,
  show: ({ grid }) => grid.map(row => row.map(cell => cell ?? '.').join(' ')).join('\n'),
  fromPublished(sample) {
    const grid = (sample.solution as { readonly grid?: unknown } | null)?.grid
    if (!Array.isArray(grid) || !grid.every(row => Array.isArray(row) && row.length === grid.length)) return null
    const letters = alphabet.slice(0, grid.length)
    const fine = grid
      .flat()
      .every(cell => cell === null || (typeof cell === 'string' && /^[a-z]$/.test(cell) && letters.includes(cell)))
    return fine ? { grid } : null
  },
  countSolutions: (puzzle, limit) => completions(numbersOf(puzzle), puzzle.grid.length, limit)?.length ?? null,
  publishedKey(sample) {
    const rows = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return Array.isArray(rows) ? written(rows) : null
  },
})
