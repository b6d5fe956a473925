import type { Feedback, Side } from './feedback.ts'
import type { Attempts } from './generator.ts'

const counts: Readonly<Record<string, number>> = { one: 1, both: 2 }
const sides: Readonly<Record<string, Side>> = {
  'and too small': 'below',
  'and too early in the alphabet': 'below',
  'and too large': 'above',
  'and too late in the alphabet': 'above',
  'and incorrect': 'between',
}

/** The feedback of the phrases about numbers or about letters; null when one is unknown. */
function feedbackOf(phrases: readonly string[], kind: 'number' | 'letter'): Feedback | null {
  let [placed, misplaced, side] = [0, 0, 'none' as Side]
  for (const text of phrases) {
    const found = new RegExp(
      `^(one|both) ${kind}s? (?:is|are) (correct and in the correct positions?|correct but in the wrong positions?|incorrect)(?: (and [a-z ]+))?$`,
    ).exec(text)
    if (!found) return null
    const count = counts[found[1]!]!
    if (found[2]!.startsWith('correct and')) placed += count
    else if (found[2]!.startsWith('correct but')) misplaced += count
    else if (found[3] !== undefined) {
      const named = sides[found[3]]
      if (named === undefined) return null
      side = named
    }
  }
  return { placed, misplaced, side }
}

/** The attempts of a published question: two digits and two letters, feedback in words; null when a line is unknown. */
export function publishedAttempts(question: string): Attempts | null {
  const guesses: Attempts['guesses'][number][] = []
  for (const [, guess, feedback] of question.matchAll(
    /^[0-9]+\. Guess: ([0-9]{2}[A-Z]{2}), Feedback: ([^\n]+?)\.?$/gm,
  )) {
    const phrases = feedback!.split('; ')
    const digits = feedbackOf(
      phrases.filter(text => text.includes(' number')),
      'number',
    )
    const letters = feedbackOf(
      phrases.filter(text => !text.includes(' number')),
      'letter',
    )
    if (!digits || !letters) return null
    guesses.push({ guess: guess!, digits, letters })
  }
  return guesses.length > 0 ? { digits: 2, letters: 2, guesses } : null
}
