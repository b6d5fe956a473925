import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectable, detectableByPairs } from './detectable.ts'
import { holm } from './holm.ts'
import { mcnemar } from './mcnemar.ts'
import { taskTestP, winsLossesTies } from './over-tasks.ts'
import { clopperPearson, wilson } from './proportion.ts'
import { signedRank } from './signed-rank.ts'

/** Nine digits: a thousand times closer than the 1e-6 that is promised. */
const digits = 9

describe('intervals of a proportion', () => {
  // scipy 1.10.1: binomtest(k, n).proportion_ci(confidence, 'wilson') and (…, 'exact').
  it.each([
    [0, 1, 0.95, 0, 0.7934506856227626, 0, 0.975],
    [0, 10, 0.95, 0, 0.27753279986288926, 0, 0.30849710781876294],
    [7, 10, 0.95, 0.39677814746114526, 0.892208732593699, 0.3475471499399921, 0.9332604888222655],
    [10, 10, 0.95, 0.7224672001371109, 1, 0.6915028921812371, 1],
    [37, 50, 0.99, 0.5591399215864181, 0.8646270743891205, 0.5526362368971116, 0.8803209983873804],
    [682, 925, 0.95, 0.7079959876196205, 0.7646358009714889, 0.707668264079039, 0.7654065582414781],
  ])('%d of %d at %d', (k, n, confidence, ...ends) => {
    const [score, exact] = [wilson(k, n, confidence), clopperPearson(k, n, confidence)]
    for (const [i, end] of [score.low, score.high, exact.low, exact.high].entries())
      expect(end).toBeCloseTo(ends[i]!, digits)
  })

  // Newcombe 1998, Statistics in Medicine 17:857-872, table I, methods 3 (score) and 5 (exact), as printed.
  it.each([
    [81, 263, 0.2553, 0.3662, 0.2527, 0.3676],
    [15, 148, 0.0624, 0.1605, 0.0578, 0.1617],
    [0, 20, 0, 0.1611, 0, 0.1684],
    [1, 29, 0.0061, 0.1718, 0.0009, 0.1776],
  ])('%d of %d as Newcombe prints it', (k, n, ...ends) => {
    const [score, exact] = [wilson(k, n), clopperPearson(k, n)]
    const rounded = [score.low, score.high, exact.low, exact.high].map(end => Number(end.toFixed(4)))
    expect(rounded).toEqual(ends)
  })

  // R's help page of binom.test: 682 of 925, 0.7076683 0.7654066.
  it('is the exact interval of R', () => {
    const { low, high } = clopperPearson(682, 925)
    expect([low.toFixed(7), high.toFixed(7)]).toEqual(['0.7076683', '0.7654066'])
  })

  it('says nothing where nothing was observed, and refuses what is no count', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
    expect(clopperPearson(0, 0)).toEqual({ low: 0, high: 1 })
    for (const [k, n] of [
      [3, 2],
      [-1, 4],
      [0.5, 2],
      [1, Number.NaN],
    ] as const)
      expect(() => wilson(k, n)).toThrow(/no count/)
  })

  it('Wilson mirrors, holds the estimate, and the exact one covers what it states', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const k = Math.round(share * n)
        const [one, other] = [wilson(k, n), wilson(n - k, n)]
        expect(one.low).toBeCloseTo(1 - other.high, 10)
        expect(one.low).toBeLessThanOrEqual(k / n)
        expect(one.high).toBeGreaterThanOrEqual(k / n)
      }),
    )
  })
})

describe('McNemar', () => {
  // scipy 1.10.1: binomtest(b, b + c).pvalue. 150 and 86 are Agresti's (1990, p. 350) approval ratings, as in R's mcnemar.test.
  it.each([
    [1, 7, 0.0703125],
    [10, 20, 0.09873714670538905],
    [15, 20, 0.4995598332025112],
    [0, 5, 0.0625],
    [59, 6, 4.964650327128616e-12],
    [150, 86, 3.715936139571387e-5],
    [121, 1, 4.6267457648365236e-35],
  ])('%d against %d', (onlyA, onlyB, p) => {
    expect(mcnemar(onlyA, onlyB).p / p).toBeCloseTo(1, digits)
    expect(mcnemar(onlyB, onlyA).p).toBe(mcnemar(onlyA, onlyB).p)
  })

  // Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, airway hyper-responsiveness: 1 and 7.
  it('agrees with the published mid-p example', () => {
    const { p, midP } = mcnemar(1, 7)
    expect([p.toFixed(3), midP.toFixed(3)]).toEqual(['0.070', '0.039'])
    expect(midP).toBeCloseTo(10 / 256, 12)
  })

  it('finds nothing in nothing, nor in a draw', () => {
    expect(mcnemar(0, 0)).toEqual({ p: 1, midP: 1 })
    expect(mcnemar(4, 4).p).toBe(1)
    expect(mcnemar(4, 4).midP).toBeCloseTo(1 - 70 / 256 / 2, 12)
  })
})

describe('tests over tasks', () => {
  // Darwin's maize, analysed by Fisher 1935 (The Design of Experiments, section 17) and Wilcoxon's method since;
  // scipy 1.10.1: ttest_1samp, wilcoxon(mode='exact'), binomtest(13, 15).
  const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
  it('agrees on Darwin’s maize', () => {
    expect(taskTestP('t', darwin)).toBeCloseTo(0.049702944021800956, digits)
    expect(taskTestP('wilcoxon', darwin)).toBeCloseTo(0.041259765625, digits)
    expect(taskTestP('sign', darwin)).toBeCloseTo(0.00738525390625, digits)
    expect(winsLossesTies([...darwin, 0])).toEqual({ wins: 13, losses: 2, ties: 1 })
  })

  // Counted out over all sign patterns, with numpy.
  it.each([
    [[3, -1, 1, 0, 2, 2, -2, 5, 0, -1, 4, 4], 0.068359375],
    [[1, 1, 1, -1, 1, 1], 0.21875],
  ])('signed ranks of %j, ties and zeros in them', (differences, p) => {
    expect(signedRank(differences).p).toBeCloseTo(p, digits)
  })

  // scipy 1.10.1: wilcoxon(d, mode='approx').
  it('takes the normal approximation beyond 200 differences', () => {
    const many = Array.from({ length: 250 }, (_, i) => ((i * 37) % 101) - 40)
    expect(signedRank(many).p / 1.6010122364543643e-6).toBeCloseTo(1, digits)
    const few = many.slice(0, 203)
    expect(few.filter(d => d !== 0).length).toBeGreaterThan(200)
    expect(signedRank(few).p).toBeCloseTo(signedRank(few.slice(0, 200)).p, 2)
  })

  it('answers 1 where there is nothing to test', () => {
    for (const test of ['wilcoxon', 'sign', 't'] as const) {
      expect(taskTestP(test, [])).toBe(1)
      expect(taskTestP(test, [0, 0, 0])).toBe(1)
    }
    expect(taskTestP('t', [5])).toBe(1)
    expect(taskTestP('t', [5, 5])).toBe(0)
  })
})

describe('Holm', () => {
  // The example of Wikipedia, "Holm–Bonferroni method": 0.01, 0.04, 0.03, 0.005.
  it('adjusts in the order given', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005])
    for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(p, 12)
    expect(holm([])).toEqual([])
    expect(holm([0.7, 0.9])).toEqual([1, 1])
  })

  // Holm 1979: the step-down procedure is the closed test whose intersections are tested by Bonferroni.
  it('is the closed test of Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 7 }), ps => {
        const adjusted = holm(ps)
        for (const i of ps.keys()) {
          let worst = 0
          for (let set = 0; set < 2 ** ps.length; set++) {
            if (!(set & (1 << i))) continue
            const members = ps.filter((_, j) => set & (1 << j))
            worst = Math.max(worst, Math.min(1, members.length * Math.min(...members)))
          }
          expect(adjusted[i]).toBeCloseTo(worst, 12)
        }
      }),
    )
  })
})

describe('minimum detectable effect', () => {
  // scipy 1.10.1: optimize.brentq on Connor's (1987) sample size; norm.ppf(0.975) + norm.ppf(0.8).
  it.each([
    [100, 0.3, 0.15164709121467088],
    [740, 0.25, 0.051412165857155155],
    [1850, 0.1, 0.02058454084618729],
  ])('%d pairs of which %d differ', (pairs, share, difference) => {
    expect(detectableByPairs(pairs, share)).toBeCloseTo(difference, digits)
  })
  it('is 2.8 standard errors', () => expect(detectable(1)).toBeCloseTo(2.8015852181129683, digits))
  it('is none where even a one-sided discordance would not do', () => {
    expect(detectableByPairs(20, 0.2)).toBeNull()
    expect(detectableByPairs(0, 0)).toBeNull()
    expect(detectableByPairs(50, 0)).toBeNull()
  })
})
