import { describe, expect, it } from 'vitest'
import { judgeExact, judgeNumber, judgeStored } from './math-judge.ts'
import { pi, rootOf, surd, surdApply } from './surd.ts'

const ok = (verdict: { verdict: string }) => verdict.verdict === 'correct'
const stored = (key: string, answer: string, question = '') => ok(judgeStored(key, question, answer))

describe('answers against an exact value', () => {
  const hexagon = surdApply(
    '-',
    surdApply('*', surd(54n), rootOf({ num: 3n, den: 1n })!)!,
    surdApply('*', surd(27n), pi)!,
  )!

  it.each([
    '54\\sqrt{3}-27\\pi',
    '27(2\\sqrt3-\\pi)',
    '54*sqrt(3) - 27*pi',
    '$-27\\pi + \\sqrt{8748}$',
    '54√3 − 27π square units',
    'A = 54\\sqrt{3} - 27\\pi \\approx 8.71',
    '\\boxed{54\\sqrt{3}-27\\pi}',
    '**162/sqrt(3) - 27*pi**',
  ])('takes %s', answer => expect(judgeExact(hexagon, answer)).toEqual({ verdict: 'correct' }))

  it.each(['54\\sqrt{3}', '27\\pi-54\\sqrt{3}', '8.7077', '', '54sqrt(3) - 27pi or 8', '54\\sqrt{3}-27\\pi+1'])(
    'refuses %s',
    answer => expect(ok(judgeExact(hexagon, answer))).toBe(false),
  )

  it('reads fractions, mixed numbers, percents, powers, binomials and factorials', () => {
    const third = surd(7n, 3n)
    for (const text of ['7/3', '2\\frac{1}{3}', '2 1/3', '\\dfrac73', '14/6', '2\\tfrac13']) {
      expect(ok(judgeExact(third, text)), text).toBe(true)
    }
    for (const text of ['2.3333333333', '2*1/3', '3/7', '7', '2.33']) {
      expect(ok(judgeExact(third, text)), text).toBe(false)
    }
    for (const text of ['0.1875', '18.75%', '18.75 percent', '3/16', '3*2^{-4}', '6/2^5']) {
      expect(ok(judgeExact(surd(3n, 16n), text)), text).toBe(true)
    }
    for (const text of ['792', '\\binom{12}{5}', '{12 \\choose 5}', 'C(12, 5)', '12!/(5!7!)', '7.92e2', '792.0']) {
      expect(ok(judgeExact(surd(792n), text)), text).toBe(true)
    }
    for (const text of ['1,234,567', '1 234 567', '1{,}234{,}567', '1,\\!234,\\!567', '$1,234,567', '1_234_567']) {
      expect(ok(judgeExact(surd(1_234_567n), text)), text).toBe(true)
    }
  })

  it('refuses double and open answers', () => {
    for (const text of ['5, 6', '5 or 6', '5 = 6', 'about 5', '5; 5.1', '\\pm 5', '5 (not 6)', 'between 4 and 6']) {
      expect(ok(judgeExact(surd(5n), text)), text).toBe(false)
    }
  })
})

describe('answers against a stored key', () => {
  it('compares lists by place, sets in any order, ratios by proportion', () => {
    expect(stored('(-2, 3)', '\\left( -2 , 3.0 \\right)')).toBe(true)
    expect(stored('(-2, 3)', '(3, -2)')).toBe(false)
    expect(stored('(-2, 3)', 'P = (-2, 3)')).toBe(true)
    expect(stored('\\{4,5,7\\}', '{7, 4, 5}')).toBe(true)
    expect(stored('\\{4,5,7\\}', '{7, 4, 6}')).toBe(false)
    expect(stored('1:4', '2 : 8')).toBe(true)
    expect(stored('1:4', '4:1')).toBe(false)
    expect(stored('AB=9, CD=4', 'CD = 4, AB = 9')).toBe(true)
  })

  it('compares expressions in variables as functions', () => {
    expect(stored('\\frac{\\pi r}{h+r}', 'pi*r/(r + h)')).toBe(true)
    expect(stored('\\frac{bx}{h}(h-x)', 'b*x - b*x^2/h')).toBe(true)
    expect(stored('\\cos^2\\alpha', '1 - \\sin^2 \\alpha')).toBe(true)
    expect(stored('\\frac{1}{N+1}', '1/N + 1')).toBe(false)
    expect(stored('n', 'n+1')).toBe(false)
  })

  it('takes the precision of the key where the question asks to round, six digits elsewhere', () => {
    expect(stored('.79', '0.7854', 'Round to the nearest hundredth.')).toBe(true)
    expect(stored('.79', '0.7854', 'Find it.')).toBe(false)
    expect(stored('\\frac{\\sqrt{3}}{2}', '0.866025')).toBe(true)
    expect(stored('\\frac{\\sqrt{3}}{2}', '0.866')).toBe(false)
    expect(stored('33,\\!800,\\!000', '33800000.5')).toBe(false)
    expect(stored('-2^{49}', '-562949953421311.5')).toBe(false)
  })

  it('takes text keys as text', () => {
    expect(stored('\\text{CBAD}', 'cbad'.toUpperCase())).toBe(true)
    expect(stored('\\text{CBAD}', 'DABC')).toBe(false)
    expect(stored('\\text{B}', '(B)')).toBe(true)
  })
})

describe('answers against a stored number', () => {
  it('meets whole targets exactly and others within a thousandth', () => {
    expect(ok(judgeNumber(9_867_630, '', '9,867,630 eggs'))).toBe(true)
    expect(ok(judgeNumber(9_867_630, '', '9867631'))).toBe(false)
    expect(ok(judgeNumber(9_867_630, '', '9867630.000000001'))).toBe(true)
    expect(ok(judgeNumber(11.9999986275, '', '12.000'))).toBe(true)
    expect(ok(judgeNumber(11.9999986275, '', '12.1'))).toBe(false)
    expect(ok(judgeNumber(3_000_000, '', '3 million'))).toBe(true)
    for (const text of ['12a34', '0x10', '1e', 'inf', '18 or 19', '1,2,3', 'sqrt(-1)', '( )']) {
      expect(ok(judgeNumber(16, '', text)), text).toBe(false)
    }
  })
})
