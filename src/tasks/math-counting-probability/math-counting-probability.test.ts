import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { PublishedSample } from '../../task.ts'
import { seededRng } from '../../util/rng.ts'
import type { Drawn } from '../_shared/families.ts'
import { pythonProgram } from '../_shared/python.ts'
import { families } from './families.ts'
import task from './math-counting-probability.ts'

const one = (family: string, ...numbers: number[]): Drawn => ({
  kind: 'drawn',
  parts: [{ family, wording: 0, numbers: numbers.map(String) }],
  operations: [],
})

describe('math-counting-probability', () => {
  it('judges the worked example: at least four heads in five tosses', () => {
    const puzzle = one('bent-coin', 1, 2, 5, 4)
    for (const right of ['\\frac{3}{16}', '3/16', '6/32', '0.1875', '18.75\\%', '$\\dfrac{3}{16}$', 'P = 3/16']) {
      expect(task.verify(puzzle, right).verdict, right).toBe('correct')
    }
    for (const wrong of ['5/32', '0.19', '16/3', '3', '3/16 or 5/32', '0.18750001']) {
      expect(task.verify(puzzle, wrong).verdict, wrong).not.toBe('correct')
    }
  })

  it('knows small cases that were counted by hand', () => {
    const known: readonly (readonly [Drawn, string])[] = [
      [one('pennants', 2, 1, 1), '12'],
      [one('apart', 5, 2), '6'],
      [one('round-table', 4, 2), '4'],
      [one('no-empty', 4, 2), '14'],
      [one('multiples', 12, 4, 6, 9), '5'],
      [one('blocked-corner', 2, 2, 1, 1), '2'],
      [one('stairs', 4, 1, 2, 3), '7'],
      [one('no-run', 3, 2, 2), '5'],
      [one('even-sum', 4, 2), '2'],
      [one('couples', 1, 1), '4'],
      [one('dice-sum', 2, 6, 7), '1/6'],
      [one('hats', 3, 0), '1/3'],
      [one('jokers', 52, 4, 1), '53/5'],
      [one('never-behind', 2, 1), '2/3'],
      [one('two-arrivals', 1, 1, 1), '1/2'],
    ]
    for (const [puzzle, answer] of known) expect(task.solve(puzzle), puzzle.parts[0]?.family).toBe(answer)
  })

  it('agrees with the step-by-step Python programs in every family, and reads every wording back', async () => {
    expect(families.length).toBeGreaterThanOrEqual(20)
    const rng = seededRng('every family')
    for (const size of [1, 4, 7]) {
      const parts = families.flatMap(({ name, texts, draw }) =>
        texts.map((_, wording) => ({ family: name, wording, numbers: draw(rng, size).map(String) })),
      )
      for (const part of parts) {
        const alone: Drawn = { kind: 'drawn', parts: [part], operations: [] }
        expect(task.read(task.ask(alone)), part.family).toEqual(alone)
      }
      const all: Drawn = { kind: 'drawn', parts, operations: parts.slice(1).map(() => '+' as const) }
      const source = (await pythonProgram(task, all, 'full'))!
      const printed = execFileSync('python3', ['-I', '-'], { input: source, encoding: 'utf8' })
      expect(printed.trim()).toBe(`<<<${task.solve(all)}>>>`)
    }
  }, 60_000)

  it('judges imported problems by their key', () => {
    const sample = (solution: string, question = 'How many?'): PublishedSample => ({
      task: 'math-counting-probability',
      sample: 'counting_and_probability/1',
      question,
      solution,
    })
    const verdict = (key: string, answer: string, question?: string) =>
      task.verify(task.fromPublished(sample(key, question))!, answer).verdict
    expect(verdict('1,\\!000,\\!000', '10^6')).toBe('correct')
    expect(verdict('0.56 = 56\\%', '14/25')).toBe('correct')
    expect(verdict('-2^{49}', '-562949953421312')).toBe('correct')
    expect(verdict('\\$\\dfrac23 \\approx \\$0.67', '$0.67')).toBe('correct')
    expect(verdict('4896', '4899')).toBe('incorrect')
    expect(verdict('\\frac{485}{486}', '1')).toBe('incorrect')
    expect(verdict('792', '\\binom{12}{5}')).toBe('correct')
  })
})
