import { describe, expect, it } from 'vitest'
import { allRounds } from './insert.ts'
import task from './string-insertion.ts'

const rules = ['ABCDA', 'BCDEB', 'CDEAC', 'DEABD', 'EABCE'].map(word => ({ after: word.slice(0, 4), insert: word[4]! }))
const puzzle = { text: 'ABCDBDEABE', rules, rounds: 1 }
const judge = (answer: string) => task.verify(puzzle, answer).verdict

describe('string-insertion', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('ABCDABDEABDE'))

  it('counts overlapping occurrences, every one of them, and no inserted letter within the round', () => {
    expect(task.solve({ ...puzzle, text: 'ABCDE' })).toBe('ABCDAEB')
    expect(task.solve({ ...puzzle, text: 'ABCDABCD' })).toBe('ABCDAABCDA')
    // With the inserted letter there is one occurrence more; it counts in the next round only.
    expect(task.solve({ text: 'AABB', rules: [{ after: 'AA', insert: 'A' }], rounds: 1 })).toBe('AAABB')
    expect(allRounds('AAB', [{ after: 'AA', insert: 'A' }], 2)).toEqual(['AAB', 'AAAB', 'AAAAAB'])
  })

  it.each([
    'ABCDABDEABDE',
    ' ABCDABDEABDE\n',
    '"ABCDABDEABDE"',
    "'ABCDABDEABDE'",
    '`ABCDABDEABDE`',
    '```\nABCDABDEABDE\n```',
    'Answer: ABCDABDEABDE',
    '**ABCDABDEABDE**.',
    'so <<<"ABCDABDEABDE">>> it is',
  ])('accepts %j', answer => expect(judge(answer)).toBe('correct'))

  it.each(['ABCDBDEABE', 'abcdabdeabde', 'ABCDABDEABD', 'ABCDABDEABDEE', '""'])('refuses %s', answer =>
    expect(judge(answer)).toBe('incorrect'),
  )

  it.each([
    'A B C D A B D E A B D E',
    'ABCDABDEABDE ABCDABDEABDE',
    'ABCDABDEABDE or ABCDBDEABE',
    '',
    '[]',
    '"ABCDABDEABDE',
  ])('cannot read %j', answer => expect(judge(answer)).toBe('malformed'))

  it('says where an answer goes wrong', () =>
    expect(task.verify(puzzle, 'ABCDABDEABEE')).toEqual({ verdict: 'incorrect', why: 'differs from letter 11 on' }))

  it('takes a question whose letters are only renamed for the same one', () => {
    const renamed = {
      ...puzzle,
      text: 'BCDECEABCA',
      rules: [...rules].reverse().map(({ after, insert }) => {
        const next = (word: string) => [...word].map(x => 'BCDEA'['ABCDE'.indexOf(x)]).join('')
        return { after: next(after), insert: next(insert) }
      }),
    }
    expect(task.identity!(renamed)).toEqual(task.identity!(puzzle))
    expect(task.identity!({ ...puzzle, text: 'ABCDBDEABA' })).not.toEqual(task.identity!(puzzle))
  })

  it('reads no question whose string would outgrow all memory', () => {
    const doubling = { text: 'AAAA', rules: [{ after: 'A', insert: 'A' }], rounds: 5 }
    expect(task.read(task.ask(doubling))).toEqual(doubling)
    expect(task.read(task.ask({ ...doubling, rounds: 99 }))).toBeNull()
  })

  it('reads published samples from the question, else from what is stored', () => {
    const sample = { task: 'string-insertion', sample: 's', solution: { original_string: 'ABCDBDEABE' } }
    const question =
      '3. If there is a substring CD in the string, insert the character A after that substring.\nQuestion: Given the string CDB, what'
    expect(task.fromPublished({ ...sample, question: null })).toEqual(puzzle)
    expect(task.fromPublished({ ...sample, question })).toEqual({
      text: 'CDB',
      rules: [{ after: 'CD', insert: 'A' }],
      rounds: 1,
    })
    expect(task.fromPublished({ ...sample, question: 'What?', solution: [] })).toBeNull()
  })
})
