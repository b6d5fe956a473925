import { describe, expect, it } from 'vitest'
import task from './reversi.ts'

const rows = ['****', '*10*', '*01*', '****']
type Puzzle = Parameters<typeof task.verify>[0]
const puzzle: Puzzle = {
  rows,
  moves: [
    { piece: 0, at: [1, 2] },
    { piece: 1, at: [1, 1] },
  ],
}
const judge = (answer: string, p = puzzle) => task.verify(p, answer).verdict

describe('reversi', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('["10**", "*10*", "*01*", "****"]'))

  it.each([
    '1,0,*,*,*,1,0,*,*,0,1,*,*,*,*,*',
    '1, 0, *, *,\n*, 1, 0, *,\n*, 0, 1, *,\n*, *, *, *',
    '1,0,*,*\n*,1,0,*\n*,0,1,*\n*,*,*,*',
    '10**\n*10*\n*01*\n****',
    '10***10**01*****',
    '1 0 * *\n* 1 0 *\n* 0 1 *\n* * * *',
    '[1, 0, *, *, *, 1, 0, *, *, 0, 1, *, *, *, *, *]',
    '[["1", "0", "*", "*"], ["*", "1", "0", "*"], ["*", "0", "1", "*"], ["*", "*", "*", "*"]]',
    "['10**', '*10*', '*01*', '****']",
    '```\n10**\n*10*\n*01*\n****\n```',
    'Answer: 10**, *10*, *01*, ****',
    '10\\*\\*\n\\*10\\*\n\\*01\\*\n\\*\\*\\*\\*',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['1,0,*,*,*,0,0,*,*,0,1,*,*,*,*,*', 'incorrect'],
    ['0,1,*,*,*,0,1,*,*,1,0,*,*,*,*,*', 'incorrect'],
    ['1,0,*,*,*,1,0,*,*,0,1,*,*,*,*', 'malformed'],
    ['W,B,*,*,*,W,B,*,*,B,W,*,*,*,*,*', 'malformed'],
    ['10***10*\n*01*****', 'malformed'],
    ['1,0,*,*,*,1,0,*\n*,0,1,*,*,*,*,*', 'malformed'],
    ['1,0,.,.,.,1,0,.,.,0,1,.,.,.,.,.', 'malformed'],
    ['10**\n*10*\n*01*\n****\n\nor\n\n10**\n*00*\n*01*\n****', 'malformed'],
    ['', 'malformed'],
  ])('does not accept %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  const boardAfter = (board: string[], piece: 0 | 1, r: number, c: number) =>
    JSON.parse(task.solve({ rows: board, moves: [{ piece, at: [r, c] }] })) as string[]

  it('turns whole lines without a gap only, in all eight directions', () => {
    expect(boardAfter(['*110', '****', '****', '****'], 0, 1, 1)[0]).toBe('0000')
    expect(boardAfter(['*1*0', '1***', '0***', '****'], 0, 1, 1)).toEqual(['01*0', '0***', '0***', '****'])
    expect(boardAfter(['*1**', '1***', '0***', '****'], 0, 1, 1)).toEqual(['01**', '0***', '0***', '****'])
    expect(boardAfter(['0*0*0', '*111*', '01*10', '*111*', '0*0*0'], 0, 3, 3)).toEqual([
      '0*0*0',
      '*000*',
      '00000',
      '*000*',
      '0*0*0',
    ])
  })

  it('lets turned pieces turn no others', () => {
    // (2, 2) is turned by the diagonal; the 1 at (2, 3) then lies between two 0 and stays.
    expect(boardAfter(['*****', '*110*', '**0**', '*****', '*****'], 0, 1, 1)).toEqual([
      '0****',
      '*010*',
      '**0**',
      '*****',
      '*****',
    ])
  })

  it('skips moves on taken cells and moves that turn nothing', () => {
    expect(boardAfter(rows, 0, 2, 2)).toEqual(rows)
    expect(boardAfter(rows, 0, 1, 1)).toEqual(rows)
    expect(boardAfter(rows, 1, 1, 2)).toEqual(rows)
  })

  it('takes turned boards and exchanged kinds for the same puzzle', () => {
    const other: Puzzle = {
      rows: ['****', '*01*', '*10*', '****'].map(row => row.replace(/[01]/g, p => (p === '0' ? '1' : '0'))),
      moves: [
        { piece: 0, at: [2, 1] },
        { piece: 1, at: [1, 1] },
      ],
    }
    expect(task.identity!(other)).toEqual(task.identity!(puzzle))
    const exchanged: Puzzle = {
      rows: ['****', '*01*', '*10*', '****'],
      moves: puzzle.moves.map(({ piece, at }) => ({ piece: piece === 0 ? 1 : 0, at })),
    }
    expect(task.identity!(exchanged)).toEqual(task.identity!(puzzle))
  })
})
