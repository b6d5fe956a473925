import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import { runsOf } from './runs.ts'
import task from './statistical-counting.ts'

const rule = (letter: string, points: number, least = 2, each = false) => ({ letter, points, least, each })
const puzzle = { text: 'AABBBACCA', rules: [rule('A', 1), rule('B', 2), rule('C', 3)] }
const judge = (answer: string, p = puzzle) => task.verify(p, answer).verdict

describe('statistical-counting', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('6'))

  it.each([
    '6',
    '+6',
    '06',
    ' 6 \n',
    '[6]',
    '(6)',
    '"6"',
    '6.',
    '6.0',
    'Answer: 6',
    'total score: 6',
    '**6**',
    '1+2+3 = 6',
    '6 points',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['7', 'incorrect'],
    ['-6', 'incorrect'],
    ['60', 'incorrect'],
    ['6.5', 'malformed'],
    ['6,0', 'malformed'],
    ['6 or 7', 'malformed'],
    ['6 7', 'malformed'],
    ['0x6', 'malformed'],
    ['six', 'malformed'],
    ['٦', 'malformed'],
    ['[]', 'malformed'],
    ['[6', 'malformed'],
    ['', 'malformed'],
  ])('judges %s as %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('gives the points for every run, not once per letter, per pair or per letter of the run', () => {
    const again = { text: 'AAABAACAA', rules: [rule('A', 5), rule('B', 2), rule('C', 3)] }
    expect(task.solve(again)).toBe('15')
    for (const wrong of ['5', '20', '35', '10', '3']) expect(judge(wrong, again), wrong).toBe('incorrect')
  })

  it('knows least lengths, negative points, points for each letter, and letters without a rule', () => {
    const mixed = { text: 'AABBBBXXAAACC', rules: [rule('A', -3, 3), rule('B', 2, 4, true), rule('C', 10, 3)] }
    expect(task.solve(mixed)).toBe('5')
    expect(judge('−1', { text: 'AA', rules: [rule('A', -1)] })).toBe('correct')
    expect(judge('1,000', { text: 'AA', rules: [rule('A', 1000)] })).toBe('correct')
  })

  it('draws runs at both ends, single letters and long runs', () => {
    const runs = Array.from({ length: 40 }, (_, seed) => runsOf(draw(task, 2, seed).puzzle.text))
    expect(runs.some(all => all[0]!.length > 1) && runs.some(all => all[0]!.length === 1)).toBe(true)
    expect(runs.some(all => all.at(-1)!.length > 1) && runs.some(all => all.at(-1)!.length === 1)).toBe(true)
    expect(runs.flat().some(({ length }) => length >= 4)).toBe(true)
  })

  it('takes renamed letters and reordered rules for the same puzzle', () => {
    const renamed = { text: 'CCAAACBBC', rules: [rule('B', 3), rule('A', 2), rule('C', 1)] }
    expect(task.identity!(renamed)).toEqual(task.identity!(puzzle))
  })
})
