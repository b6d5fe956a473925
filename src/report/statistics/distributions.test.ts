// Reference values: scipy 1.10.1 (Python 3.11), functions named at each table.
import { describe, expect, it } from 'vitest'
import { binomialAt, binomialBelow, fairCoinP } from './binomial.ts'
import { incompleteBeta, logGamma } from './incomplete-beta.ts'
import { normalBelow, normalQuantile } from './normal.ts'
import { studentBelow, studentQuantile } from './student.ts'

/** Equal to 1e-10 of the value itself, so that small tails are compared too. */
function expectNear(actual: number, reference: number): void {
  expect(Math.abs(actual - reference)).toBeLessThanOrEqual(1e-10 * Math.max(Math.abs(reference), 1e-30))
}

describe('distributions agree with scipy 1.10.1', () => {
  // scipy.special.gammaln
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [100.5, 361.43554046777757],
    [1e5, 1051287.7089736569],
  ])('logGamma(%d)', (x, reference) => expectNear(logGamma(x), reference))

  // scipy.special.betainc
  it.each([
    [0.3, 2, 3, 0.3483],
    [0.5, 50, 51, 0.5397946186935897],
    [0.99, 0.5, 10, 0.9999999999999999],
    [0.001, 5, 0.5, 2.461963550285714e-16],
    [0.2, 2000, 8000, 0.5019947438058591],
    [0.9, 1e4, 1200, 0.9935368876395937],
  ])('incompleteBeta(%d, %d, %d)', (x, a, b, reference) => expectNear(incompleteBeta(x, a, b), reference))

  // scipy.stats.norm.cdf
  it.each([
    [-8, 6.22096057427174e-16],
    [-3.5, 0.00023262907903552502],
    [-3, 0.0013498980316300933],
    [-1.96, 0.024997895148220435],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.7, 0.758036347776927],
    [2.9, 0.998134186699616],
    [3.2, 0.9993128620620841],
    [6, 0.9999999990134123],
  ])('normalBelow(%d)', (x, reference) => expectNear(normalBelow(x), reference))

  // scipy.stats.norm.ppf
  it.each([
    [1e-9, -5.9978070150076865],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.2, -0.8416212335729142],
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
    [0.9999, 3.719016485455709],
  ])('normalQuantile(%d)', (p, reference) => expectNear(normalQuantile(p), reference))

  // scipy.stats.t.cdf, scipy.stats.t.ppf
  it.each([
    [-2.5, 4, 0.03338327240599406],
    [0, 3, 0.5],
    [1.3, 36, 0.8990683862418282],
    [5, 1, 0.9371670418109989],
  ])('studentBelow(%d, %d)', (t, degrees, reference) => expectNear(studentBelow(t, degrees), reference))
  it.each([
    [0.975, 36, 2.0280940009804502],
    [0.975, 1, 12.706204736432095],
    [0.05, 7, -1.8945786050613054],
  ])('studentQuantile(%d, %d)', (p, degrees, reference) => expectNear(studentQuantile(p, degrees), reference))

  // scipy.stats.binom.pmf, .cdf
  it.each([
    [3, 10, 0.5, 0.1171875, 0.171875],
    [0, 37, 0.1, 0.020275559590445275, 0.020275559590445247],
    [120, 300, 0.37, 0.026481559762534287, 0.8717465369960066],
    [4980, 10000, 0.5, 0.0073652760205574555, 0.34826929248839317],
  ])('binomialAt and binomialBelow(%d, %d, %d)', (k, n, p, at, below) => {
    expectNear(binomialAt(k, n, p), at)
    expectNear(binomialBelow(k, n, p), below)
  })

  it('has the ends of each', () => {
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      expect.closeTo(0, 12),
      Number.POSITIVE_INFINITY,
    ])
    expect([binomialBelow(-1, 5, 0.5), binomialBelow(5, 5, 0.5), fairCoinP(0, 0)]).toEqual([0, 1, 1])
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
    expect([binomialAt(0, 5, 0), binomialAt(2, 5, 1), binomialAt(6, 5, 0.5)]).toEqual([1, 0, 0])
  })
})
