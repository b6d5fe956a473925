import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import task from './logical-equation.ts'
import { assignments, isTrue, type Statement } from './solver.ts'

const statements: Statement[] = [
  { kind: 'multiple', left: 'B', right: 'A', amount: 20 },
  { kind: 'sum', left: 'A', right: 'D', amount: 8 },
  { kind: 'greater', left: 'C', right: 'D' },
]
const puzzle = { numbers: [2, 5, 6, 12], statements, repeats: false }
const loose = { ...puzzle, repeats: true }
const judge = (answer: string, p = puzzle) => task.verify(p, answer).verdict

describe('logical-equation', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('[6, 12, 5, 2]'))

  it.each([
    '[6, 12, 5, 2]',
    '(6, 12, 5, 2)',
    '6, 12, 5, 2',
    '[6.0, 12.0, 5, 2.]',
    '[6,\n 12,\n 5,\n 2]',
    '["6", "12", "5", "2"]',
    'A = 6, B = 12, C = 5, D = 2',
    '{"A": 6, "B": 12, "D": 2, "C": 5}',
    '```\n[6, 12, 5, 2]\n```',
    'Answer: [6, 12, 5, 2].',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['[6, 12, 6, 2]', 'incorrect'],
    ['[6, 12, 5]', 'incorrect'],
    ['[6, 12, 5, 2, 2]', 'incorrect'],
    ['[6, 12, 5.5, 2]', 'incorrect'],
    ['[2, 5, 6, 12]', 'incorrect'],
    ['[6, 12, 7, 2]', 'incorrect'],
    ['36', 'incorrect'],
    ['[6] + [12, 5, 2]', 'malformed'],
    ['[x*1 for x in [6, 12, 5, 2]]', 'malformed'],
    ['list(map(int, "6 12 5 2".split()))', 'malformed'],
    ["__import__('sys').maxsize", 'malformed'],
    ['[None, None, None, None]', 'malformed'],
    ['[6, 12, 5, 2', 'malformed'],
    ['A = 6, A = 12, C = 5, D = 2', 'malformed'],
  ])('refuses %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('lets letters share a number only where the question does', () => {
    expect(judge('[6, 12, 6, 2]', loose)).toBe('correct')
    expect(judge('[6, 12, 5.5, 2]', loose)).toBe('incorrect')
    expect(task.read(task.ask(loose))).toEqual(loose)
  })

  it('compares multiples in whole numbers: 1.1 * 30 is 33', () => {
    expect(isTrue({ kind: 'multiple', left: 'A', right: 'B', amount: 11 }, 33, 30)).toBe(true)
    expect(isTrue({ kind: 'multiple', left: 'A', right: 'B', amount: 22 }, 66, 30)).toBe(true)
    expect(isTrue({ kind: 'multiple', left: 'A', right: 'B', amount: 11 }, 34, 30)).toBe(false)
  })

  it('asks only what one assignment answers', () => {
    for (const level of [1, 4, 8]) {
      for (let seed = 0; seed < 5; seed++) {
        const { numbers, statements } = draw(task, level, seed).puzzle
        expect(assignments(numbers, statements, { repeats: false, limit: 2, steps: 1e6 })).toHaveLength(1)
      }
    }
    // By trying all orders, too.
    for (let seed = 0; seed < 3; seed++) {
      const { numbers, statements } = draw(task, 1, seed).puzzle
      const value = (order: readonly number[], letter: string) => order[letter.charCodeAt(0) - 65]!
      const right = permutations(numbers).filter(order =>
        statements.every(s => isTrue(s, value(order, s.left), value(order, s.right))),
      )
      expect(right.map(order => `[${order.join(', ')}]`)).toEqual([task.solve(draw(task, 1, seed).puzzle)])
    }
  })
})

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((first, i) => permutations(items.toSpliced(i, 1)).map(rest => [first, ...rest]))
}
