import type { Stacks } from './solver.ts'

/** More stacks than this have too many orders to try them all, and too many puzzles for chance to repeat one. */
const maxOrdered = 4

/**
 * A form shared by puzzles that differ only in the blocks' names and, for up to four stacks, in the stacks' numbers:
 * blocks are renamed in the order of their appearance, the stacks put in the order that gives the smallest text.
 */
export function canonicalStacks(start: Stacks, goal: Stacks): string {
  const orders = start.length <= maxOrdered ? permutations([...start.keys()]) : [[...start.keys()]]
  let best: string | undefined
  for (const order of orders) {
    const names = new Map<string, number>()
    const nameOf = (block: string): number => {
      if (!names.has(block)) names.set(block, names.size)
      return names.get(block)!
    }
    const renamed = (stacks: Stacks) => order.map(i => stacks[i]!.map(nameOf))
    const text = JSON.stringify([renamed(start), renamed(goal)])
    if (best === undefined || text < best) best = text
  }
  return best ?? ''
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map(rest => [item, ...rest]))
}
