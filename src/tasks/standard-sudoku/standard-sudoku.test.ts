import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import { seededRng } from '../../util/rng.ts'
import { filledGrid } from './generator.ts'
import { search } from './solver.ts'
import sudoku from './standard-sudoku.ts'

const small = {
  box: 2,
  grid: [
    [1, 2, 0, 4],
    [0, 4, 1, 0],
    [0, 1, 4, 0],
    [4, 0, 0, 1],
  ],
}
const { puzzle } = draw(sudoku, 3, 0)
const right = JSON.parse(sudoku.solve(puzzle)) as number[][]
const judge = (answer: string) => sudoku.verify(puzzle, answer)
const lines = (between: string) => right.map(row => row.join(between)).join('\n')

describe('standard-sudoku', () => {
  it('solves the worked example', () => {
    expect(sudoku.solve(small)).toBe('[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,1]]')
  })

  it.each([
    ['JSON', JSON.stringify(right)],
    ['pretty JSON', JSON.stringify(right, null, 2)],
    ['JSON of strings', JSON.stringify(right.map(row => row.map(String)))],
    ['JSON of rows as strings', JSON.stringify(right.map(row => row.join('')))],
    ['Python with single quotes', JSON.stringify(right.map(row => row.map(String))).replaceAll('"', "'")],
    ['lines with commas', lines(',')],
    ['lines with blanks', lines(' ')],
    ['lines of digits', lines('')],
    ['a flat list', JSON.stringify(right.flat())],
    ['numpy', `[${right.map(row => `[${row.join(' ')}]`).join('\n ')}]`],
    ['rows without outer brackets', right.map(row => JSON.stringify(row)).join(',\n')],
    ['a fence', `\`\`\`json\n${JSON.stringify(right)}\n\`\`\``],
    ['a drawing', sudoku.show!({ box: 3, grid: right })],
    [
      'a drawing with a frame',
      `+-------+-------+-------+\n${lines(' ').replace(/^(\d \d \d) (\d \d \d) (\d \d \d)$/gm, '| $1 | $2 | $3 |')}\n+-------+-------+-------+`,
    ],
  ])('accepts %s', (_, answer) => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['another box', JSON.stringify(right.map(row => row.map(v => (v % 9) + 1))), /given .* is changed/],
    ['an empty cell', JSON.stringify(puzzle.grid), /0 in row .* is not one of 1 to 9/],
  ])('refuses %s', (_, answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it.each([
    ['fractions', JSON.stringify(right).replace('2', '1.5'), /"1\.5" is not one/],
    ['booleans for ones', JSON.stringify(right).replaceAll('1', 'true'), /"true" is not one/],
    ['a row too many', JSON.stringify([...right, right[0]]), /90 numbers/],
    ['a column too many', JSON.stringify(right.map(row => [...row, 0])), /90 numbers/],
    ['rows of the wrong length', JSON.stringify([right.flat().slice(0, 10), right.flat().slice(10)]), /2 rows, not 9/],
    ['a missing bracket', JSON.stringify(right).slice(0, -1), /"\]" is missing/],
    ['words', 'no solution', /not one of the numbers/],
    ['two grids', `${JSON.stringify(right)} or ${JSON.stringify(right)}`, /inside and outside of brackets/],
  ])('cannot read %s', (_, answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('malformed')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it('draws puzzles with one solution', () => {
    for (const [level] of sudoku.levels.entries()) {
      const { box, grid } = draw(sudoku, level + 1, 7).puzzle
      expect(search({ box, cells: grid.flat() }, 2).solutions).toHaveLength(1)
    }
  })

  it('counts solutions', () => {
    const empty = { box: 2, cells: new Array<number>(16).fill(0) }
    expect(search(empty, 1_000).solutions).toHaveLength(288)
    expect(search({ box: 2, cells: [1, 1, ...new Array<number>(14).fill(0)] }, 1)).toEqual({
      solutions: [],
      finished: true,
    })
    expect(search(empty, 2, 1).finished).toBe(false)
  })

  it('fills grids by the rules', () => {
    for (const box of [2, 3, 4, 5]) {
      const cells = filledGrid(seededRng('filled', box), box)
      expect(search({ box, cells }, 1).solutions).toEqual([cells])
    }
  })

  it('takes turned grids with renamed numbers for the same', () => {
    const turned = puzzle.grid.map((_, i) => puzzle.grid.map(row => row[i]!).map(v => (v === 0 ? 0 : 10 - v)))
    expect(sudoku.identity!({ box: 3, grid: turned })).toEqual(sudoku.identity!(puzzle))
    expect(sudoku.identity!(draw(sudoku, 3, 1).puzzle)).not.toEqual(sudoku.identity!(puzzle))
  })
})
