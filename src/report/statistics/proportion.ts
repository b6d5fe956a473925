import { incompleteBeta, inverse } from './incomplete-beta.ts'
import { normalQuantile } from './normal.ts'

/** An interval at a stated confidence. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Wilson's score interval of a proportion (Wilson 1927; Brown, Cai and DasGupta 2001, equation 4), without continuity
 * correction: `(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)`. Nothing observed says nothing: [0, 1] for n = 0.
 */
export function wilson(successes: number, n: number, confidence = 0.95): Interval {
  checkCount(successes, n)
  if (n === 0) return { low: 0, high: 1 }
  const z = normalQuantile(1 - (1 - confidence) / 2)
  const p = successes / n
  const centre = p + (z * z) / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    high: successes === n ? 1 : Math.min(1, (centre + half) / scale),
  }
}

/**
 * The exact interval of a proportion (Clopper and Pearson 1934), by beta quantiles: never covers less than stated, and so
 * is wider than Wilson's. [0, 1] for n = 0.
 */
export function clopperPearson(successes: number, n: number, confidence = 0.95): Interval {
  checkCount(successes, n)
  const side = (1 - confidence) / 2
  const quantile = (p: number, a: number, b: number) => inverse(x => incompleteBeta(x, a, b), p, 0, 1)
  return {
    low: successes === 0 ? 0 : quantile(side, successes, n - successes + 1),
    high: successes === n ? 1 : quantile(1 - side, successes + 1, n - successes),
  }
}

function checkCount(successes: number, n: number): void {
  if (!(Number.isInteger(n) && Number.isInteger(successes) && successes >= 0 && successes <= n)) {
    throw new RangeError(`${successes} of ${n} is no count`)
  }
}
