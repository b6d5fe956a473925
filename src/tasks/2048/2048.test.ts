import { describe, expect, it } from 'vitest'
import task from './2048.ts'
import { playSliding } from './board.ts'

const board = [
  [2, 0, 0],
  [0, 0, 4],
  [2, 0, 0],
]
const puzzle = { board, turns: [{ at: [1, 1] as const, moves: 'ddr' }] }
const judge = (answer: string, p: Parameters<typeof task.verify>[0] = puzzle) => task.verify(p, answer).verdict

describe('2048', () => {
  it('works the example', () => expect(task.solve(puzzle)).toBe('[[0, 0, 0], [0, 0, 4], [0, 4, 0]]'))

  it.each([
    '0, 0, 0, 0, 0, 4, 0, 4, 0',
    '0, 0, 0\n0, 0, 4\n0, 4, 0',
    '0, 0, 0,\n0, 0, 4,\n0, 4, 0',
    '0 0 0\n0 0 4\n0 4 0',
    '[0, 0, 0, 0, 0, 4, 0, 4, 0]',
    '[\n  [0, 0, 0],\n  [0, 0, 4],\n  [0, 4, 0]\n]',
    '((0, 0, 0), (0, 0, 4), (0, 4, 0))',
    '```\n0 0 0\n0 0 4\n0 4 0\n```',
    '| 0 | 0 | 0 |\n|---|---|---|\n| 0 | 0 | 4 |\n| 0 | 4 | 0 |',
    'array([[0, 0, 0],\n       [0, 0, 4],\n       [0, 4, 0]])',
    'Matrix: [[0, 0, 0], [0, 0, 4], [0, 4, 0]].',
  ])('accepts %s', answer => expect(judge(answer)).toBe('correct'))

  it.each([
    ['[[0, 0, 0], [0, 0, 4], [0, 8, 0]]', 'incorrect'],
    ['[[2, 0, 0], [0, 0, 4], [2, 0, 0]]', 'incorrect'],
    ['[[0, 0, 0, 0], [0, 4, 0, 4], [0]]', 'malformed'],
    ['[[0, 0, 0], [0, 0, 4], [0, 4.0, 0]]', 'malformed'],
    ['0, 0, 0, 0, 0, 4, 0, 4', 'malformed'],
    ['[[0, 0, 0], [0, 0, 4], [0, 4, 0]] or [[0, 0, 0], [0, 0, 4], [0, 0, 4]]', 'malformed'],
    ['0, 0, 0, 0, 0, 4, 0, -4, 0', 'malformed'],
    ['', 'malformed'],
  ])('does not accept %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('leaves the board alone where the named cell is empty', () => {
    const empty = { board, turns: [{ at: [2, 2] as const, moves: 'udlr' }] }
    expect(judge('2, 0, 0\n0, 0, 4\n2, 0, 0', empty)).toBe('correct')
  })

  it('goes on after a merge, a wall and another number, one step per letter', () => {
    const row = { board: [[2, 2, 4, 8, 0, 2]], turns: [{ at: [1, 1] as const, moves: 'lurrrr' }] }
    // 2+2, 4+4, 8+8, one step to the empty cell.
    expect(task.solve(row)).toBe('[[0, 0, 0, 0, 16, 2]]')
    const blocked = { board: [[2, 4, 0]], turns: [{ at: [1, 1] as const, moves: 'rrr' }] }
    expect(task.solve(blocked)).toBe('[[2, 4, 0]]')
  })

  it('knows the other game of that name only as a near miss', () => {
    expect(playSliding([[2, 2, 2, 0]], 'r')).toEqual([[0, 0, 2, 4]])
    expect(judge('[[0, 0, 0], [0, 0, 0], [0, 4, 4]]')).toBe('incorrect')
  })

  it('takes a turned board for the same puzzle', () => {
    const quarter = {
      board: [
        [2, 0, 2],
        [0, 0, 0],
        [0, 4, 0],
      ],
      turns: [{ at: [1, 3] as const, moves: 'lld' }],
    }
    expect(task.identity!(quarter)).toEqual(task.identity!(puzzle))
  })
})
