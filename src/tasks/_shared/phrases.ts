/** What stands in the holes of a sentence. */
export type Slots = Readonly<Record<string, string>>

/** A sentence of the family that was found, and what stands in its holes. */
export interface Phrased {
  readonly said: number
  readonly slots: Slots
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const small = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** A sentence with its holes `{name}` filled, its first letter a capital. */
export function phrase(template: string, slots: Slots): string {
  return capital(template.replace(/\{(\w+)\}/g, (hole, name: string) => slots[name] ?? hole))
}

/** Longer sentences than this are none of ours; the limit keeps the matching of foreign text short. */
const longestSentence = 400

/**
 * Reads sentences back: tries the paraphrases of one family in order, with a pattern for what each hole may hold. The
 * patterns must not run over each other (names, digits, one of a list), so that a sentence has one reading.
 */
export function phraseReader(
  templates: readonly string[],
  holes: Readonly<Record<string, string>>,
): (sentence: string) => Phrased | null {
  const compiled = templates.map(template => {
    const names: string[] = []
    const source = template.replace(/\{(\w+)\}|[.*+?^$()|[\]\\]/g, (found, name?: string) => {
      if (name === undefined) return `\\${found}`
      names.push(name)
      return `(${holes[name] ?? '[^.]+'})`
    })
    const opensWithHole = template.startsWith('{')
    return { pattern: new RegExp(`^${opensWithHole ? source : capital(source)}$`), names, opensWithHole }
  })
  return sentence => {
    if (sentence.length > longestSentence) return null
    for (const [said, { pattern, names, opensWithHole }] of compiled.entries()) {
      const found = pattern.exec(sentence) ?? (opensWithHole ? pattern.exec(small(sentence)) : null)
      if (found) return { said, slots: Object.fromEntries(names.map((name, i) => [name, found[i + 1]!])) }
    }
    return null
  }
}

/** The sentences of a paragraph in which a period stands only at the end of a sentence. */
export const sentencesOf = (paragraph: string): string[] => paragraph.trim().split(/(?<=\.) /)

/** A pattern that matches exactly these texts, longest first. */
export const oneOf = (texts: readonly string[]): string =>
  [...texts]
    .sort((a, b) => b.length - a.length)
    .map(text => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'))
    .join('|')
    .replace(/^([\s\S]*)$/, '(?:$1)')

/** `a, b, and c`. */
export function listing(items: readonly string[]): string {
  if (items.length < 3) return items.join(' and ')
  return `${items.slice(0, -1).join(', ')}, and ${items.at(-1)}`
}

const units = [
  ...['zeroth', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
  ...['eleventh', 'twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth'],
  ...['nineteenth', 'twentieth'],
] as const

/** `first` … `twenty-ninth` (1 to 29). */
export function ordinalWord(k: number): string {
  const word = k <= 20 ? units[k] : `twenty-${units[k - 20]}`
  if (word === undefined || k < 1 || k > 29) throw new RangeError(`no ordinal word for ${k}`)
  return word
}

const cardinals = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty'],
] as const

/** `one` … `twenty-nine` (0 to 29). */
export function countWord(n: number): string {
  const word = n <= 20 ? cardinals[n] : `twenty-${cardinals[n - 20]}`
  if (word === undefined || n < 0 || n > 29) throw new RangeError(`no word for ${n}`)
  return word
}
