/** One lift: the weight of the box and the lifters (from 0) under it. */
export interface Lift {
  readonly weight: number
  readonly lifters: readonly number[]
}

/** What is lifted in each step. */
export type Plan = readonly (readonly Lift[])[]

/** Heaviest first. */
const descending = (weights: readonly number[]) => [...weights].sort((a, b) => b - a)

/**
 * The published greedy plan, whose length is the published step limit: per step scan the boxes from heavy to light and
 * put the first free lifters in list order under a box that all free lifters together can lift. Null when the heaviest
 * box is too heavy for all lifters together.
 */
export function greedyPlan(boxes: readonly number[], lifters: readonly number[]): Plan | null {
  const left = descending(boxes)
  const strength = lifters.reduce((a, b) => a + b, 0)
  if ((left[0] ?? 0) > strength) return null
  const plan: Lift[][] = []
  while (left.length > 0) {
    const free = lifters.map((_, i) => i)
    const step: Lift[] = []
    let together = strength
    for (let at = 0; at < left.length && free.length > 0; ) {
      const weight = left[at]!
      if (together < weight) {
        at++
        continue
      }
      const chosen: number[] = []
      for (let sum = 0; sum < weight || chosen.length === 0; ) {
        const lifter = free.shift()!
        chosen.push(lifter)
        sum += lifters[lifter]!
        together -= lifters[lifter]!
      }
      step.push({ weight, lifters: chosen })
      left.splice(at, 1)
    }
    plan.push(step)
  }
  return plan
}

/** All groups of lifters as bit masks, weakest group first, with their strengths. */
interface Groups {
  readonly masks: readonly number[]
  readonly strengths: readonly number[]
}

function groupsOf(lifters: readonly number[]): Groups {
  const strength = new Array<number>(2 ** lifters.length).fill(0)
  for (let mask = 1; mask < strength.length; mask++) {
    const lowest = 31 - Math.clz32(mask & -mask)
    strength[mask] = strength[mask & (mask - 1)]! + lifters[lowest]!
  }
  const masks = [...strength.keys()].slice(1).sort((a, b) => strength[a]! - strength[b]! || a - b)
  return { masks, strengths: masks.map(mask => strength[mask]!) }
}

/** Index of the first group that is strong enough. */
function firstStrong(groups: Groups, weight: number): number {
  let [low, high] = [0, groups.strengths.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (groups.strengths[middle]! < weight) low = middle + 1
    else high = middle
  }
  return low
}

/** More lifters than this are too many to list all their groups. */
const maxListed = 12
const rounds = 6

/**
 * A short plan: boxes from heavy to light (in later rounds slightly out of order), each under the weakest group of free
 * lifters that can lift it; the best of six deterministic rounds and the greedy plan. Null when a box is too heavy.
 */
export function shortPlan(boxes: readonly number[], lifters: readonly number[]): Plan | null {
  let best = greedyPlan(boxes, lifters)
  if (best === null || lifters.length > maxListed) return best
  const groups = groupsOf(lifters)
  const strength = lifters.reduce((a, b) => a + b, 0)
  const total = boxes.reduce((a, b) => a + b, 0)
  // A linear congruential sequence: the same "random" disorder for the same puzzle.
  let state = (total * 48_271 + boxes.length) % 2_147_483_647
  const noise = () => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647
  for (let round = 0; round < rounds; round++) {
    if (best.length <= Math.ceil(total / strength)) break
    const order = descending(boxes)
      .map(weight => ({ weight, rank: weight * (1 + (round === 0 ? 0 : 0.25 * noise())) }))
      .sort((a, b) => b.rank - a.rank)
      .map(box => box.weight)
    const plan = tightPlan(order, lifters, groups, best.length)
    if (plan && plan.length < best.length) best = plan
  }
  return best
}

/** Fills step after step with the tightest groups; null as soon as it is no shorter than `limit`. */
function tightPlan(order: readonly number[], lifters: readonly number[], groups: Groups, limit: number): Plan | null {
  let left = [...order]
  const plan: Lift[][] = []
  while (left.length > 0) {
    if (plan.length + 1 >= limit) return null
    let free = 2 ** lifters.length - 1
    let together = lifters.reduce((a, b) => a + b, 0)
    const step: Lift[] = []
    const later: number[] = []
    for (const weight of left) {
      if (weight > together || free === 0) {
        later.push(weight)
        continue
      }
      let at = firstStrong(groups, weight)
      while ((groups.masks[at]! & ~free) !== 0) at++
      const mask = groups.masks[at]!
      free &= ~mask
      together -= groups.strengths[at]!
      step.push({ weight, lifters: lifters.map((_, i) => i).filter(i => (mask >> i) & 1) })
    }
    plan.push(step)
    left = later
  }
  return plan
}
