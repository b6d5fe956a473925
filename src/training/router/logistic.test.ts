import { describe, expect, it } from 'vitest'
import { fitLogistic } from './logistic.ts'
import { platt } from './train.ts'

// The same data by the same formulas in Python; reference values by Newton's method with whole matrices (numpy 1.24.2),
// checked there against BFGS of scipy 1.10.1.
const rows = Array.from({ length: 30 }, (_, i) =>
  Float64Array.from([0, 1, 2], j => Math.sin(i * 1.7 + j * 0.9) * (1 + j) + (i % 5) * 0.3 * j),
)
const targets = rows.map((_, i) => ((i * 7) % 11 < 5 ? 1 : 0))

describe('logistic regression', () => {
  it.each([
    [0, [0.15237185287322313, -10.562680391887046, 6.819678029110052, -3.767569289764158]],
    [0.5, [-0.09848900029029947, 0.11968710580873516, 0.15159608092039276, -0.22086616210025464]],
    [20, [-0.14769150631770564, 0.05418068098135308, 0.028439580271635397, -0.11383289976234501]],
  ])('agrees with numpy at penalty %s', (penalty, expected) => {
    const { bias, weights } = fitLogistic(rows, { penalty, targets })
    for (const [i, value] of [bias, ...weights].entries()) expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6)
  })

  it('comes to the same from another beginning, in fewer steps from a near one', () => {
    const cold = fitLogistic(rows, { penalty: 0.5, targets })
    const from = { bias: 3, weights: Float64Array.of(-2, 4, 1), iterations: 0 }
    const far = fitLogistic(rows, { penalty: 0.5, targets, from })
    for (const [i, weight] of cold.weights.entries()) expect(far.weights[i]).toBeCloseTo(weight, 6)
    expect(fitLogistic(rows, { penalty: 0.5, targets, from: cold }).iterations).toBeLessThanOrEqual(1)
  })

  it('ends on data that a plane divides, and on one class', () => {
    const divided = Array.from({ length: 20 }, (_, i) => Float64Array.of(i - 9.5))
    const { weights } = fitLogistic(divided, { penalty: 0.1, targets: divided.map((_, i) => Number(i > 9)) })
    expect(weights[0]).toBeGreaterThan(1)
    expect(Number.isFinite(weights[0])).toBe(true)
    const same = fitLogistic(divided, { penalty: 1, targets: divided.map(() => 1) })
    expect(same.bias).toBeGreaterThan(5)
    expect(Math.abs(same.weights[0]!)).toBeLessThan(0.01)
  })
})

describe('calibration', () => {
  const scores = [-2.1, -1.4, -1.1, -0.6, -0.4, -0.2, 0.1, 0.3, 0.5, 0.9, 1.3, 1.8]
  const examples = [0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1].map(code => ({ code: code === 1 }))

  it('is Platt’s, with his targets (numpy)', () => {
    const { slope, offset } = platt(scores, examples)
    expect(slope).toBeCloseTo(0.7166556335145888, 6)
    expect(offset).toBeCloseTo(0.05050327391822459, 6)
  })

  it('makes nothing of scores that point the wrong way: the base rate remains', () => {
    const { slope, offset } = platt(
      scores.map(score => -score),
      examples,
    )
    expect([slope, offset]).toEqual([0, 0])
  })
})
