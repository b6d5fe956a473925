import type { Rng } from '../../util/rng.ts'
import { codesOf, digits, feedbackTo, fittingCodes, fittingSets, type Hint, letters, setsOf } from './feedback.ts'

export interface Rung {
  readonly digits: number
  readonly letters: number
  /** Probability that a guess is made of characters that are still possible, as a clever player would. */
  readonly clever: number
  /** Guesses that hit little, so that more of them are needed. */
  readonly weak?: boolean
  /** Whether guesses that can be spared are dropped. */
  readonly minimal?: boolean
}

export interface Attempts {
  readonly digits: number
  readonly letters: number
  readonly guesses: readonly {
    readonly guess: string
    readonly digits: Hint['feedback']
    readonly letters: Hint['feedback']
  }[]
}

/** One kind of characters: what is still possible after the hints so far. */
interface Half {
  readonly alphabet: string
  readonly code: string
  sets: Uint32Array
  readonly hints: Hint[]
}

const charsOf = (set: number, alphabet: string) => [...alphabet].filter((_, i) => (set >>> i) & 1)

function randomGuess(rng: Rng, { alphabet, code, sets }: Half, rung: Rung): string {
  if (rng.chance(rung.clever)) {
    return rng.shuffle(charsOf(sets[rng.int(0, sets.length - 1)]!, alphabet)).join('')
  }
  for (;;) {
    const guess = rng.sample([...alphabet], code.length).join('')
    const hits = [...guess].filter(char => code.includes(char)).length
    if (!rung.weak || hits === 0 || (hits === 1 && rng.chance(0.3))) return guess
  }
}

/** Arrangements are counted only when few sets are left: many sets cannot be one code. */
const fewSets = 40

const decided = ({ alphabet, sets, hints }: Half): boolean =>
  sets.length <= fewSets && codesOf(sets, alphabet, hints, 2).length === 1

const uniqueWithout = ({ alphabet, code, hints }: Half, dropped: ReadonlySet<number>): boolean =>
  fittingCodes(
    alphabet,
    code.length,
    hints.filter((_, i) => !dropped.has(i)),
    2,
  ).length === 1

/** More guesses than this and the draw begins anew. */
const mostGuesses = 45

/** Guesses whose feedback fits exactly one code. */
export function randomAttempts(rng: Rng, rung: Rung): Attempts {
  for (;;) {
    const half = (alphabet: string, size: number): Half => ({
      alphabet,
      code: rng.sample([...alphabet], size).join(''),
      sets: setsOf(alphabet, size),
      hints: [],
    })
    const halves = [half(digits, rung.digits), half(letters, rung.letters)] as const
    const guessed = new Set<string>([halves.map(({ code }) => code).join('')])
    while (!halves.every(decided) && halves[0].hints.length < mostGuesses) {
      const parts = halves.map(h => randomGuess(rng, h, rung)) as [string, string]
      // A half that is right as it stands would print half of the answer.
      if (guessed.has(parts.join('')) || halves.some((h, i) => parts[i] === h.code)) continue
      guessed.add(parts.join(''))
      for (const [i, h] of halves.entries()) {
        const hint = { guess: parts[i]!, feedback: feedbackTo(parts[i]!, h.code) }
        h.hints.push(hint)
        h.sets = fittingSets(h.sets, h.alphabet, hint)
      }
    }
    if (!halves.every(decided)) continue
    const dropped = rung.minimal ? spared(rng, halves) : new Set<number>()
    const guesses = halves[0].hints.flatMap((hint, i) =>
      dropped.has(i)
        ? []
        : [
            {
              guess: hint.guess + halves[1].hints[i]!.guess,
              digits: hint.feedback,
              letters: halves[1].hints[i]!.feedback,
            },
          ],
    )
    return { digits: rung.digits, letters: rung.letters, guesses }
  }
}

/** Guesses without which the code is still the only one. */
function spared(rng: Rng, halves: readonly Half[]): Set<number> {
  let dropped = new Set<number>()
  for (const i of rng.shuffle([...halves[0]!.hints.keys()])) {
    const more = new Set([...dropped, i])
    if (halves.every(half => uniqueWithout(half, more))) dropped = more
  }
  return dropped
}
