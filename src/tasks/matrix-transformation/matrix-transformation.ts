import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells, shapeFault } from '../_shared/cells.ts'
import { inside } from '../_shared/fence.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { fits, type Matrix, operations, readStep, type Step, stepText, transform } from './steps.ts'

/** Rotate, mirror, shift and swap a matrix of symbols. Published questions have the one step `clockwise`. */
interface MatrixTransformation {
  readonly matrix: Matrix
  readonly steps: readonly Step[]
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const digits = [...'123456789']
const symbols = [...'!@#$%^&*']
const rotations = ['clockwise', 'counterclockwise', 'half-turn']
const turns = [...rotations, 'transpose', 'mirror', 'flip']

/** Rows and columns, what stands in the cells, which operations and how many; the two sides may change places. */
const ladder: readonly {
  readonly shape: readonly [number, number]
  readonly cells: 'letters' | 'mixed' | 'symbols' | 'pairs'
  readonly from: readonly string[]
  readonly steps: number
}[] = [
  { shape: [3, 4], cells: 'letters', from: ['clockwise'], steps: 1 },
  { shape: [4, 5], cells: 'symbols', from: ['clockwise'], steps: 1 },
  { shape: [5, 6], cells: 'mixed', from: rotations, steps: 1 },
  { shape: [6, 8], cells: 'mixed', from: turns, steps: 2 },
  { shape: [8, 10], cells: 'letters', from: Object.keys(operations), steps: 4 },
  { shape: [10, 13], cells: 'pairs', from: Object.keys(operations), steps: 6 },
  { shape: [14, 18], cells: 'pairs', from: Object.keys(operations), steps: 9 },
  { shape: [20, 26], cells: 'pairs', from: Object.keys(operations), steps: 14 },
]

/** Longest answer that is read, in characters; the largest matrix written in JSON takes a tenth of it. */
const maxLength = 50_000

const flat = (matrix: Matrix) => matrix.flat().join(',')

function ask({ matrix, steps }: MatrixTransformation): string {
  const size = `${matrix.length} rows and ${matrix[0]!.length} columns`
  return [
    `A matrix has ${size}; the cells of a row are separated by blanks:`,
    ...matrix.map(row => row.join(' ')),
    steps.length === 1
      ? 'Do the following with the whole matrix:'
      : 'Do the following with the whole matrix, step by step, each step with the result of the one before:',
    ...steps.map((step, i) => `${i + 1}. ${stepText(step)}`),
    answerFormat(
      'Write all cells of the resulting matrix row by row from the top, each row from left to right, separated by commas. Capital and small letters differ.',
      'J,b,7,#',
    ),
  ].join('\n')
}

const cellOf = (rng: Rng, cells: (typeof ladder)[number]['cells']): string => {
  if (cells === 'letters') return rng.pick(letters)
  if (cells === 'symbols') return rng.pick(symbols)
  if (cells === 'mixed') return rng.pick([...letters, ...digits])
  return rng.pick(letters) + rng.pick(digits)
}

function drawn(rng: Rng, level: number): MatrixTransformation {
  const spec = ladder[level - 1]!
  const [rows, columns] = rng.shuffle(spec.shape) as [number, number]
  const matrix = Array.from({ length: rows }, () => Array.from({ length: columns }, () => cellOf(rng, spec.cells)))
  const steps: Step[] = []
  let shape = [rows, columns]
  while (steps.length < spec.steps) {
    const name = rng.pick(spec.from.filter(other => other !== steps.at(-1)?.[0]))
    const wanted = operations[name]!.numbers
    const length = wanted?.side === 'rows' ? shape[0]! : shape[1]!
    const lines = Array.from({ length }, (_, i) => i + 1)
    steps.push(
      wanted === undefined
        ? [name]
        : wanted.kind === 'shift'
          ? [name, rng.int(1, length - 1)]
          : [name, ...rng.sample(lines, 2).sort((a, b) => a - b)],
    )
    if (/clockwise|transpose/.test(name)) shape = [shape[1]!, shape[0]!]
  }
  return { matrix, steps }
}

const opposite: Readonly<Record<string, string>> = {
  clockwise: 'counterclockwise',
  counterclockwise: 'clockwise',
  mirror: 'flip',
  flip: 'mirror',
  transpose: 'clockwise',
}

/** Results of the usual slips, as matrices; the likeliest first. */
function slips({ matrix, steps }: MatrixTransformation): Matrix[] {
  const one = (name: string) => transform(matrix, [[name]])
  const turnedAbout = steps.map((step): Step => [opposite[step[0]] ?? step[0], ...(step.slice(1) as number[])])
  const lawful = (list: readonly Step[]) => lawfully(matrix, list)
  return [
    lawful(turnedAbout),
    lawful(steps.slice(0, -1)),
    lawful(steps.slice(1)),
    matrix,
    one('transpose'),
    one('counterclockwise'),
    one('half-turn'),
    one('mirror'),
    one('flip'),
    one('clockwise'),
    lawful([...steps].reverse()),
    lawful(steps.with(-1, steps[0]!)),
  ].filter(result => result !== null)
}

/** The result when every step's rows and columns exist, else null. */
function lawfully(matrix: Matrix, steps: readonly Step[]): Matrix | null {
  let now = matrix
  for (const step of steps) {
    if (!fits(step, now.length, now[0]!.length)) return null
    now = transform(now, [step])
  }
  return now
}

/** True when no single turn of the matrix and no left-out end step gives the answer by chance. */
function telling({ matrix, steps }: MatrixTransformation): boolean {
  const right = flat(transform(matrix, steps))
  const only = steps.length === 1 ? steps[0]![0] : null
  const singles = turns.filter(name => name !== only).map(name => transform(matrix, [[name]]))
  const shorter = [lawfully(matrix, steps.slice(0, -1)), lawfully(matrix, steps.slice(1))].filter(m => m !== null)
  return [matrix, ...singles, ...shorter].every(other => flat(other) !== right)
}

/** The answer's cells without what Markdown puts around or before them; symbols of the matrix itself are kept. */
function undressed(answer: string, matrix: Matrix): string | null {
  const text = inside(answer, maxLength)
  if (text === null) return null
  const has = (symbol: string) => matrix.some(row => row.includes(symbol))
  const plain = text
    .replace(/^(?:the\s+)?(?:final\s+)?(?:answer|result)\s*(?:is\s*:?|[:=])\s*/i, '')
    .replace(/\\([!@#$%^&*])/g, '$1')
    .replace(/\.\s*$/, '')
  const bold = has('*') ? plain : plain.replace(/^\*{1,3}|\*{1,3}$/g, '')
  return has('$') ? bold : bold.replace(/^\${1,2}|\${1,2}$/g, '')
}

function verify({ matrix, steps }: MatrixTransformation, answer: string): Verdict {
  const text = undressed(answer, matrix)
  if (text === null) return malformed(`longer than ${maxLength} characters`)
  const read = readCells(text)
  if (!read.ok) return malformed(`${read.why} in ${quote(text)}`)
  const truth = transform(matrix, steps)
  const [rows, columns] = [truth.length, truth[0]!.length]
  const right = truth.flat()
  const { cells } = read.value
  if (cells.length !== right.length) return malformed(`${cells.length} cells, not ${right.length}`)
  const fault = shapeFault(read.value, rows, columns)
  if (fault) return incorrect(fault)
  const wrong = right.flatMap((cell, i) => (cell === cells[i] ? [] : [i]))
  if (wrong.length === 0) return correct
  const [first] = wrong as [number]
  return incorrect(
    `${wrong.length} of ${right.length} cells are wrong, the first is ${quote(cells[first]!, 20)} in row ${Math.floor(first / columns) + 1}, column ${(first % columns) + 1}`,
  )
}

export default defineTask<MatrixTransformation>({
  slug: 'matrix-transformation',
  title: 'Matrix Transformation',
  split: 'seen',
  version: 1,
  about: 'Rotate a matrix of symbols; at the upper levels also mirror, shift and swap, step after step.',
  levels: ladder.map(({ shape, cells, from, steps }) => ({
    knob: `${shape[0]} x ${shape[1]} ${cells}, ${steps} ${steps > 1 ? 'steps' : 'step'} of ${from.length} ${from.length > 1 ? 'kinds' : 'kind'}`,
  })),
  generate(rng, level) {
    for (;;) {
      const puzzle = drawn(rng, level)
      if (telling(puzzle)) return puzzle
    }
  },
  ask,
  read: readBack(ask, prompt => {
    const rows =
      /the cells of a row are separated by blanks:\n((?:\S{1,9}(?: \S{1,9}){0,99}\n){1,100}?)Do the following/.exec(
        prompt,
      )
    const list =
      /\nDo the following with the whole matrix[^\n]{0,80}:\n((?:\d{1,3}\. [^\n]{1,200}\n){1,99})Write all cells/.exec(
        prompt,
      )
    if (!rows || !list) return null
    const matrix = rows[1]!
      .trimEnd()
      .split('\n')
      .map(row => row.split(' '))
    const steps = list[1]!
      .trimEnd()
      .split('\n')
      .map(line => readStep(line.slice(line.indexOf('.') + 2)))
    if (!steps.every(step => step !== null) || matrix.some(row => row.length !== matrix[0]!.length)) return null
    return lawfully(matrix, steps) && { matrix, steps }
  }),
  verify,
  solve: ({ matrix, steps }) => flat(transform(matrix, steps)),
  pythonData: ({ matrix, steps }) => ({ MATRIX: matrix, STEPS: steps }),
  nearMisses(puzzle, rng) {
    const right = transform(puzzle.matrix, puzzle.steps)
    const cells = right.flat()
    const at = rng.int(0, cells.length - 2)
    const neighbours = cells.with(at, cells[at + 1]!).with(at + 1, cells[at]!)
    const strange = cells.with(rng.int(0, cells.length - 1), '?')
    return onlyWrong(
      answer => verify(puzzle, answer),
      [
        ...slips(puzzle).map(flat),
        neighbours.join(','),
        flat(right).toLowerCase(),
        strange.join(','),
        cells.slice(0, -1).join(','),
        [...cells, cells[0]!].join(','),
        [...right]
          .reverse()
          .map(row => row.join(', '))
          .join('\n'),
        cells.join(''),
      ],
    )
  },
  effort: ({ matrix, steps }) => matrix.length * matrix[0]!.length * steps.length,
  show: ({ matrix, steps }) =>
    [...matrix.map(row => row.map(cell => cell.padStart(2)).join(' ')), ...steps.map(step => stepText(step))].join(
      '\n',
    ),
  fromPublished(sample) {
    const matrix = (sample.solution as { readonly matrix?: unknown } | null)?.matrix
    return isMatrix(matrix) ? { matrix, steps: [['clockwise']] } : null
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly formatted_solution?: unknown } | null)?.formatted_solution
    return typeof key === 'string' ? key : null
  },
})

const isMatrix = (rows: unknown): rows is string[][] =>
  Array.isArray(rows) &&
  rows.length > 0 &&
  rows.every(
    row =>
      Array.isArray(row) &&
      row.length > 0 &&
      row.length === rows[0].length &&
      row.every(cell => typeof cell === 'string' && /^[^\s,;()[\]{}<>"'`]{1,9}$/.test(cell)),
  )
