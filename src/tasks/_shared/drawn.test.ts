import { describe, expect, it } from 'vitest'
import { readCells } from './cells.ts'
import { undrawn } from './drawn.ts'

const read = (text: string) => {
  const found = readCells(undrawn(text))
  return found.ok ? found.value.cells.join(' ') + (found.value.widths ? ` / ${found.value.widths}` : '') : found.why
}

describe('a drawn grid', () => {
  it.each([
    '1, 2\n3, 4',
    '| 1 | 2 |\n|---|---|\n| 3 | 4 |',
    '+---+---+\n| 1 | 2 |\n+---+---+\n| 3 | 4 |\n+---+---+',
    'array([[1, 2],\n       [3, 4]])',
    'np.array([[1, 2], [3, 4]])',
    'Grid: [[1, 2], [3, 4]]',
    'the final matrix is\n1 2\n3 4',
    'matrix = [[1, 2], [3, 4]]',
    '\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}',
    '\\begin{array}{cc} 1 & 2 \\\\ 3 & 4 \\end{array}',
  ])('%s', text => expect(read(text)).toBe('1 2 3 4 / 2,2'))

  it('leaves what is no drawing', () => {
    expect(read('*,0,1,*')).toBe('* 0 1 *')
    expect(read('-1, 2\n3, -4')).toBe('-1 2 3 -4 / 2,2')
    expect(undrawn('I cannot say')).toBe('I cannot say')
  })
})
