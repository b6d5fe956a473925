import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import task from './permutations-and-combinations.ts'
import { arrangements, keeps, placesOf, type Rule } from './solver.ts'

const rules: Rule[] = [
  { kind: 'not', book: 'A', place: 1 },
  { kind: 'left', book: 'C', other: 'A' },
  { kind: 'adjacent', book: 'B', other: 'C' },
]
const puzzle = { books: ['A', 'B', 'C'], rules }
const judge = (answer: string) => task.verify(puzzle, answer).verdict

describe('permutations-and-combinations', () => {
  it.each([
    '["B", "C", "A"]',
    '["C", "B", "A"]',
    "['B', 'C', 'A']",
    '[B, C, A]',
    'B, C, A',
    '("B", "C", "A")',
    '"B", "C", "A"',
    'BCA',
    'Answer: B, C, A.',
    '```json\n["B", "C", "A"]\n```',
    'Book B, Book C, Book A',
    '[\n "B",\n "C",\n "A",\n]',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['["A", "B", "C"]', 'incorrect'],
    ['["B", "C"]', 'incorrect'],
    ['["B", "C", "A", "Z"]', 'malformed'],
    ['["B", "C", "A", "B"]', 'incorrect'],
    ['["b", "c", "a"]', 'malformed'],
    ['["B", "C", "A"', 'malformed'],
    ['[]', 'malformed'],
    ['["B", "", "C", "A"]', 'malformed'],
  ])('refuses %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('names the broken statement', () => {
    expect(task.verify(puzzle, '["B", "A", "C"]')).toEqual({
      verdict: 'incorrect',
      why: 'breaks statement 2: Book C stands further left than book A.',
    })
  })

  it('finds exactly the orders that trying all orders finds', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { books, rules } = draw(task, 1, seed).puzzle
      const all = permutations(books).filter(order => rules.every(rule => keeps(placesOf(order), rule)))
      const found = arrangements(books, rules, 1_000)
      expect(found.map(order => order.join('')).sort()).toEqual(all.map(order => order.join('')).sort())
    }
  })

  it('takes renamed books and the other way to say "left" for the same puzzle', () => {
    const { books, rules } = draw(task, 2, 5).puzzle
    const name = (book: string) => books[(books.indexOf(book) + 3) % books.length]!
    const renamed = rules.map((rule): Rule => {
      if ('place' in rule) return { ...rule, book: name(rule.book) }
      const [book, other] = [name(rule.book), name(rule.other)]
      return rule.kind === 'left' ? { kind: 'right', book: other, other: book } : { kind: rule.kind, book, other }
    })
    expect(task.identity!({ books, rules: [...renamed].reverse() })).toEqual(task.identity!({ books, rules }))
  })
})

function permutations(items: readonly string[]): string[][] {
  if (items.length === 0) return [[]]
  return items.flatMap(first => permutations(items.filter(item => item !== first)).map(rest => [first, ...rest]))
}
