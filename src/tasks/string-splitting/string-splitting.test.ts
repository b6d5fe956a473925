import { describe, expect, it } from 'vitest'
import type { PublishedSample } from '../../task.ts'
import { exhausting, fromTop, inTurn } from '../_shared/recipes.ts'
import task from './string-splitting.ts'

const sample = (a: number, b: number, c: number): PublishedSample => ({
  task: 'string-splitting',
  sample: 's',
  question: `Initially, there are ${a} units of Machine A, ${b} units of Machine B, and ${c} units of Machine C. How many`,
  solution: {},
})
const example = task.fromPublished(sample(1, 4, 4))!
const large = task.fromPublished(sample(10, 10, 10))!

describe('string-splitting', () => {
  it('works the example in turn, not exhausting a method nor going back to the first', () => {
    expect(task.solve(example)).toBe('[0, 0, 0, 3, 0, 4]')
    const start = [1, 4, 4, 0, 0, 0]
    expect(inTurn(start, example.methods)!.counts).toEqual([0, 0, 0, 3, 0, 4])
    expect(exhausting(start, example.methods)!.counts).toEqual([0, 0, 0, 1, 0, 3])
    expect(fromTop(start, example.methods)!.counts).not.toEqual([0, 0, 0, 3, 0, 4])
    expect(task.verify(example, '[0, 0, 0, 1, 0, 3]').verdict).toBe('incorrect')
  })

  it('takes the list that the published question shows, and the glued string of its key', () => {
    for (const answer of ['["0", "0", "0", "3", "0", "4"]', '0 0 0 3 0 4', '000304', ' 000304\n'])
      expect(task.verify(example, answer).verdict).toBe('correct')
  })

  it('does not take a list for another whose digits read the same', () => {
    const right = JSON.parse(task.solve(large)) as number[]
    expect(Math.max(...right)).toBeGreaterThan(9)
    expect(task.verify(large, right.join('')).verdict).toBe('correct')
    const digits = [...right.join('')]
    const otherwise = [...digits.slice(0, 5), digits.slice(5).join('')].map(Number)
    expect(otherwise).not.toEqual(right)
    expect(task.verify(large, JSON.stringify(otherwise)).verdict).toBe('incorrect')
  })

  it('asks for a list in its own questions: glued digits are none', () => {
    const { published: _, ...own } = example
    expect(task.verify(own, '000304').verdict).toBe('malformed')
  })

  it('calls methods that never stop no fault of the answer', () => {
    const endless = { ...example, methods: [{ uses: [[0, 1]], makes: [[0, 2]] }] } as typeof example
    expect(task.verify(endless, '[1, 2, 3, 4, 5, 6]').verdict).toBe('unscored')
  })

  it('cannot recover a start that no question states', () => {
    expect(task.fromPublished({ ...sample(1, 2, 3), question: null })).toBeNull()
    expect(task.fromPublished({ ...sample(1, 2, 3), question: 'What is left?' })).toBeNull()
  })

  it('takes a question whose machines are only renamed for the same one', () => {
    const swap = (kind: number) => (kind < 2 ? 1 - kind : kind)
    const renamed = {
      ...example,
      start: [4, 1, 4],
      methods: example.methods.map(({ uses, makes }) => ({
        uses: uses.map(([kind, n]) => [swap(kind), n] as const),
        makes: makes.map(([kind, n]) => [swap(kind), n] as const),
      })),
    }
    expect(task.identity!(renamed)).toEqual(task.identity!(example))
    expect(task.identity!({ ...example, start: [4, 1, 4] })).not.toEqual(task.identity!(example))
  })
})
