import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { PublishedSample } from '../../task.ts'
import { seededRng } from '../../util/rng.ts'
import type { Drawn } from '../_shared/families.ts'
import { pythonProgram } from '../_shared/python.ts'
import { families } from './families.ts'
import task from './math-geometry.ts'

const one = (family: string, ...numbers: number[]): Drawn => ({
  kind: 'drawn',
  parts: [{ family, wording: 0, numbers: numbers.map(String) }],
  operations: [],
})

describe('math-geometry', () => {
  it('judges the worked example: a hexagon without its inscribed circle', () => {
    const puzzle = one('outside-incircle', 6, 6)
    for (const right of ['54\\sqrt{3}-27\\pi', '27(2\\sqrt3-\\pi)', '54*sqrt(3) - 27*pi', '54√3 − 27π']) {
      expect(task.verify(puzzle, right).verdict, right).toBe('correct')
    }
    for (const wrong of ['54\\sqrt{3}', '27\\pi-54\\sqrt{3}', '8.7077', '54\\sqrt{2}-27\\pi']) {
      expect(task.verify(puzzle, wrong).verdict, wrong).not.toBe('correct')
    }
  })

  it('knows figures whose measures everybody knows', () => {
    const known: readonly (readonly [Drawn, string])[] = [
      [one('heron', 13, 14, 15), '84'],
      [one('inradius', 3, 4, 5), '1'],
      [one('circumradius', 6, 8, 10), '5'],
      [one('third-side', 3, 5, 120), '7'],
      [one('median', 6, 8, 10), '5'],
      [one('altitude', 3, 4), '12/5'],
      [one('bisector', 2, 2, 2), 'sqrt(3)'],
      [one('points-inside', 0, 0, 4, 0, 0, 4), '3'],
      [one('polygon-area', 0, 0, 2, 0, 2, 3, 0, 3), '6'],
      [one('point-line', 0, 0, 3, 4, 10), '2'],
      [one('tetrahedron', 1, 0, 0, 0, 1, 0, 0, 0, 1), '1/6'],
      [one('trapezoid', 10, 4, 5, 5), '28'],
      [one('chord', 5, 3), '8'],
      [one('tangent-secant', 4, 5), '6'],
      [one('cyclic-quadrilateral', 4, 4, 4, 4), '16'],
      [one('moves', 1, 0, 0, 0, 2, 4), '5'],
      [one('cone', 3, 4), '24*pi'],
      [one('box-in-sphere', 2, 2, 1), '9*pi/2'],
      [one('pyramid', 6, 4), '96'],
      [one('spider', 3, 4, 5), 'sqrt(74)'],
    ]
    for (const [puzzle, answer] of known) expect(task.solve(puzzle), puzzle.parts[0]?.family).toBe(answer)
  })

  it('agrees with the Python constructions in every family, and reads every wording back', async () => {
    expect(families.length).toBeGreaterThanOrEqual(20)
    const rng = seededRng('every family')
    for (const size of [1, 4, 8]) {
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
      expect(task.verify(all, printed), printed).toEqual({ verdict: 'correct' })
    }
  }, 60_000)

  it('reads no figures that cannot be', () => {
    expect(() => task.solve(one('heron', 1, 2, 9))).toThrow(RangeError)
    expect(task.read(task.ask(one('heron', 1, 2, 9)))).toBeNull()
  })

  it('judges imported problems by their key, in the ways the published judge got wrong', () => {
    const sample = (solution: string, question = 'How large?'): PublishedSample => ({
      task: 'math-geometry',
      sample: 'geometry/1',
      question,
      solution,
    })
    const verdict = (key: string, answer: string, question?: string) =>
      task.verify(task.fromPublished(sample(key, question))!, answer).verdict
    expect(verdict('50^{\\circ}', '50')).toBe('correct')
    expect(verdict('147\\text{ cm}', '147 cm')).toBe('correct')
    expect(verdict('\\frac{10}{\\sqrt{3}}', '\\frac{10\\sqrt{3}}{3}')).toBe('correct')
    expect(verdict('\\frac{\\sqrt{3}}{4\\sqrt{2}-3}', '\\frac{\\sqrt3(4\\sqrt2+3)}{23}')).toBe('correct')
    expect(verdict('\\text{CBAD}', 'CBAD')).toBe('correct')
    expect(verdict('\\text{CBAD}', '')).toBe('malformed')
    expect(verdict('AB=9, CD=4', 'AB=4, CD=9')).toBe('incorrect')
    expect(verdict('(18, -18)', '18')).toBe('incorrect')
  })
})
