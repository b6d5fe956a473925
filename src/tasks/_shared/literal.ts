import type { Parsed } from './expression.ts'

/**
 * A value written as a JSON or Python literal. Numbers keep their text, so that decimals stay exact; dictionaries keep
 * their entries in order, repeated keys included.
 */
export type Literal =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'list' | 'tuple'; readonly items: readonly Literal[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [key: Literal, value: Literal])[] }

/** Deepest nesting; keeps the recursion far from the stack's end. */
const maxDepth = 40

const blank = /[\s\u200b\ufeff]*/y
const number = /[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\p{L}\p{N}_.])/uy
const constant = /(?:null|none|true|false)(?![\p{L}\p{N}_])/iuy
const plainCharacters: Readonly<Record<string, RegExp>> = { '"': /[^"\\\n]*/y, "'": /[^'\\\n]*/y }
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

/**
 * Reads the JSON or Python literal that begins at `from`: lists, tuples, dictionaries, strings in either quotes,
 * numbers, null/None/true/false; a trailing comma is allowed. `end` is where the text after it begins. Total: never
 * throws, never evaluates, linear in the text. Callers bound the length.
 */
export function literalAt(text: string, from = 0): Parsed<{ readonly literal: Literal; readonly end: number }> {
  let at = from
  let problem: string | null = null
  const fail = (why: string): null => {
    problem ??= why
    return null
  }
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) return null
    at += found[0].length
    return found[0]
  }
  /** The next character after blanks, without taking it. */
  const peek = (): string => {
    match(blank)
    return text[at] ?? ''
  }
  function value(depth: number): Literal | null {
    const first = peek()
    if (first === '') return fail('the text ends where a value is expected')
    if (depth > maxDepth) return fail(`nested deeper than ${maxDepth} brackets`)
    if (first === '[') return sequence(']', depth)
    if (first === '(') return sequence(')', depth)
    if (first === '{') return dictionary(depth)
    if (first === '"' || first === "'") return string(first)
    const digits = match(number)
    if (digits !== null) return { kind: 'number', text: digits }
    const name = match(constant)
    if (name !== null) return { kind: 'constant', name: name.toLowerCase() }
    return fail(`"${text.slice(at, at + 12).replace(/\s+/g, ' ')}" stands where a value is expected`)
  }
  function sequence(close: ']' | ')', depth: number): Literal | null {
    at++
    const items: Literal[] = []
    let commas = 0
    while (peek() !== close) {
      const item = value(depth + 1)
      if (item === null) return null
      items.push(item)
      if (peek() === ',') {
        at++
        commas++
      } else if (peek() !== close)
        return fail(at < text.length ? `no "," or "${close}" at "${near()}"` : unclosed(close))
    }
    at++
    if (close === ']') return { kind: 'list', items }
    // As in Python, parentheses around one value without a comma are no tuple.
    return items.length === 1 && commas === 0 ? items[0]! : { kind: 'tuple', items }
  }
  function dictionary(depth: number): Literal | null {
    at++
    const entries: (readonly [Literal, Literal])[] = []
    while (peek() !== '}') {
      const key = value(depth + 1)
      if (key === null) return null
      if (peek() !== ':') return fail(`no ":" after a key at "${near()}"`)
      at++
      const item = value(depth + 1)
      if (item === null) return null
      entries.push([key, item])
      if (peek() === ',') at++
      else if (peek() !== '}') return fail(at < text.length ? `no "," or "}" at "${near()}"` : unclosed('}'))
    }
    at++
    return { kind: 'dict', entries }
  }
  function string(quote: string): Literal | null {
    at++
    const parts: string[] = []
    for (;;) {
      parts.push(match(plainCharacters[quote]!) ?? '')
      const stop = text[at]
      if (stop === undefined || stop === '\n') return fail('a string is not closed')
      at++
      if (stop === quote) return { kind: 'string', value: parts.join('') }
      const escaped = text[at] ?? ''
      at++
      const code = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at, at + 4)) : null
      if (code) at += 4
      parts.push(code ? String.fromCharCode(Number.parseInt(code[0], 16)) : (escapes[escaped] ?? escaped))
    }
  }
  const near = () => text.slice(at, at + 12).replace(/\s+/g, ' ')
  const unclosed = (close: string) => `the text ends before a "${close}"`
  const literal = value(0)
  if (literal === null) return { ok: false, why: problem ?? 'not a literal' }
  return { ok: true, value: { literal, end: at } }
}

/** Reads a text that is one literal and nothing else. */
export function parseLiteral(text: string): Parsed<Literal> {
  const found = literalAt(text)
  if (!found.ok) return found
  const rest = text.slice(found.value.end, found.value.end + 400).trim()
  if (rest !== '') return { ok: false, why: `"${rest.slice(0, 20)}" is left over after the value` }
  return { ok: true, value: found.value.literal }
}
