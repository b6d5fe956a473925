import { describe, expect, it } from 'vitest'
import { seededRng } from '../util/rng.ts'
import { chanceOfRight, type Observation, type StaircaseState, staircase, staircaseDefaults } from './staircase.ts'

const options = { ...staircaseDefaults, levels: 8 }

interface Observer {
  readonly threshold: number
  readonly slope: number
  readonly lapse?: number
}

/** Searches with a simulated observer until the search says it is over. */
function search(observer: Observer, seed: number | string): { state: StaircaseState; asked: Observation[] } {
  const rng = seededRng('staircase-observer', seed, observer.threshold, observer.slope)
  const asked: Observation[] = []
  for (;;) {
    const state = staircase(asked, options)
    if (state.stop !== null) return { state, asked }
    const chance = chanceOfRight(state.next, observer.threshold, observer.slope, observer.lapse ?? options.lapse)
    asked.push({ level: state.next, right: rng.chance(chance) })
  }
}

/** Whether what the search states of the threshold is true. */
function holds({ stop, half }: StaircaseState, threshold: number): boolean {
  if (stop === 'above') return threshold > options.levels
  if (stop === 'below') return threshold < 1
  return half.low <= threshold && threshold <= half.high
}

const share = (values: readonly boolean[]) => values.filter(value => value).length / values.length

describe('the curve', () => {
  it('is a half at the threshold whatever the lapse, falls with the level, and is one less the lapse far below', () => {
    for (const lapse of [0, 0.02, 0.3]) {
      expect(chanceOfRight(4.2, 4.2, 1.7, lapse)).toBeCloseTo(0.5, 12)
      expect(chanceOfRight(-100, 4.2, 1.7, lapse)).toBeCloseTo(1 - lapse, 12)
      expect(chanceOfRight(5, 4.2, 1.7, lapse)).toBeLessThan(chanceOfRight(4, 4.2, 1.7, lapse))
    }
  })
})

describe('the posterior', () => {
  // The same model written again in numpy 1.24.2 (grid, quantiles by interpolation, expected information).
  const asked = [
    [5, 1],
    [5, 1],
    [7, 0],
    [6, 0],
    [6, 1],
    [6, 0],
    [5, 0],
    [4, 1],
  ].map(([level, right]) => ({ level: level!, right: right === 1 }))

  it('agrees with an independent computation', () => {
    const { half, curve, next, stop, asked: n } = staircase(asked, options)
    expect(half.low).toBeCloseTo(2.805139599580394, 9)
    expect(half.estimate).toBeCloseTo(5.530280507567867, 9)
    expect(half.high).toBeCloseTo(8.26031896880127, 9)
    expect(half.above).toBeCloseTo(0.030963847176372974, 9)
    expect(half.below).toBeCloseTo(0.003341544142161616, 9)
    const fitted = [0.9222316936753711, 0.8938268181961406, 0.8489245376052575, 0.77255856846146]
    for (const [i, value] of fitted.entries()) expect(curve[i]!.fitted).toBeCloseTo(value, 9)
    expect(curve[5]).toMatchObject({ level: 6, right: 1, asked: 3 })
    // Expected information is greatest at level 5 (0.059186 against 0.058974 at level 6).
    expect([next, stop, n]).toEqual([5, null, 8])
  })

  it('does not depend on the order of the answers, and does not underflow with many', () => {
    const { half } = staircase([...asked].reverse(), options)
    expect(half.estimate).toBeCloseTo(5.530280507567867, 9)
    const many = Array.from({ length: 3_000 }, (_, i) => ({ level: 1 + (i % 8), right: i % 8 < 4 }))
    expect(staircase(many, options).half.estimate).toBeGreaterThan(4)
    expect(staircase(many, options).half.estimate).toBeLessThan(5)
  })

  it('says nothing beforehand and begins in the middle', () => {
    const { half, next, stop } = staircase([], options)
    expect(half.estimate).toBeCloseTo(4.5, 1)
    expect([next === 4 || next === 5, stop]).toEqual([true, null])
  })

  it('refuses levels that there are not', () => {
    expect(() => staircase([{ level: 9, right: true }], options)).toThrow(RangeError)
    expect(() => staircase([], { ...options, lapse: 0.5 })).toThrow(RangeError)
  })
})

describe('the search on simulated observers', () => {
  it('has nominal coverage over 200 observers drawn from the prior', () => {
    const rng = seededRng('staircase-prior')
    const runs = Array.from({ length: 200 }, (_, i) => {
      const threshold = -2 + 13 * rng.real()
      const slope = 0.35 * (8 / 0.35) ** rng.real()
      const { state } = search({ threshold, slope }, i)
      return { holds: holds(state, threshold), asked: state.asked }
    })
    const covered = share(runs.map(run => run.holds))
    // 95 % within two and a half standard errors of 200 draws; not less, and not by being vague.
    expect(covered).toBeGreaterThanOrEqual(0.91)
    expect(covered).toBeLessThanOrEqual(0.99)
    expect(runs.reduce((sum, { asked }) => sum + asked, 0) / runs.length).toBeLessThan(25)
  }, 60_000)

  it('recovers a known threshold', () => {
    const observer = { threshold: 4.5, slope: 2 }
    const runs = Array.from({ length: 60 }, (_, i) => search(observer, i).state)
    expect(share(runs.map(state => holds(state, observer.threshold)))).toBeGreaterThanOrEqual(0.9)
    const mean = runs.reduce((sum, state) => sum + state.half.estimate, 0) / runs.length
    expect(Math.abs(mean - observer.threshold)).toBeLessThan(0.2)
    for (const { stop, half } of runs) if (stop === 'narrow') expect(half.high - half.low).toBeLessThanOrEqual(1.5)
  }, 30_000)

  it('asks where the answer tells: near the threshold, not at the ends', () => {
    const { asked } = search({ threshold: 3.5, slope: 3 }, 'where')
    const near = asked.slice(4).filter(({ level }) => Math.abs(level - 3.5) <= 2)
    expect(near.length / asked.slice(4).length).toBeGreaterThan(0.7)
  })

  it('says so when half is beyond the levels, after ten questions at the least', () => {
    const above = search({ threshold: 12, slope: 2 }, 'above').state
    const below = search({ threshold: -2, slope: 2 }, 'below').state
    expect([above.stop, below.stop]).toEqual(['above', 'below'])
    expect(above.half.above).toBeGreaterThanOrEqual(0.975)
    expect(below.half.below).toBeGreaterThanOrEqual(0.975)
    expect(above.asked).toBeGreaterThanOrEqual(10)
  })

  it('ends at the limit of questions, and earlier with a wider interval allowed', () => {
    const flat = { threshold: 4.5, slope: 0.4 }
    expect(search(flat, 'flat').state).toMatchObject({ stop: 'questions', asked: 40 })
    const thirty = search(flat, 'flat').asked.slice(0, 30)
    const { half, stop } = staircase(thirty, options)
    expect(stop).toBeNull()
    const stopAt = (width: number) => staircase(thirty, { ...options, width }).stop
    expect([stopAt(half.high - half.low + 0.01), stopAt(half.high - half.low - 0.01)]).toEqual(['narrow', null])
  })
})
