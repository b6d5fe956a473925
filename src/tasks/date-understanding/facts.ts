import { addMonths, addWorkdays, type Day, dayNumber, dayOf, monthLength, weekdayOf } from '../_shared/calendar.ts'

/** Ways to fix a day without another event. */
export type AbsoluteKind =
  | 'date'
  | 'nth-weekday'
  | 'month-end'
  | 'quarter-start'
  | 'quarter-end'
  | 'day-of-year'
  | 'holiday'
  | 'leap-day'
  | 'before-year-end'

/** Ways to fix a day from one or two others. */
export type RelativeKind =
  | 'same'
  | 'next-day'
  | 'previous-day'
  | 'days-after'
  | 'days-before'
  | 'weeks-after'
  | 'weeks-before'
  | 'fortnights-after'
  | 'months-after'
  | 'months-before'
  | 'years-after'
  | 'years-before'
  | 'jubilee'
  | 'workdays-after'
  | 'workdays-before'
  | 'weekday-after'
  | 'weekday-before'
  | 'month-last'
  | 'next-month-first'
  | 'hours-after'
  | 'days-between'
  | 'tablets'
  | 'meetings'
  | 'later-of'
  | 'earlier-of'

export type FactKind = AbsoluteKind | RelativeKind

/**
 * When an event is. `of` names the events it is told from, `n` the numbers: y, m, d a date; n a count or ordinal (-1 the
 * last); k a second count; w a weekday from Monday 0; q a quarter; h a holiday. `said` is the paraphrase.
 */
export interface Fact {
  readonly event: string
  readonly kind: FactKind
  readonly of: readonly string[]
  readonly n: Readonly<Record<string, number>>
  readonly said: number
}

/** Holidays on fixed days. */
export const holidays: readonly (readonly [name: string, m: number, d: number])[] = [
  ["New Year's Day", 1, 1],
  ["Valentine's Day", 2, 14],
  ["Saint Patrick's Day", 3, 17],
  ["April Fools' Day", 4, 1],
  ['Halloween', 10, 31],
  ['Christmas Eve', 12, 24],
  ['Christmas Day', 12, 25],
  ['Boxing Day (the day after Christmas Day)', 12, 26],
  ["New Year's Eve", 12, 31],
]

/** The n-th (or, for -1, last) of a weekday in a month. */
function nthWeekday(y: number, m: number, w: number, n: number): number {
  if (n < 0) {
    const last = dayNumber({ y, m, d: monthLength(y, m) })
    return last - ((weekdayOf(last) - w + 7) % 7)
  }
  const first = dayNumber({ y, m, d: 1 })
  return first + ((w - weekdayOf(first) + 7) % 7) + 7 * (n - 1)
}

/** The day number that a fact gives its event, from the days of the events it is told from. */
export function dayFrom(kind: FactKind, n: Readonly<Record<string, number>>, of: readonly number[]): number {
  const [y, m, d, count] = [n.y ?? 0, n.m ?? 1, n.d ?? 1, n.n ?? 0]
  const [base, other] = [of[0] ?? 0, of[1] ?? 0]
  const day: Day = dayOf(base)
  switch (kind) {
    case 'date':
      return dayNumber({ y, m, d })
    case 'nth-weekday':
      return nthWeekday(y, m, n.w!, count)
    case 'month-end':
      return dayNumber({ y, m, d: monthLength(y, m) })
    case 'quarter-start':
      return dayNumber({ y, m: n.q! * 3 - 2, d: 1 })
    case 'quarter-end':
      return dayNumber({ y, m: n.q! * 3, d: monthLength(y, n.q! * 3) })
    case 'day-of-year':
      return dayNumber({ y, m: 1, d: 1 }) + n.k! - 1
    case 'holiday':
      return dayNumber({ y, m: holidays[n.h!]![1], d: holidays[n.h!]![2] })
    case 'leap-day':
      return dayNumber({ y, m: 2, d: 29 })
    case 'before-year-end':
      return dayNumber({ y, m: 12, d: 31 }) - n.k!
    case 'same':
      return base
    case 'next-day':
      return base + 1
    case 'previous-day':
      return base - 1
    case 'days-after':
      return base + count
    case 'days-before':
      return base - count
    case 'weeks-after':
      return base + 7 * count
    case 'weeks-before':
      return base - 7 * count
    case 'fortnights-after':
      return base + 14 * count
    case 'months-after':
      return dayNumber(addMonths(day, count))
    case 'months-before':
      return dayNumber(addMonths(day, -count))
    case 'years-after':
    case 'jubilee':
      return dayNumber(addMonths(day, 12 * count))
    case 'years-before':
      return dayNumber(addMonths(day, -12 * count))
    case 'workdays-after':
      return addWorkdays(base, count)
    case 'workdays-before':
      return addWorkdays(base, -count)
    case 'weekday-after':
      return base + ((n.w! - weekdayOf(base) + 6) % 7) + 1 + 7 * (count - 1)
    case 'weekday-before':
      return base - (((weekdayOf(base) - n.w! + 6) % 7) + 1)
    case 'month-last':
      return dayNumber({ ...day, d: monthLength(day.y, day.m) })
    case 'next-month-first':
      return dayNumber({ ...addMonths({ ...day, d: 1 }, 1), d: 1 })
    case 'hours-after':
      return base + Math.floor((12 + count) / 24)
    case 'days-between':
      return base + count + 1
    case 'tablets':
      return base + count - 1
    case 'meetings':
      return base + (count - 1) * n.k! * 7
    case 'later-of':
      return Math.max(base, other)
    case 'earlier-of':
      return Math.min(base, other)
  }
}

/** The days of all events, in whatever order the facts stand; events that hang on nothing or on themselves are missing. */
export function daysOf(facts: readonly Fact[]): Map<string, number> {
  const days = new Map<string, number>()
  const byEvent = new Map(facts.map(fact => [fact.event, fact]))
  const open = new Set<string>()
  const find = (event: string): number | undefined => {
    const known = days.get(event)
    const fact = byEvent.get(event)
    if (known !== undefined || fact === undefined || open.has(event)) return known
    open.add(event)
    const of = fact.of.map(find)
    if (of.every(value => value !== undefined)) days.set(event, dayFrom(fact.kind, fact.n, of as number[]))
    return days.get(event)
  }
  for (const { event } of facts) find(event)
  return days
}
