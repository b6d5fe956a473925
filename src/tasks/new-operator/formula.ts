import { apply, type Rational, rational } from '../_shared/rational.ts'

/** The characters that may name an invented operator. */
export const operatorSymbols = ['#', '@', '$', '&', '%', '~'] as const

/** What an invented operator does with its operands `a` and `b`. */
export type Formula =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'operand'; readonly name: 'a' | 'b' }
  | {
      readonly kind: 'call'
      readonly op: '+' | '-' | '*' | '/' | 'max' | 'min' | 'abs'
      readonly args: readonly Formula[]
    }

/** An expression in invented operators over whole numbers. */
export type Invented =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'apply'; readonly symbol: string; readonly left: Invented; readonly right: Invented }

/** Deepest nesting that is read. */
const maxDepth = 200

/** A reader over tokens: what a recursive descent needs, and a flag instead of exceptions. */
class Tokens {
  private readonly tokens: readonly string[]
  private at = 0
  constructor(tokens: readonly string[]) {
    this.tokens = tokens
  }
  peek(): string {
    return this.tokens[this.at] ?? ''
  }
  take(token: string): boolean {
    if (this.peek() !== token) return false
    this.at++
    return true
  }
  next(): string {
    return this.tokens[this.at++] ?? ''
  }
  atEnd(): boolean {
    return this.at >= this.tokens.length
  }
}

/** Reads a formula such as `2*a+3*b`, `(a + b)/b`, `max(a, 2*b)`; null when it is none. */
export function parseFormula(text: string): Formula | null {
  if (text.length > 500 || !/^[0-9ab+\-*/(), maxinbs]+$/.test(text)) return null
  const tokens = new Tokens(text.match(/\d+|max|min|abs|\S/g) ?? [])
  const chain = (ops: readonly string[], part: (depth: number) => Formula | null, depth: number): Formula | null => {
    let left = part(depth)
    while (left !== null && ops.includes(tokens.peek())) {
      const op = tokens.next() as '+'
      const right = part(depth)
      left = right && { kind: 'call', op, args: [left, right] }
    }
    return left
  }
  const sum = (depth: number): Formula | null => chain(['+', '-'], product, depth)
  const product = (depth: number): Formula | null => chain(['*', '/'], atom, depth)
  const atom = (depth: number): Formula | null => {
    const token = tokens.next()
    if (/^\d+$/.test(token)) return { kind: 'number', value: BigInt(token) }
    if (token === 'a' || token === 'b') return { kind: 'operand', name: token }
    if (depth >= maxDepth) return null
    if (token === '(') {
      const inner = sum(depth + 1)
      return inner && tokens.take(')') ? inner : null
    }
    if (token !== 'max' && token !== 'min' && token !== 'abs') return null
    if (!tokens.take('(')) return null
    const first = sum(depth + 1)
    const second = token === 'abs' ? null : tokens.take(',') ? sum(depth + 1) : null
    if (!first || (token !== 'abs' && !second) || !tokens.take(')')) return null
    return { kind: 'call', op: token, args: second ? [first, second] : [first] }
  }
  const whole = sum(0)
  return whole && tokens.atEnd() ? whole : null
}

/** Reads an expression: operators of equal rank, from left to right, parentheses first; null when it is none. */
export function parseInvented(text: string, symbols: readonly string[]): Invented | null {
  if (text.length > 5_000) return null
  const tokens = new Tokens(text.match(/\d+|\S/g) ?? [])
  const chain = (depth: number): Invented | null => {
    let left = atom(depth)
    while (left !== null && symbols.includes(tokens.peek())) {
      const symbol = tokens.next()
      const right = atom(depth)
      left = right && { kind: 'apply', symbol, left, right }
    }
    return left
  }
  const atom = (depth: number): Invented | null => {
    const token = tokens.next()
    if (/^\d{1,15}$/.test(token)) return { kind: 'number', value: BigInt(token) }
    if (token !== '(' || depth >= maxDepth) return null
    const inner = chain(depth + 1)
    return inner && tokens.take(')') ? inner : null
  }
  const whole = chain(0)
  return whole && tokens.atEnd() ? whole : null
}

const less = (x: Rational, y: Rational) => x.num * y.den < y.num * x.den

/** The value of a formula for two operands; null where it divides by zero. */
export function valueOfFormula(formula: Formula, a: Rational, b: Rational): Rational | null {
  if (formula.kind === 'number') return rational(formula.value)
  if (formula.kind === 'operand') return formula.name === 'a' ? a : b
  const [x, y] = formula.args.map(arg => valueOfFormula(arg, a, b))
  if (!x || y === null) return null
  switch (formula.op) {
    case 'abs':
      return x.num < 0n ? { num: -x.num, den: x.den } : x
    case 'max':
      return less(x, y!) ? y! : x
    case 'min':
      return less(x, y!) ? x : y!
    default:
      return apply(formula.op, x, y!)
  }
}

/** The exact value of an expression; null where it divides by zero or uses an operator without a formula. */
export function valueOfInvented(expression: Invented, formulas: ReadonlyMap<string, Formula>): Rational | null {
  if (expression.kind === 'number') return rational(expression.value)
  const formula = formulas.get(expression.symbol)
  const [left, right] = [valueOfInvented(expression.left, formulas), valueOfInvented(expression.right, formulas)]
  return formula && left && right ? valueOfFormula(formula, left, right) : null
}
