import { incompleteBeta, inverse } from './incomplete-beta.ts'

/** P(T <= t) of Student's t distribution (DLMF 8.17; Abramowitz and Stegun 26.7.1). `degrees` > 0. */
export function studentBelow(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/** The t with P(T <= t) = p, 0 < p < 1. */
export function studentQuantile(p: number, degrees: number): number {
  if (p > 0.5) return -studentQuantile(1 - p, degrees)
  return inverse(t => studentBelow(t, degrees), p, -1e6, 0)
}
