export type Matrix = readonly (readonly string[])[]

/** The name of an operation and its whole numbers: places to shift by, or two rows or columns counted from 1. */
export type Step = readonly [name: string, ...numbers: number[]]

interface Operation {
  /** The step in words; `#` stands for its numbers in order. */
  readonly words: string
  /** What the numbers count: places below the length of that side, or two different lines of it. */
  readonly numbers?: { readonly side: 'rows' | 'columns'; readonly kind: 'shift' | 'swap' }
  apply(matrix: Matrix, ...numbers: number[]): Matrix
}

const transposed = (matrix: Matrix): Matrix => matrix[0]!.map((_, column) => matrix.map(row => row[column]!))
const upsideDown = (matrix: Matrix): Matrix => [...matrix].reverse()
const mirrored = (matrix: Matrix): Matrix => matrix.map(row => [...row].reverse())
const shifted = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(items.length - by),
  ...items.slice(0, -by || undefined),
]
const swapped = <T>(items: readonly T[], a: number, b: number): T[] =>
  items.with(a - 1, items[b - 1]!).with(b - 1, items[a - 1]!)

export const operations: Readonly<Record<string, Operation>> = {
  clockwise: {
    words: 'Rotate the matrix by 90 degrees clockwise (the first row becomes the last column, read downwards).',
    apply: matrix => transposed(upsideDown(matrix)),
  },
  counterclockwise: {
    words: 'Rotate the matrix by 90 degrees counterclockwise (the first row becomes the first column, read upwards).',
    apply: matrix => upsideDown(transposed(matrix)),
  },
  'half-turn': {
    words: 'Rotate the matrix by 180 degrees.',
    apply: matrix => upsideDown(mirrored(matrix)),
  },
  transpose: {
    words: 'Transpose the matrix (the first row becomes the first column, read downwards).',
    apply: transposed,
  },
  mirror: {
    words: 'Mirror the matrix left to right (every row is read backwards).',
    apply: mirrored,
  },
  flip: {
    words: 'Mirror the matrix top to bottom (the last row becomes the first).',
    apply: upsideDown,
  },
  'rows-down': {
    words: 'Move all rows down by #; rows that leave at the bottom come in at the top in the same order.',
    numbers: { side: 'rows', kind: 'shift' },
    apply: (matrix, by) => shifted(matrix, by!),
  },
  'columns-right': {
    words: 'Move all columns right by #; columns that leave at the right come in at the left in the same order.',
    numbers: { side: 'columns', kind: 'shift' },
    apply: (matrix, by) => matrix.map(row => shifted(row, by!)),
  },
  'swap-rows': {
    words: 'Exchange rows # and # (rows are counted from 1 at the top).',
    numbers: { side: 'rows', kind: 'swap' },
    apply: (matrix, a, b) => swapped(matrix, a!, b!),
  },
  'swap-columns': {
    words: 'Exchange columns # and # (columns are counted from 1 at the left).',
    numbers: { side: 'columns', kind: 'swap' },
    apply: (matrix, a, b) => matrix.map(row => swapped(row, a!, b!)),
  },
}

/** The matrix after the steps, one after the other. */
export function transform(matrix: Matrix, steps: readonly Step[]): Matrix {
  return steps.reduce((now, [name, ...numbers]) => operations[name]!.apply(now, ...numbers), matrix)
}

/** A step in words. */
export function stepText([name, ...numbers]: Step): string {
  let at = 0
  return operations[name]!.words.replace(/#/g, () => String(numbers[at++]))
}

const patterns = Object.entries(operations).map(
  ([name, { words }]) =>
    [name, new RegExp(`^${words.replace(/[.()]/g, '\\$&').replace(/#/g, '([1-9][0-9]{0,2})')}$`)] as const,
)

/** The step that these words say, or null. */
export function readStep(text: string): Step | null {
  for (const [name, pattern] of patterns) {
    const found = pattern.exec(text)
    if (found) return [name, ...found.slice(1).map(Number)]
  }
  return null
}

/** Whether a step's numbers lie within a matrix of this shape. */
export function fits([name, ...numbers]: Step, rows: number, columns: number): boolean {
  const spec = operations[name]?.numbers
  if (spec === undefined) return numbers.length === 0
  const length = spec.side === 'rows' ? rows : columns
  return numbers.every(n => n >= 1 && n <= (spec.kind === 'swap' ? length : length - 1))
}
