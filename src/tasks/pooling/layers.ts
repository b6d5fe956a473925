export type Kind = 'max' | 'min' | 'average'

/** One pass of a window over a matrix: no padding, windows that would stick out are left out. */
export interface Layer {
  readonly kind: Kind
  /** Rows and columns of the window. */
  readonly window: readonly [rows: number, columns: number]
  /** Cells from one window to the next, down and to the right. */
  readonly stride: readonly [down: number, right: number]
}

/** Exact values: whole numerators over one common denominator, all far below 2^53. */
export interface Fractions {
  readonly rows: readonly (readonly number[])[]
  readonly den: number
}

/** How many windows fit along one side. */
export const places = (length: number, window: number, stride: number): number =>
  length < window ? 0 : Math.floor((length - window) / stride) + 1

/** The matrix that a layer makes of another, by two passes: along the rows, then down the columns. */
export function pool({ rows, den }: Fractions, { kind, window, stride }: Layer): Fractions {
  const join = kind === 'average' ? (a: number, b: number) => a + b : kind === 'max' ? Math.max : Math.min
  const across = rows.map(row => {
    const count = places(row.length, window[1], stride[1])
    return Array.from({ length: count }, (_, place) => {
      let value = row[place * stride[1]]!
      for (let i = 1; i < window[1]; i++) value = join(value, row[place * stride[1] + i]!)
      return value
    })
  })
  const down = Array.from({ length: places(rows.length, window[0], stride[0]) }, (_, place) => {
    const first = place * stride[0]
    return across[first]!.map((start, column) => {
      let value = start
      for (let i = 1; i < window[0]; i++) value = join(value, across[first + i]![column]!)
      return value
    })
  })
  return { rows: down, den: kind === 'average' ? den * window[0] * window[1] : den }
}

/** All layers, one on the result of the other. */
export const poolAll = (matrix: readonly (readonly number[])[], layers: readonly Layer[]): Fractions =>
  layers.reduce<Fractions>(pool, { rows: matrix, den: 1 })
