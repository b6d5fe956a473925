import { normalBelow } from './normal.ts'

/** Up to this many differences the distribution is counted out; beyond, the normal approximation is as good. */
const exactUpTo = 200

/**
 * Wilcoxon's signed-rank test (1945), two-sided, on paired differences. Zeros are left out as Wilcoxon did; ties share
 * their mean rank. Exact by counting sign patterns of the ranks as they are, ties included (Streitberg and Röhmel 1986,
 * the shift algorithm), up to 200 differences; beyond, normal with tie correction, without continuity correction.
 */
export function signedRank(differences: readonly number[]): { readonly p: number; readonly n: number } {
  const kept = differences.filter(d => d !== 0)
  const n = kept.length
  if (n === 0) return { p: 1, n }
  const ranks = doubledRanks(kept.map(Math.abs))
  const above = ranks.reduce((sum, rank, i) => sum + (kept[i]! > 0 ? rank : 0), 0)
  return { p: n <= exactUpTo ? exactP(ranks, above) : normalP(ranks, above), n }
}

/** Twice the mean rank of each value, so that shared ranks stay whole numbers. */
function doubledRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const ranks = new Array<number>(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let i = from; i < to; i++) ranks[order[i]!] = from + 1 + to
    from = to
  }
  return ranks
}

function exactP(ranks: readonly number[], above: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const probability = new Float64Array(total + 1)
  probability[0] = 1
  let reached = 0
  for (const rank of ranks) {
    reached += rank
    for (let sum = reached; sum >= 0; sum--) {
      probability[sum] = (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0)) / 2
    }
  }
  const smaller = Math.min(above, total - above)
  let tail = 0
  for (let sum = 0; sum <= smaller; sum++) tail += probability[sum]!
  return Math.min(1, 2 * tail)
}

/** The variance of the sum is a quarter of the squared ranks' sum, which holds with ties as without. */
function normalP(ranks: readonly number[], above: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4
  return 2 * normalBelow(-Math.abs(above - total / 2) / Math.sqrt(variance))
}
