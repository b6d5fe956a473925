import { describe, expect, it } from 'vitest'
import { seededRng } from '../../util/rng.ts'
import type { Position } from '../_shared/positions.ts'
import { showPositions } from '../_shared/positions.ts'
import logicalPuzzle from './logical-puzzle.ts'
import { type Selection, select } from './solver.ts'

const puzzle = {
  grid: [
    [5, -2, 4],
    [-1, -3, 2],
    [1, 6, -4],
  ],
  count: 4,
  most: null,
}
const judge = (answer: string) => logicalPuzzle.verify(puzzle, answer)

/** Whether any selection at all is right, by trying each. */
function possible(selection: Selection): boolean {
  const cells = selection.grid.flatMap((line, r) => line.map((_, c): Position => [r, c]))
  const tryFrom = (at: number, chosen: readonly Position[]): boolean => {
    if (chosen.length === selection.count)
      return logicalPuzzle.verify(selection, showPositions(chosen)).verdict === 'correct'
    return cells.slice(at).some((cell, i) => tryFrom(at + i + 1, [...chosen, cell]))
  }
  return tryFrom(0, [])
}

describe('logical-puzzle', () => {
  it.each([
    '0 2, 0 0, 1 2, 2 1',
    '2 1, 1 2, 0 0, 0 2',
    '(0, 2), (0, 0), (1, 2), (2, 1)',
    '[[0,2],[0,0],[1,2],[2,1]]',
    '0 2\n0 0\n1 2\n2 1',
    '0 2, 0 0, 2 0, 2 1',
    'Answer: [0 2, 0 0, 1 2, 2 1]',
  ])('accepts %j', answer => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['0 2, 0 0, 0 1, 2 1', /row 0 have a negative product/],
    ['0 2, 0 0, 1 2', /3 cells are selected, not 4/],
    ['0 2, 0 0, 1 2, 1 2', /1 2 is listed twice/],
    ['0 0, 1 2, 2 0, 2 1', /top right cell is not selected/],
    ['0 2, 0 0, 42 43, 44 45', /no cell 42 43/],
    ['0 2, 0 0, 1 2, -1 -1', /no cell -1 -1/],
    ['1 3, 1 1, 2 3, 3 2', /no cell 1 3/],
  ])('refuses %j', (answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it('refuses equal numbers, sums above the bound and products of zero', () => {
    const sums = {
      grid: [
        [1, 2],
        [3, 1],
      ],
      count: 3,
      most: 4,
    }
    expect(logicalPuzzle.verify(sums, '0 1, 1 0, 0 0').verdict).toBe('correct')
    expect(logicalPuzzle.verify(sums, '0 0, 0 1, 1 1')).toMatchObject({ why: expect.stringMatching(/same number, 1/) })
    const tight = { ...sums, most: 3 }
    expect(logicalPuzzle.verify(tight, '0 1, 1 0, 0 0')).toMatchObject({
      why: expect.stringMatching(/column 0 sum to 4/),
    })
    const zero = {
      grid: [
        [0, 1],
        [2, 3],
      ],
      count: 2,
      most: null,
    }
    expect(logicalPuzzle.verify(zero, '0 1, 0 0')).toMatchObject({ why: expect.stringMatching(/product 0/) })
  })

  it.each(['0 2, 0 0, 1 2, 2 1, foo', '0, 2, 0, 0, 1, 2, 2, 1', 'none', 'a b, c d', '0 0 1'])(
    'cannot read %j',
    answer => {
      expect(judge(answer).verdict).toBe('malformed')
    },
  )

  it('finds a selection exactly when there is one', () => {
    const rng = seededRng('logical-puzzle exact')
    let none = 0
    for (let i = 0; i < 150; i++) {
      const size = rng.int(2, 4)
      const product = rng.chance(0.6)
      const value = () => (product ? rng.int(1, 4) * (rng.chance(0.5) ? -1 : 1) : rng.int(1, 5))
      const grid = Array.from({ length: size }, () => Array.from({ length: size }, value))
      const small: Selection = {
        grid,
        count: rng.int(2, Math.min(6, size * size)),
        most: product ? null : rng.int(3, 9),
      }
      const found = select(small)
      expect(found !== null, JSON.stringify(small)).toBe(possible(small))
      if (found) expect(logicalPuzzle.verify(small, showPositions(found))).toEqual({ verdict: 'correct' })
      else none++
    }
    expect(none).toBeGreaterThan(20)
  })

  it('finds six negative numbers where there is no rectangle', () => {
    const around = {
      grid: [
        [-1, -2, 9],
        [9, -3, -4],
        [-5, 9, -6],
      ],
      count: 7,
      most: null,
    }
    expect(logicalPuzzle.verify(around, logicalPuzzle.solve(around))).toEqual({ verdict: 'correct' })
    expect(select({ ...around, count: 8 })).toBeNull()
  })

  it('takes the grid mirrored at the corner diagonal for the same', () => {
    const mirror = {
      ...puzzle,
      grid: [
        [-4, 2, 4],
        [6, -3, -2],
        [1, -1, 5],
      ],
    }
    expect(logicalPuzzle.identity!(mirror)).toEqual(logicalPuzzle.identity!(puzzle))
    const turned = { ...puzzle, grid: puzzle.grid.map(row => [...row].reverse()) }
    expect(logicalPuzzle.identity!(turned)).not.toEqual(logicalPuzzle.identity!(puzzle))
  })
})
