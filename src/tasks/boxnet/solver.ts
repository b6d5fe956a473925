/** A grid of squares in row-major order, each with its items (`box_red`, `target_red`). */
export interface Field {
  readonly rows: number
  readonly cols: number
  readonly squares: readonly (readonly string[])[]
}

/** An agent's action in one step: a box of its square goes to a neighbouring square, or on a target (`to` is null). */
export interface Action {
  readonly agent: number
  readonly colour: string
  readonly to: number | null
}

/** A box with the square it stands in and the square of the target that it is meant for. */
export interface Errand {
  readonly colour: string
  readonly from: number
  readonly to: number
}

/** Squares of the boxes and of the targets, by colour. */
export function placesByColour(squares: Field['squares']): Map<string, { boxes: number[]; targets: number[] }> {
  const places = new Map<string, { boxes: number[]; targets: number[] }>()
  for (const [square, items] of squares.entries()) {
    for (const item of items) {
      const colour = item.slice(item.indexOf('_') + 1)
      const of = places.get(colour) ?? { boxes: [], targets: [] }
      places.set(colour, of)
      if (item.startsWith('box_')) of.boxes.push(square)
      else of.targets.push(square)
    }
  }
  return places
}

/** Steps between two squares. */
export function distance(cols: number, a: number, b: number): number {
  return Math.abs(Math.floor(a / cols) - Math.floor(b / cols)) + Math.abs((a % cols) - (b % cols))
}

/** More boxes of one colour than this are matched greedily, not exactly. */
const maxExact = 12

/** Boxes and targets of each colour matched with the least total way; null where their numbers differ. */
export function errands({ cols, squares }: Field): Errand[] | null {
  const found: Errand[] = []
  for (const [colour, { boxes, targets }] of placesByColour(squares)) {
    if (boxes.length !== targets.length) return null
    const ways = boxes.map(from => targets.map(to => distance(cols, from, to)))
    for (const [i, j] of match(ways).entries()) found.push({ colour, from: boxes[i]!, to: targets[j]! })
  }
  return found
}

/** The column of every row in a cheapest perfect matching of a square cost matrix. */
function match(costs: readonly (readonly number[])[]): number[] {
  const n = costs.length
  if (n > maxExact) {
    const free = new Set(costs.keys())
    return costs.map(row => {
      const j = [...free].reduce((best, other) => (row[other]! < row[best]! ? other : best))
      free.delete(j)
      return j
    })
  }
  // best[mask]: the first popcount(mask) rows on the columns of the mask.
  const best = new Array<number>(2 ** n).fill(Number.POSITIVE_INFINITY)
  const last = new Array<number>(2 ** n).fill(-1)
  best[0] = 0
  const rows = new Array<number>(2 ** n).fill(0)
  for (let mask = 0; mask < best.length; mask++) {
    const row = rows[mask]!
    for (let j = 0; j < n; j++) {
      const next = mask | (1 << j)
      if (next === mask) continue
      rows[next] = row + 1
      const cost = best[mask]! + costs[row]![j]!
      if (cost < best[next]!) [best[next], last[next]] = [cost, j]
    }
  }
  const columns = new Array<number>(n)
  for (let mask = best.length - 1, row = n - 1; row >= 0; row--) {
    columns[row] = last[mask]!
    mask &= ~(1 << last[mask]!)
  }
  return columns
}

/**
 * Steps that match every box: in each step every agent first matches a box that is on its target, else sends on the box
 * of its square with the longest way left. Null where the boxes and targets of a colour differ in number.
 */
export function schedule(field: Field): Action[][] | null {
  const jobs = errands(field)?.map(({ colour, from, to }) => ({ colour, at: from, to, left: 0 }))
  if (!jobs) return null
  const { cols } = field
  const steps: Action[][] = []
  let open = jobs
  while (open.length > 0) {
    const chosen = new Map<number, (typeof open)[number]>()
    for (const job of open) {
      job.left = distance(cols, job.at, job.to)
      const rival = chosen.get(job.at)
      if (!rival || urgency(job.left) > urgency(rival.left)) chosen.set(job.at, job)
    }
    const step: Action[] = []
    for (const [agent, job] of [...chosen].sort((a, b) => a[0] - b[0])) {
      const to = job.left === 0 ? null : towards(cols, job.at, job.to)
      step.push({ agent, colour: job.colour, to })
      if (to === null) job.left = -1
      else job.at = to
    }
    open = open.filter(job => job.left >= 0)
    steps.push(step)
  }
  return steps
}

const urgency = (left: number) => (left === 0 ? Number.POSITIVE_INFINITY : left)

/** The next square on the way, along the longer side first. */
function towards(cols: number, from: number, to: number): number {
  const down = Math.floor(to / cols) - Math.floor(from / cols)
  const right = (to % cols) - (from % cols)
  return Math.abs(down) >= Math.abs(right) ? from + cols * Math.sign(down) : from + Math.sign(right)
}
