import { bare, quote } from './answers.ts'
import { isMathWord, longestMath, type MathNode, mathTokens, parseMath, plainMath, type Token } from './math-text.ts'

/** One value of an answer: perhaps a name (`x = …`), then one or more spellings of the value (`2/3 = 0.666…`). */
export interface MathItem {
  readonly name: string | null
  readonly nodes: readonly MathNode[]
}

/** An answer as read: one value, a list, or a ratio. */
export interface MathReading {
  readonly kind: 'list' | 'ratio'
  readonly bracket: '' | '(' | '[' | '{'
  readonly items: readonly MathItem[]
}

export type MathRead =
  | { readonly ok: true; readonly reading: MathReading }
  | { readonly ok: false; readonly why: string }

const hedges = new Set(
  'or either maybe perhaps about approximately approx roughly nearly almost around not between than least most if unless versus vs unknown impossible undefined'.split(
    ' ',
  ),
)
/** Single letters that are units of measure behind a number. */
const unitLetters = new Set(['m', 'g', 's', 'h', 'L', 'l'])
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '\\{': '\\}' }

const isText = (token: Token | undefined, names: ReadonlySet<string>): token is Token =>
  token?.type === 'word' && !isMathWord(token.text) && !names.has(token.text) && token.text !== 'degrees'

/** Whether the first token's bracket closes at the last one. */
function wrapped(tokens: readonly Token[]): boolean {
  const open = tokens[0]?.text ?? ''
  if (closing[open] !== tokens.at(-1)?.text || tokens.length < 2) return false
  let depth = 0
  for (let i = 0; i < tokens.length; i++) {
    const { text, type } = tokens[i]!
    if (type === 'number') continue
    if (text in closing) depth++
    else if (Object.values(closing).includes(text) && --depth === 0) return i === tokens.length - 1
  }
  return false
}

/** Splits at separators that stand outside all brackets. */
function splitAt(tokens: readonly Token[], isSeparator: (token: Token) => boolean): Token[][] {
  const found: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.type !== 'number' && token.text in closing) depth++
    if (token.type !== 'number' && Object.values(closing).includes(token.text)) depth--
    if (depth === 0 && isSeparator(token)) found.push([])
    else found.at(-1)!.push(token)
  }
  return found
}

const isSymbol = (...texts: string[]) => {
  const wanted = new Set(texts)
  return (token: Token) => token.type !== 'number' && wanted.has(token.text)
}

/** Without the unit at its end: `12 cm^2`, `5 km/h`, `240 ways.` */
function withoutUnit(tokens: readonly Token[], names: ReadonlySet<string>): Token[] {
  let kept = [...tokens]
  for (;;) {
    const tail = kept.map(token => token.text)
    const last = kept.at(-1)
    if (last === undefined) return kept
    if (kept.length > 1 && last.type === 'symbol' && /^[.,;]$/.test(last.text)) kept = kept.slice(0, -1)
    else if (kept.length > 1 && isText(last, names) && (last.text.length > 1 || unitLetters.has(last.text))) {
      const per = kept.length > 3 && kept.at(-2)?.text === '/' && isText(kept.at(-3), names)
      kept = kept.slice(0, per ? -2 : -1)
    } else if (kept.length > 3 && /^[23]$/.test(last.text) && tail.at(-2) === '^' && isText(kept.at(-3), names)) {
      kept = kept.slice(0, -2)
    } else if (kept.length > 5 && /\^ \{ [23] \}$/.test(tail.slice(-4).join(' ')) && isText(kept.at(-5), names)) {
      kept = kept.slice(0, -4)
    } else return kept
  }
}

/** `The answer is 5`, `Answer: 5`: words of a sentence before the value. */
function withoutLead(tokens: readonly Token[], names: ReadonlySet<string>): Token[] {
  let at = 0
  while (isText(tokens[at], names) && (tokens[at]!.text.length > 1 || tokens[at]!.text === 'a')) at++
  if (at === 0 || at === tokens.length || tokens[at]!.text === '=') return [...tokens]
  if (tokens[at]!.text === ':') at++
  return tokens.slice(at)
}

/** A left side that only names what follows: `x`, `AB`, `P(A)`, `The area`. */
const isName = (tokens: readonly Token[]) =>
  tokens.length > 0 &&
  tokens.some(token => token.type === 'word' || token.type === 'command') &&
  tokens.every(
    (token, i) =>
      token.type === 'word' ||
      (token.type === 'command' && !isMathWord(token.text.slice(1))) ||
      (token.type === 'number' && tokens[i - 1]?.text === '_') ||
      /^[()_{}'.]$/.test(token.text),
  )

function readItem(tokens: readonly Token[], names: ReadonlySet<string>): MathItem | null {
  const sides = splitAt(tokens, isSymbol('=', '≈'))
  let name: string | null = null
  const nodes: MathNode[] = []
  for (const [i, side] of sides.entries()) {
    const node = parseMath(withoutUnit(withoutLead(side, names), names), names)
    if (node !== null) nodes.push(node)
    else if (i < sides.length - 1 && nodes.length === 0 && isName(side)) name = side.map(token => token.text).join('')
    else return null
  }
  return nodes.length === 0 ? null : { name, nodes }
}

const isBracket = (token: Token | undefined) => /^(?:[([]|\\\{)$/.test(token?.text ?? '')

/**
 * Reads an answer: one value, a list `(1, 2)`, or a ratio `3:5`, over the given names. `groupEverywhere` takes a comma
 * before three digits as grouping thousands also inside parentheses. Total; nothing is evaluated.
 */
export function readMath(answer: string, names: ReadonlySet<string> = new Set(), groupEverywhere = false): MathRead {
  const text = bare(answer)
  if (text.length > longestMath) return { ok: false, why: `longer than ${longestMath} characters` }
  let tokens = mathTokens(plainMath(text), groupEverywhere)
  while (tokens.length > 1 && tokens.at(-1)!.type === 'symbol' && /^[.,;]$/.test(tokens.at(-1)!.text)) tokens.pop()
  const choosing = tokens.some(token => /^\\?choose$/.test(token.text))
  while (!choosing && tokens[0]?.text === '{' && wrapped(tokens)) tokens = tokens.slice(1, -1)
  if (tokens.length === 0) return { ok: false, why: 'no value is given' }
  const hedge = tokens.find(token => token.type === 'word' && hedges.has(token.text.toLowerCase()))
  if (hedge) return { ok: false, why: `"${hedge.text}" leaves open what the answer is` }
  tokens = withoutLead(tokens, names)
  // `x = (1, 2)`: the name says nothing about the list behind it.
  const equals = tokens.findIndex(isSymbol('='))
  const after = tokens.slice(equals + 1)
  if (equals > 0 && isName(tokens.slice(0, equals)) && isBracket(after[0]) && wrapped(after)) tokens = after
  let bracket: MathReading['bracket'] = ''
  const isComma = (token: Token) => isSymbol(',', ';')(token) || (token.type === 'word' && token.text === 'and')
  if (isBracket(tokens[0]) && wrapped(tokens)) {
    const inner = tokens.slice(1, -1)
    if (tokens[0]!.text === '\\{' || splitAt(inner, isComma).length > 1) {
      bracket = tokens[0]!.text.replace('\\', '') as MathReading['bracket']
      tokens = inner
    }
  }
  const ratio = splitAt(tokens, isSymbol(':', 'to'))
  const pieces = ratio.length > 1 ? ratio : splitAt(tokens, isComma)
  const items = pieces.map(piece => readItem(piece, names))
  if (items.some(item => item === null)) return { ok: false, why: `${quote(text)} cannot be read as a value` }
  return { ok: true, reading: { kind: ratio.length > 1 ? 'ratio' : 'list', bracket, items: items as MathItem[] } }
}

/** The one value of an answer, or why there is none. */
export function readScalar(
  answer: string,
  names: ReadonlySet<string> = new Set(),
): { readonly ok: true; readonly item: MathItem } | { readonly ok: false; readonly why: string } {
  let read = readMath(answer, names)
  if (!read.ok || read.reading.items.length > 1) {
    const again = readMath(answer, names, true)
    if (again.ok && again.reading.items.length === 1) read = again
  }
  if (!read.ok) return read
  const { items, kind } = read.reading
  if (items.length > 1 || kind === 'ratio') {
    return { ok: false, why: `${items.length} values: one is asked for` }
  }
  return { ok: true, item: items[0]! }
}
