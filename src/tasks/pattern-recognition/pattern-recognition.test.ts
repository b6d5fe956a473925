import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import { largestBlocks } from './blocks.ts'
import task from './pattern-recognition.ts'

const puzzle = { rows: ['ABCDE', 'KQQQF', 'LQQQQ', 'MQQQG'] }
const judge = (answer: string, p = puzzle) => task.verify(p, answer).verdict

describe('pattern-recognition', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('[3, 3]'))

  it.each([
    '3,3',
    '[3, 3]',
    '(3, 3)',
    ' 3 , 3 ',
    '[[3, 3]]',
    '03,03',
    '"3, 3"',
    '3 3',
    'row 3, column 3',
    '```\n[3, 3]\n```',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    '{"row": 3, "column": 3}',
    'Row: 3, Column: 3',
    '(row 3, col 3)',
    'Answer: [3, 3].',
    '**[3, 3]**',
    '"3", "3"',
  ])('also accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['4,4', 'incorrect'],
    ['1,1', 'incorrect'],
    ['3,4', 'incorrect'],
    ['3,3,9', 'malformed'],
    ['3,3, foo', 'malformed'],
    ['3', 'malformed'],
    ['-3,-3', 'malformed'],
    ['row -3, column 3', 'malformed'],
    ['3.0,3.0', 'malformed'],
    ['3,3 or 2,2', 'malformed'],
    ['', 'malformed'],
    ['[]', 'malformed'],
    [',', 'malformed'],
    ['a,b', 'malformed'],
  ])('judges %s as %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('means the largest block, not the smaller ones within it or elsewhere', () => {
    const four = { rows: ['AAAABBB', 'AAAABBB', 'AAAABBB', 'AAAAXYZ', 'PQRSTUV'] }
    expect(task.solve(four)).toBe('[3, 3]')
    for (const corner of ['2,2', '2,3', '3,2', '2,6']) expect(judge(corner, four)).toBe('incorrect')
  })

  it('reads no matrix with two largest blocks or none of side 3', () => {
    for (const rows of [
      ['AAABBB', 'AAABBB', 'AAABBB'],
      ['AAB', 'AAB', 'CDE'],
    ]) {
      expect(task.read(task.ask({ rows }))).toBeNull()
    }
  })

  it('hides one largest block at all places, the border too', () => {
    const drawn = Array.from({ length: 60 }, (_, seed) => draw(task, 2, seed).puzzle.rows)
    const blocks = drawn.map(rows => largestBlocks(rows))
    expect(blocks.every(found => found.length === 1)).toBe(true)
    expect(blocks.some(([b], i) => b!.row === drawn[i]!.length - 1)).toBe(true)
    expect(blocks.some(([b]) => b!.row === b!.side - 1)).toBe(true)
    expect(new Set(blocks.map(([b]) => b!.side))).toEqual(new Set([3, 4, 5]))
  })

  it('takes renamed letters and the mirror image for the same puzzle', () => {
    const renamed = { rows: ['VWXYZ', 'KAAAF', 'LAAAA', 'MAAAG'] }
    const mirrored = { rows: ['AKLM', 'BQQQ', 'CQQQ', 'DQQQ', 'EFQG'] }
    expect(task.identity!(renamed)).toEqual(task.identity!(puzzle))
    expect(task.identity!(mirrored)).toEqual(task.identity!(puzzle))
  })
})
