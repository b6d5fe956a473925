import { describe, expect, it } from 'vitest'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import { judgements } from './game.ts'
import task from './mahjong-pattern.ts'

const rounds = [
  { add: 'H', remove: 'B' },
  { add: 'T', remove: 'Q' },
  { add: 'D', remove: null },
]
const puzzle = { hand: 'BBCDEGJKMQTWZ', rounds, chi: true, report: 'last' } as const
const all = { ...puzzle, report: 'all' } as const
const judge = (answer: string) => task.verify(puzzle, answer).verdict
const one = (hand: string, add: string, chi = true) => judgements(hand, [{ add, remove: null }], chi)[0]

describe('mahjong-pattern', () => {
  it('works the example', () => {
    expect(task.solve(puzzle)).toBe('2')
    expect(task.solve(all)).toBe('[0, 0, 2]')
  })

  it.each(['2', ' 2\n', '+2', '02', '(2)', '[2]', '"2"', 'Chi', 'Answer: 2', '2.', '**2**'])('accepts %s', answer =>
    expect(judge(answer)).toBe('correct'),
  )

  it.each([
    ['0', 'incorrect'],
    ['1', 'incorrect'],
    ['3', 'incorrect'],
    ['-2', 'incorrect'],
    ['22', 'incorrect'],
    ['', 'malformed'],
    ['[]', 'malformed'],
    ['2, 2', 'malformed'],
    ['1 or 2', 'malformed'],
    ['2/1', 'malformed'],
    ['2 2', 'malformed'],
    ['none', 'malformed'],
    ['٢', 'malformed'],
  ])('refuses %s', (answer, verdict) => expect(judge(answer)).toBe(verdict))

  it('reads the list of all results in any spelling', () => {
    for (const text of ['[0, 0, 2]', '0,0,2', '0 0 2', '002', '(0, 0, 2)', '[pass, pass, chi]']) {
      expect(task.verify(all, text).verdict, text).toBe('correct')
    }
    for (const text of ['[0, 2, 2]', '[0, 0]', '[0, 0, 2, 0]', '2']) {
      expect(task.verify(all, text).verdict, text).toBe('incorrect')
    }
  })

  it('sees a run through a letter held twice, and at each of its three places', () => {
    expect(one('OPQRRAAAAAAAA', 'S')).toBe(2)
    expect(one('ACFFFFFFFFFFF', 'B')).toBe(2)
    expect(one('BCFFFFFFFFFFF', 'A')).toBe(2)
    expect(one('ABFFFFFFFFFFF', 'C')).toBe(2)
    expect(one('ABDDDDDDDDDDD', 'C')).toBe(2)
    expect(one('ADFFFFFFFFFFF', 'C')).toBe(0)
  })

  it('puts a third of a kind before a run, also when three are held', () => {
    expect(one('ABCCFFFFFFFFF', 'C')).toBe(1)
    expect(one('CCCFFFFFFFFFF', 'C')).toBe(1)
    expect(one('CFFFFFFFFFFFF', 'C')).toBe(0)
  })

  it('knows no letters behind Z and no runs where the question has none', () => {
    expect(one('YZFFFFFFFFFFF', 'A')).toBe(0)
    expect(one('YZFFFFFFFFFFF', '[')).toBe(0)
    expect(one('Z[FFFFFFFFFFF', 'Y')).toBe(0)
    expect(one('ABFFFFFFFFFFF', 'C', false)).toBe(0)
    const sample = {
      task: 'mahjong-pattern',
      sample: 'sample',
      question: 'Initially, there are 13 cards. "Peng," is 1.',
      solution: { initial_cards: 'ABFGHIJKLMNOP', rounds: [{ add: 'C', remove: 'C' }], solution: 2 },
    } as PublishedSample
    expect(task.solve(task.fromPublished(sample)!)).toBe('0')
  })

  it('asks for every result about equally often', () => {
    const counts = [0, 0, 0]
    for (let seed = 0; seed < 300; seed++) counts[Number(task.solve(draw(task, 3, seed).puzzle))]!++
    for (const count of counts) expect(count).toBeGreaterThan(70)
  })
})
