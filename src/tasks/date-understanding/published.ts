import { addMonths, type Day, dayNumber, dayOf, monthLength, monthOf, weekdayOf } from '../_shared/calendar.ts'
import type { Asked } from './words.ts'

const named = '[A-Z][a-z]{2,8}\\.? [0-9]{1,2}(?:st|nd|rd|th)?, [0-9]{4}'
const slashed = '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}'
/** A date as the published questions write it. */
const D = `(${named}|${slashed})`

/** The day number of such a date. */
function day(text: string): number {
  const numbers = /^(\d+)\/(\d+)\/(\d+)$/.exec(text)
  if (numbers) return dayNumber({ y: Number(numbers[3]), m: Number(numbers[1]), d: Number(numbers[2]) })
  const [, month, d, y] = /^([A-Za-z]+\.?) (\d+)\D*(\d{4})$/.exec(text)!
  return dayNumber({ y: Number(y), m: monthOf(month!), d: Number(d) })
}

const first = (y: number, m = 1, d = 1) => dayNumber({ y, m, d })
const lastOf = (y: number, m: number) => first(y, m, monthLength(y, m))
const years = (from: number, n: number) => dayNumber(addMonths(dayOf(from), 12 * n))
const firstWeekday = (y: number, m: number, w: number) => first(y, m) + ((w - weekdayOf(first(y, m)) + 7) % 7)
const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const ordinals = [
  'zeroth',
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
]
const count = (text: string) => (/^\d+$/.test(text) ? Number(text) : words.indexOf(text))
const jubilee: Readonly<Record<string, number>> = { silver: 25, golden: 50, diamond: 60 }

/** The day that reads MMDDYYYY the same in both directions. */
function palindrome(y: number): number {
  const reversed = [...String(y)].reverse().join('')
  return first(y, Number(reversed.slice(0, 2)), Number(reversed.slice(2)))
}

type Rule = readonly [pattern: RegExp, today: (...groups: string[]) => number]

/** What the published contexts say about today. The first rule that fits counts. */
const rules: readonly Rule[] = [
  [/^(\d{4}) is coming in (\d+) hours\./, (y, h) => Math.floor((first(Number(y)) * 24 - Number(h)) / 24)],
  [
    /day before the month .*today is (\d+)\/(\d+)\/(\d{4}) to them/,
    (d, m, y) => first(Number(y), Number(m), Number(d)),
  ],
  // The fourth Thursday of November.
  [/Today is the US Thanksgiving of (\d{4})/, y => firstWeekday(Number(y), 11, 3) + 21],
  [new RegExp(`^It is ${D} today`), day],
  [new RegExp(`^It was ${D} a week ago`), text => day(text) + 7],
  [
    new RegExp(`married on ${D}\\. It is their (\\d+)-year anniversary today`),
    (text, n) => years(day(text), Number(n)),
  ],
  [
    new RegExp(`married on ${D}\\. Today is their (silver|golden|diamond) wedding anniversary`),
    (text, name) => years(day(text), jubilee[name]!),
  ],
  [new RegExp(`(?:tomorrow, |tomorrow \\([A-Z][a-z]{2}, |Tomorrow is )${D}`), text => day(text) - 1],
  [
    /got her job in (\d{4})\. Today is her (\d+)-year work anniversary\. .* on ([A-Z][a-z]+) (\d+), her second day/,
    (y, n, month, d) => years(first(Number(y), monthOf(month), Number(d)) - 1, Number(n)),
  ],
  [/the last day of the first quarter of (\d{4})/, y => lastOf(Number(y), 3)],
  [
    /born on the last day of ([A-Z][a-z]+) in (\d{4})\. Today is her (\d+)-year-old birthday/,
    (month, y, n) => years(lastOf(Number(y), monthOf(month.slice(0, 3))), Number(n)),
  ],
  [/the last day of ([A-Z][a-z]{2}) (\d{4})/, (month, y) => lastOf(Number(y), monthOf(month))],
  [new RegExp(`job on ${D}\\. (\\d+) days have passed`), (text, n) => day(text) + Number(n)],
  [
    new RegExp(`Jane thinks today is ${D}, but John thinks today is ${D}\\. (Jane|John) is correct`),
    (jane, john, who) => day(who === 'Jane' ? jane : john),
  ],
  [new RegExp(`thought today is ${D}, .* which is (\\d+) days? later`), (text, n) => day(text) + Number(n)],
  [
    /on the (\d+)th of each month starting from the ([A-Z][a-z]+) of (\d{4})\. It is her (\d+)th visit/,
    (d, month, y, n) => dayNumber(addMonths({ y: Number(y), m: monthOf(month), d: Number(d) }, Number(n) - 1)),
  ],
  [
    new RegExp(`^${D} is like yesterday to Jane, but that is actually (\\w+) years ago`),
    (text, n) => years(day(text), count(n)),
  ],
  // The labels take the first egg to be eaten on the day after the purchase.
  [new RegExp(`^On ${D} Jane bought (\\d+) eggs\\. She ate one per day`), (text, n) => day(text) + Number(n)],
  [new RegExp(`scheduled to be on ${D}, but was delayed by (\\w+) days? to today`), (text, n) => day(text) + count(n)],
  [new RegExp(`^The day before yesterday was ${D}`), text => day(text) + 2],
  [new RegExp(`^The deadline is ${D}, which is (\\d+) days away from now`), (text, n) => day(text) - Number(n)],
  [/today is the first Monday of (\d{4})/, y => firstWeekday(Number(y), 1, 0)],
  [/^This is the last day of (\d{4})/, y => lastOf(Number(y), 12)],
  [/^Today is (\d+)\/(\d+)[,.] .*?(\d{4})/, (m, d, y) => first(Number(y), Number(m), Number(d))],
  [/^Today is Christmas Eve of (\d{4})/, y => first(Number(y), 12, 24)],
  [/^Today is the first day of (\d{4})/, y => first(Number(y))],
  [/^Today is the palindrome day of (\d{4}), because the MMDDYYYY format/, y => palindrome(Number(y))],
  [
    /^Today is the (\w+) day of the (\w+) month of (\d{4})/,
    (d, m, y) => first(Number(y), ordinals.indexOf(m), ordinals.indexOf(d)),
  ],
  [new RegExp(`^Yesterday(?: was|,) ${D}`), text => day(text) + 1],
  [new RegExp(`(?:^Today is |^Today, |current local time is [0-9:]+ [ap]m of )${D}`), day],
]

const questions: Readonly<Record<string, Omit<Asked, 'said'>>> = {
  today: { kind: 'same', n: {} },
  tomorrow: { kind: 'next-day', n: {} },
  '24 hours later': { kind: 'next-day', n: {} },
  yesterday: { kind: 'previous-day', n: {} },
  'one week from today': { kind: 'weeks-after', n: { n: 1 } },
  'one week ago from today': { kind: 'weeks-before', n: { n: 1 } },
  '10 days ago': { kind: 'days-before', n: { n: 10 } },
  'a month ago': { kind: 'months-before', n: { n: 1 } },
  'one year ago from today': { kind: 'years-before', n: { n: 1 } },
}

/** Today and what is asked, recomputed from a published question's text; null when a sentence is unknown. */
export function publishedStory(question: string): { readonly today: Day; readonly asked: Asked } | null {
  const found = /^([\s\S]*?)\s*What is the date ([a-z0-9 ]+) in MM\/DD\/YYYY\?/.exec(question)
  const asked = found ? questions[found[2]!] : undefined
  if (!found || !asked) return null
  for (const [pattern, today] of rules) {
    const groups = pattern.exec(found[1]!)
    if (!groups) continue
    const number = today(...groups.slice(1))
    return Number.isInteger(number) ? { today: dayOf(number), asked: { ...asked, said: 0 } } : null
  }
  return null
}
