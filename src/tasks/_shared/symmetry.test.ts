import { expect, it } from 'vitest'
import { leastOf, turned, turnings } from './symmetry.ts'

it('turns a board in eight different ways, each of which leads to the same least form', () => {
  const board = [
    [1, 2],
    [3, 4],
  ]
  const all = turnings(2).map(turning => JSON.stringify(turned(board, turning)))
  expect(all[0]).toBe('[[1,2],[3,4]]')
  expect(new Set(all).size).toBe(8)
  for (const turning of turnings(2)) {
    const again = turnings(2).map(other => JSON.stringify(turned(turned(board, turning), other)))
    expect(leastOf(again)).toBe(leastOf(all))
  }
})
