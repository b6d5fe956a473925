import { bare } from './answers.ts'

const label =
  /^(?:so\s+)?(?:the\s+)?(?:final\s+)?(?:answer|result|solution|expression|value|values|list|arrangement|order)\s*(?:is\s*:?|[:=])\s*/i
const wrappings: readonly RegExp[] = [
  /^```[a-z0-9]*[ \t]*\n([^`]*)```$/i,
  /^```([^`]*)```$/,
  /^`([^`]*)`$/,
  /^\*\*([\s\S]*)\*\*$/,
  /^\$\$([^$]*)\$\$$/,
  /^\$([^$]*)\$$/,
  /^\\boxed\s*\{([\s\S]*)\}$/,
  /^\\text(?:tt)?\s*\{([^{}]*)\}$/,
  /^\\\[([\s\S]*)\\\]$/,
  /^\\\(([\s\S]*)\\\)$/,
]

/**
 * A list, number or expression as answered, without what people and models put around it: code fence, inline code, bold,
 * dollar signs, a box, a label such as `Answer:`, a closing period. Brackets and quotes stay. Null when it is longer than
 * `limit` characters.
 */
export function undressed(answer: string, limit: number): string | null {
  let text = bare(answer)
  if (text.length > limit) return null
  for (let round = 0; round < 4; round++) {
    const before = text
    for (const wrapping of wrappings) text = wrapping.exec(text)?.[1]?.trim() ?? text
    text = text
      .replace(label, '')
      .replace(/(?<!\.)\.$/, '')
      .trim()
    if (text === before) break
  }
  return text
}

const pairs: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }
const quotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
  '”': '”',
  '’': '’',
}
const own = (table: Readonly<Record<string, string>>, key: string | undefined) =>
  key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined

/** A text without one pair of quotes around it, if it has one. */
export function unquoted(text: string): string {
  const close = own(quotes, text[0])
  return close !== undefined && text.length > 1 && text.endsWith(close) ? text.slice(1, -1).trim() : text
}

/** A text without one pair of brackets around it; null when a bracket stands on one side only. */
export function unbracketed(text: string): string | null {
  const close = own(pairs, text[0])
  if (close === undefined) return /[\])}]$/.test(text) ? null : text
  return text.length > 1 && text.endsWith(close) ? text.slice(1, -1).trim() : null
}

/**
 * The items of a flat list as Python, JSON or a person writes it: `[1, 2]`, `("A", 'B')`, `A,B`, one per line. Quotes
 * around the whole or an item are dropped, a comma after the last item too. Null when brackets do not match.
 */
export function listItems(text: string): string[] | null {
  const inner = unbracketed(unwrapQuotes(text))
  if (inner === null) return null
  if (inner === '') return []
  const separator = /[,，、]/.test(inner) ? /[,，、]/ : inner.includes(';') ? ';' : inner.includes('\n') ? '\n' : /\s+/
  const items = inner.split(separator).map(item => unquoted(item.trim()))
  if (items.length > 1 && items.at(-1) === '') items.pop()
  return items
}

/** Quotes around a whole list are dropped only when no other quote stands inside: `"A", "B"` has none around it. */
function unwrapQuotes(text: string): string {
  const inner = unquoted(text)
  return inner !== text && !/["'`“”‘’]/.test(inner) ? inner : text
}
