import { correct, incorrect, malformed, type Verdict } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { quote } from './answers.ts'
import { unbracketed, undressed, unquoted } from './listed.ts'

/**
 * Whether numbers may be written together without anything between them: `digits` where every one of them is a single
 * digit, `joined` as they come (the published form of one task, which loses their boundaries), else `never`.
 */
export type Glue = 'never' | 'digits' | 'joined'

const longest = 20_000
const dash = /^[-–—]/

/** `A: 1, B: 0`, `{"A": 1, …}`, `machine A = 1`, one per line: the numbers in the order of `names`, or null. */
function labelled(text: string, names: readonly string[]): string[] | null {
  const found = new Map<string, string>()
  const entries = text.split(/[,;\n]/).filter(entry => entry.trim() !== '')
  if (entries.length !== names.length) return null
  for (const entry of entries) {
    const parts = /^([^:=]{1,60})(?:=|:)\s*["']?([0-9]+)["']?$/.exec(entry.trim())
    const said = parts && unquoted(parts[1]!.trim())
    const name = names.find(one => said === one || said?.endsWith(` ${one}`) || said?.endsWith(`_${one}`))
    if (!parts || name === undefined || found.has(name)) return null
    found.set(name, parts[2]!)
  }
  return names.map(name => found.get(name)!)
}

/** The whole numbers of a list as Python, JSON or a person writes it, with at most one pair of brackets around it. */
function listed(text: string): { readonly numbers: readonly string[] } | { readonly why: string } {
  const whole = unquoted(text)
  const inner = unbracketed(whole !== text && !/["'`“”‘’]/.test(whole) ? whole : text)
  if (inner === null) return { why: `the brackets in ${quote(text)} do not match` }
  const plain = inner.replace(
    /(["'`])([^"'`]*)\1|[“‘]([^“”‘’]*)[”’]/g,
    (_, _quote, straight, curly) => ` ${straight ?? curly} `,
  )
  const items = plain.split(/\s*[,;]\s*|\s+/)
  // Blanks before the first and after the last number, and one comma at the end, are no numbers.
  const numbers = items.slice(items[0] === '' && !/^\s*[,;]/.test(plain) ? 1 : 0)
  if (numbers.at(-1) === '') numbers.pop()
  const odd = numbers.find(item => !/^[0-9]{1,30}$/.test(item))
  if (odd === undefined) return { numbers }
  if (odd === '') return { why: 'a comma without a number before it' }
  return {
    why: dash.test(odd)
      ? `${quote(odd)}: counts are never negative`
      : `${quote(odd)} is not a whole number in plain digits`,
  }
}

/**
 * Judges a list of counts, number by number. Brackets, quotes and what separates the numbers do not matter; how many there
 * are does. Counts labelled with their names may stand in any order.
 */
export function judgeCounts(names: readonly string[], right: readonly number[], answer: string, glue: Glue): Verdict {
  const text = undressed(answer, longest)
  if (text === null) return malformed(`longer than ${longest} characters`)
  const read = numbersOf(text, names, right, glue)
  if ('why' in read) return malformed(read.why)
  const { numbers } = read
  if (numbers.length !== names.length) return malformed(`${numbers.length} numbers, not ${names.length}`)
  const at = numbers.findIndex((number, i) => BigInt(number) !== BigInt(right[i]!))
  return at < 0 ? correct : incorrect(`the count of ${names[at]} is not ${quote(numbers[at]!, 30)}`)
}

function numbersOf(text: string, names: readonly string[], right: readonly number[], glue: Glue) {
  if (/[:=]/.test(text)) {
    const named = labelled(text, names) ?? labelled(text.slice(1, -1), names)
    return named ? { numbers: named } : { why: `${quote(text)} does not name each count exactly once` }
  }
  const list = listed(text)
  if ('why' in list || list.numbers.length !== 1 || glue === 'never') return list
  const glued = list.numbers[0]!
  if (glue === 'joined' && glued === right.join('')) return { numbers: right.map(String) }
  return glued.length === names.length ? { numbers: [...glued] } : list
}

/** Slips in writing counts down: one more or less, two swapped, one forgotten, one too many. */
export function countSlips(right: readonly number[], rng: Rng): number[][] {
  const kinds = [...right.keys()]
  const nudged = rng
    .shuffle(kinds)
    .slice(0, 4)
    .flatMap(at => [1, -1].flatMap(by => (right[at]! + by < 0 ? [] : [right.with(at, right[at]! + by)])))
  const at = rng.int(0, right.length - 2)
  return [
    ...nudged,
    right.with(at, right[at + 1]!).with(at + 1, right[at]!),
    [...right].reverse(),
    right.slice(0, -1),
    [...right, 0],
    right.filter(count => count > 0),
  ]
}
