import type { Rng } from '../../util/rng.ts'
import { addMonths, american, type Day, dayNumber, dayOf, isLeap, monthLength } from '../_shared/calendar.ts'
import { type AbsoluteKind, dayFrom, daysOf, type Fact, holidays, type RelativeKind } from './facts.ts'
import { type Asked, askable, events, jubileeYears, paraphrases, questionCount } from './words.ts'

export interface Rung {
  /** Facts that today hangs on. */
  readonly chain: number
  /** Facts that it does not hang on. */
  readonly aside: number
  readonly options: number
  readonly shuffled?: boolean
}

export interface Story {
  readonly facts: readonly Fact[]
  readonly asked: Asked
  /** Dates as MM/DD/YYYY; one is right. */
  readonly options: readonly string[]
}

/** Years that every event must stay in. */
const years = [1800, 2199] as const

/** A day of 1900 to 2099, more often than by chance near the end of a month or a year, or a leap day. */
function randomDay(rng: Rng): Day {
  const y = rng.int(1900, 2099)
  if (rng.chance(0.08)) return { y: y - (y % 4), m: 2, d: isLeap(y - (y % 4)) ? 29 : 28 }
  const m = rng.chance(0.1) ? 12 : rng.int(1, 12)
  const length = monthLength(y, m)
  return { y, m, d: rng.chance(0.25) ? rng.int(length - 2, length) : rng.int(1, length) }
}

const absolutes: readonly AbsoluteKind[] = [
  ...(['date', 'date', 'date', 'nth-weekday', 'nth-weekday', 'month-end', 'quarter-start', 'quarter-end'] as const),
  ...(['day-of-year', 'holiday', 'leap-day', 'before-year-end'] as const),
]

function absoluteNumbers(rng: Rng, kind: AbsoluteKind): Record<string, number> {
  const day = randomDay(rng)
  const { y, m } = day
  if (kind === 'date') return { ...day }
  if (kind === 'nth-weekday') return { y, m, w: rng.int(0, 6), n: rng.pick([1, 2, 3, 4, -1]) }
  if (kind === 'month-end') return { y, m }
  if (kind === 'quarter-start' || kind === 'quarter-end') return { y, q: rng.int(1, 4) }
  if (kind === 'day-of-year') return { y, k: rng.int(40, 366 - (isLeap(y) ? 0 : 1)) }
  if (kind === 'before-year-end') return { y, k: rng.int(20, 330) }
  if (kind === 'holiday') return { y, h: rng.int(0, holidays.length - 1) }
  const leap = y - (y % 4)
  return { y: isLeap(leap) ? leap : leap + 4 }
}

const relatives: readonly Exclude<RelativeKind, 'same'>[] = [
  ...(['next-day', 'previous-day', 'days-after', 'days-after', 'days-before', 'days-before', 'weeks-after'] as const),
  ...(['weeks-before', 'fortnights-after', 'months-after', 'months-before', 'years-after', 'years-before'] as const),
  ...(['jubilee', 'workdays-after', 'workdays-before', 'weekday-after', 'weekday-before', 'month-last'] as const),
  ...(['next-month-first', 'hours-after', 'days-between', 'tablets', 'meetings', 'later-of', 'earlier-of'] as const),
]

function relativeNumbers(rng: Rng, kind: RelativeKind): Record<string, number> {
  if (kind === 'days-after' || kind === 'days-before' || kind === 'days-between') return { n: rng.int(2, 400) }
  if (kind.startsWith('weeks')) return { n: rng.int(2, 60) }
  if (kind === 'fortnights-after') return { n: rng.int(2, 30) }
  if (kind.startsWith('months')) return { n: rng.int(2, 30) }
  if (kind.startsWith('years')) return { n: rng.int(2, 25) }
  if (kind.startsWith('workdays')) return { n: rng.int(3, 60) }
  if (kind === 'jubilee') return { n: rng.pick(jubileeYears) }
  if (kind === 'weekday-after') return { n: rng.int(1, 4), w: rng.int(0, 6) }
  if (kind === 'weekday-before') return { w: rng.int(0, 6) }
  if (kind === 'hours-after') return { n: rng.int(2, 40) * 12 + rng.pick([-5, -3, 2, 5]) }
  if (kind === 'tablets') return { n: rng.int(12, 120) }
  if (kind === 'meetings') return { n: rng.int(4, 25), k: rng.int(2, 6) }
  return {}
}

function absoluteFact(rng: Rng, event: string): Fact {
  const kind = rng.pick(absolutes)
  return { event, kind, of: [], n: absoluteNumbers(rng, kind), said: rng.int(0, paraphrases(kind) - 1) }
}

function relativeFact(rng: Rng, event: string, base: string, others: readonly string[]): Fact {
  const usable = relatives.filter(kind => others.length > 0 || (kind !== 'later-of' && kind !== 'earlier-of'))
  const kind = rng.pick(usable)
  const of = kind === 'later-of' || kind === 'earlier-of' ? rng.shuffle([base, rng.pick(others)]) : [base]
  return { event, kind, of, n: relativeNumbers(rng, kind), said: rng.int(0, paraphrases(kind) - 1) }
}

/** Facts of which each hangs on the one before, the last being today's, and some that nothing hangs on. */
function randomFacts(rng: Rng, rung: Rung): Fact[] {
  const names = rng.sample(events, rung.chain - 1 + rung.aside)
  const chain = [...names.slice(0, rung.chain - 1), 'today']
  const facts = chain.map((event, i) =>
    i === 0 ? absoluteFact(rng, event) : relativeFact(rng, event, chain[i - 1]!, chain.slice(0, i - 1)),
  )
  const aside = names.slice(rung.chain - 1).map(event => {
    const [base, other] = rng.sample(chain.slice(0, -1), Math.min(2, chain.length - 1))
    if (base === undefined || rng.chance(0.3)) return absoluteFact(rng, event)
    return relativeFact(rng, event, base, other === undefined ? [] : [other])
  })
  const all = [...facts]
  for (const fact of aside) all.splice(rng.int(0, all.length), 0, fact)
  return rung.shuffled ? rng.shuffle(all) : all
}

function randomAsked(rng: Rng): Asked {
  const kind = rng.pick(askable)
  return { kind, n: relativeNumbers(rng, kind), said: rng.int(0, questionCount(kind) - 1) }
}

/** Dates that typical slips lead to. */
function slips(rng: Rng, facts: readonly Fact[], asked: Asked, today: number, right: number): number[] {
  const day = dayOf(right)
  const last = facts.find(fact => fact.event === 'today')!
  const withoutLast = last.of.length > 0 ? daysOf(facts).get(last.of[0]!)! : today + 7
  const swapped = day.d <= 12 && day.d !== day.m ? [dayNumber({ y: day.y, m: day.d, d: Math.min(day.m, 28) })] : []
  const calendarDaysOnly = asked.kind.startsWith('workdays') ? [today + (right > today ? 1 : -1) * asked.n.n!] : []
  const nominal = asked.kind.startsWith('months') ? [today + (right > today ? 30 : -30) * asked.n.n!] : []
  return [
    ...rng.shuffle([right + 1, right - 1]),
    today,
    dayFrom(asked.kind, asked.n, [withoutLast]),
    ...nominal,
    ...calendarDaysOnly,
    dayNumber(addMonths(day, rng.pick([12, -12]))),
    dayNumber(addMonths(day, rng.pick([1, -1]))),
    ...swapped,
    right + rng.pick([7, -7]),
    2 * today - right,
    ...Array.from({ length: 20 }, () => right + rng.int(-45, 45)),
  ]
}

const inRange = (number: number) => {
  const { y } = dayOf(number)
  return y >= years[0] && y <= years[1]
}

/** A story whose dates all lie in the allowed years, with the right date among the options, at a random place. */
export function randomStory(rng: Rng, rung: Rung): Story {
  for (;;) {
    const facts = randomFacts(rng, rung)
    const days = daysOf(facts)
    if (![...days.values()].every(inRange)) continue
    const asked = randomAsked(rng)
    const today = days.get('today')!
    // A date that stands in the question is no question.
    if (rung.chain === 1 && asked.kind === 'same' && facts[0]!.kind === 'date') continue
    const right = dayFrom(asked.kind, asked.n, [today])
    const wrong = [...new Set(slips(rng, facts, asked, today, right))].filter(day => day !== right && inRange(day))
    if (!inRange(right) || wrong.length < rung.options - 1) continue
    const options = rng.shuffle([right, ...wrong.slice(0, rung.options - 1)]).map(day => american(dayOf(day)))
    return { facts, asked, options }
  }
}
