import { describe, expect, it } from 'vitest'
import { readEntry, showExact } from './entry.ts'
import type { Layer } from './layers.ts'
import task from './pooling.ts'

const matrix = [
  [1, 3, 5],
  [7, 1, 3],
  [0, 4, -2],
]
const layer: Layer = { kind: 'average', window: [2, 2], stride: [1, 1] }
const average = { matrix, layers: [layer] }
const maximum = { matrix, layers: [{ ...layer, kind: 'max' as const }] }
type Puzzle = Parameters<typeof task.verify>[0]
const judge = (answer: string, puzzle: Puzzle = average) => task.verify(puzzle, answer).verdict

describe('pooling', () => {
  it('works the example', () => {
    expect(task.solve(average)).toBe('[[3, 3], [3, 1.5]]')
    expect(task.solve(maximum)).toBe('[[7, 5], [7, 4]]')
  })

  it.each([
    '3,3,3,1.5',
    '3.0, 3.0, 3.0, 1.5',
    '[[3, 3], [3, 3/2]]',
    '3.000000,3.000000,3.000000,1.500000',
    '3, 3\n3, 1.5',
    '[3 3 3 1.5]',
    '(3, 3, 3, 1.5)',
    '[[3. 3.]\n [3. 1.5]]',
    '3,3,3,1.5,',
    '[[Fraction(3, 1), Fraction(3, 1)], [Fraction(3, 1), Fraction(3, 2)]]',
    '[[np.float64(3.0), np.float64(3.0)], [np.float64(3.0), np.float64(1.5)]]',
    '3, 3, 3, \\frac{3}{2}',
    '2.9999999999999996, 3, 3, 1.5',
    '```json\n[[3, 3], [3, 1.5]]\n```',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['3,3,3,2', 'incorrect'],
    ['3,3,3,1', 'incorrect'],
    ['3,3,1.5,3', 'incorrect'],
    ['3,3,3,1.50001', 'incorrect'],
    ['3,3,3,1500001/1000000', 'incorrect'],
    ['7,5,7,4', 'incorrect'],
    ['3', 'malformed'],
    ['3,3,3,1.5,0', 'malformed'],
    ['[[3, 3, 3, 1.5]]', 'correct'],
    ['[[3], [3], [3], [1.5]]', 'malformed'],
    ['[[3, 3, 3], [1.5]]', 'malformed'],
    ['3,3,3,nan', 'malformed'],
    ['3,3,3,3/0', 'malformed'],
    ['', 'malformed'],
    [',,,', 'malformed'],
  ])('judges %s as %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('wants maxima exactly, with or without a point', () => {
    expect(judge('7.0, 5.0, 7.0, 4.0', maximum)).toBe('correct')
    expect(judge('7.0000001, 5, 7, 4', maximum)).toBe('incorrect')
  })

  it('takes six digits of an endless mean, and no fewer', () => {
    const thirds = { matrix: [[1, 0, 0, 1]], layers: [{ ...layer, window: [1, 3] as const }] }
    for (const right of ['1/3, 1/3', '0.333333, 0.333333', '0.3333333333333333, .33333333', '2/6, 0.333334']) {
      expect(judge(right, thirds), right).toBe('correct')
    }
    for (const wrong of ['0.33333, 0.33333', '0.33, 0.33', '333333/1000000, 1/3', '0, 0']) {
      expect(judge(wrong, thirds), wrong).toBe('incorrect')
    }
  })

  it('moves by the stride, leaves out windows that stick out, and pools in layers', () => {
    const wide = {
      matrix: [[1, 2, 3, 4, 5, 6, 7, 8]],
      layers: [{ kind: 'max' as const, window: [1, 3] as const, stride: [1, 2] as const }],
    }
    expect(task.solve(wide)).toBe('[[3, 5, 7]]')
    const both = {
      ...wide,
      layers: [...wide.layers, { kind: 'average' as const, window: [1, 2] as const, stride: [1, 1] as const }],
    }
    expect(task.solve(both)).toBe('[[4, 6]]')
    const minima = { ...wide, layers: [{ ...wide.layers[0]!, kind: 'min' as const }] }
    expect(task.solve(minima)).toBe('[[1, 3, 5]]')
  })

  it('reads and writes numbers exactly', () => {
    expect(readEntry('1e-7')).toEqual({ ok: true, value: { num: 1n, den: 10_000_000n, form: 'decimal' } })
    for (const text of ['', '.', '+', '1.2.3', '1e9999', '0x1', '1_0', '٢', '1/', 'inf']) {
      expect(readEntry(text).ok, text).toBe(false)
    }
    expect([showExact(-14, 6), showExact(6, 4), showExact(0, 9), showExact(-9, 3)]).toEqual(['-7/3', '1.5', '0', '-3'])
  })
})
