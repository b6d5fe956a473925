import type { Rng } from '../../util/rng.ts'

/** What the runs of one letter are worth. */
export interface Rule {
  readonly letter: string
  readonly points: number
  /** Shorter runs are worth nothing. */
  readonly least: number
  /** Whether the points are given for every letter of the run, else once for the run. */
  readonly each: boolean
}

export interface Run {
  readonly letter: string
  readonly length: number
}

/** The maximal runs of equal letters. */
export const runsOf = (text: string): Run[] =>
  (text.match(/(.)\1*/gs) ?? []).map(run => ({ letter: run[0]!, length: run.length }))

/** Misreadings: points once per letter of the alphabet, for each neighbouring pair, a scan that forgets the last run, … */
export type Habit = 'once-per-letter' | 'per-pair' | 'per-letter' | 'last-missed' | 'any-length' | 'at-least-two'

/** The sum of the points of all runs. */
export function score(text: string, rules: readonly Rule[], habit?: Habit): number {
  const byLetter = new Map(rules.map(rule => [rule.letter, rule]))
  const paid = new Set<string>()
  const runs = runsOf(text)
  let total = 0
  for (const { letter, length } of habit === 'last-missed' ? runs.slice(0, -1) : runs) {
    const rule = byLetter.get(letter)
    if (rule === undefined) continue
    const least = habit === 'any-length' ? 1 : habit === 'at-least-two' ? 2 : rule.least
    if (length < least) continue
    if (habit === 'once-per-letter' && paid.has(letter)) continue
    paid.add(letter)
    const each = habit === 'per-letter' || (rule.each && habit !== 'per-pair')
    total += rule.points * (each ? length : habit === 'per-pair' ? length - rule.least + 1 : 1)
  }
  return total
}

/** How a level's strings and rules are made; ranges with both ends included. */
export interface Recipe {
  readonly length: readonly [number, number]
  readonly letters: number
  /** Longest least length of a run; it is at least 2. */
  readonly least: number
  /** Whether points may be negative or given for each letter. */
  readonly mixed: boolean
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

function drawRules(rng: Rng, { letters, least, mixed }: Recipe): Rule[] {
  const points = rng.sample([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], letters)
  return points.map((size, i) => ({
    letter: alphabet[i]!,
    points: mixed && rng.chance(0.3) ? -size : size,
    least: rng.int(2, least),
    each: mixed && rng.chance(0.4),
  }))
}

/** Runs of all lengths, single letters too, so that a run may stand at either end. */
function drawText(rng: Rng, { length, letters, least }: Recipe): string {
  const size = rng.int(length[0], length[1])
  let [text, before] = ['', -1]
  while (text.length < size) {
    const letter = before < 0 ? rng.int(0, letters - 1) : (before + rng.int(1, letters - 1)) % letters
    const run = rng.chance(0.4) ? 1 : rng.int(2, least + 2)
    text += alphabet[letter]!.repeat(Math.min(run, size - text.length))
    before = letter
  }
  return text
}

/** A string with rules whose total is neither 0 nor what counting each letter once, or each pair, would give. */
export function drawPuzzle(rng: Rng, recipe: Recipe): { text: string; rules: Rule[] } {
  for (;;) {
    const [text, rules] = [drawText(rng, recipe), drawRules(rng, recipe)]
    const total = score(text, rules)
    if (total !== 0 && total !== score(text, rules, 'once-per-letter') && total !== score(text, rules, 'per-pair')) {
      return { text, rules }
    }
  }
}
