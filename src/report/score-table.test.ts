import { describe, expect, it } from 'vitest'
import { readScoreTable } from './score-table.ts'

const read = (text: string) => readScoreTable(text, 'table.csv')

describe('a table of scores', () => {
  it('is read: byte-order mark, CRLF, quotes, blank lines and cells without a score', () => {
    const text = '\ufefftask,split,a,"b, plain"\r\n\r\ngame-24,seen,81.5, 7 \r\n"2048",Unseen,,unscored\r\n'
    expect(read(text)).toEqual({
      methods: ['a', 'b, plain'],
      rows: [
        { task: 'game-24', split: 'seen', scores: [81.5, 7] },
        { task: '2048', split: 'unseen', scores: [null, null] },
      ],
    })
  })

  it.each([
    ['semicolons', 'task;a;b\nx;1;90\n'],
    ['tabs', 'task\ta\tb\nx\t1\t90\n'],
    ['columns in another order', 'a,task,b\n1,x,90'],
  ])('may have %s, and no split', (_, text) => {
    expect(read(text)).toEqual({ methods: ['a', 'b'], rows: [{ task: 'x', split: null, scores: [1, 90] }] })
  })

  it.each<[string, string, RegExp, RegExp]>([
    ['nothing', '', /table\.csv is empty/, /task,split,<method>/],
    ['blank lines', '\n\n', /is empty/, /first line/],
    ['a heading only', 'task,split,a\n', /holds no task/, /each further line is one task/],
    ['no task column', 'tasks,a\nx,1', /line 1: there is no column "task"/, /Rename "tasks" to task/],
    ['no method', 'task,split\nx,seen', /line 1: no column of a method/, /<method>/],
    ['a method twice', 'task,a,a\nx,1,2', /columns 2 and 3 are both called "a"/, /name of its own/],
    ['a method without a name', 'task,a,\nx,1,2', /column 3 has no name/, /name of its own/],
    ['a control character', 'task,a\u001b[2J\nx,1', /column 2 holds a control character/, /name of its own/],
    ['a short line', 'task,a,b\nx,1,2\ny,1', /line 3: 2 cells where the first line has 3/, /leave a cell empty/],
    ['a word', 'task,a\nx,many', /line 2: "many" of a is no number/, /per cent as 81/],
    ['a per cent sign', 'task,a\nx,81%', /"81%" of a is no number/, /without a sign/],
    ['hexadecimal', 'task,a\nx,0x10', /"0x10" of a is no number/, /81/],
    ['too much', 'task,a\nx,101', /line 2: 101 of a is not between 0 and 100/, /per cent/],
    ['less than nothing', 'task,a\nx,-1', /-1 of a is not between/, /per cent/],
    [
      'shares',
      'task,a,b\nx,0.81,1\ny,0,0.5',
      /between 0 and 1, so they seem to be shares/,
      /multiply every score by 100/,
    ],
    ['no score at all', 'task,a\nx,\ny,-', /holds no score/, /task,split/],
    ['a split of its own', 'task,split,a\nx,unsen,4', /line 2: split "unsen"/, /Did you mean "unseen"/],
    ['a task twice', 'task,a\nx,1\ny,2\nx,3', /line 4: task "x" stands on line 2 already/, /one line for each/],
    ['a task without name', 'task,a\n,1', /line 2: the task has no name/, /game-24/],
    ['an open quote', 'task,a\nx,1\n"y,2\n', /line \d.*[Qq]uote/, /quote inside a cell is doubled/],
  ])('is refused with its line and mend: %s', (_, text, message, mend) => {
    let thrown: unknown
    try {
      read(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({
      kind: 'input',
      message: expect.stringMatching(message),
      mend: expect.stringMatching(mend),
    })
  })

  it('tells all bad lines at once, up to a bound', () => {
    const bad = Array.from({ length: 12 }, (_, i) => `t${i},x${i}`).join('\n')
    expect(() => read(`task,a\n${bad}`)).toThrow(/line 2: "x0"[\s\S]*\n {2}line 9: "x7"[\s\S]*\n {2}and 4 more$/)
  })

  it('counts lines in the file, past quoted line breaks', () => {
    expect(() => read('task,a\n"x\ny",1\nz,bad\n')).toThrow(/line 4: "bad"/)
  })
})
