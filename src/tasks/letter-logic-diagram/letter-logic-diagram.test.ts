import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import task from './letter-logic-diagram.ts'
import { completions } from './solver.ts'

const example = {
  grid: [
    ['a', null, null],
    [null, 'c', null],
    [null, null, null],
  ],
}
const empty = { grid: Array.from({ length: 3 }, () => [null, null, null]) }

/** The number of completions by trying every letter in every blank in order, without any cleverness. */
function countByTrial(grid: readonly (readonly (string | null)[])[]): number {
  const n = grid.length
  const cells = grid.flat()
  const extend = (at: number): number => {
    if (at === n * n) return new Set(Array.from({ length: n }, (_, r) => cells[r * n + n - 1 - r])).size === 1 ? 1 : 0
    const [r, c] = [Math.floor(at / n), at % n]
    const given = grid[r]![c]!
    let total = 0
    for (const letter of given ? [given] : [...'abcdefgh'.slice(0, n)]) {
      const clash = cells.some((cell, i) => {
        const other = i < at ? cell : grid.flat()[i]
        return i !== at && other === letter && (Math.floor(i / n) === r || i % n === c)
      })
      if (clash) continue
      cells[at] = letter
      total += extend(at + 1)
    }
    cells[at] = given
    return total
  }
  return extend(0)
}

describe('letter-logic-diagram', () => {
  it('solves the worked example', () => expect(task.solve(example)).toBe('a,b,c\nb,c,a\nc,a,b'))

  it.each([
    'a,b,c\nb,c,a\nc,a,b',
    'a, b, c\r\nb, c, a\r\nc, a, b\r\n',
    'a b c\nb c a\nc a b',
    '[["a","b","c"],["b","c","a"],["c","a","b"]]',
    "[['a', 'b', 'c'], ['b', 'c', 'a'], ['c', 'a', 'b']]",
    '[[a,b,c],[b,c,a],[c,a,b]]',
    '[a,b,c],[[b,c,a],[c,a,b]',
    '[[a b c]\n [b c a]\n [c a b]]',
    'a,b,c,b,c,a,c,a,b',
    '```\na,b,c\nb,c,a\nc,a,b\n```',
    '<<<\na,b,c\nb,c,a\nc,a,b\n>>>',
  ])('accepts %j', answer => expect(task.verify(example, answer)).toEqual({ verdict: 'correct' }))

  it.each([
    'A,B,C\nB,C,A\nC,A,B',
    'a,b,c\nb,c,a',
    'a,b,c\nb,c,a,c\na,b',
    'a,c,b\nc,b,a\nb,a,c',
    'b,a,c\na,c,b\nc,b,a',
    'a,b,c\nb,c,a\nc,b,a',
    'a,,\n,c,\n,,',
    '[[a,b,c],[b,c,a],[c,a,b]] or [[a,b,c],[b,c,a],[c,a,b]]',
  ])('refuses %j', answer => expect(task.verify(example, answer).verdict).not.toBe('correct'))

  it('accepts any completion where there are several', () => {
    expect(task.verify(empty, 'a,b,c\nb,c,a\nc,a,b').verdict).toBe('correct')
    expect(task.verify(empty, 'c,b,a\nb,a,c\na,c,b').verdict).toBe('correct')
    expect(task.verify(empty, 'a,b,c\nc,a,b\nb,c,a').verdict).toBe('incorrect')
  })

  it('counts completions as trying everything does', () => {
    expect(completions(Array(9).fill(-1), 3, 100)).toHaveLength(countByTrial(empty.grid))
    const open = Array.from({ length: 4 }, (_, r) => [r === 0 ? 'b' : null, null, null, r === 3 ? 'a' : null])
    const numbers = open.flat().map(cell => (cell === null ? -1 : 'abcd'.indexOf(cell)))
    expect(completions(numbers, 4, 1_000)).toHaveLength(countByTrial(open))
  })

  it('draws squares with one completion', () => {
    for (const [i] of task.levels.entries()) {
      for (let seed = 0; seed < 3; seed++) {
        const { grid } = draw(task, i + 1, seed).puzzle
        const numbers = grid.flat().map(cell => (cell === null ? -1 : 'abcdefghijklmnop'.indexOf(cell)))
        expect(completions(numbers, grid.length, 2)).toHaveLength(1)
        if (i === 0) expect(countByTrial(grid)).toBe(1)
      }
    }
  })
})
