import { normalQuantile } from './normal.ts'

/** What a test is asked to reach. */
export interface Power {
  /** Two-sided error rate; default 0.05. */
  readonly alpha?: number
  /** Probability of finding a difference that is there; default 0.8. */
  readonly power?: number
}

const quantiles = ({ alpha = 0.05, power = 0.8 }: Power) => ({
  z: normalQuantile(1 - alpha / 2),
  zPower: normalQuantile(power),
})

/**
 * The smallest true difference that a comparison with this standard error finds with the given power:
 * `(z(1 - alpha/2) + z(power)) x standardError` (Miller 2024, "Adding Error Bars to Evals"; Bloom 1995). With
 * a clustered standard error it counts tasks, not only instances. In the unit of the standard error.
 */
export function detectable(standardError: number, power: Power = {}): number {
  const { z, zPower } = quantiles(power)
  return (z + zPower) * standardError
}

/**
 * The same for McNemar's test on `pairs` independent pairs of which the share `discordant` differs: the difference d with
 * `n = (z sqrt(psi) + z(power) sqrt(psi - d²))² / d²` (Connor 1987), solved for d. A share of 0 to 1; null when even a
 * difference as large as the discordant share itself would not be found.
 */
export function detectableByPairs(pairs: number, discordant: number, power: Power = {}): number | null {
  const { z, zPower } = quantiles(power)
  if (pairs === 0 || discordant === 0) return null
  // (n + zp²) d² - 2 z sqrt(n psi) d + (z² - zp²) psi = 0, the larger root.
  const a = pairs + zPower * zPower
  const half = z * Math.sqrt(pairs * discordant)
  const root = half * half - a * (z * z - zPower * zPower) * discordant
  if (root < 0) return null
  const difference = (half + Math.sqrt(root)) / a
  return difference <= discordant ? difference : null
}
