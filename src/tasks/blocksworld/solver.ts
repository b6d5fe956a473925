/** Blocks of every stack, bottom to top. */
export type Stacks = readonly (readonly string[])[]

/** One move; stacks are numbered from 0. */
export interface Move {
  readonly block: string
  readonly from: number
  readonly to: number
}

/** How many blocks of a stack already stand as in the goal, counted from the bottom. */
function settled(stack: readonly string[], goal: readonly string[]): number {
  let count = 0
  while (count < stack.length && count < goal.length && stack[count] === goal[count]) count++
  return count
}

/** How many blocks have to move at least once. */
export function unsettled(start: Stacks, goal: Stacks): number {
  return start.reduce((sum, stack, i) => sum + stack.length - settled(stack, goal[i] ?? []), 0)
}

/**
 * A plan from start to goal for three or more stacks, short though not shortest: a block goes home as soon as it can;
 * otherwise the home that is cheapest to serve is served, and what is in the way goes where it buries least. Every round
 * settles a block for good, so it ends. Null below three stacks, where not every goal can be reached.
 */
export function plan(start: Stacks, goal: Stacks): Move[] | null {
  const world = new World(start, goal)
  if (world.done()) return []
  if (start.length < 3) return null
  while (!world.done()) {
    if (world.sendHome()) continue
    world.serve(world.cheapest())
  }
  return world.moves
}

class World {
  readonly stacks: string[][]
  readonly goal: Stacks
  readonly moves: Move[] = []
  /** How soon a block is wanted: its height in the goal. */
  readonly rank = new Map<string, number>()

  constructor(start: Stacks, goal: Stacks) {
    this.stacks = start.map(stack => [...stack])
    this.goal = goal
    for (const stack of goal) for (const [height, block] of stack.entries()) this.rank.set(block, height)
  }

  done(): boolean {
    return this.stacks.every((stack, i) => stack.length === this.goal[i]!.length && this.clear(i))
  }

  /** Nothing wrong stands in the stack. */
  clear(i: number): boolean {
    return settled(this.stacks[i]!, this.goal[i]!) === this.stacks[i]!.length
  }

  /** The block that the stack has to get next, above what is settled. */
  wanted(i: number): string | undefined {
    return this.goal[i]![settled(this.stacks[i]!, this.goal[i]!)]
  }

  move(from: number, to: number): void {
    const block = this.stacks[from]!.pop()!
    this.stacks[to]!.push(block)
    this.moves.push({ block, from, to })
  }

  /** Moves one block home if one can go; says whether it did. */
  sendHome(): boolean {
    for (let to = 0; to < this.stacks.length; to++) {
      const block = this.clear(to) ? this.wanted(to) : undefined
      const from = block === undefined ? -1 : this.stacks.findIndex(stack => stack.at(-1) === block)
      if (from < 0) continue
      this.move(from, to)
      return true
    }
    return false
  }

  /** The stack whose next block costs the fewest moves to bring home. */
  cheapest(): number {
    let best = -1
    let bestCost = Number.POSITIVE_INFINITY
    for (let to = 0; to < this.stacks.length; to++) {
      const block = this.wanted(to)
      if (block === undefined) continue
      const from = this.stacks.findIndex(stack => stack.includes(block))
      const above = this.stacks[from]!.length - 1 - this.stacks[from]!.indexOf(block)
      const wrong = this.stacks[to]!.length - settled(this.stacks[to]!, this.goal[to]!)
      const cost = from === to ? wrong : above + wrong
      if (cost < bestCost) [best, bestCost] = [to, cost]
    }
    return best
  }

  /** Brings the stack's next block home. */
  serve(to: number): void {
    const block = this.wanted(to)!
    const keep = settled(this.stacks[to]!, this.goal[to]!)
    let from = this.stacks.findIndex(stack => stack.includes(block))
    while (this.stacks[from]!.at(-1) !== block) this.putAway(from, [from, to])
    if (from === to) {
      // It stands in its own stack, but too high: it waits elsewhere, and nothing is put on it.
      const [at] = this.places(block, [to])
      this.move(from, at!)
      from = at!
    }
    while (this.stacks[to]!.length > keep) this.putAway(to, [to, from])
    this.move(from, to)
  }

  putAway(from: number, not: readonly number[]): void {
    const block = this.stacks[from]!.at(-1)!
    this.move(from, this.places(block, not)[0]!)
  }

  /** Stacks to put a block on, best first: those where it buries only blocks wanted later than itself. */
  places(block: string, not: readonly number[]): number[] {
    const rank = this.rank.get(block)!
    const cost = (i: number): number => {
      const buried = this.stacks[i]!.slice(settled(this.stacks[i]!, this.goal[i]!)).map(b => this.rank.get(b)!)
      if (buried.length === 0) return this.wanted(i) === undefined ? 0 : 1_000
      const soonest = Math.min(...buried)
      return soonest > rank ? soonest - rank : 2_000 - soonest
    }
    return [...this.stacks.keys()].filter(i => !not.includes(i)).sort((a, b) => cost(a) - cost(b) || a - b)
  }
}
