import { incompleteBeta, logGamma } from './incomplete-beta.ts'

/** P(X = k) for X ~ Binomial(n, p). */
export function binomialAt(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p <= 0) return k === 0 ? 1 : 0
  if (p >= 1) return k === n ? 1 : 0
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p))
}

/** P(X <= k) for X ~ Binomial(n, p), by the incomplete beta function (DLMF 8.17.5). */
export function binomialBelow(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return incompleteBeta(1 - p, n - k, k + 1)
}

/**
 * Two-sided p-value of k heads of n tosses of a fair coin: twice the smaller tail, at most 1 (the sign test; Conover
 * 1999, 3.4). 1 for no toss at all.
 */
export function fairCoinP(k: number, n: number): number {
  if (n === 0) return 1
  return Math.min(1, 2 * binomialBelow(Math.min(k, n - k), n, 0.5))
}
