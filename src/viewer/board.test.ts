import { describe, expect, it } from 'vitest'
import { draw } from '../draw.ts'
import { loadAll } from '../registry.ts'
import type { Task } from '../task.ts'
import { gridOf } from './board.ts'

describe('gridOf', () => {
  it('reads cells, and leaves what follows', () => {
    expect(gridOf('. * .\n* . *\nA toggles (1, 1) (2, 3)')).toEqual([
      ['.', '*', '.'],
      ['*', '.', '*'],
    ])
  })
  it('gives a head of column names its corner', () => {
    expect(gridOf('   0 1 2\n 0 . Q .\n 1 . . #')).toEqual([
      ['', '0', '1', '2'],
      ['0', '.', 'Q', '.'],
      ['1', '.', '.', '#'],
    ])
  })
  it('passes over drawn lines', () => {
    expect(gridOf('4 . | 5\n----+--\n. 7 | 2')).toEqual([
      ['4', '.', '5'],
      ['.', '7', '2'],
    ])
  })
  it('reads maps of characters', () => {
    expect(gridOf('..*\nS*E\nnorth is up')).toEqual([
      ['.', '.', '*'],
      ['S', '*', 'E'],
    ])
  })
  it.each(['', 'one line only', 'A 6\nB 3', 'fact: Keith lies\nDoris: Keith is truthful', '1 2 3'])(
    'sees no grid where there is none: %j',
    text => {
      expect(gridOf(text)).toBeNull()
    },
  )
  it('of every task is a rectangle or nothing', async () => {
    const found: string[] = []
    for (const task of await loadAll<Task>('tasks')) {
      for (let level = 1; level <= task.levels.length; level++) {
        const text = task.show?.(draw(task, level, 3).puzzle)
        const grid = text === undefined ? null : gridOf(text)
        if (!grid) continue
        found.push(task.slug)
        expect(new Set(grid.map(row => row.length)).size, task.slug).toBe(1)
      }
    }
    for (const slug of ['2048', 'eight-queens', 'standard-sudoku', 'reversi', 'navigate', 'pooling'])
      expect(found).toContain(slug)
  })
})
