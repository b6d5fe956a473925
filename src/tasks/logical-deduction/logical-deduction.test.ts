import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import { seededRng } from '../../util/rng.ts'
import { type Clue, holds, neighbour, orders } from './clues.ts'
import task from './logical-deduction.ts'
import { themes } from './themes.ts'
import { clueOf, paraphrases, sentence } from './words.ts'

const golf = [
  'The following paragraphs each describe a set. In a golf tournament, there were four golfers: Kay, Lou, Max, and Ned. Kay finished above Max. Ned finished second. Lou finished last.',
  'Options:\n(A) Kay finished third\n(B) Lou finished third\n(C) Max finished third\n(D) Ned finished third\n',
].join('\n')
const puzzle = task.fromPublished({ task: '', sample: '', question: golf, solution: '(C)' } as PublishedSample)!

/** All orders by trying every permutation. */
function byTrial(clues: readonly Clue[], n: number): number[][] {
  const found: number[][] = []
  const extend = (positions: number[], left: readonly number[]) => {
    if (left.length === 0 && clues.every(clue => holds(clue, positions))) found.push(positions)
    for (const p of left) {
      extend(
        [...positions, p],
        left.filter(q => q !== p),
      )
    }
  }
  extend([], [...Array(n).keys()])
  return found
}

describe('logical-deduction', () => {
  it('solves the worked example', () => expect(task.solve(puzzle)).toBe('(C)'))

  it.each([
    'C',
    '(c)',
    '(C) Max finished third',
    'Max finished third.',
    'C) Max finished third',
    'Option C',
    '**(C)**',
  ])('accepts %s', answer => expect(task.verify(puzzle, answer)).toEqual({ verdict: 'correct' }))

  it.each([
    '(D)',
    '(C) Ned finished third',
    '(A) Max finished third',
    '(C) or (D)',
    'CD',
    '3',
    'Incorrect',
    '(Z)',
    'Max',
  ])('refuses %s', answer => expect(task.verify(puzzle, answer).verdict).not.toBe('correct'))

  it('finds the same orders as trying all, with every kind of clue', () => {
    for (const level of [1, 3]) {
      for (let seed = 0; seed < 6; seed++) {
        const { clues, items } = draw(task, level, seed).puzzle
        for (const drop of [0, 1, 2]) {
          const some = clues.slice(drop)
          const want = byTrial(some, items.length).map(String).sort()
          expect(orders(some, items.length, 1e6, 1e6)!.map(String).sort()).toEqual(want)
        }
      }
    }
    const mixed: Clue[] = [
      { kind: 'between', of: [0, 1, 2], at: [], said: 0 },
      { kind: 'apart', of: [3, 4], at: [2], said: 0 },
      { kind: 'not-adjacent', of: [0, 5], at: [], said: 0 },
      { kind: 'not-end', of: [1], at: [], said: 0 },
    ]
    expect(orders(mixed, 6, 1e6, 1e6)!.map(String).sort()).toEqual(byTrial(mixed, 6).map(String).sort())
  })

  it('finds near orders that really fit', () => {
    const truth = [0, 1, 2, 3, 4, 5]
    const near = neighbour(truth, [{ kind: 'before', of: [0, 5], at: [], said: 0 }])!
    expect([...near].sort()).toEqual(truth)
    expect(near).not.toEqual(truth)
    const fixed = truth.slice(1).map((b, a): Clue => ({ kind: 'direct', of: [a, b], at: [], said: 0 }))
    expect(neighbour(truth, fixed)).toBeNull()
  })

  it('reads every sentence of every setting back', () => {
    const rng = seededRng('sentences')
    for (const theme of themes) {
      const items = rng.sample(theme.pool, 8)
      const clues: Clue[] = [
        ...(['before', 'direct', 'adjacent', 'not-adjacent'] as const).map(kind => ({
          kind,
          of: [2, 5],
          at: [],
          said: 0,
        })),
        ...(['end', 'not-end'] as const).map(kind => ({ kind, of: [3], at: [], said: 0 })),
        { kind: 'between', of: [0, 7, 4], at: [], said: 0 },
        { kind: 'apart', of: [6, 1], at: [3], said: 0 },
        ...[1, 2, -1, -3].flatMap(k =>
          (['place', 'not-place'] as const).map(kind => ({ kind, of: [1], at: [k], said: 0 })),
        ),
        { kind: 'either', of: [1], at: [1, -4], said: 0 },
      ]
      for (const clue of clues) {
        for (let said = 0; said < paraphrases(clue.kind); said++) {
          const text = sentence(theme, items, { ...clue, said })
          expect(clueOf(theme, items, text), text).toEqual({ ...clue, said })
        }
      }
    }
  })
})
