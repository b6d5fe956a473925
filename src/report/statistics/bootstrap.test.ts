import { describe, expect, it } from 'vitest'
import { seededRng } from '../../util/rng.ts'
import { bcaEnds, bootstrapMean, meanOf, percentileEnds, quantile } from './bootstrap.ts'

const rng = (seed = 1) => seededRng('bootstrap test', seed)
/** Invented, skewed. */
const values = [41, 3, -12, -9, 0, 22, -31, 7, 5, -2, 64, -1, -14, 8, 0, 19, -6, 27, 11, -23, 2, -4, 16, 9, -8]

describe('ends of the interval', () => {
  // numpy with scipy 1.10.1: percentile, and the BCa formula of Efron and Tibshirani 1993, 14.3, on fixed values.
  const replicates = Float64Array.from({ length: 2000 }, (_, i) => 10 * Math.sin((i + 1) * 1.7) + ((i + 1) % 13)).sort()
  it('percentile', () => {
    const { low, high } = percentileEnds(replicates, 0.95)
    expect(low).toBeCloseTo(-8.21222947680054, 9)
    expect(high).toBeCloseTo(20.092662818961774, 9)
  })
  it('BCa', () => {
    const { low, high } = bcaEnds(replicates, 6.2, [5.9, 6.1, 6.4, 6.0, 6.9, 5.2], 0.95)
    expect(low).toBeCloseTo(-7.880877499694793, 9)
    expect(high).toBeCloseTo(20.39939239434269, 9)
  })
  it('BCa falls back to percentile where nothing varies', () => {
    expect(bcaEnds(replicates, 6.2, [1, 1, 1], 0.95)).toEqual(percentileEnds(replicates, 0.95))
    expect(bcaEnds(replicates, -1e9, [1, 2, 3], 0.95)).toEqual(percentileEnds(replicates, 0.95))
  })
  it('quantiles lie between neighbours', () => {
    expect([quantile([1, 2, 4], 0.5), quantile([1, 2, 4], 0.75), quantile([7], 0.3)]).toEqual([2, 3, 7])
  })
})

describe('resampling', () => {
  it('is the same for the same seed, and another for another', () => {
    const clusters = values.map(value => [value])
    expect(bootstrapMean(clusters, { rng: rng() })).toEqual(bootstrapMean(clusters, { rng: rng() }))
    expect(bootstrapMean(clusters, { rng: rng(2) }).low).not.toBe(bootstrapMean(clusters, { rng: rng() }).low)
  })

  // scipy 1.10.1: stats.bootstrap((values,), np.mean, n_resamples=400000, random_state=0), percentile and BCa.
  it.each([
    ['percentile', [-2.28, 12.96]],
    ['bca', [-1.6, 13.92]],
  ] as const)('%s agrees with scipy within the noise of resampling', (kind, [low, high]) => {
    const own = bootstrapMean(
      values.map(value => [value]),
      { rng: rng(), kind, resamples: 60_000 },
    )
    expect(Math.abs(own.low - low)).toBeLessThan(0.25)
    expect(Math.abs(own.high - high)).toBeLessThan(0.25)
  })

  it('has the standard error of clustered two-stage sampling', () => {
    // Davison and Hinkley 1997, 3.8: between clusters with divisor a, plus the mean within variance over a b.
    const clusters = [
      [100, 0, 0, -100],
      [100, 100, 0, 0],
      [0, 0, 0, 0],
      [100, 100, 100, 0],
      [-100, 0, 0, 0],
    ]
    const means = clusters.map(cluster => meanOf([cluster], 'task'))
    const variance = (list: readonly number[]) => {
      const mean = list.reduce((sum, x) => sum + x, 0) / list.length
      return list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length
    }
    const within = clusters.map(variance).reduce((sum, x) => sum + x, 0) / clusters.length
    const expected = Math.sqrt(variance(means) / 5 + within / 4 / 5)
    const { standardError } = bootstrapMean(clusters, { rng: rng(), resamples: 40_000 })
    expect(standardError / expected).toBeCloseTo(1, 1)
    const tasksOnly = bootstrapMean(
      means.map(mean => [mean]),
      { rng: rng(), resamples: 40_000 },
    ).standardError
    expect(standardError).toBeGreaterThan(tasksOnly * 1.05)
  })

  it('keeps instances of a task together: one task’s many instances give no false certainty', () => {
    const clusters = [100, -100, 100, 0, 100, -100].map(value => new Array<number>(50).fill(value))
    const clustered = bootstrapMean(clusters, { rng: rng() })
    const asIfIndependent = bootstrapMean([clusters.flat()], { rng: rng() })
    expect(clustered.mean).toBeCloseTo(asIfIndependent.mean, 9)
    expect(clustered.standardError).toBeGreaterThan(5 * asIfIndependent.standardError)
  })

  it('weighs by task or by instance', () => {
    const clusters = [[100, 100, 100], [0]]
    expect(bootstrapMean(clusters, { rng: rng(), weight: 'task' }).mean).toBe(50)
    expect(bootstrapMean(clusters, { rng: rng(), weight: 'instance' }).mean).toBe(75)
  })

  it('draws instances where there is one task, also for BCa', () => {
    const { low, high } = bootstrapMean([[100, 0, 0, 0, 0, 100, 0, 0]], { rng: rng(), kind: 'bca' })
    expect(low).toBeLessThan(25)
    expect(high).toBeGreaterThan(25)
    expect(bootstrapMean([[40]], { rng: rng(), kind: 'bca' })).toMatchObject({ low: 40, high: 40, standardError: 0 })
  })

  it('refuses what has no mean', () => {
    expect(() => bootstrapMean([], { rng: rng() })).toThrow(/no clusters/)
    expect(() => bootstrapMean([[1], []], { rng: rng() })).toThrow(/empty/)
  })
})
