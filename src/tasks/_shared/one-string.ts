import { correct, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { quote } from './answers.ts'
import { undressed, unquoted } from './listed.ts'

/**
 * Judges an answer that is one word over a small alphabet: exact, letter by letter and case by case. One pair of quotes,
 * a code fence, a label and the like may stand around it; blanks between the letters and a second word may not.
 */
export function judgeString(right: string, answer: string): Verdict {
  const text = undressed(answer, right.length * 2 + 2_000)
  if (text === null) return malformed('far longer than the string that was asked for')
  const given = unquoted(text)
  if (given === right) return correct
  // No letter between quotes is the empty string; no letter at all is no answer.
  if (given === '' && text === '') return malformed('the answer is empty')
  if (!/^[\p{L}\p{N}]*$/u.test(given)) return malformed(`${quote(text)} is not one string of letters`)
  if (given.toLowerCase() === right.toLowerCase()) return incorrect('right but for capital and small letters')
  const common = Math.min(given.length, right.length)
  let at = 0
  while (at < common && given[at] === right[at]) at++
  const lengths = given.length === right.length ? '' : `, and it has ${given.length} letters, not ${right.length}`
  if (at === given.length) return incorrect(`ends too early${lengths}`)
  if (at === right.length) return incorrect(`goes on behind the right string${lengths}`)
  return incorrect(`differs from letter ${at + 1} on${lengths}`)
}

/** Small slips in copying a string: a letter lost, doubled, changed, two swapped, read backwards, cased otherwise. */
export function slips(text: string, rng: Rng): string[] {
  if (text === '') return ['a']
  const letters = [...new Set(text)]
  const at = rng.int(0, text.length - 1)
  const other = letters.filter(letter => letter !== text[at])[0] ?? 'x'
  return [
    text.slice(0, -1),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + text[at] + text.slice(at),
    text.slice(0, at) + other + text.slice(at + 1),
    text + text.at(-1),
    text.slice(1),
    text.replace(/(.)(?!\1)(.)/, '$2$1'),
    [...text].reverse().join(''),
    [...text].join(' '),
    text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase(),
  ]
}
