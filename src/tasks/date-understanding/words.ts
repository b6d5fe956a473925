import { monthNames, weekdayNames } from '../_shared/calendar.ts'
import { oneOf, ordinalWord, phrase, phraseReader } from '../_shared/phrases.ts'
import { type Fact, type FactKind, holidays, type RelativeKind } from './facts.ts'

/** What may happen on a day; `today` is the one that every question hangs on. */
export const events: readonly string[] = (
  'concert rehearsal picnic wedding exam lecture auction festival parade harvest election premiere match marathon regatta ' +
  'interview inspection delivery deadline meeting conference excursion reunion graduation exhibition debate tournament ' +
  'workshop audition farewell housewarming banquet carnival hearing recital launch landing departure arrival checkup ' +
  'repair renovation closing opening payday vaccination christening retreat expedition broadcast raffle bazaar ' +
  'fundraiser seminar screening masquerade sailing pilgrimage census audit handover'
)
  .split(' ')
  .map(noun => `the ${noun}`)

const suffix = (n: number) =>
  n % 100 >= 11 && n % 100 <= 13 ? 'th' : n % 10 === 1 ? 'st' : n % 10 === 2 ? 'nd' : n % 10 === 3 ? 'rd' : 'th'
const jubilees = new Map([
  [5, 'wooden (5 years)'],
  [10, 'tin (10 years)'],
  [20, 'porcelain (20 years)'],
  [25, 'silver (25 years)'],
  [30, 'pearl (30 years)'],
  [40, 'ruby (40 years)'],
  [50, 'golden (50 years)'],
  [60, 'diamond (60 years)'],
])
export const jubileeYears: readonly number[] = [...jubilees.keys()]

/** How a number stands in a hole: which number it is, its words and their pattern, and the number back. */
interface Codec {
  readonly key: string
  readonly pattern: string
  readonly write: (n: number) => string
  readonly read: (text: string) => number
}

const digits = (key: string, pattern: string, width = 0): Codec => ({
  key,
  pattern,
  write: n => String(n).padStart(width, '0'),
  read: Number,
})
const named = (key: string, names: readonly (readonly [number, string])[]): Codec => ({
  key,
  pattern: oneOf(names.map(([, name]) => name)),
  write: n => names.find(([value]) => value === n)![1],
  read: text => names.find(([, name]) => name === text)![0],
})
const ordinals = [1, 2, 3, 4, 5].map(n => [n, ordinalWord(n)] as const)

const codecs: Readonly<Record<string, Codec>> = {
  y: digits('y', '[0-9]{4}'),
  month: named(
    'm',
    monthNames.map((name, i) => [i + 1, name] as const),
  ),
  mm: digits('m', '[0-9]{2}', 2),
  d: digits('d', '[0-9]{1,2}'),
  dd: digits('d', '[0-9]{2}', 2),
  dth: {
    key: 'd',
    pattern: '[0-9]{1,2}(?:st|nd|rd|th)',
    write: n => `${n}${suffix(n)}`,
    read: text => Number.parseInt(text, 10),
  },
  n: digits('n', '[0-9]{1,4}'),
  nth: {
    key: 'n',
    pattern: '[0-9]{1,4}(?:st|nd|rd|th)',
    write: n => `${n}${suffix(n)}`,
    read: text => Number.parseInt(text, 10),
  },
  k: digits('k', '[0-9]{1,4}'),
  ord: named('n', [...ordinals, [-1, 'last']]),
  weekday: named(
    'w',
    weekdayNames.map((name, i) => [i, name] as const),
  ),
  quarter: named('q', ordinals.slice(0, 4)),
  holiday: named(
    'h',
    holidays.map(([name], i) => [i, name] as const),
  ),
  jubilee: named('n', [...jubilees]),
}

const quarters = ' (the quarters are January to March, April to June, July to September, and October to December).'

/** The paraphrases of each kind of fact; `{e}` is the event, `{f}` and `{g}` those it is told from. */
const templates: Record<Exclude<FactKind, 'same'>, readonly string[]> = {
  date: [
    '{e} has the date {month} {d}, {y}.',
    '{e} falls on {d} {month} {y}.',
    '{e} falls on {mm}/{dd}/{y}, written with the month first.',
    '{e} falls on {dd}.{mm}.{y}, written with the day first.',
    '{e} falls on the {dth} of {month} in the year {y}.',
    '{e} has the date {y}-{mm}-{dd}, written as year, month and day.',
  ],
  'nth-weekday': ['{e} falls on the {ord} {weekday} of {month} {y}.', '{e} is the {ord} {weekday} in {month} of {y}.'],
  'month-end': ['{e} falls on the last day of {month} {y}.', '{e} is the day with which {month} of {y} ends.'],
  'quarter-start': [`{e} falls on the first day of the {quarter} quarter of {y}${quarters}`],
  'quarter-end': [`{e} falls on the last day of the {quarter} quarter of {y}${quarters}`],
  'day-of-year': [
    '{e} is day number {k} of the year {y}, where January 1 is day number 1.',
    'counting the days of {y} from January 1 as number 1, {e} is number {k}.',
  ],
  holiday: ['{e} falls on {holiday} of {y}.', 'in {y}, on {holiday}, {e} takes place.'],
  'leap-day': ['{e} falls on the leap day of {y}.', '{e} falls on the 29th of February {y}.'],
  'before-year-end': ['{e} falls exactly {k} days before December 31 of {y}.'],
  'next-day': ['{e} is the day after {f}.', '{e} falls on the day that follows {f}.', '{f} is the eve of {e}.'],
  'previous-day': ['{e} is the day before {f}.', '{e} is the eve of {f}, no more than a day ahead.'],
  'days-after': [
    '{e} is {n} days after {f}.',
    '{e} comes {n} days later than {f}.',
    'going {n} days back from {e} one arrives at {f}.',
    '{n} days pass from {f} to {e}.',
  ],
  'days-before': [
    '{e} is {n} days before {f}.',
    '{e} comes {n} days earlier than {f}.',
    'going {n} days on from {e} one arrives at {f}.',
  ],
  'weeks-after': ['{e} is {n} weeks after {f}.', '{e} comes {n} weeks later than {f}.'],
  'weeks-before': ['{e} is {n} weeks before {f}.', '{e} comes {n} weeks earlier than {f}.'],
  'fortnights-after': ['{e} is {n} fortnights of 14 days after {f}.'],
  'months-after': ['{e} is {n} months after {f}.', 'counting {n} months on from {f} gives {e}.'],
  'months-before': ['{e} is {n} months before {f}.', 'counting {n} months back from {f} gives {e}.'],
  'years-after': ['{e} is {n} years after {f}.', 'counting {n} years on from {f} gives {e}.'],
  'years-before': ['{e} is {n} years before {f}.', 'counting {n} years back from {f} gives {e}.'],
  jubilee: ['{e} is on the {jubilee} anniversary of {f}.'],
  'workdays-after': ['{e} is {n} working days after {f}.', 'counting {n} working days on from {f} gives {e}.'],
  'workdays-before': ['{e} is {n} working days before {f}.', 'counting {n} working days back from {f} gives {e}.'],
  'weekday-after': [
    '{e} falls on the {ord} {weekday} after {f}.',
    '{e} falls on the {ord} {weekday} that follows {f}.',
  ],
  'weekday-before': [
    '{e} falls on the last {weekday} before {f}.',
    '{e} falls on the {weekday} most recently past at {f}.',
  ],
  'month-last': ['{e} falls on the last day of the month in which {f} falls.'],
  'next-month-first': ['{e} falls on the first day of the month that follows the one in which {f} falls.'],
  'hours-after': ['{n} hours after noon on the day of {f} it is the day of {e}.'],
  'days-between': ['{e} is later than {f}, with exactly {n} days in between that are neither.'],
  tablets: [
    'a box of {n} tablets is opened on the day of {f}, one tablet is taken that day and one on every following day, and {e} is the day of the last tablet.',
    'starting on the day of {f}, one of {n} eggs is eaten each day, and {e} is the day of the last egg.',
  ],
  meetings: [
    'a club meets every {k} weeks, for the first time on the day of {f}, and {e} is the day of its {nth} meeting.',
    'from the day of {f} on, which counts as the first watering, a cactus is watered every {k} weeks, and {e} is the day of the {nth} watering.',
  ],
  'later-of': ['{e} is on the day of {f} or of {g}, whichever is later.'],
  'earlier-of': ['{e} is on the day of {f} or of {g}, whichever is earlier.'],
}

export const paraphrases = (kind: Exclude<FactKind, 'same'>): number => templates[kind].length

function written(n: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(codecs).flatMap(([hole, { key, write }]) => {
      const value = n[key]
      // A hole that the sentence does not have may not know the number (no word for the 20th).
      return value === undefined || !fits(hole, value) ? [] : [[hole, write(value)]]
    }),
  )
}
const fits = (hole: string, value: number) =>
  hole === 'ord' ? value === -1 || (value >= 1 && value <= 5) : hole === 'jubilee' ? jubilees.has(value) : true

export function sentence({ event, kind, of, n, said }: Fact): string {
  if (kind === 'same') throw new TypeError('no fact says that two events are on the same day')
  return phrase(templates[kind][said]!, { e: event, f: of[0] ?? '', g: of[1] ?? '', ...written(n) })
}

/** What is asked about today (`same` for today itself). */
export interface Asked {
  readonly kind: RelativeKind
  readonly n: Readonly<Record<string, number>>
  readonly said: number
}

const questions: Partial<Record<RelativeKind, readonly string[]>> = {
  same: ['what is the date today?', "what is today's date?"],
  'next-day': ['what is the date tomorrow?', "what is tomorrow's date?", 'what is the date 24 hours later?'],
  'previous-day': ['what is the date yesterday?', 'what was the date 24 hours ago?'],
  'days-after': ['what is the date {n} days from today?', 'what will be the date in {n} days?'],
  'days-before': ['what was the date {n} days ago?', 'what is the date {n} days before today?'],
  'weeks-after': ['what is the date {n} weeks from today?', 'what will be the date in {n} weeks?'],
  'weeks-before': ['what was the date {n} weeks ago?', 'what is the date {n} weeks before today?'],
  'months-after': ['what is the date {n} months from today?', 'what will be the date in {n} months?'],
  'months-before': ['what was the date {n} months ago?', 'what is the date {n} months before today?'],
  'years-after': ['what is the date {n} years from today?', 'what will be the date in {n} years?'],
  'years-before': ['what was the date {n} years ago?', 'what is the date {n} years before today?'],
  'workdays-after': ['what is the date {n} working days from today?'],
  'workdays-before': ['what was the date {n} working days ago?'],
  'weekday-after': ['what is the date of the {ord} {weekday} after today?'],
  'weekday-before': ['what was the date of the last {weekday} before today?'],
  'month-last': ['what is the date of the last day of the current month?'],
}
export const askable = Object.keys(questions) as RelativeKind[]
export const questionCount = (kind: RelativeKind): number => questions[kind]!.length

/** Imported questions ask for one week or month; drawn ones never for one of anything. */
export const questionText = ({ kind, n, said }: Asked): string =>
  phrase(questions[kind]![said]!, written(n)).replace(/\b1 (day|week|month|year)s\b/, '1 $1')

const event = oneOf(['today', ...events])
const holes = {
  ...Object.fromEntries(Object.entries(codecs).map(([hole, { pattern }]) => [hole, pattern])),
  e: event,
  f: event,
  g: event,
}
type Readers = readonly (readonly [FactKind, ReturnType<typeof phraseReader>])[]
let factReaders: Readers | undefined
let questionReaders: Readers | undefined

const readersOf = (of: Readonly<Record<string, readonly string[]>>): Readers =>
  Object.entries(of).map(([kind, texts]) => [kind as FactKind, phraseReader(texts, holes)])

function numbers(slots: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(slots).flatMap(([hole, text]) => {
      const codec = codecs[hole]
      return codec ? [[codec.key, codec.read(text)]] : []
    }),
  )
}

/** The fact that a sentence states, or null. */
export function factOf(text: string): Fact | null {
  factReaders ??= readersOf(templates)
  for (const [kind, read] of factReaders) {
    const found = read(text)
    if (!found) continue
    const { e, f, g } = found.slots
    const of = [f, g].filter(other => other !== undefined).map(lowerToday)
    return { event: lowerToday(e!), kind, of, n: numbers(found.slots), said: found.said }
  }
  return null
}

/** At the head of a sentence an event stands with a capital letter. */
const lowerToday = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/** The question that a sentence asks, or null. */
export function askedOf(text: string): Asked | null {
  questionReaders ??= readersOf(questions as Record<string, readonly string[]>)
  for (const [kind, read] of questionReaders) {
    const found = read(text)
    if (found) return { kind: kind as RelativeKind, n: numbers(found.slots), said: found.said }
  }
  return null
}
