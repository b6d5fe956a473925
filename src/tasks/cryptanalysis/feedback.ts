/** Where the wrong characters of a guess lie: below or above all true ones, a single one between them, or no common side. */
export type Side = 'below' | 'above' | 'between' | 'none'

/** What a guess is told about its digits or its letters. */
export interface Feedback {
  readonly placed: number
  readonly misplaced: number
  readonly side: Side
}

/** The feedback to a guess, both as strings of different characters of one kind and of the same length. */
export function feedbackTo(guess: string, code: string): Feedback {
  let [placed, misplaced] = [0, 0]
  const wrong: string[] = []
  for (let i = 0; i < guess.length; i++) {
    const char = guess[i]!
    if (code[i] === char) placed++
    else if (code.includes(char)) misplaced++
    else wrong.push(char)
  }
  return { placed, misplaced, side: sideOf(wrong, code) }
}

function sideOf(wrong: readonly string[], code: string): Side {
  if (wrong.length === 0) return 'none'
  const chars = [...code]
  if (wrong.every(char => chars.every(other => char < other))) return 'below'
  if (wrong.every(char => chars.every(other => char > other))) return 'above'
  return wrong.length === 1 ? 'between' : 'none'
}

export const sameFeedback = (a: Feedback, b: Feedback): boolean =>
  a.placed === b.placed && a.misplaced === b.misplaced && a.side === b.side

export interface Hint {
  readonly guess: string
  readonly feedback: Feedback
}

export const digits = '0123456789'
export const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** All sets of `size` characters of an alphabet as bit masks, made once per size. */
const setsMade = new Map<string, Uint32Array>()
export function setsOf(alphabet: string, size: number): Uint32Array {
  const key = `${alphabet.length}/${size}`
  const known = setsMade.get(key)
  if (known) return known
  const masks: number[] = []
  const choose = (from: number, left: number, mask: number) => {
    if (left === 0) masks.push(mask)
    else for (let i = from; i <= alphabet.length - left; i++) choose(i + 1, left - 1, mask | (1 << i))
  }
  choose(0, size, 0)
  const made = Uint32Array.from(masks)
  setsMade.set(key, made)
  return made
}

function ones(mask: number): number {
  let n = mask - ((mask >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The sets that fit a hint as far as a set can: how many characters are right, and the side of the wrong ones. */
export function fittingSets(sets: Uint32Array, alphabet: string, { guess, feedback }: Hint): Uint32Array {
  let mask = 0
  for (const char of guess) mask |= 1 << alphabet.indexOf(char)
  const found = feedback.placed + feedback.misplaced
  const wrongCount = guess.length - found
  const kept = new Uint32Array(sets.length)
  let n = 0
  for (let i = 0; i < sets.length; i++) {
    const set = sets[i]!
    if (ones(set & mask) === found && (wrongCount === 0 || sideOfSet(mask & ~set, set, wrongCount) === feedback.side)) {
      kept[n++] = set
    }
  }
  return kept.slice(0, n)
}

/** On which side of a set's characters the wrong ones lie; both are masks, `wrong` is not empty. */
function sideOfSet(wrong: number, set: number, wrongCount: number): Side {
  if (wrong < (set & -set)) return 'below'
  if (Math.clz32(wrong & -wrong) < Math.clz32(set)) return 'above'
  return wrongCount === 1 ? 'between' : 'none'
}

/** The arrangements of a set that fit all hints; at most `most` of them. */
function arrangements(set: number, alphabet: string, hints: readonly Hint[], most: number): string[] {
  const chars = [...alphabet].filter((_, i) => (set >>> i) & 1)
  const found: string[] = []
  /** How often each hint's guess agrees so far with the code, position by position. */
  const extend = (code: string, left: readonly string[], placed: readonly number[]) => {
    if (found.length >= most) return
    if (hints.some(({ feedback }, h) => placed[h]! > feedback.placed || placed[h]! + left.length < feedback.placed))
      return
    if (left.length === 0) {
      found.push(code)
      return
    }
    for (const char of left) {
      extend(
        code + char,
        left.filter(other => other !== char),
        placed.map((count, h) => count + (hints[h]!.guess[code.length] === char ? 1 : 0)),
      )
    }
  }
  extend(
    '',
    chars,
    hints.map(() => 0),
  )
  return found
}

/** Codes of one kind that fit all hints, of the given sets; at most `most`. */
export function codesOf(sets: Uint32Array, alphabet: string, hints: readonly Hint[], most: number): string[] {
  const found: string[] = []
  for (const set of sets) {
    found.push(...arrangements(set, alphabet, hints, most - found.length))
    if (found.length >= most) break
  }
  return found
}

/** Codes of one kind that fit all hints: exact feedback, silence included; at most `most`. */
export function fittingCodes(alphabet: string, size: number, hints: readonly Hint[], most: number): string[] {
  const sets = hints.reduce((left, hint) => fittingSets(left, alphabet, hint), setsOf(alphabet, size))
  return codesOf(sets, alphabet, hints, most)
}
