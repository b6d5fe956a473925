import { describe, expect, it } from 'vitest'
import { parseFormula, parseInvented } from './formula.ts'
import task from './new-operator.ts'

const operators = [
  { symbol: '#', formula: '2*a+3*b' },
  { symbol: '@', formula: '(a + b)/b' },
]
const puzzle = { operators, expression: '(2#1)@4#3' }
const third = { operators, expression: '(7@3)' }
const judge = (answer: string, p = puzzle) => task.verify(p, answer).verdict

describe('new-operator', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('29/2'))

  it.each([
    '14.5',
    '29/2',
    '[14.5]',
    '(29/2)',
    '"14.5"',
    '+14.50',
    '145e-1',
    '58/4',
    '\\frac{29}{2}',
    '$\\frac{29}{2}$',
    'Answer: 29/2',
    '29/2 = 14.5',
    '14.5.',
    '(2#1)@4#3 = 14.5',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each(['10/3', '3.333333', '3.3333333333333335', '3.333334'])('accepts %s for a third', answer =>
    expect(judge(answer, third)).toBe('correct'),
  )

  it.each(['3.33', '3.333', '3.3333', '3', '10', '-10/3', '3.33335', '333333/100000', '10/3 = 3.33', '1e999'])(
    'refuses %s for a third',
    answer => expect(judge(answer, third)).toBe('incorrect'),
  )

  it.each(['', '[]', 'inf', 'nan', '--14.5', '1,2', '14.5 or 15', '29/0', '29//2', '٢'])('cannot read %s', answer =>
    expect(judge(answer)).toBe('malformed'),
  )

  it('applies what stands after the parentheses too, from left to right', () => {
    const published = {
      operators: [
        { symbol: '~', formula: '1*a*b' },
        { symbol: '&', formula: '5*a+5*b' },
        { symbol: '@', formula: '3*a*b' },
      ],
      expression: '(3~4)&5@6',
    }
    expect(task.solve(published)).toBe('1530')
    // The value that drops an operation, and the one from right to left.
    for (const wrong of ['90', '510', '12', '85']) expect(judge(wrong, published)).toBe('incorrect')
    expect(judge('1,530', published)).toBe('correct')
  })

  it('refuses formulas and expressions it cannot read', () => {
    for (const text of ['', 'a+', '(a', 'a**b', 'max(a)', 'abs(a, b)', '2a', 'a b', '('.repeat(400)]) {
      expect(parseFormula(text), text).toBeNull()
    }
    for (const text of ['', '1 #', '# 1', '(1', '1 2', '1 $ 2']) expect(parseInvented(text, ['#']), text).toBeNull()
  })

  it('takes renamed operators and superfluous parentheses for the same puzzle', () => {
    const renamed = {
      operators: [
        { symbol: '~', formula: '(a + b)/b' },
        { symbol: '&', formula: '2*a+3*b' },
      ],
      expression: '((2 & 1) ~ 4) & 3',
    }
    expect(task.identity!(renamed)).toEqual(task.identity!(puzzle))
  })
})
