import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import lightPuzzles from './light-puzzles.ts'

const toggles = 'toggles' as const
const example = {
  lights: ['10', '01'],
  buttons: [
    {
      name: 'A',
      effect: toggles,
      cells: [
        [1, 1],
        [2, 1],
      ] as [number, number][],
    },
    {
      name: 'B',
      effect: toggles,
      cells: [
        [2, 1],
        [2, 2],
      ] as [number, number][],
    },
  ],
  presses: ['A', 'B'],
}
const puzzle = { ...example, presses: ['A'] }
const judge = (answer: string) => lightPuzzles.verify(puzzle, answer)

describe('light-puzzles', () => {
  it('solves the worked example', () => {
    expect(lightPuzzles.solve(example)).toBe('0,0,0,0')
    expect(lightPuzzles.solve(puzzle)).toBe('0,0,1,1')
  })

  it('switches on and off whatever the lights were', () => {
    const [a, b] = example.buttons
    const on = { ...example, buttons: [a!, { ...b!, effect: 'lights' as const }] }
    const off = { ...example, buttons: [a!, { ...b!, effect: 'darkens' as const }], presses: ['B', 'B', 'A'] }
    expect(lightPuzzles.solve(on)).toBe('0,0,1,1')
    expect(lightPuzzles.solve(off)).toBe('0,0,1,0')
    expect(lightPuzzles.ask(on)).toContain('Button B switches on: (2, 1) (2, 2)')
    expect(lightPuzzles.ask(example)).not.toContain('switches')
  })

  it.each([
    '0, 0, 1, 1',
    '[0, 0, 1, 1]',
    '(0,0,1,1)',
    '[[0, 0], [1, 1]]',
    '0, 0\n1, 1',
    '0,0,\n1,1,',
    '00\n11',
    '0 0 1 1',
    '0; 0; 1; 1',
    '["0", "0", "1", "1"]',
    '0\n0\n1\n1',
    '```\n0,0,1,1\n```',
    'Answer: 0,0,1,1.',
  ])('accepts %j', answer => {
    expect(judge(answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    ['1,0,0,1', /2 of 4 lights are wrong, the first is \(1, 1\)/],
    ['1,1,0,0', /4 of 4/],
  ])('refuses %j', (answer, why) => {
    const verdict = judge(answer)
    expect(verdict.verdict).toBe('incorrect')
    expect('why' in verdict && verdict.why).toMatch(why)
  })

  it.each([
    '0,0,1',
    '0,0,1,1,0',
    '0,0,1\n1',
    '0011',
    'on,off',
    '0,0,1,true',
    '0,,1,1',
    '0,0,1,2',
    '[0,0,1,1',
    '0,0,1,１',
  ])('cannot read %j', answer => {
    expect(judge(answer).verdict).toBe('malformed')
  })

  it('never asks a question whose answer is the start or its inverse', () => {
    for (const [level] of lightPuzzles.levels.entries()) {
      for (let seed = 0; seed < 20; seed++) {
        const drawn = draw(lightPuzzles, level + 1, seed).puzzle
        const start = [...drawn.lights.join('')].join(',')
        const inverse = start.replace(/[01]/g, state => (state === '1' ? '0' : '1'))
        expect([start, inverse]).not.toContain(lightPuzzles.solve(drawn))
      }
    }
  })

  it('takes renamed buttons and reordered lists for the same', () => {
    const [a, b] = example.buttons
    const other = {
      ...example,
      buttons: [
        { ...b!, name: 'Z' },
        { ...a!, name: 'Q', cells: [...a!.cells].reverse() },
      ],
      presses: ['Q', 'Z'],
    }
    expect(lightPuzzles.identity!(other)).toEqual(lightPuzzles.identity!(example))
    expect(lightPuzzles.identity!(puzzle)).not.toEqual(lightPuzzles.identity!(example))
  })

  it('does not take a sample with lights outside the grid', () => {
    const solution = { initial_state: [[0]], buttons: { A: [[1, 2]] }, operations: ['A'] }
    expect(lightPuzzles.fromPublished({ task: 'light-puzzles', sample: 'x', question: null, solution })).toBeNull()
  })
})
