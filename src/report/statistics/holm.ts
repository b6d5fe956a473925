/**
 * Holm's step-down adjustment of a family of p-values (Holm 1979): the smallest times k, the next times k - 1, and so on,
 * never falling and at most 1. An adjusted p below 0.05 holds with all others at an error rate of 0.05 for the family.
 * Returned in the order given.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a]! - ps[b]!)
  const adjusted = new Array<number>(ps.length)
  let floor = 0
  for (const [rank, i] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (ps.length - rank) * ps[i]!))
    adjusted[i] = floor
  }
  return adjusted
}
