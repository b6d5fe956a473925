/** Cells of a grid with blocks of box x box cells, row after row, 0 for an empty one. */
export interface Grid {
  readonly box: number
  readonly cells: readonly number[]
}

/** What is known on the way: the cells, and for every row, column and block the bits of the values it holds. */
interface State {
  readonly cells: Uint8Array
  readonly used: Int32Array
}

/** The row, column and block of every cell as indices into one list of units, and the cells of every unit. */
interface Layout {
  readonly size: number
  readonly all: number
  readonly unitsOf: readonly (readonly [row: number, column: number, block: number])[]
  readonly cellsOf: readonly (readonly number[])[]
}

const layouts = new Map<number, Layout>()

/** The units of a grid with blocks of this side; kept, since every search needs them. */
export function layoutOf(box: number): Layout {
  const known = layouts.get(box)
  if (known) return known
  const size = box * box
  const cellsOf = Array.from({ length: 3 * size }, () => [] as number[])
  const unitsOf = Array.from({ length: size * size }, (_, cell): [number, number, number] => {
    const [row, column] = [Math.floor(cell / size), cell % size]
    const block = Math.floor(row / box) * box + Math.floor(column / box)
    const units: [number, number, number] = [row, size + column, 2 * size + block]
    for (const unit of units) cellsOf[unit]!.push(cell)
    return units
  })
  const layout = { size, all: 2 ** (size + 1) - 2, unitsOf, cellsOf }
  layouts.set(box, layout)
  return layout
}

function fill({ cells, used }: State, layout: Layout, cell: number, bit: number): void {
  cells[cell] = 31 - Math.clz32(bit)
  for (const unit of layout.unitsOf[cell]!) used[unit]! |= bit
}

function options({ used }: State, layout: Layout, cell: number): number {
  const units = layout.unitsOf[cell]!
  return layout.all & ~(used[units[0]]! | used[units[1]]! | used[units[2]]!)
}

/** The start, or null when two equal values stand in one unit. */
function begin({ box, cells }: Grid): State | null {
  const layout = layoutOf(box)
  const state = { cells: new Uint8Array(cells.length), used: new Int32Array(3 * layout.size) }
  for (let cell = 0; cell < cells.length; cell++) {
    const value = cells[cell]!
    if (value === 0) continue
    const bit = 1 << value
    if ((options(state, layout, cell) & bit) === 0) return null
    fill(state, layout, cell, bit)
  }
  return state
}

/** Fills what is forced: a cell with one value left, a value with one cell left in a unit. False on a contradiction. */
function propagate(state: State, layout: Layout): boolean {
  for (let changed = true; changed; ) {
    changed = false
    for (let unit = 0; unit < layout.cellsOf.length; unit++) {
      const cells = layout.cellsOf[unit]!
      let once = 0
      let twice = 0
      for (const cell of cells) {
        if (state.cells[cell] !== 0) continue
        const open = options(state, layout, cell)
        if (open === 0) return false
        if ((open & (open - 1)) === 0) {
          fill(state, layout, cell, open)
          changed = true
          continue
        }
        twice |= once & open
        once |= open
      }
      if ((once | state.used[unit]!) !== layout.all) return false
      const single = once & ~twice & ~state.used[unit]!
      if (single === 0) continue
      for (const cell of cells) {
        if (state.cells[cell] !== 0) continue
        const here = options(state, layout, cell) & single
        if (here === 0) continue
        if ((here & (here - 1)) !== 0) return false
        fill(state, layout, cell, here)
        changed = true
      }
    }
  }
  return true
}

/** `solutions` holds at most as many as were wanted; `finished` is false when the branches ran out before the search. */
export interface Search {
  readonly solutions: readonly (readonly number[])[]
  readonly finished: boolean
}

/** Looks for up to `wanted` solutions, branching at most `branches` times on the cell with the fewest values left. */
export function search(grid: Grid, wanted: number, branches = Number.POSITIVE_INFINITY): Search {
  const layout = layoutOf(grid.box)
  const solutions: number[][] = []
  let left = branches
  const start = begin(grid)
  /** True when the search is over: enough found, or no branches left. */
  function descend(state: State): boolean {
    if (!propagate(state, layout)) return false
    let [best, fewest] = [-1, 99]
    for (let cell = 0; cell < state.cells.length; cell++) {
      if (state.cells[cell] !== 0) continue
      let count = 0
      for (let rest = options(state, layout, cell); rest !== 0; rest &= rest - 1) count++
      if (count < fewest) [best, fewest] = [cell, count]
    }
    if (best < 0) return solutions.push([...state.cells]) >= wanted
    for (let rest = options(state, layout, best); rest !== 0; rest &= rest - 1) {
      if (left-- <= 0) return true
      const next = { cells: state.cells.slice(), used: state.used.slice() }
      fill(next, layout, best, rest & -rest)
      if (descend(next)) return true
    }
    return false
  }
  const stopped = start !== null && descend(start)
  return { solutions, finished: !stopped || solutions.length >= wanted }
}
