import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import { exhausting, inTurn } from '../_shared/recipes.ts'
import task from './string-synthesis.ts'

const sample = (a: number, b: number, c: number): PublishedSample => ({
  task: 'string-synthesis',
  sample: 's',
  question: `Question: If we now have ${a} [A], ${b} [B], and ${c} [C], what will the synthesized block be?`,
  solution: { A_count: 9, B_count: 9, C_count: 9 },
})
const example = task.fromPublished(sample(2, 2, 2))!
const judge = (answer: string, puzzle = task.fromPublished(sample(3, 1, 2))!) => task.verify(puzzle, answer).verdict

describe('string-synthesis', () => {
  it('works the example by exhausting a method before the next, not once per pass', () => {
    expect(task.solve(example)).toBe('[0, 0, 0, 2, 0, 0, 0, 0, 0]')
    const start = [2, 2, 2, 0, 0, 0, 0, 0, 0]
    expect(exhausting(start, example.methods)!.counts).toEqual([0, 0, 0, 2, 0, 0, 0, 0, 0])
    expect(inTurn(start, example.methods)!.counts).toEqual([0, 0, 1, 0, 0, 0, 1, 1, 0])
    expect(judge('0 0 1 0 0 0 1 1 0', example)).toBe('incorrect')
  })

  it.each([
    '2 0 1 1 0 0 0 0 0',
    '201100000',
    '2,0,1,1,0,0,0,0,0',
    '[2, 0, 1, 1, 0, 0, 0, 0, 0]',
    "['2', '0', '1', '1', '0', '0', '0', '0', '0']",
    '["2", "0", "1", "1", "0", "0", "0", "0", "0"]',
    '(2, 0, 1, 1, 0, 0, 0, 0, 0)',
    '2\n0\n1\n1\n0\n0\n0\n0\n0',
    '[A]: 2, [B]: 0, [C]: 1, {A}: 1, {B}: 0, {C}: 0, (A): 0, (B): 0, (C): 0',
  ])('accepts %j', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    '20 1 1 0 0 0 0 0',
    '[20, 1, 1, 0, 0, 0, 0, 0]',
    '-2 0 1 1 0 0 0 0 0',
    '2 0 1 1 0 0 0 0',
    '2011000000',
    '[[2, 0, 1, 1, 0, 0, 0, 0, 0]]',
    '２０１１０００００',
    '',
    '[]',
  ])('refuses %j', answer => expect(judge(answer)).toBe('malformed'))

  it('goes on until a pass does nothing, and asks for more than one pass', () => {
    for (const level of [1, 4, 7]) {
      const { puzzle } = draw(task, level, 0)
      const start = [...puzzle.start, ...puzzle.later.map(() => 0)]
      const outcome = exhausting(start, puzzle.methods)!
      expect(outcome.batches).toBeGreaterThan(outcome.uses.filter(count => count > 0).length)
      expect(exhausting(outcome.counts, puzzle.methods)!.steps).toBe(0)
    }
  })

  it('reads the start from the question, else from what is stored', () => {
    expect(example.start).toEqual([2, 2, 2])
    expect(task.fromPublished({ ...sample(1, 1, 1), question: null })!.start).toEqual([9, 9, 9])
    expect(task.fromPublished({ ...sample(1, 1, 1), question: 'What?', solution: null })).toBeNull()
  })
})
