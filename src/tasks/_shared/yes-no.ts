import { quote } from './answers.ts'
import { undressed } from './undressed.ts'

/** The closing sentence of a yes/no question. It has no example, since either word would be the answer half of the time. */
export const yesNoFormat = 'Answer with the one word Yes or No. Give the final answer once, between <<< and >>>.'

/** Words that take back what was said, or say that nothing was found out. */
const hedge =
  /\b(?:maybe|perhaps|possibly|probably|unsure|not sure|unclear|unknown|determined?|depends?|cannot|can't|either|guess|if|but|however|or|yes|no)\b/i
const negative = /\b(?:not|never|lies?|liar|lying|false|untrue|incorrect|wrong|away|elsewhere|off)\b|n't\b/i
const positive = /\b(?:does|do|returns?|back|truth|truthful|honest|truth-teller|true|correct|right)\b/i

/**
 * Yes or No out of an answer: the word in any case and dress, True/False as synonyms, and the word followed by a short
 * reason that neither hedges nor says the opposite. `Y`, `0`, `Yes or No`, `No clear answer` are no answers.
 */
export function readYesNo(answer: string): { readonly yes: boolean } | { readonly why: string } {
  const text = undressed(answer, 400)
  if (text === null) return { why: 'far longer than Yes or No' }
  const found = /^(?:-\s*)?[([]?["']?(yes|no|true|false)["']?[)\]]?\s*(?:[.,;:!–—-]\s*([^\n]*))?$/i.exec(text)
  if (!found) return { why: `${quote(text)} is neither Yes nor No` }
  const yes = /^(?:yes|true)$/i.test(found[1]!)
  const rest = found[2] ?? ''
  if (hedge.test(rest)) return { why: `${quote(text)} does not commit to Yes or No` }
  const denies = negative.test(rest)
  if (yes ? denies : !denies && positive.test(rest)) return { why: `the reason in ${quote(text)} says the opposite` }
  return { yes }
}

/** Yes or No as it is printed. */
export const yesNo = (yes: boolean): string => (yes ? 'Yes' : 'No')

/** A stored key `Yes` or `No` (any case) as a truth value; null for anything else. */
export function yesNoKey(key: unknown): boolean | null {
  if (typeof key !== 'string' || !/^\s*(?:yes|no)\s*$/i.test(key)) return null
  return /yes/i.test(key)
}
