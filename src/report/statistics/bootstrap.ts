import type { Rng } from '../../util/rng.ts'
import { normalBelow, normalQuantile } from './normal.ts'
import type { Interval } from './proportion.ts'

/** How the ends of the interval are read off the resampled means. */
export const intervalKinds = ['percentile', 'bca'] as const
export type IntervalKind = (typeof intervalKinds)[number]

/** `task`: every task counts the same, as in the published averages; `instance`: every instance does. */
export type Weight = 'task' | 'instance'

export interface BootstrapOptions {
  readonly rng: Rng
  /** Default 10,000: the ends then move by about 2 % of the interval's width from seed to seed. */
  readonly resamples?: number
  readonly confidence?: number
  readonly kind?: IntervalKind
  readonly weight?: Weight
}

export interface Bootstrapped extends Interval {
  readonly mean: number
  /** Standard deviation of the resampled means. */
  readonly standardError: number
}

/**
 * The mean of clustered values (a cluster is a task, a value its instance's) with its bootstrap interval. One resample
 * draws as many tasks as there are, with replacement, then within each as many instances as it has (Davison and
 * Hinkley 1997, 3.8, strategy with replacement at both stages): tasks differ more than instances, and what is said of
 * tasks in general must carry that. With one value per task this is the ordinary bootstrap over tasks; with one task
 * it is the ordinary one over its instances. `percentile`: Efron 1979; `bca`: Efron 1987. Clusters must not be empty.
 */
export function bootstrapMean(clusters: readonly (readonly number[])[], options: BootstrapOptions): Bootstrapped {
  const { rng, resamples = 10_000, confidence = 0.95, kind = 'percentile', weight = 'task' } = options
  if (clusters.length === 0 || clusters.some(cluster => cluster.length === 0)) {
    throw new RangeError('bootstrap: no clusters, or an empty one')
  }
  const mean = meanOf(clusters, weight)
  const means = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) means[i] = resampledMean(clusters, weight, rng)
  means.sort()
  const leftOut = kind === 'bca' ? withoutEach(clusters, weight) : []
  const ends = kind === 'bca' ? bcaEnds(means, mean, leftOut, confidence) : percentileEnds(means, confidence)
  return { mean, ...ends, standardError: deviation(means) }
}

/** The mean of clustered values: of the clusters' means, or of all values. */
export function meanOf(clusters: readonly (readonly number[])[], weight: Weight): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  if (weight === 'task') return sum(clusters.map(cluster => sum(cluster) / cluster.length)) / clusters.length
  return sum(clusters.map(sum)) / sum(clusters.map(cluster => cluster.length))
}

function resampledMean(clusters: readonly (readonly number[])[], weight: Weight, rng: Rng): number {
  let total = 0
  let count = 0
  for (let i = 0; i < clusters.length; i++) {
    const cluster = clusters.length === 1 ? clusters[0]! : clusters[rng.int(0, clusters.length - 1)]!
    let sum = 0
    if (cluster.length === 1) sum = cluster[0]!
    else for (let j = 0; j < cluster.length; j++) sum += cluster[rng.int(0, cluster.length - 1)]!
    total += weight === 'task' ? sum / cluster.length : sum
    count += weight === 'task' ? 1 : cluster.length
  }
  return total / count
}

/** The mean with one task left out at a time, or with one instance where there is one task only. */
function withoutEach(clusters: readonly (readonly number[])[], weight: Weight): number[] {
  if (clusters.length > 1) return clusters.map((_, i) => meanOf(clusters.toSpliced(i, 1), weight))
  const only = clusters[0]!
  return only.length > 1 ? only.map((_, i) => meanOf([only.toSpliced(i, 1)], weight)) : []
}

/** The middle `confidence` of the sorted resampled values. */
export function percentileEnds(sorted: Float64Array, confidence: number): Interval {
  const side = (1 - confidence) / 2
  return { low: quantile(sorted, side), high: quantile(sorted, 1 - side) }
}

/**
 * Bias-corrected and accelerated ends (Efron 1987; Efron and Tibshirani 1993, 14.3). `leftOut` holds the jackknife's
 * values; resampled values equal to the estimate count half. Where the values never vary this is the percentile interval.
 */
export function bcaEnds(
  sorted: Float64Array,
  estimate: number,
  leftOut: readonly number[],
  confidence: number,
): Interval {
  const below = sorted.reduce((count, value) => count + (value < estimate ? 1 : value === estimate ? 0.5 : 0), 0)
  const middle = leftOut.reduce((sum, value) => sum + value, 0) / Math.max(1, leftOut.length)
  const squares = leftOut.reduce((sum, value) => sum + (middle - value) ** 2, 0)
  if (squares === 0 || below === 0 || below === sorted.length) return percentileEnds(sorted, confidence)
  const cubes = leftOut.reduce((sum, value) => sum + (middle - value) ** 3, 0)
  const acceleration = cubes / (6 * squares ** 1.5)
  const bias = normalQuantile(below / sorted.length)
  const end = (p: number) => {
    const z = bias + normalQuantile(p)
    return quantile(sorted, normalBelow(bias + z / (1 - acceleration * z)))
  }
  const side = (1 - confidence) / 2
  return { low: end(side), high: end(1 - side) }
}

/** The quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: Float64Array | readonly number[], p: number): number {
  const at = Math.min(Math.max(p, 0), 1) * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return low + (high - low) * (at - Math.floor(at))
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0
}
