import { describe, expect, it } from 'vitest'
import { sharedMissing, sharedRows } from '../../../test/util/shared.ts'
import { draw } from '../../draw.ts'
import type { PublishedSample } from '../../task.ts'
import { addMonths, american, dayNumber, dayOf, parseDay, weekdayOf } from '../_shared/calendar.ts'
import task from './date-understanding.ts'
import { dayFrom, type Fact, type FactKind } from './facts.ts'
import { askedOf, factOf, questionText, sentence } from './words.ts'

const published = (context: string, question: string, options: readonly string[]) => {
  const text = `${context} What is the date ${question} in MM/DD/YYYY?\nOptions:\n${options.map((o, i) => `(${'ABCDEF'[i]}) ${o}`).join('\n')}\n`
  return task.fromPublished({ task: '', sample: '', question: text, solution: '(A)' } as PublishedSample)!
}

describe('calendar', () => {
  it('agrees with the built-in one on every day of 1800 to 2199', () => {
    const first = dayNumber({ y: 1800, m: 1, d: 1 })
    for (let n = first; n <= dayNumber({ y: 2199, m: 12, d: 31 }); n++) {
      const there = new Date(n * 86_400_000)
      const { y, m, d } = dayOf(n)
      if (y !== there.getUTCFullYear() || m !== there.getUTCMonth() + 1 || d !== there.getUTCDate()) {
        throw new Error(`${n}: ${y}-${m}-${d}`)
      }
      if (weekdayOf(n) !== (there.getUTCDay() + 6) % 7 || dayNumber({ y, m, d }) !== n) throw new Error(String(n))
    }
  })

  it('clamps months and years', () => {
    expect(american(addMonths({ y: 2008, m: 3, d: 31 }, -1))).toBe('02/29/2008')
    expect(american(addMonths({ y: 2016, m: 2, d: 29 }, -12))).toBe('02/28/2015')
    expect(american(addMonths({ y: 2015, m: 1, d: 31 }, -2))).toBe('11/30/2014')
  })

  it('reads dates as people write them, and no others', () => {
    for (const text of [
      '12/02/1960',
      '12/2/1960',
      '1960-12-02',
      'Dec 2, 1960',
      'December 2nd, 1960',
      '2 December 1960',
    ]) {
      expect(parseDay(text), text).toEqual({ y: 1960, m: 12, d: 2 })
    }
    for (const text of ['18/06/2017', '02/30/2016', '2/29/2015', 'Foo 2, 1960', '12/02/60', '']) {
      expect(parseDay(text), text).toBeNull()
    }
  })
})

describe('date-understanding', () => {
  it.each([
    ['2015 is coming in 36 hours.', 'today', '12/30/2014'],
    [
      'Jane and John married on Jan 2, 1958. It is their 5-year anniversary today.',
      'one week from today',
      '01/09/1963',
    ],
    [
      'In the US, Thanksgiving is on the fourth Thursday of November. Today is the US Thanksgiving of 2001.',
      'today',
      '11/22/2001',
    ],
    ['Jane is celebrating the last day of Jan 2012.', 'one week from today', '02/07/2012'],
    [
      'Jane was born on the last day of Feburary in 2000. Today is her 16-year-old birthday.',
      'one year ago from today',
      '02/28/2015',
    ],
    ['Today is the last day of the first quarter of 2008.', 'a month ago', '02/29/2008'],
  ])('recomputes %s %s', (context, question, right) => {
    const puzzle = published(context, question, ['01/01/1900', right, '05/06/2007'])
    expect(task.solve(puzzle)).toBe('(B)')
    // Where the right date is not offered, the date itself is the answer.
    const without = published(context, question, ['01/01/1900', '05/06/2007'])
    expect(task.solve(without)).toBe(right)
    expect(task.verify(without, right).verdict).toBe('correct')
    expect(task.verify(without, '(A)').verdict).toBe('incorrect')
  })

  it.each([
    'B',
    '(b)',
    '(B) 12/30/2014',
    '12/30/2014',
    '2014-12-30',
    'Dec 30, 2014',
    'B: 12/30/2014',
    'The answer is (B).',
  ])('accepts %s', answer => {
    const puzzle = published('2015 is coming in 36 hours.', 'today', ['12/29/2014', '12/30/2014'])
    expect(task.verify(puzzle, answer)).toEqual({ verdict: 'correct' })
  })

  it.each([
    '(A) 12/30/2014',
    '(B) 12/29/2014',
    '30/12/2014',
    '(A) or (B)',
    'BA',
    '2',
    'Incorrect',
    '12/31/2014',
    '(Z)',
  ])('refuses %s', answer => {
    const puzzle = published('2015 is coming in 36 hours.', 'today', ['12/29/2014', '12/30/2014'])
    expect(task.verify(puzzle, answer).verdict).not.toBe('correct')
  })

  const day = (text: string) => dayNumber(parseDay(text)!)
  it.each<[FactKind, Record<string, number>, string, string]>([
    ['nth-weekday', { y: 2024, m: 2, w: 3, n: -1 }, '', '02/29/2024'],
    ['quarter-end', { y: 2023, q: 2 }, '', '06/30/2023'],
    ['day-of-year', { y: 2024, k: 60 }, '', '02/29/2024'],
    ['workdays-after', { n: 1 }, '11/22/2024', '11/25/2024'],
    ['workdays-before', { n: 5 }, '11/23/2024', '11/18/2024'],
    ['weekday-after', { w: 4, n: 1 }, '11/22/2024', '11/29/2024'],
    ['weekday-before', { w: 4 }, '11/22/2024', '11/15/2024'],
    ['hours-after', { n: 12 }, '11/22/2024', '11/23/2024'],
    ['hours-after', { n: 35 }, '11/22/2024', '11/23/2024'],
    ['days-between', { n: 1 }, '11/22/2024', '11/24/2024'],
    ['tablets', { n: 2 }, '11/22/2024', '11/23/2024'],
    ['meetings', { n: 1, k: 3 }, '11/22/2024', '11/22/2024'],
    ['next-month-first', {}, '12/05/2024', '01/01/2025'],
  ])('dates %s %j', (kind, n, base, want) => {
    expect(american(dayOf(dayFrom(kind, n, base ? [day(base)] : [])))).toBe(want)
  })

  it('reads every drawn sentence back', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { facts, asked } = draw(task, 8, seed).puzzle
      for (const fact of facts as readonly Fact[]) expect(factOf(sentence(fact)), sentence(fact)).toEqual(fact)
      expect(askedOf(questionText(asked))).toEqual(asked)
    }
  })

  const path = 'symbench/samples/date-understanding.jsonl'
  it.skipIf(sharedMissing(path))('recomputes all published questions: 230 labels as stored, 20 otherwise', () => {
    const wrong = sharedRows<PublishedSample>(path).filter(
      sample => task.solve(task.fromPublished(sample)!) !== sample.solution,
    )
    expect(wrong).toHaveLength(20)
    for (const sample of wrong) {
      expect(task.verify(task.fromPublished(sample)!, String(sample.correctedDate)).verdict).toBe('correct')
    }
  })
})
