/** A date of the proleptic Gregorian calendar; months and days count from 1. */
export interface Day {
  readonly y: number
  readonly m: number
  readonly d: number
}

export const monthNames: readonly string[] =
  'January February March April May June July August September October November December'.split(' ')
/** Monday is 0. */
export const weekdayNames: readonly string[] = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')

export const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export const monthLength = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

/** Days since 1970-01-01: years are taken from March on, so that the leap day comes last. */
export function dayNumber({ y, m, d }: Day): number {
  const year = m <= 2 ? y - 1 : y
  const era = Math.floor(year / 400)
  const ofEra = year - era * 400
  const ofYear = Math.floor((153 * ((m + 9) % 12) + 2) / 5) + d - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** The date of a day number; the inverse of `dayNumber`. */
export function dayOf(number: number): Day {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const month = Math.floor((5 * ofYear + 2) / 153)
  const m = month < 10 ? month + 3 : month - 9
  return { y: year + era * 400 + (m <= 2 ? 1 : 0), m, d: ofYear - Math.floor((153 * month + 2) / 5) + 1 }
}

/** Monday is 0. */
export const weekdayOf = (number: number): number => (((number + 3) % 7) + 7) % 7

/** Months on (or back): the day of the month stays, but for months too short, whose last day is taken. */
export function addMonths({ y, m, d }: Day, months: number): Day {
  const count = y * 12 + m - 1 + months
  const [year, month] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1]
  return { y: year, m: month, d: Math.min(d, monthLength(year, month)) }
}

/** Days from Monday to Friday on (or back); the day that one counts from is not counted. */
export function addWorkdays(number: number, count: number): number {
  const step = Math.sign(count)
  let day = number
  for (let left = Math.abs(count); left > 0; ) {
    day += step
    if (weekdayOf(day) < 5) left--
  }
  return day
}

const pad = (n: number, width: number) => String(n).padStart(width, '0')

/** `MM/DD/YYYY`. */
export const american = ({ y, m, d }: Day): string => `${pad(m, 2)}/${pad(d, 2)}/${pad(y, 4)}`

const valid = (y: number, m: number, d: number): Day | null =>
  m >= 1 && m <= 12 && d >= 1 && d <= monthLength(y, m) ? { y, m, d } : null

/** The month of a name or of its first three or more letters (`Sept.`); 0 for none. */
export const monthOf = (name: string): number => {
  const start = name.toLowerCase().replace(/\.$/, '')
  return start.length < 3
    ? 0
    : monthNames.findIndex(month => month.toLowerCase().startsWith(start.replace(/^sept$/, 'sep'))) + 1
}

/**
 * A text that is one date and nothing else: `12/25/1937` (month first, zeros may be missing), `1937-12-25`,
 * `Dec 25, 1937`, `25 December 1937`; null for anything else and for days that do not exist.
 */
export function parseDay(text: string): Day | null {
  const trimmed = text.trim()
  const slashed = /^([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})$/.exec(trimmed)
  if (slashed) return valid(Number(slashed[3]), Number(slashed[1]), Number(slashed[2]))
  const iso = /^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})$/.exec(trimmed)
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const named = /^([A-Za-z]{3,9}\.?)\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})$/.exec(trimmed)
  if (named) return valid(Number(named[3]), monthOf(named[1]!), Number(named[2]))
  const british = /^([0-9]{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3,9}\.?),?\s+([0-9]{4})$/.exec(trimmed)
  return british ? valid(Number(british[3]), monthOf(british[2]!), Number(british[1])) : null
}
