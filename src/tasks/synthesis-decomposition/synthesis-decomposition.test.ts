import { describe, expect, it } from 'vitest'
import type { PublishedSample } from '../../task.ts'
import { exhausting, fromTop, inTurn } from '../_shared/recipes.ts'
import task from './synthesis-decomposition.ts'

const sample = (complexity: number, initial: Readonly<Record<string, number>>, answer: readonly string[] = []) => ({
  task: 'synthesis-decomposition',
  sample: 's',
  question: null,
  solution: { initial_state: initial, solution: { answer }, complexity },
})
const puzzle = (...from: Parameters<typeof sample>) => task.fromPublished(sample(...from))!
const example = puzzle(3, { A: 3, B: 2, C: 1 })

describe('synthesis-decomposition', () => {
  it('works the example in turn', () => {
    expect(task.solve(example)).toBe('[1, 0, 0, 2]')
    const [first, second] = [
      [8, 6, 5, 0],
      [7, 6, 2, 0],
    ]
    expect(inTurn(first!, example.methods)!.counts).toEqual([2, 0, 0, 7])
    expect(exhausting(first!, example.methods)!.counts).toEqual([2, 0, 0, 6])
    expect(inTurn(second!, example.methods)!.counts).toEqual([1, 0, 0, 6])
    expect(fromTop(second!, example.methods)!.counts).toEqual([1, 0, 0, 5])
  })

  it.each([
    [1, { A: 6, B: 3 }, '[0, 0, 5]', '[0, 0, 0, 5, 0]'],
    [2, { A: 3, B: 4 }, '[0, 1, 3]', '[0, 1, 0, 3, 0]'],
    [4, { A: 4, B: 3, C: 2 }, '[1, 0, 0, 3]', '[1, 0, 0, 3, 0]'],
    [5, { A: 8, B: 2, C: 4 }, '[4, 0, 3, 0, 2]', '[4, 0, 3, 0]'],
  ])('has the kinds of complexity %i, and no others', (complexity, initial, right, wrong) => {
    const one = puzzle(complexity, initial)
    expect(task.solve(one)).toBe(right)
    expect(task.verify(one, wrong).verdict).not.toBe('correct')
  })

  it.each(['[1, 0, 0, 2]', '[1,0,0,2]', '["1", "0", "0", "2"]', '1 0 0 2', '1, 0, 0, 2', 'A: 1, B: 0, C: 0, X: 2'])(
    'accepts %s',
    answer => expect(task.verify(example, answer).verdict).toBe('correct'),
  )

  it.each(['1002', '[1, 0, 0, 2, 0]', '[1, 0, 2]', '-1 0 0 2', '', '[]', '1 unit'])('cannot read %j', answer =>
    expect(task.verify(example, answer).verdict).toBe('malformed'),
  )

  it('reads a published question, and the entries of its key that it asks for', () => {
    const question = 'Method 1: a\n\nMethod 2: b\n\nInitially there are 6 units of crop A, 1 unit of crop B.\n\nFirst'
    const published: PublishedSample = { ...sample(2, { A: 9, B: 9 }, ['1', '2', '3', '4', '5']), question }
    const read = task.fromPublished(published)!
    expect([read.start, read.later, read.methods.length]).toEqual([[6, 1], ['X'], 2])
    expect(task.publishedKey!(published)).toBe('[1, 2, 4]')
    expect(task.publishedKey!(sample(5, {}, ['1', '2', '3', '4', '5']))).toBe('[1, 2, 3, 4, 5]')
    expect(task.fromPublished({ ...sample(7, { A: 1 }) })).toBeNull()
    expect(task.fromPublished({ ...sample(3, { A: 1 }) })).toBeNull()
  })
})
