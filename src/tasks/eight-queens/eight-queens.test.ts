import { describe, expect, it } from 'vitest'
import { seededRng } from '../../util/rng.ts'
import eightQueens from './eight-queens.ts'
import { another, complete, completions } from './solver.ts'

const puzzle = { board: ['.Q#.', '....', '....', '....'] }
const judge = (answer: string) => eightQueens.verify(puzzle, answer)
const right = '0 1, 1 3, 2 0, 3 2'

describe('eight-queens', () => {
  it('solves the worked example', () => {
    expect(eightQueens.solve(puzzle)).toBe(right)
  })

  it.each([
    '3 2, 2 0, 1 3, 0 1',
    '(0, 1), (1, 3), (2, 0), (3, 2)',
    '[[0, 1], [1, 3], [2, 0], [3, 2]]',
    '[(0 1) (1 3) (2 0) (3 2)]',
    '0 1\n1 3\n2 0\n3 2',
    '0, 1\n1, 3\n2, 0\n3, 2\n',
    '["0 1", "1 3", "2 0", "3 2"]',
    '```\n0 1; 1 3; 2 0; 3 2\n```',
    'Answer: 0 1, 1 3, 2 0, 3 2.',
    '[\n  [\n    0,\n    1\n  ],\n  [1, 3], [2, 0], [3, 2]\n]',
  ])('accepts %j', answer => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['0 2, 1 0, 2 3, 3 1', /0 2 is blocked/],
    ['1 3, 2 0, 3 2', /given at 0 1 is missing/],
    ['0 1, 1 3, 2 0', /3 queens are listed, not 4/],
    ['0 1, 1 3, 2 0, 3 2, 3 2', /3 2 is listed twice/],
    ['0 1, 1 3, 2 0, 1000 5000', /no square 1000 5000/],
    ['1 2, 2 4, 3 1, 4 3', /no square 2 4/],
    ['0 1, 1 2, 2 0, 3 3', /share a diagonal/],
    ['0 1, 1 3, 2 1, 3 2', /share a column/],
    ['0 1, 1 3, 1 0, 3 2', /share a row/],
  ])('refuses %j', (answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it.each([
    '0 1, 1 3, 2 0, 3 2, foo',
    '0, 1, 1, 3, 2, 0, 3, 2',
    '.Q..\n...Q\nQ...\n..Q.',
    '0-1, 1-3, 2-0, 3-2',
    '0 1 1 3 2 0 3 2',
  ])('cannot read %j', answer => {
    expect(judge(answer).verdict).toBe('malformed')
  })

  it('asks for n queens on a board of n rows, not for eight', () => {
    const ten = { board: Array.from({ length: 10 }, () => '.'.repeat(10)) }
    const eight = eightQueens.solve(ten).split(', ').slice(0, 8).join(', ')
    expect(eightQueens.verify(ten, eight)).toEqual({ verdict: 'incorrect', why: '8 queens are listed, not 10' })
    expect(eightQueens.verify(ten, eightQueens.solve(ten)).verdict).toBe('correct')
  })

  it('counts all placements and knows when there is one only', () => {
    for (const [size, count] of [
      [4, 2],
      [5, 10],
      [6, 4],
      [8, 92],
      [9, 352],
    ] as const) {
      let seen = 0
      completions(
        Array.from({ length: size }, () => '.'.repeat(size)),
        () => {
          seen++
          return false
        },
      )
      expect(seen).toBe(count)
    }
    expect(another(puzzle.board, [1, 3, 0, 2])).toBeNull()
    expect(another(['....', '....', '....', '....'], [1, 3, 0, 2])).toEqual([2, 0, 3, 1])
    expect(complete(['...', '...', '...'])).toBeNull()
    expect(complete(['Q...', '....', '....', '....'])).toBeNull()
    expect(complete(['Q..Q', '....', '....', '....'])).toBeNull()
  })

  it('holds one placement where the level says so, and takes turned boards for the same', () => {
    for (const level of [3, 5, 7]) {
      const drawn = eightQueens.generate(seededRng('one placement', level), level)
      expect(another(drawn.board, complete(drawn.board)!)).toBeNull()
    }
    const turned = { board: ['....', '...Q', '...#', '....'] }
    expect(eightQueens.identity!(turned)).toEqual(eightQueens.identity!(puzzle))
    expect(eightQueens.identity!({ board: ['.#Q.', '....', '....', '...#'] })).not.toEqual(
      eightQueens.identity!(puzzle),
    )
  })
})
