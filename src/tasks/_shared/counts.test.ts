import { describe, expect, it } from 'vitest'
import { judgeCounts } from './counts.ts'

const names = ['A', 'B', 'X']
const judge = (answer: string, right = [1, 0, 12], glue: 'never' | 'digits' | 'joined' = 'never') =>
  judgeCounts(names, right, answer, glue).verdict

describe('counts', () => {
  it.each([
    '[1, 0, 12]',
    '["1", "0", "12"]',
    "['1', '0', '12']",
    '(1, 0, 12)',
    '1,0,12',
    ' 1 , 0 , 12\n',
    '1 0 12',
    '1\n0\n12',
    '1; 0; 12',
    '[1, 0, 12,]',
    '[1, 0, 12].',
    '"1, 0, 12"',
    '“1” “0” “12”',
    '```json\n[1, 0, 12]\n```',
    'Answer: [1, 0, 12]',
    '01 0 12',
    'A: 1, B: 0, X: 12',
    '{"X": 12, "A": 1, "B": 0}',
    'machine A = 1\nmachine B = 0\npart X = 12',
    'remaining_A: 1, remaining_B: 0, obtained_X: 12',
    'therefore <<<[1, 0, 12]>>>',
  ])('accepts %j', answer => expect(judge(answer)).toBe('correct'))

  it.each(['[1, 0, 11]', '[0, 1, 12]', '{"A": 0, "B": 1, "X": 12}', '12, 0, 1'])('refuses %s', answer =>
    expect(judge(answer)).toBe('incorrect'),
  )

  it.each([
    '',
    '[]',
    '1012',
    '[1, 0]',
    '[1, 0, 12, 0]',
    '[1, 0, 1, 2]',
    '[-1, 0, 12]',
    '−1 0 12',
    '[1.0, 0, 12]',
    '[1,, 0, 12]',
    ',1, 0, 12',
    '[[1, 0, 12]]',
    '[1, 0, 12',
    '[1, 0, 12] or [0, 1, 12]',
    '[1] [0] [12]',
    '1 0 twelve',
    '١ 0 12',
    '1e0 0 12',
    'A: 1, B: 0',
    'A: 1, A: 1, X: 12',
    'A: 1, B: 0, Y: 12',
  ])('cannot read %j', answer => expect(judge(answer)).toBe('malformed'))

  it('takes glued digits only where they may be glued, and where none is lost', () => {
    expect(judge('103', [1, 0, 3], 'never')).toBe('malformed')
    expect(judge('103', [1, 0, 3], 'digits')).toBe('correct')
    expect(judge('104', [1, 0, 3], 'digits')).toBe('incorrect')
    expect(judge('1012', [1, 0, 12], 'digits')).toBe('malformed')
    expect(judge('1012', [1, 0, 12], 'joined')).toBe('correct')
    expect(judge('1013', [1, 0, 12], 'joined')).toBe('malformed')
    // The same digits with other boundaries are other counts.
    expect(judge('10, 1, 2', [1, 0, 12], 'joined')).toBe('incorrect')
  })

  it('says which count is wrong', () =>
    expect(judgeCounts(names, [1, 0, 12], '1 0 13', 'never')).toEqual({
      verdict: 'incorrect',
      why: 'the count of X is not "13"',
    }))

  it('reads counts that are named with brackets', () => {
    const blocks = ['[A]', '{A}', '(A)']
    for (const text of ['[A]: 2, {A}: 0, (A): 1', '{"[A]": 2, "{A}": 0, "(A)": 1}', '(A) = 1\n{A} = 0\n[A] = 2'])
      expect(judgeCounts(blocks, [2, 0, 1], text, 'never').verdict).toBe('correct')
  })
})
