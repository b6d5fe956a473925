import { correct, defineTask, incorrect, malformed } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { answerFormat, quote, readBack } from '../_shared/answers.ts'
import { onlyWrong } from '../_shared/misses.ts'
import { undressed } from '../_shared/undressed.ts'
import { digits, type Feedback, feedbackTo, fittingCodes, letters, type Side, sameFeedback } from './feedback.ts'
import { type Attempts, type Rung, randomAttempts } from './generator.ts'
import { publishedAttempts } from './published.ts'

/** Find the one code that explains the feedback to all attempts. */
type Cryptanalysis = Attempts

const ladder: readonly Rung[] = [
  { digits: 2, letters: 2, clever: 0.3, minimal: true },
  { digits: 2, letters: 2, clever: 0, weak: true, minimal: true },
  { digits: 3, letters: 3, clever: 0.2, minimal: true },
  { digits: 4, letters: 3, clever: 0.3, minimal: true },
  { digits: 4, letters: 4, clever: 0.3 },
  { digits: 5, letters: 4, clever: 0.4 },
  { digits: 5, letters: 5, clever: 0.5 },
  { digits: 6, letters: 6, clever: 0.5 },
]

const single: Record<Side, string> = { below: 'below all', above: 'above all', between: 'in between', none: '' }
const several: Record<Side, string> = {
  below: 'each below all',
  above: 'each above all',
  between: '',
  none: 'no common side',
}

/** `1 in place, 1 wrong (below all)`. */
function feedbackText({ placed, misplaced, side }: Feedback, size: number): string {
  const wrong = size - placed - misplaced
  return [
    ...(placed > 0 ? [`${placed} in place`] : []),
    ...(misplaced > 0 ? [`${misplaced} misplaced`] : []),
    ...(wrong > 0 ? [`${wrong} wrong (${(wrong === 1 ? single : several)[side]})`] : []),
  ].join(', ')
}

function feedbackOf(text: string): Feedback | null {
  const found = /^(?:([0-9]) in place)?(?:, )?(?:([0-9]) misplaced)?(?:, )?(?:([0-9]) wrong \(([a-z ]+)\))?$/.exec(text)
  if (!found) return null
  const side = (Object.keys(single) as Side[]).find(
    s => found[4] !== undefined && [single[s], several[s]].includes(found[4]),
  )
  return { placed: Number(found[1] ?? 0), misplaced: Number(found[2] ?? 0), side: side ?? 'none' }
}

const count = (n: number, noun: string) => `${['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'][n]} ${noun}`

/** A code of another shape, so that it can never be the answer. */
const exampleOf = (p: Cryptanalysis) =>
  JSON.stringify([...'4093715'.slice(0, p.digits + 1), ...'KCXPE'.slice(0, p.letters - 1)]).replaceAll(',', ', ')

function ask(puzzle: Cryptanalysis): string {
  const { digits: k, letters: m, guesses } = puzzle
  return [
    `A lock opens with a code of ${count(k, 'digits')} (0 to 9, all different) followed by ${count(m, 'letters')} (A to Z, all different). These attempts failed; each got feedback, separately for its digits and for its letters:`,
    ...guesses.map(
      (g, i) => `${i + 1}. ${g.guess} | digits: ${feedbackText(g.digits, k)} | letters: ${feedbackText(g.letters, m)}`,
    ),
    'Digits are compared with the digits of the code only, letters with its letters only; 0 is the smallest digit, A the lowest letter.',
    '"in place": that many characters of the attempt stand in the code at the same position. "misplaced": that many stand in the code, but at another position. "wrong": that many do not stand in the code at all. What is not mentioned is zero.',
    'If one is wrong, the parentheses compare it with all digits (or all letters) of the code: "below all" means lower than every one of them, "above all" higher than every one of them, "in between" neither. If several are wrong, "each below all" means that every wrong one is below all, "each above all" that every wrong one is above all, and "no common side" that neither of the two holds.',
    'The feedback is always complete and exact. Exactly one code explains it all. Which?',
    answerFormat(
      'Write the characters of the code in order as a JSON list of one-character strings.',
      exampleOf(puzzle),
    ),
  ].join('\n')
}

function parse(prompt: string): Cryptanalysis | null {
  const start = prompt.indexOf('A lock opens with a code of ')
  if (start < 0) return null
  const guesses: Attempts['guesses'][number][] = []
  const text = prompt.slice(start, start + 20_000)
  for (const [, guess, d, l] of text.matchAll(
    /^[0-9]{1,2}\. ([0-9]{1,9}[A-Z]{1,9}) \| digits: ([^|\n]{1,80}) \| letters: ([^|\n]{1,80})$/gm,
  )) {
    const [ofDigits, ofLetters] = [feedbackOf(d!), feedbackOf(l!)]
    if (!ofDigits || !ofLetters) return null
    guesses.push({ guess: guess!, digits: ofDigits, letters: ofLetters })
  }
  const size = guesses[0]?.guess.search(/[A-Z]/)
  return size === undefined ? null : { digits: size, letters: guesses[0]!.guess.length - size, guesses }
}

/** The code that explains everything; throws for a puzzle with several or none. */
function codeOf({ digits: k, letters: m, guesses }: Cryptanalysis): string {
  const half = (alphabet: string, size: number, hints: { guess: string; feedback: Feedback }[]) => {
    const found = fittingCodes(alphabet, size, hints, 2)
    if (found.length !== 1)
      throw new Error(`cryptanalysis: ${found.length === 0 ? 'no code fits' : 'several codes fit'}`)
    return found[0]!
  }
  return (
    half(
      digits,
      k,
      guesses.map(g => ({ guess: g.guess.slice(0, k), feedback: g.digits })),
    ) +
    half(
      letters,
      m,
      guesses.map(g => ({ guess: g.guess.slice(k), feedback: g.letters })),
    )
  )
}

const asList = (code: string) => JSON.stringify([...code]).replaceAll(',', ', ')

/** The characters of a code however they are listed: one token with all of them or one token for each. */
function readCode(answer: string, length: number): { readonly code: string } | { readonly why: string } {
  const text = undressed(answer, 500)?.replace(/^(?:the\s+)?(?:code|password|combination)\s*(?:is|:|=)?\s*/i, '')
  if (text === undefined) return { why: 'far longer than a code' }
  const tokens = text
    .replace(/[[\](){}"'`“”‘’,;|-]/g, ' ')
    .trim()
    .split(/\s+/)
  const whole = tokens.length === 1 && tokens[0]!.length === length
  const single = tokens.length === length && tokens.every(token => token.length === 1)
  if (!whole && !single) return { why: `${quote(text)} is not a code of ${length} characters` }
  return { code: tokens.join('').toUpperCase() }
}

export default defineTask<Cryptanalysis>({
  slug: 'cryptanalysis',
  title: 'Cryptanalysis',
  split: 'unseen',
  version: 1,
  about: 'Find the lock code of digits and letters that explains the feedback to all attempts.',
  levels: ladder.map(({ digits: k, letters: m, weak, minimal }) => ({
    knob: `${k} digits and ${m} letters${weak ? ', attempts that hit little' : ''}${minimal ? ', no attempt to spare' : ''}`,
  })),
  generate: (rng, level) => randomAttempts(rng, ladder[level - 1]!),
  ask,
  read: readBack(ask, parse),
  verify(puzzle, answer) {
    const { digits: k, letters: m } = puzzle
    const given = readCode(answer, k + m)
    if ('why' in given) return malformed(given.why)
    const [front, back] = [given.code.slice(0, k), given.code.slice(k)]
    if (!/^[0-9]+$/.test(front) || !/^[A-Z]+$/.test(back)) {
      return incorrect(`${quote(given.code)} is not ${k} digits followed by ${m} letters`)
    }
    if (new Set(given.code).size < k + m) return incorrect('a character occurs twice')
    const at = puzzle.guesses.findIndex(
      ({ guess, digits: d, letters: l }) =>
        !sameFeedback(feedbackTo(guess.slice(0, k), front), d) || !sameFeedback(feedbackTo(guess.slice(k), back), l),
    )
    // The code is unique, so that fitting everything is being it.
    return at < 0 ? correct : incorrect(`attempt ${at + 1} would have got other feedback`)
  },
  solve: puzzle => asList(codeOf(puzzle)),
  pythonData: ({ digits: k, letters: m, guesses }) => ({
    DIGITS: k,
    LETTERS: m,
    GUESSES: guesses.map(({ guess, digits: d, letters: l }) => ({ guess, digits: { ...d }, letters: { ...l } })),
  }),
  nearMisses(puzzle, rng) {
    const code = codeOf(puzzle)
    const k = puzzle.digits
    const swapped = (i: number, j: number) => {
      const chars = [...code]
      ;[chars[i], chars[j]] = [chars[j]!, chars[i]!]
      return chars.join('')
    }
    const changed = Array.from({ length: 6 }, () => changedAt(rng, code, k))
    const codes = [
      swapped(0, 1),
      swapped(k, k + 1),
      ...changed,
      puzzle.guesses.at(-1)!.guess,
      code.slice(k) + code.slice(0, k),
    ]
    return onlyWrong(
      text => this.verify(puzzle, text),
      [...codes.map(asList), code.slice(0, -1), `${code} or ${changed[0]}`, `${code}${code.at(-1)}`],
    )
  },
  identity: ({ digits: k, letters: m, guesses }) => [
    k,
    m,
    guesses.map(g => [g.guess, feedbackText(g.digits, k), feedbackText(g.letters, m)].join('/')).sort(),
  ],
  /** The bits of the code, and a little for each attempt to be compared. */
  effort: ({ digits: k, letters: m, guesses }) =>
    Math.log2(arrangementCount(10, k) * arrangementCount(26, m)) + guesses.length / 10,
  show: ({ digits: k, letters: m, guesses }) =>
    guesses.map(g => `${g.guess}  ${feedbackText(g.digits, k).padEnd(40)}  ${feedbackText(g.letters, m)}`).join('\n'),
  fromPublished: sample => (typeof sample.question === 'string' ? publishedAttempts(sample.question) : null),
  countSolutions({ digits: k, letters: m, guesses }, limit) {
    const front = guesses.map(g => ({ guess: g.guess.slice(0, k), feedback: g.digits }))
    const back = guesses.map(g => ({ guess: g.guess.slice(k), feedback: g.letters }))
    // The halves do not touch each other: every fitting front goes with every fitting back.
    const fronts = fittingCodes(digits, k, front, limit).length
    return Math.min(limit, fronts === 0 ? 0 : fronts * fittingCodes(letters, m, back, limit).length)
  },
  publishedKey(sample) {
    const key = (sample.solution as { readonly answer?: unknown } | null)?.answer
    return Array.isArray(key) ? key.join('') : null
  },
})

/** The code with one character replaced by another of its kind. */
function changedAt(rng: Rng, code: string, k: number): string {
  const at = rng.int(0, code.length - 1)
  const free = [...(at < k ? digits : letters)].filter(char => !code.includes(char))
  return code.slice(0, at) + rng.pick(free) + code.slice(at + 1)
}

function arrangementCount(n: number, k: number): number {
  let product = 1
  for (let i = 0; i < k; i++) product *= n - i
  return product
}
