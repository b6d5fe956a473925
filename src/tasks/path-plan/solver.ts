import { decimalOf, type Rectangle, scaled, showDecimal } from './geometry.ts'

/** What a route needs to know of a puzzle. */
export interface Journey {
  readonly blocked: readonly Rectangle[]
  readonly visit: readonly Rectangle[]
  readonly start: readonly [number, number]
  readonly end: readonly [number, number]
}

/** The plane cut along all edges, in whole numbers; cell `row * cols + col` lies between two neighbouring cuts each way. */
interface Cells {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  readonly cols: number
  /** 1 where a forbidden rectangle lies. */
  readonly shut: Uint8Array
  /** Bit i is set where the i-th rectangle to visit lies. */
  readonly wanted: Uint32Array
}

/** More boxes to visit do not fit the bits. */
const maxVisits = 30

/**
 * Waypoints from start to end that visit all wanted rectangles and keep strictly clear of the blocked ones, as decimal
 * texts; null when there is no such way. Breadth-first over the cells that the rectangles' edges cut, always to the
 * nearest box not yet visited: boxes to visit block nothing, so the order cannot lead into a dead end. The way runs from
 * cell centre to cell centre and so never along an edge.
 */
export function route(journey: Journey): (readonly [string, string])[] | null {
  const { blocked, visit, start, end } = journey
  const decimals = [...blocked, ...visit, start, end].flat().map(decimalOf)
  const places = Math.max(...decimals.map(d => d.places))
  // Whole numbers of half the last place, so that centres are whole too.
  const whole = (value: number) => 2 * Number(scaled(decimalOf(value), places))
  const box = ([a, b, c, d]: Rectangle): Rectangle => [whole(a), whole(b), whole(c), whole(d)]
  if (visit.length > maxVisits) return null
  const cells = cut(blocked.map(box), visit.map(box))
  const [from, to] = [start, end].map(([x, y]) => cellAt(cells, whole(x), whole(y)))
  if (from === undefined || to === undefined || cells.shut[from] || cells.shut[to]) return null
  const way = tour(cells, from, to, 2 ** visit.length - 1)
  if (way === null) return null
  const text = (value: number) => showDecimal(value * 5, places + 1)
  const centre = (cell: number): readonly [number, number] => {
    const [row, col] = [Math.floor(cell / cells.cols), cell % cells.cols]
    return [(cells.xs[col]! + cells.xs[col + 1]!) / 2, (cells.ys[row]! + cells.ys[row + 1]!) / 2]
  }
  const points = [
    [whole(start[0]), whole(start[1])] as const,
    ...way.map(centre),
    [whole(end[0]), whole(end[1])] as const,
  ]
  return straightened(points).map(([x, y]) => [text(x), text(y)])
}

function cut(blocked: readonly Rectangle[], visit: readonly Rectangle[]): Cells {
  const all = [...blocked, ...visit]
  const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b)
  const xs = sorted(all.flatMap(rectangle => rectangle.slice(0, 2)))
  const ys = sorted(all.flatMap(rectangle => rectangle.slice(2)))
  const [xAt, yAt] = [xs, ys].map(cuts => new Map(cuts.map((value, i) => [value, i])))
  const cols = xs.length - 1
  const shut = new Uint8Array(cols * (ys.length - 1))
  const wanted = new Uint32Array(shut.length)
  const fill = ([a, b, c, d]: Rectangle, mark: (cell: number) => void) => {
    for (let row = yAt!.get(c)!; row < yAt!.get(d)!; row++) {
      for (let col = xAt!.get(a)!; col < xAt!.get(b)!; col++) mark(row * cols + col)
    }
  }
  for (const rectangle of blocked) {
    fill(rectangle, cell => {
      shut[cell] = 1
    })
  }
  for (const [i, rectangle] of visit.entries()) {
    fill(rectangle, cell => {
      wanted[cell]! |= 1 << i
    })
  }
  return { xs, ys, cols, shut, wanted }
}

/** A cell that holds the point, its edges included; undefined outside. */
function cellAt({ xs, ys, cols }: Cells, x: number, y: number): number | undefined {
  const [col, row] = [xs.findLastIndex(cutAt => cutAt <= x), ys.findLastIndex(cutAt => cutAt <= y)]
  return col < 0 || row < 0 || col >= cols || row >= ys.length - 1 ? undefined : row * cols + col
}

/** The cells of a way from one cell to another through all wanted bits. */
function tour(cells: Cells, from: number, to: number, all: number): number[] | null {
  const way = [from]
  let missing = all & ~cells.wanted[from]!
  for (;;) {
    const goal = missing
    const leg = nearest(cells, way.at(-1)!, cell => (goal === 0 ? cell === to : (cells.wanted[cell]! & goal) !== 0))
    if (leg === null) return null
    for (const cell of leg) missing &= ~cells.wanted[cell]!
    way.push(...leg)
    if (goal === 0) return way
  }
}

/** The cells after `from` on a shortest way to a cell that fits. */
function nearest({ cols, shut }: Cells, from: number, fits: (cell: number) => boolean): number[] | null {
  const came = new Int32Array(shut.length).fill(-1)
  came[from] = from
  const queue = [from]
  for (let head = 0; head < queue.length; head++) {
    const cell = queue[head]!
    if (fits(cell)) {
      const leg: number[] = []
      for (let at = cell; at !== from; at = came[at]!) leg.push(at)
      return leg.reverse()
    }
    const col = cell % cols
    for (const next of [cell - cols, cell + cols, col > 0 ? cell - 1 : -1, col < cols - 1 ? cell + 1 : -1]) {
      if (next < 0 || next >= shut.length || shut[next] || came[next]! >= 0) continue
      came[next] = cell
      queue.push(next)
    }
  }
  return null
}

/** Drops points passed straight on; points where the way turns, also back on itself, stay. */
function straightened(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = []
  for (const [i, point] of points.entries()) {
    const [before, after] = [kept.at(-1), points[i + 1]]
    if (before && after) {
      const [ax, ay, bx, by] = [point[0] - before[0], point[1] - before[1], after[0] - point[0], after[1] - point[1]]
      if (ax * by === ay * bx && ax * bx + ay * by >= 0) continue
    }
    kept.push(point)
  }
  return kept
}
