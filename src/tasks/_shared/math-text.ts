import { type Rational, rational } from './rational.ts'

/** An expression as people and LaTeX write it. Nothing is evaluated while reading. */
export type MathNode =
  | { readonly kind: 'number'; readonly value: Rational; readonly decimals: number }
  | { readonly kind: 'pi' }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'binary'
      readonly op: '+' | '-' | '*' | '/' | '^'
      readonly left: MathNode
      readonly right: MathNode
    }
  | { readonly kind: 'minus' | 'factorial' | 'percent' | 'degrees'; readonly of: MathNode }
  | { readonly kind: 'root'; readonly of: MathNode; readonly degree: number }
  | { readonly kind: 'call'; readonly fn: string; readonly of: MathNode }
  | { readonly kind: 'choose'; readonly n: MathNode; readonly k: MathNode }

export interface Token {
  readonly type: 'number' | 'word' | 'command' | 'symbol'
  readonly text: string
}

/** Longest answer that is read; longer ones are refused unread. */
export const longestMath = 4_000
const deepest = 60

const spellings: readonly (readonly [RegExp, string])[] = [
  [/```[a-z]*|[`*]{2,}|`/gi, ' '],
  [/\\(?:left|right|displaystyle|limits|bigl?|bigr?|Bigl?|Bigr?)(?![a-z])/g, ''],
  [/\\[!]/g, ''],
  [/\\[,;: ]|\\q?quad(?![a-z])|~|[\u00a0\u2000-\u200a\u202f\u3000\t\r\n]/g, ' '],
  [/[\u200b-\u200f\u2060\ufeff]/g, ''],
  [/\{,\}/g, ','],
  [/\\\$|\$|€|£|\\[()[\]]/g, ''],
  [/\\(?:text|mbox|mathrm|textrm|textbf|textit|mathbf|operatorname|rm|hbox|overline)\s*\{([^{}]*)\}/g, ' $1 '],
  [/\\(?:boxed|fbox)(?![a-z])/g, ''],
  [/\^\s*(?:\\circ|\{\s*\\circ\s*\})|°|º|\\degree|\\circ/g, ' degrees '],
  [/\\%|％|(?<![a-z])percent(?![a-z])/g, '%'],
  [/\\[dtc]frac/g, '\\frac'],
  [/\\(?:cdot|times|ast)(?![a-z])|[×⋅·∗✕]/g, '*'],
  [/\\div(?![a-z])|[÷∕⁄]/g, '/'],
  [/[−–—‐‑﹣－]/g, '-'],
  [/[π𝜋]/gu, ' pi '],
  [/√/g, ' sqrt '],
  [/²/g, '^2'],
  [/³/g, '^3'],
  [/½/g, ' 1/2'],
  [/¼/g, ' 1/4'],
  [/¾/g, ' 3/4'],
  [/⅓/g, ' 1/3'],
  [/⅔/g, ' 2/3'],
  [/\\(?:approx|simeq|doteq)(?![a-z])|≈|≅/g, '≈'],
  [/≤|\\leq?(?![a-z])/g, '≤'],
  [/≥|\\geq?(?![a-z])/g, '≥'],
  [/\bmath\.(?=pi|sqrt)|\bnp\.(?=pi|sqrt)/g, ''],
]

/** The text in one plain spelling: no wrappers, no thin spaces, ASCII signs. */
export function plainMath(text: string): string {
  return spellings.reduce((plain, [pattern, by]) => plain.replace(pattern, by), text).trim()
}

const grouped = /\d{1,3}(?:([,_'’ ]) ?\d{3})(?:\1 ?\d{3})*(?![\d/]|\s*\/)/y
const plainNumber = /\d+(?:\.\d+)?|\.\d+/y
const fraction = /\.\d+/y
const exponent = /[eE][+-]?\d{1,3}(?![\dA-Za-z]|\.\d)/y
const word = /[A-Za-z]+/y
const command = /\\(?:[A-Za-z]+|[{}|])/y

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/**
 * The tokens of a plain text. A comma followed by three digits groups thousands, except inside parentheses and set
 * braces, where it separates, unless `groupEverywhere`.
 */
export function mathTokens(plain: string, groupEverywhere = false): Token[] {
  const tokens: Token[] = []
  let listDepth = 0
  for (let at = 0; at < plain.length; ) {
    const char = plain[at]!
    if (char === ' ') {
      at++
      continue
    }
    if (/[\d.]/.test(char)) {
      const group = sticky(grouped, plain, at)
      const whole =
        group && (group[1] !== ',' || listDepth === 0 || groupEverywhere) ? group : sticky(plainNumber, plain, at)
      if (whole) {
        let text = whole[0].replace(/[^\d.]/g, '')
        at += whole[0].length
        const tail = whole === group ? sticky(fraction, plain, at) : null
        if (tail) at += tail[0].length
        const power = sticky(exponent, plain, at)
        if (power) at += power[0].length
        text += (tail?.[0] ?? '') + (power?.[0] ?? '')
        tokens.push({ type: 'number', text })
        continue
      }
    }
    const found = sticky(word, plain, at)
    if (found) {
      tokens.push({ type: 'word', text: found[0] })
      at += found[0].length
      continue
    }
    const named = sticky(command, plain, at)
    if (named && named[0] !== '\\{' && named[0] !== '\\}') {
      tokens.push({ type: 'command', text: named[0] })
      at += named[0].length
      continue
    }
    const symbol = named?.[0] ?? (plain.startsWith('**', at) ? '**' : char)
    if (/^(?:[([]|\\\{)$/.test(symbol)) listDepth++
    if (/^(?:[)\]]|\\\})$/.test(symbol)) listDepth--
    tokens.push({ type: 'symbol', text: symbol === '**' ? '^' : symbol })
    at += symbol.length
  }
  return tokens
}

const functions = new Set(['sin', 'cos', 'tan', 'sec', 'csc', 'cot', 'ln', 'log', 'arcsin', 'arccos', 'arctan'])
const scales: Readonly<Record<string, bigint>> = {
  hundred: 100n,
  thousand: 1_000n,
  million: 1_000_000n,
  billion: 1_000_000_000n,
  trillion: 1_000_000_000_000n,
}

/** Whether a token means something in an expression, so that it is neither a unit nor a word of a sentence. */
export const isMathWord = (text: string): boolean =>
  /^(?:pi|Pi|PI|sqrt|frac|choose)$/.test(text) || functions.has(text) || text.toLowerCase() in scales

/** A number token's exact value; the exponent is bounded by three digits. */
function numberNode(text: string): MathNode {
  const [, whole = '', part = '', power = '0'] = /^(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const digits = BigInt(whole + part || '0')
  const shift = Number(power) - part.length
  const value = shift >= 0 ? { num: digits * 10n ** BigInt(shift), den: 1n } : rational(digits, 10n ** BigInt(-shift))!
  return { kind: 'number', value, decimals: part.length + (Number(power) !== 0 ? 1 : 0) }
}

const product = (left: MathNode, right: MathNode): MathNode => ({ kind: 'binary', op: '*', left, right })
const isWhole = (node: MathNode | null): node is MathNode & { kind: 'number' } =>
  node?.kind === 'number' && node.decimals === 0 && node.value.den === 1n

/**
 * Reads tokens as one expression over the given names (single letters and LaTeX commands); null for anything else.
 * Multiplication may be unwritten (`3\sqrt{2}`, `2(x+1)`), `2\frac{1}{3}` and `2 1/3` are mixed numbers.
 */
export function parseMath(tokens: readonly Token[], names: ReadonlySet<string>): MathNode | null {
  let at = 0
  let depth = 0
  const peek = (ahead = 0) => tokens[at + ahead]?.text
  const isNumber = (ahead = 0) => tokens[at + ahead]?.type === 'number'
  const eat = (text: string) => {
    const found = peek() === text && !isNumber()
    if (found) at++
    return found
  }

  function chain(ops: string, next: () => MathNode | null): MathNode | null {
    let left = next()
    while (left !== null) {
      const op = peek()
      if (op !== undefined && op.length === 1 && ops.includes(op)) {
        at++
        const right = next()
        left = right && { kind: 'binary', op: op as '+' | '-' | '*' | '/', left, right }
      } else if (ops === '*/' && startsFactor()) {
        const right = power()
        left = right && product(left, right)
      } else break
    }
    return left
  }
  const sum = (): MathNode | null => {
    if (depth > deepest) return null
    depth++
    const value = chain('+-', () => chain('*/', unary))
    depth--
    return value
  }
  const isSymbolBefore = (text: string) => tokens[at - 1]?.text === text
  function startsFactor(): boolean {
    const token = tokens[at]
    if (token === undefined) return false
    if (token.type === 'number') return isSymbolBefore('!') || isSymbolBefore(')')
    if (token.type === 'symbol') return token.text === '(' || token.text === '{' || token.text === '['
    return token.text !== 'choose' && token.text !== '\\choose'
  }
  function unary(): MathNode | null {
    if (depth > deepest) return null
    if (peek() !== '-' && peek() !== '+') return power()
    const negative = tokens[at++]!.text === '-'
    depth++
    const of = unary()
    depth--
    return of && negative ? { kind: 'minus', of } : of
  }
  function power(): MathNode | null {
    const base = postfix()
    if (base === null || !eat('^')) return base
    const right = peek() === '-' || peek() === '+' ? unary() : power()
    return right && { kind: 'binary', op: '^', left: base, right }
  }
  function postfix(): MathNode | null {
    let node = primary()
    while (node !== null) {
      const text = peek()
      if (text === '!' || text === '%' || text === 'degrees') {
        const kind = text === '!' ? 'factorial' : text === '%' ? 'percent' : 'degrees'
        node = { kind, of: node }
        at++
      } else if (node.kind === 'number' && text !== undefined && tokens[at]!.type === 'word') {
        const scale = Object.hasOwn(scales, text.toLowerCase()) ? scales[text.toLowerCase()]! : null
        if (scale === null) break
        node = product(node, { kind: 'number', value: { num: scale, den: 1n }, decimals: 0 })
        at++
      } else break
    }
    return node
  }
  function group(open: string, close: string): MathNode | null {
    if (!eat(open)) return null
    const inner = sum()
    return inner && eat(close) ? inner : null
  }
  /** A braced group or, as LaTeX has it, the next token; an unbraced `47` gives its digits one by one. */
  function argument(digits: string[]): MathNode | null {
    if (digits.length > 0) return numberNode(digits.shift()!)
    if (peek() === '{') return group('{', '}')
    if (isNumber()) {
      const text = tokens[at++]!.text
      if (text.length > 2 || !/^\d+$/.test(text)) return null
      digits.push(...text.slice(1))
      return numberNode(text[0]!)
    }
    return primary()
  }
  function fractionOf(): MathNode | null {
    const digits: string[] = []
    const left = argument(digits)
    const right = left && argument(digits)
    return right && digits.length === 0 ? { kind: 'binary', op: '/', left: left!, right } : null
  }
  function root(): MathNode | null {
    let degree = 2
    if (peek() === '[' && isNumber(1) && peek(2) === ']') {
      degree = Number(peek(1))
      at += 3
    }
    const of = peek() === '{' ? group('{', '}') : primary()
    return of && Number.isInteger(degree) && degree >= 2 && degree <= 50 ? { kind: 'root', of, degree } : null
  }
  function call(fn: string): MathNode | null {
    let exponent: MathNode | null = null
    if (eat('^')) {
      exponent = peek() === '{' ? group('{', '}') : primary()
      if (exponent === null) return null
    }
    // The argument of an unbracketed function reaches over products: sec 1/2 theta.
    let of = peek() === '(' || peek() === '{' ? postfix() : power()
    while (of !== null && peek() !== '(' && startsFactor() && !isCall()) {
      const right = power()
      of = right && product(of, right)
    }
    const value: MathNode | null = of && { kind: 'call', fn, of }
    return value && exponent ? { kind: 'binary', op: '^', left: value, right: exponent } : value
  }
  const isCall = () => functions.has((peek() ?? '').replace('\\', ''))
  function mixed(whole: MathNode & { kind: 'number' }): MathNode | null {
    const start = at
    const add = (part: MathNode | null): MathNode => {
      const proper =
        part?.kind === 'binary' &&
        isWhole(part.left) &&
        isWhole(part.right) &&
        part.left.value.num < part.right.value.num
      if (proper && part) return { kind: 'binary', op: '+', left: whole, right: part }
      at = start
      return whole
    }
    if (eat('\\frac')) return add(fractionOf())
    if (isNumber() && peek(1) === '/' && isNumber(2)) {
      const [top, bottom] = [numberNode(peek()!), numberNode(peek(2)!)]
      at += 3
      return add({ kind: 'binary', op: '/', left: top, right: bottom })
    }
    return whole
  }
  function primary(): MathNode | null {
    const token = tokens[at]
    if (token === undefined || depth > deepest) return null
    depth++
    const node = primaryOf(token)
    depth--
    return node
  }
  function primaryOf(token: Token): MathNode | null {
    if (token.type === 'number') {
      at++
      const node = numberNode(token.text)
      return isWhole(node) ? mixed(node) : node
    }
    if (token.text === '(') return group('(', ')')
    if (token.text === '[') return group('[', ']')
    if (token.text === '{') return choice() ?? group('{', '}')
    if (token.type === 'symbol') return null
    at++
    const name = token.text.replace('\\', '')
    if (/^pi$/i.test(name)) return { kind: 'pi' }
    if (name === 'sqrt') return root()
    if (name === 'frac') return fractionOf()
    if (/^[dt]?binom$/.test(name)) {
      const digits: string[] = []
      const n = argument(digits)
      const k = n && argument(digits)
      return k && { kind: 'choose', n: n!, k }
    }
    if ((name === 'C' || name === 'comb') && !names.has(name)) return pair()
    if (functions.has(name)) return call(name)
    if (names.has(token.text)) return { kind: 'name', name: token.text }
    const letters = [...token.text]
    if (token.type !== 'word' || !letters.every(letter => names.has(letter))) return null
    return letters.map((letter): MathNode => ({ kind: 'name', name: letter })).reduce(product)
  }
  /** `{n \choose k}` */
  function choice(): MathNode | null {
    const start = at
    at++
    const n = primary()
    if (n && (eat('\\choose') || eat('choose'))) {
      const k = primary()
      if (k && eat('}')) return { kind: 'choose', n, k }
    }
    at = start
    return null
  }
  /** `C(n, k)` */
  function pair(): MathNode | null {
    if (!eat('(')) return null
    const n = sum()
    const k = n && eat(',') ? sum() : null
    return k && eat(')') ? { kind: 'choose', n: n!, k } : null
  }

  if (tokens.length === 0 || tokens.length > 1_500) return null
  const value = sum()
  return value !== null && at === tokens.length ? value : null
}
