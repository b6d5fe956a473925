import { quote } from './answers.ts'
import { undressed } from './undressed.ts'

/** The letter in front of option `index` (0-based): at most 25 options, so that `(Z)` can serve as the example. */
export const optionLetter = (index: number): string => String.fromCharCode(65 + index)

/** Lettered options, one per line. */
export const optionLines = (options: readonly string[]): string =>
  options.map((option, i) => `(${optionLetter(i)}) ${option}`).join('\n')

const sameWords = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').replace(/[.]$/, '').trim()

export type OptionRead =
  | { readonly index: number }
  /** A text without a letter that is none of the options. */
  | { readonly text: string; readonly why: string }
  | { readonly why: string; readonly unknownLetter?: true }

/**
 * Which lettered option an answer names: the letter with or without brackets, in any case, with or without the option's
 * text (then both must agree), or the text alone when it equals exactly one option. `key` says when two texts are the
 * same (default: case and spacing aside). Two letters, a number, an unknown letter are refused.
 */
export function readOption(
  answer: string,
  options: readonly string[],
  key: (text: string) => string = sameWords,
): OptionRead {
  const text = undressed(answer)
  if (text === null) return { why: 'far longer than one option' }
  const keys = options.map(key)
  const named = keys.flatMap((k, i) => (k === key(text) ? [i] : []))
  if (named.length === 1) return { index: named[0]! }
  if (named.length > 1) return { why: `${quote(text)} is the text of ${named.length} options` }
  const split = splitLetter(text)
  if (split === null) return { text, why: `${quote(text)} names none of the options by letter or text` }
  const index = split.letter.toUpperCase().charCodeAt(0) - 65
  if (index >= options.length) return { why: `there is no option (${split.letter.toUpperCase()})`, unknownLetter: true }
  const rest = undressed(split.rest) ?? ''
  if (rest !== '' && key(rest) !== keys[index]) {
    return { why: `(${optionLetter(index)}) is ${quote(options[index]!)}, not ${quote(rest)}: which one is meant?` }
  }
  return { index }
}

/** `(B) text`, `B: text`, `B) text`, `[b]`, `option B`, `text (B)`. */
function splitLetter(text: string): { readonly letter: string; readonly rest: string } | null {
  const bareText = text.replace(/^(?:option|choice|letter)\s+/i, '')
  const leading =
    /^(?:\(\s*([A-Za-z])\s*\)|\[\s*"?([A-Za-z])"?\s*\]|([A-Za-z])(?![A-Za-z']))\s*[):.,=–—-]*\s*([\s\S]*)$/.exec(
      bareText,
    )
  if (leading) return { letter: (leading[1] ?? leading[2] ?? leading[3])!, rest: leading[4]! }
  const trailing = /^([^()]*)\(\s*([A-Za-z])\s*\)$/.exec(bareText)
  return trailing ? { letter: trailing[2]!, rest: trailing[1]!.trim() } : null
}

/** The options of a published question: the lines behind `Options:`, each `(A) text`, in order; null when there are none. */
export function publishedOptions(question: string): string[] | null {
  const block = /\nOptions:\n((?:\([A-Z]\) [^\n]*\n?)+)/.exec(question)
  if (!block) return null
  return block[1]!
    .trimEnd()
    .split('\n')
    .map(line => line.slice(4))
}

/** Wrong answers to a question with options: every other letter, two letters, a letter with another option's text. */
export function optionMisses(options: readonly string[], right: number): string[] {
  const others = options.map((_, i) => i).filter(i => i !== right)
  const near = others.sort((a, b) => Math.abs(a - right) - Math.abs(b - right))
  const other = near[0]!
  return [
    ...near.map(i => `(${optionLetter(i)})`),
    options[other]!,
    `(${optionLetter(other)}) ${options[right]}`,
    `(${optionLetter(right)}) ${options[other]}`,
    `(${optionLetter(right)}) or (${optionLetter(other)})`,
    String(right + 1),
    `(${optionLetter(options.length)})`,
  ]
}
