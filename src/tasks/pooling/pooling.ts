import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { readCells, shapeFault } from '../_shared/cells.ts'
import { undrawn } from '../_shared/drawn.ts'
import { undressed } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { close, readEntry, same, showExact } from './entry.ts'
import { type Fractions, type Kind, type Layer, places, poolAll } from './layers.ts'

/** Slide a window over a matrix and keep its maximum, minimum or mean, perhaps in several layers. */
interface Pooling {
  readonly matrix: readonly (readonly number[])[]
  readonly layers: readonly Layer[]
}

/** Ranges with both ends included, for rows and columns alike. */
const ladder = [
  { side: [3, 3], window: [2, 2], stride: [1, 1], layers: 1 },
  { side: [4, 4], window: [2, 2], stride: [1, 1], layers: 1 },
  { side: [5, 6], window: [3, 3], stride: [1, 1], layers: 1 },
  { side: [8, 10], window: [2, 4], stride: [1, 2], layers: 1 },
  { side: [14, 16], window: [2, 4], stride: [1, 2], layers: 2 },
  { side: [24, 28], window: [3, 6], stride: [1, 2], layers: 2 },
  { side: [40, 44], window: [3, 7], stride: [1, 2], layers: 3 },
  { side: [60, 64], window: [3, 9], stride: [1, 2], layers: 3 },
] as const

const largest = { side: 100, value: 1_000_000, layers: 4, stride: 100 }
/** Longest answer that is read, in characters, by the number of cells. */
const maxLength = (cells: number) => 2_000 + 100 * cells

const range = ([low, high]: readonly [number, number]) => (low === high ? String(low) : `${low} to ${high}`)
const words: Readonly<Record<Kind, string>> = {
  max: 'the largest of its numbers',
  min: 'the smallest of its numbers',
  average: 'the arithmetic mean of its numbers',
}
const count = (n: number, thing: string) => `${n} ${thing}${n === 1 ? '' : 's'}`

const layerLine = ({ kind, window, stride }: Layer) =>
  `window of ${count(window[0], 'row')} and ${count(window[1], 'column')}, moved by ${count(stride[0], 'row')} down and ${count(stride[1], 'column')} to the right, result: ${words[kind]}`

function ask({ matrix, layers }: Pooling): string {
  const means = layers.some(({ kind }) => kind === 'average')
  return [
    `A window slides over a matrix of ${count(matrix.length, 'row')} and ${count(matrix[0]!.length, 'column')}:`,
    ...matrix.map(row => row.join(' ')),
    layers.length === 1
      ? 'The window is this:'
      : `This is done ${layers.length} times, each time with another window on the matrix that the time before has produced:`,
    ...layers.map((layer, i) => `${i + 1}. ${layerLine(layer)}`),
    'The first window covers the top left corner. From there the window is moved to the right again and again by the named number of columns, as long as it lies wholly inside the matrix; then a new row of windows begins, lower by the named number of rows, again at the left edge, as long as the window lies wholly inside the matrix. Windows may overlap. Nothing is added around the matrix, and cells that no window covers are ignored. Each window gives one number, and these numbers form a new matrix in the same arrangement: one row for each row of windows.',
    answerFormat(
      `Give the ${layers.length === 1 ? '' : 'last '}matrix as a list of its rows.${
        means
          ? ' Write each number exactly (whole number, fraction such as 7/3, or finite decimal) or as a decimal with at least six digits behind the point; do not round on the way.'
          : ''
      }`,
      means ? '[[2000, 2000.25, 6001/3]]' : '[[2000000, 2000001, -2000002]]',
    ),
  ].join('\n')
}

function checked(matrix: readonly (readonly unknown[])[], layers: readonly Layer[]): Pooling | null {
  const columns = matrix[0]?.length ?? 0
  const whole = matrix.every(
    row => row.length === columns && row.every(v => Number.isSafeInteger(v) && Math.abs(Number(v)) <= largest.value),
  )
  if (!whole || columns === 0 || columns > largest.side || matrix.length > largest.side) return null
  if (layers.length === 0 || layers.length > largest.layers) return null
  let [rows, width, den] = [matrix.length, columns, 1]
  for (const { kind, window, stride } of layers) {
    if (![...window, ...stride].every(n => Number.isSafeInteger(n) && n >= 1 && n <= largest.stride)) return null
    rows = places(rows, window[0], stride[0])
    width = places(width, window[1], stride[1])
    if (kind === 'average') den *= window[0] * window[1]
    if (rows === 0 || width === 0 || den * largest.value > Number.MAX_SAFE_INTEGER) return null
  }
  return { matrix: matrix as Pooling['matrix'], layers }
}

const read = readBack(ask, prompt => {
  const rows =
    /^A window slides over a matrix of \d{1,3} rows? and \d{1,3} columns?:\n((?:[-0-9 ]{1,900}\n){1,100})/m.exec(
      prompt,
    )?.[1]
  if (rows === undefined) return null
  const lines = prompt.matchAll(
    /^\d\. window of (\d{1,3}) rows? and (\d{1,3}) columns?, moved by (\d{1,3}) rows? down and (\d{1,3}) columns? to the right, result: the (largest|smallest|arithmetic mean) of its numbers$/gm,
  )
  const layers = [...lines].map(
    ([, height, width, down, right, kind]): Layer => ({
      kind: kind === 'largest' ? 'max' : kind === 'smallest' ? 'min' : 'average',
      window: [Number(height), Number(width)],
      stride: [Number(down), Number(right)],
    }),
  )
  return checked(
    rows
      .trimEnd()
      .split('\n')
      .map(row => row.split(' ').map(Number)),
    layers,
  )
})

const format = ({ rows, den }: Fractions) =>
  `[${rows.map(row => `[${row.map(num => showExact(num, den)).join(', ')}]`).join(', ')}]`

function verify({ matrix, layers }: Pooling, answer: string): Verdict {
  const { rows, den } = poolAll(matrix, layers)
  const [height, width] = [rows.length, rows[0]!.length]
  const limit = maxLength(height * width)
  const dressed = undressed(answer, limit)
  if (dressed === null) return malformed(`longer than ${limit} characters`)
  const text = dressed
    .replace(/[−–]/g, '-')
    .replace(/\\[dt]?frac\s*\{\s*(-?\d{1,40})\s*\}\s*\{\s*(\d{1,40})\s*\}/g, '$1/$2')
    .replace(
      /(?<![\w.])(?:np\.)?(?:float64|int64|Fraction)\(\s*([^\s,()]{1,80})(?:\s*,\s*(-?\d{1,40}))?\s*\)/g,
      (_, a, b) => (b === undefined ? a : `${a}/${b}`),
    )
  const given = readCells(undrawn(text))
  if (!given.ok) return malformed(`${given.why} in ${quote(text)}`)
  const { cells } = given.value
  if (cells.length !== height * width) return malformed(`${cells.length} numbers, not ${height} x ${width}`)
  const fault = shapeFault(given.value, height, width)
  if (fault !== null) return malformed(fault)
  const means = layers.some(({ kind }) => kind === 'average')
  for (const [at, cell] of cells.entries()) {
    const entry = readEntry(cell)
    if (!entry.ok) return malformed(`${quote(cell)}: ${entry.why}`)
    const num = rows[Math.floor(at / width)]![at % width]!
    const fits = means && entry.value.form === 'decimal' ? close : same
    if (fits(entry.value, num, den)) continue
    const place = `row ${Math.floor(at / width) + 1}, column ${(at % width) + 1}`
    return incorrect(`${place} is ${showExact(num, den)}, not ${quote(cell)}`)
  }
  return correct
}

/** What other habits of pooling and careless rounding give. */
function misses({ matrix, layers }: Pooling, rng: Rng): string[] {
  const right = poolAll(matrix, layers)
  const { rows, den } = right
  const means = layers.some(({ kind }) => kind === 'average')
  const withLayers = (change: (layer: Layer) => Layer): string => {
    const other = checked(matrix, layers.map(change))
    return other ? format(poolAll(matrix, other.layers)) : '[]'
  }
  const rounded = (show: (value: number) => string) =>
    `[${rows.map(row => `[${row.map(num => show(num / den)).join(', ')}]`).join(', ')}]`
  const spoiled = Array.from({ length: 8 }, () => {
    const [r, c] = [rng.int(0, rows.length - 1), rng.int(0, rows[0]!.length - 1)]
    return format({ den, rows: rows.map((row, i) => (i === r ? row.with(c, row[c]! + rng.pick([-den, den])) : row)) })
  })
  return [
    withLayers(layer => ({ ...layer, stride: layer.window })),
    ...(means
      ? [rounded(v => String(Math.round(v))), rounded(v => String(Math.floor(v))), rounded(v => v.toFixed(1))]
      : []),
    withLayers(layer => ({ ...layer, kind: layer.kind === 'max' ? 'average' : 'max' })),
    withLayers(layer => ({ ...layer, stride: [1, 1] })),
    withLayers(layer => ({ ...layer, window: [layer.window[1], layer.window[0]] })),
    withLayers(layer => ({ ...layer, kind: layer.kind === 'min' ? 'max' : 'min' })),
    ...spoiled,
    format({ den, rows: rows[0]!.map((_, c) => rows.map(row => row[c]!)) }),
    format({ den, rows: rows.slice(0, -1) }),
    format({ den, rows: rows.map(row => [...row, 0]) }),
    format({ den: den * 2, rows }),
    ...(layers.length > 1 ? [format(poolAll(matrix, layers.slice(0, -1)))] : []),
  ]
}

const effort = ({ matrix, layers }: Pooling): number => {
  let [rows, columns, work] = [matrix.length, matrix[0]!.length, 0]
  for (const { window, stride } of layers) {
    rows = places(rows, window[0], stride[0])
    columns = places(columns, window[1], stride[1])
    work += rows * columns * window[0] * window[1]
  }
  return work
}

export default defineTask<Pooling>({
  slug: 'pooling',
  title: 'Pooling',
  split: 'seen',
  version: 1,
  about: 'Slide a window over a matrix and give the matrix of maxima, minima or means, in up to three layers.',
  levels: ladder.map(({ side, window, stride, layers }) => ({
    knob: `side ${range(side)}, window ${range(window)}, stride ${range(stride)}, ${count(layers, 'layer')}`,
  })),
  generate(rng, level) {
    const { side, window, stride, layers: depth } = ladder[level - 1]!
    for (;;) {
      const size = [rng.int(side[0], side[1]), rng.int(side[0], side[1])] as const
      // Small entries for small matrices; larger ones where the maxima of large windows would all be the same.
      const [low, high] = side[1] > 10 ? [-500, 999] : [-20, 40]
      const matrix = Array.from({ length: size[0] }, () => Array.from({ length: size[1] }, () => rng.int(low, high)))
      const layers = Array.from({ length: depth }, (_, i): Layer => {
        const kinds: readonly Kind[] = i === 0 ? ['average', 'average', 'max', 'min'] : ['average', 'max', 'min']
        const of = (bounds: readonly [number, number]) =>
          [rng.int(bounds[0], bounds[1]), rng.int(bounds[0], bounds[1])] as const
        return { kind: rng.pick(kinds), window: of(window), stride: of(stride) }
      })
      const puzzle = checked(matrix, layers)
      if (puzzle === null) continue
      const { rows } = poolAll(matrix, layers)
      const distinct = new Set(rows.flat()).size
      if (rows.length > 1 && rows[0]!.length > 1 && distinct > 2) return puzzle
    }
  },
  ask,
  read,
  verify,
  solve: ({ matrix, layers }) => format(poolAll(matrix, layers)),
  pythonData: ({ matrix, layers }) => ({
    MATRIX: matrix,
    LAYERS: layers.map(({ kind, window, stride }) => [kind, ...window, ...stride]),
  }),
  nearMisses: (puzzle, rng) => onlyWrong(text => verify(puzzle, text), misses(puzzle, rng)),
  effort,
  show({ matrix, layers }) {
    const width = Math.max(...matrix.flat().map(value => String(value).length))
    return [
      ...matrix.map(row => row.map(value => String(value).padStart(width)).join(' ')),
      ...layers.map(layerLine),
    ].join('\n')
  },
  fromPublished(sample) {
    const { matrix, window_size: size, pooling_type: kind } = (sample.solution ?? {}) as Record<string, unknown>
    if (!Array.isArray(matrix) || !matrix.every(Array.isArray) || typeof size !== 'number') return null
    if (kind !== 'max' && kind !== 'average') return null
    return checked(matrix, [{ kind, window: [size, size], stride: [1, 1] }])
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return Array.isArray(key) ? JSON.stringify(key) : null
  },
})
