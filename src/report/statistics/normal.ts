import { inverse } from './incomplete-beta.ts'

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/**
 * P(Z <= x) of the standard normal distribution: the series of Marsaglia (2004) in the middle, and Laplace's
 * continued fraction (Abramowitz and Stegun 26.2.14) in the tails, so that small tails keep their digits.
 */
export function normalBelow(x: number): number {
  if (Math.abs(x) > 3) return x < 0 ? tail(-x) : 1 - tail(x)
  let [sum, term] = [x, x]
  for (let i = 3; Math.abs(term) > Math.abs(sum) * 1e-17 && i < 1_000; i += 2) {
    term *= (x * x) / i
    sum += term
  }
  return 0.5 + sum * density(x)
}

function tail(x: number): number {
  let fraction = x
  for (let k = 200; k >= 1; k--) fraction = x + k / fraction
  return density(x) / fraction
}

/** The x with P(Z <= x) = p. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY
  if (p >= 1) return Number.POSITIVE_INFINITY
  // By symmetry from the left tail, where the function keeps its digits.
  return p > 0.5 ? -inverse(normalBelow, 1 - p, -40, 0) : inverse(normalBelow, p, -40, 0)
}
