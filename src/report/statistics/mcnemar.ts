import { binomialAt, binomialBelow, fairCoinP } from './binomial.ts'

/**
 * McNemar's test (1947) on the discordant pairs, exact: under "no difference" each of them is a fair coin. `onlyA` counts
 * the pairs that A alone got right, `onlyB` those of B. `midP` halves the weight of the observed count (Fagerland,
 * Lydersen and Laake 2013): less conservative, nearly always within its level. It takes pairs as independent; within
 * one task they are not quite, so it speaks of these tasks, not of tasks in general.
 */
export function mcnemar(onlyA: number, onlyB: number): { readonly p: number; readonly midP: number } {
  const n = onlyA + onlyB
  if (n === 0) return { p: 1, midP: 1 }
  const observed = binomialAt(onlyA, n, 0.5)
  if (onlyA === onlyB) return { p: 1, midP: 1 - observed / 2 }
  const smaller = binomialBelow(Math.min(onlyA, onlyB), n, 0.5)
  return { p: fairCoinP(onlyA, n), midP: 2 * smaller - observed }
}
