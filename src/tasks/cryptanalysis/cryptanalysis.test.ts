import { describe, expect, it } from 'vitest'
import { sharedMissing, sharedRows } from '../../../test/util/shared.ts'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import cryptanalysis from './cryptanalysis.ts'
import { digits, feedbackTo, fittingCodes, letters, sameFeedback } from './feedback.ts'

const question = [
  'A certain combination lock consists of two numbers and two letters, with neither the numbers nor the letters repeating.',
  '1. Guess: 25DA, Feedback: one number is correct and in the correct position; one number is incorrect and incorrect; one letter is correct but in the wrong position; one letter is incorrect and too early in the alphabet.',
  '2. Guess: 79QZ, Feedback: one number is correct but in the wrong position; one number is incorrect and too large; one letter is correct and in the correct position; one letter is incorrect and too late in the alphabet.',
].join('\n')
const puzzle = cryptanalysis.fromPublished({ task: '', sample: '', question, solution: {} } as PublishedSample)!

describe('cryptanalysis', () => {
  it('solves the worked example', () => expect(cryptanalysis.solve(puzzle)).toBe('["2", "7", "Q", "D"]'))

  it.each([
    '["2","7","Q","D"]',
    "['2', '7', 'Q', 'D']",
    '[2, 7, "Q", "D"]',
    '27QD',
    '27qd',
    '"27QD"',
    '2 7 Q D',
    '2, 7, Q, D.',
    '(2, 7, Q, D)',
    '```json\n["2", "7", "Q", "D"]\n```',
    'The code is 27QD',
  ])('accepts %s', answer => expect(cryptanalysis.verify(puzzle, answer)).toEqual({ verdict: 'correct' }))

  it.each(['QD27', '72QD', '27DQ', '27Q', '27QDD', '2277', '27QD or 72QD', '["X", "Y", "Z", "W"]', '27QD!', '２７QD'])(
    'refuses %s',
    answer => expect(cryptanalysis.verify(puzzle, answer).verdict).not.toBe('correct'),
  )

  it.each([
    ['25', '27', { placed: 1, misplaced: 0, side: 'between' }],
    ['01', '27', { placed: 0, misplaced: 0, side: 'below' }],
    ['19', '27', { placed: 0, misplaced: 0, side: 'none' }],
    ['35', '27', { placed: 0, misplaced: 0, side: 'none' }],
    ['72', '27', { placed: 0, misplaced: 2, side: 'none' }],
    ['79', '27', { placed: 0, misplaced: 1, side: 'above' }],
    ['ZY', 'DQ', { placed: 0, misplaced: 0, side: 'above' }],
  ] as const)('gives %s against %s its feedback', (guess, code, feedback) => {
    expect(feedbackTo(guess, code)).toEqual(feedback)
  })

  it('finds the codes that a search through all of them finds', () => {
    for (let seed = 0; seed < 10; seed++) {
      const { guesses } = draw(cryptanalysis, 2, seed).puzzle
      for (const [alphabet, half] of [
        [digits, 'digits'],
        [letters, 'letters'],
      ] as const) {
        for (const used of [1, 2, guesses.length]) {
          const hints = guesses.slice(0, used).map(g => ({
            guess: half === 'digits' ? g.guess.slice(0, 2) : g.guess.slice(2),
            feedback: g[half],
          }))
          const all = [...alphabet].flatMap(a => [...alphabet].filter(b => b !== a).map(b => a + b))
          const want = all.filter(code => hints.every(h => sameFeedback(feedbackTo(h.guess, code), h.feedback)))
          expect(fittingCodes(alphabet, 2, hints, 1_000).sort()).toEqual(want.sort())
        }
      }
    }
  })

  it('never prints half of the code as an attempt', () => {
    for (let seed = 0; seed < 40; seed++) {
      const { guesses } = draw(cryptanalysis, 1, seed).puzzle
      for (const g of guesses) {
        expect(g.digits.placed).toBeLessThan(2)
        expect(g.letters.placed).toBeLessThan(2)
      }
    }
  })

  const path = 'symbench/samples/cryptanalysis.jsonl'
  it.skipIf(sharedMissing(path))('finds the stored code of every published question, as the only one', () => {
    for (const sample of sharedRows<PublishedSample>(path)) {
      const key = cryptanalysis.publishedKey!(sample)!
      expect(JSON.parse(cryptanalysis.solve(cryptanalysis.fromPublished(sample)!)).join('')).toBe(key)
    }
  })
})
