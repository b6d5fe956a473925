import { correct, defineTask, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import type { Parsed } from '../_shared/expression.ts'
import { unbracketed, undressed, unquoted } from '../_shared/listed.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { drawPuzzle, type Habit, type Recipe, type Rule, runsOf, score } from './runs.ts'

/** Add up the points of all runs of equal letters in a string. */
interface StatisticalCounting {
  readonly text: string
  readonly rules: readonly Rule[]
}

const ladder: readonly Recipe[] = [
  { length: [10, 12], letters: 3, least: 2, mixed: false },
  { length: [20, 25], letters: 5, least: 2, mixed: false },
  { length: [45, 65], letters: 6, least: 2, mixed: false },
  { length: [100, 120], letters: 6, least: 3, mixed: true },
  { length: [250, 300], letters: 7, least: 4, mixed: true },
  { length: [700, 800], letters: 8, least: 4, mixed: true },
  { length: [2_000, 2_200], letters: 10, least: 5, mixed: true },
  { length: [6_000, 6_500], letters: 12, least: 5, mixed: true },
]

const largest = { length: 20_000, points: 1_000_000 }

const ruleLine = ({ letter, points, least, each }: Rule) =>
  each
    ? `${letter}: every run of at least ${least} letters gives ${points} points for each of its letters`
    : `${letter}: every run of at least ${least} letters gives ${points} points in all, however long it is`

function ask({ text, rules }: StatisticalCounting): string {
  return [
    'A run is a part of a string that consists of one letter only and cannot be made longer: what stands right before and right after it, if anything, is another letter. A letter without an equal neighbour is a run of length 1.',
    `String: ${text}`,
    'Points:',
    ...rules.map(ruleLine),
    'Each run of the string that is long enough gives its points, also when there were runs of the same letter before; runs that are too short give nothing. The total is the sum of the points of all runs, starting from 0.',
    answerFormat('Give the total as one whole number, with a leading minus sign if it is negative.', '-70000001'),
  ].join('\n')
}

function checked(text: string, rules: readonly Rule[]): StatisticalCounting | null {
  const sound = rules.every(
    ({ letter, points, least }) =>
      /^[A-Z]$/.test(letter) &&
      Number.isSafeInteger(points) &&
      Math.abs(points) <= largest.points &&
      Number.isSafeInteger(least) &&
      least >= 1,
  )
  const different = new Set(rules.map(({ letter }) => letter)).size === rules.length
  const short = text.length <= largest.length && /^[A-Z]+$/.test(text)
  return sound && different && short && rules.length > 0 ? { text, rules } : null
}

const read = readBack(ask, prompt => {
  const text = /^String: ([A-Z]{1,20000})$/m.exec(prompt)?.[1]
  if (text === undefined) return null
  const lines = prompt.matchAll(
    /^([A-Z]): every run of at least (\d{1,4}) letters gives (-?\d{1,7}) points (for each of its letters|in all, however long it is)$/gm,
  )
  return checked(
    text,
    [...lines].map(([, letter, least, points, how]) => ({
      letter: letter!,
      points: Number(points),
      least: Number(least),
      each: how!.startsWith('for'),
    })),
  )
})

const lead =
  /^(?:the\s{1,3})?(?:(?:final|total)\s{1,3}){0,2}(?:score|total|sum|points?|number)(?:\s{1,3}of the string)?\s{0,3}(?:is\s{0,3}:?|[:=])\s*/i

/** The one whole number of an answer: `28`, `+28`, `(28)`, `"28"`, `28.0`, `1,234`, `total: 28 points`, `3+25 = 28`. */
function readTotal(answer: string): Parsed<bigint> {
  const dressed = undressed(answer, 2_000)
  if (dressed === null) return { ok: false, why: 'far longer than one whole number' }
  const bare = dressed.replace(lead, '').replace(/^[-+0-9\s()*×]*=/, '')
  const inner = unbracketed(unquoted(bare.trim()))
  if (inner === null) return { ok: false, why: `a bracket in ${quote(dressed)} has no partner` }
  const text = unquoted(inner)
    .replace(/^[−–]/, '-')
    .replace(/\s{1,3}points?$/i, '')
  const plain = /^[+-]?[0-9]{1,3}(?:,[0-9]{3}){1,5}$/.test(text) ? text.replace(/,/g, '') : text
  const found = /^([+-]?)\s?([0-9]{1,40})(?:\.0{1,20})?$/.exec(plain)
  if (!found) return { ok: false, why: `${quote(dressed)} is not one whole number` }
  const size = BigInt(found[2]!)
  return { ok: true, value: found[1] === '-' ? -size : size }
}

function verify({ text, rules }: StatisticalCounting, answer: string): Verdict {
  const given = readTotal(answer)
  if (!given.ok) return malformed(given.why)
  const total = score(text, rules)
  if (given.value === BigInt(total)) return correct
  const is = (habit: Habit) => given.value === BigInt(score(text, rules, habit))
  if (is('once-per-letter')) return incorrect('counts each letter once; every run gives its points')
  if (is('last-missed')) return incorrect('leaves out the run at the end')
  return incorrect(
    `the total is ${given.value < BigInt(total) ? 'larger' : 'smaller'} than ${quote(String(given.value))}`,
  )
}

function misses({ text, rules }: StatisticalCounting, rng: Rng): string[] {
  const total = score(text, rules)
  const long = runsOf(text).filter(({ letter, length }) =>
    rules.some(rule => rule.letter === letter && length >= rule.least),
  )
  const habits: readonly Habit[] = [
    'once-per-letter',
    'per-pair',
    'last-missed',
    'per-letter',
    'any-length',
    'at-least-two',
  ]
  const points = rules.map(rule => rule.points)
  return [
    ...habits.map(habit => score(text, rules, habit)),
    long.length,
    total + rng.pick(points),
    total - rng.pick(points),
    score(
      text,
      rules.map(rule => ({ ...rule, points: Math.abs(rule.points) })),
    ),
    score(
      text,
      rules.map((rule, i) => ({ ...rule, points: i + 1 })),
    ),
    total + 1,
    total - 1,
    total + rng.int(2, 9),
    -total,
    total * 10,
    score(text.slice(1), rules) + 11,
  ].map(String)
}

/** Letters renamed in the order in which they first stand in the string; rules of letters that do not occur last. */
function identity({ text, rules }: StatisticalCounting): unknown {
  const names = new Map<string, number>()
  for (const letter of text) if (!names.has(letter)) names.set(letter, names.size)
  const runs = runsOf(text).map(({ letter, length }) => `${names.get(letter)}x${length}`)
  const used = rules.filter(({ letter }) => names.has(letter))
  return [
    runs.join(' '),
    used.map(({ letter, points, least, each }) => `${names.get(letter)} ${points} ${least} ${each}`).sort(),
  ]
}

export default defineTask<StatisticalCounting>({
  slug: 'statistical-counting',
  title: 'Statistical Counting',
  split: 'seen',
  version: 1,
  about: 'Add up the points of all runs of equal letters in a string.',
  // The first level repeats now and then (once in a thousand free draws): it is drawn apart.
  levels: ladder.map(({ length, letters, least, mixed }) => ({
    ...(letters === 3 ? { instances: 500_000 } : {}),
    knob: `${length[0]} to ${length[1]} letters of ${letters} kinds, runs from ${least === 2 ? '2' : `2 to ${least}`}${mixed ? ', also negative points and points per letter' : ''}`,
  })),
  generate: (rng, level) => drawPuzzle(rng, ladder[level - 1]!),
  ask,
  read,
  verify,
  solve: ({ text, rules }) => String(score(text, rules)),
  pythonData: ({ text, rules }) => ({
    TEXT: text,
    RULES: rules.map(({ letter, points, least, each }) => [letter, points, least, each]),
  }),
  nearMisses: (puzzle, rng) => onlyWrong(text => verify(puzzle, text), misses(puzzle, rng)),
  identity,
  effort: ({ text }) => text.length,
  show({ text, rules }) {
    const worth = new Map(rules.map(rule => [rule.letter, rule]))
    const runs = runsOf(text).map(({ letter, length }) => {
      const counts = length >= (worth.get(letter)?.least ?? length + 1)
      return letter.repeat(length)[counts ? 'toUpperCase' : 'toLowerCase']()
    })
    return [...(runs.join(' ').match(/.{1,80}(?: |$)/g) ?? []), ...rules.map(ruleLine)].join('\n')
  },
  fromPublished(sample) {
    const { sequence, rules } = (sample.solution ?? {}) as Record<string, unknown>
    if (typeof sequence !== 'string' || !Array.isArray(rules)) return null
    return checked(
      sequence,
      rules.map((rule: Record<string, unknown>) => ({
        letter: String(rule?.letter),
        points: Number(rule?.score),
        least: Number(rule?.min_consecutive ?? 2),
        each: false,
      })),
    )
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly solution?: unknown } | null)?.solution
    return typeof key === 'number' ? String(key) : null
  },
})
