import { describe, expect, it } from 'vitest'
import { seededRng } from '../../util/rng.ts'
import task from './combinatorial-calculation.ts'
import { solveInOrder } from './solver.ts'

const puzzle = { numbers: [4, 6, 2, 3], target: 15 }
const judge = (answer: string) => task.verify(puzzle, answer).verdict

describe('combinatorial-calculation', () => {
  it.each([
    '[4, +, 6, +, 2, +, 3]',
    '[(, 4, +, 6, ), /, 2, *, 3]',
    '(4+6)/2*3',
    '4, +, 6, +, 2, +, 3',
    "['4', '+', '6', '+', '2', '+', '3']",
    '[4, +, 6, +, 2, +, 3] = 15',
    '```python\n[4, +, 6, +, 2, +, 3]\n```',
    'Answer: 4 + 6 + 2 + 3.',
    '[(4, +, 6), ÷, 2, ×, 3]',
    '$\\frac{4}{1}$'.replace('\\frac{4}{1}', '(4+6) \\div 2 \\times 3'),
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['[3, *, (, 4, +, 6, ), /, 2]', 'incorrect'],
    ['[4, +, 6, +, 2, +, 3', 'malformed'],
    ['[(, 4, +, 6, +, 2, +, 3]', 'malformed'],
    ['[4, 6, -, 2, 3]', 'malformed'],
    ['[4, *, *, 6, +, 2, +, 3]', 'malformed'],
    ['[-, 4, +, 6, +, 2, +, 3]', 'malformed'],
    ['[4, , 6, +, 2, +, 3]', 'malformed'],
    ['[4, +, 6, +, 2, +, 3, +, 1, -, 1]', 'incorrect'],
    ['[4, +, 6, +, 2]', 'incorrect'],
    ['4+6+2+3 = 16', 'malformed'],
    ['[15]', 'incorrect'],
  ])('refuses %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('refuses towers of powers and long division unread', () => {
    expect(task.verify({ numbers: [9, 9, 9], target: 1 }, '[9, *, *, 9, *, *, 9]').verdict).toBe('malformed')
    expect(task.verify({ numbers: [9, 7, 6], target: 10 }, '[9, +, 7, /, /, 6]').verdict).toBe('malformed')
  })

  it('names the first number out of place', () => {
    expect(task.verify(puzzle, '[6, +, 4, +, 2, +, 3]')).toEqual({
      verdict: 'incorrect',
      why: 'number 1 of the row is 4, the expression has "6" there',
    })
  })

  it('finds every target that a brute search finds, also through zero and through fractions', () => {
    const rng = seededRng('combinatorial', 1)
    for (let i = 0; i < 12; i++) {
      const numbers = Array.from({ length: 5 }, () => rng.int(1, 9))
      const reachable = values(numbers)
      for (let target = -5; target < 120; target++) {
        expect(solveInOrder(numbers, target) !== null, `${numbers} = ${target}`).toBe(reachable.has(String(target)))
      }
    }
  })
})

/** All values of a row by plain recursion, as reduced fractions. */
function values(numbers: readonly number[]): Set<string> {
  if (numbers.length === 1) return new Set([String(numbers[0])])
  const out = new Set<string>()
  const parse = (text: string) => [...text.split('/').map(BigInt), 1n] as unknown as [bigint, bigint]
  for (let at = 1; at < numbers.length; at++) {
    for (const left of values(numbers.slice(0, at))) {
      for (const right of values(numbers.slice(at))) {
        const [[a, b], [c, d]] = [parse(left), parse(right)]
        for (const [num, den] of [
          [a * d + c * b, b * d],
          [a * d - c * b, b * d],
          [a * c, b * d],
          [a * d, b * c],
        ] as const) {
          if (den === 0n) continue
          const gcd = (x: bigint, y: bigint): bigint => (y === 0n ? (x < 0n ? -x : x) : gcd(y, x % y))
          const g = gcd(num, den) * (den < 0n ? -1n : 1n)
          out.add(den / g === 1n ? String(num / g) : `${num / g}/${den / g}`)
        }
      }
    }
  }
  return out
}
