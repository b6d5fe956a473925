import type { MathNode } from './math-text.ts'
import { asRational, pi, ratio, type Surd, surd, surdApply, surdPower, surdRoot } from './surd.ts'

/** Values of the names in an expression. */
export type Bindings = ReadonlyMap<string, Surd>

const none: Bindings = new Map()

/** Children of a node, for walks. */
export function parts(node: MathNode): readonly MathNode[] {
  switch (node.kind) {
    case 'number':
    case 'pi':
    case 'name':
      return []
    case 'binary':
      return [node.left, node.right]
    case 'choose':
      return [node.n, node.k]
    default:
      return [node.of]
  }
}

/** Whether any node of the expression fits. */
export const some = (node: MathNode, fits: (node: MathNode) => boolean): boolean =>
  fits(node) || parts(node).some(part => some(part, fits))

/** Whether a decimal point or power of ten was written: such an answer may be a rounded one. */
export const isDecimal = (node: MathNode): boolean => some(node, part => part.kind === 'number' && part.decimals > 0)

const whole = (value: Surd | null, most: number): number | null => {
  const plain = value && asRational(value)
  return plain && plain.den === 1n && plain.num >= 0n && plain.num <= BigInt(most) ? Number(plain.num) : null
}

function choose(n: number, k: number): bigint {
  let result = 1n
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * BigInt(n - i + 1)) / BigInt(i)
  return k > n ? 0n : result
}

function factorial(n: number): bigint {
  let result = 1n
  for (let i = 2; i <= n; i++) result *= BigInt(i)
  return result
}

/**
 * The exact value, or null where the field of roots and powers of pi cannot hold it (sines, cube roots, nested roots
 * that do not come out), where it divides by zero, or where it is too large. `known` are radicands that matter.
 */
export function exactValue(node: MathNode, names: Bindings = none, known: readonly bigint[] = []): Surd | null {
  const value = (of: MathNode) => exactValue(of, names, known)
  switch (node.kind) {
    case 'number':
      return surd(node.value.num, node.value.den)
    case 'pi':
      return pi
    case 'name':
      return names.get(node.name) ?? null
    case 'minus': {
      const of = value(node.of)
      return of && surdApply('-', surd(0n), of)
    }
    case 'percent': {
      const of = value(node.of)
      return of && surdApply('/', of, surd(100n))
    }
    case 'degrees':
      return value(node.of)
    case 'factorial': {
      const n = whole(value(node.of), 2_000)
      return n === null ? null : surd(factorial(n))
    }
    case 'choose': {
      const [n, k] = [whole(value(node.n), 4_000), whole(value(node.k), 4_000)]
      return n === null || k === null ? null : surd(choose(n, k))
    }
    case 'root': {
      const of = value(node.of)
      if (of === null) return null
      return node.degree === 2 ? surdRoot(of, known) : wholeRoot(of, node.degree)
    }
    case 'call':
      return null
    case 'binary': {
      const [left, right] = [value(node.left), value(node.right)]
      if (left === null || right === null) return null
      return node.op === '^' ? power(left, right, known) : surdApply(node.op, left, right)
    }
  }
}

function power(base: Surd, exponent: Surd, known: readonly bigint[]): Surd | null {
  const plain = asRational(exponent)
  if (plain === null || plain.den > 2n || plain.num > 800n || plain.num < -800n) return null
  if (plain.den === 1n) return surdPower(base, Number(plain.num))
  const root = surdRoot(base, known)
  return root && surdPower(root, Number(plain.num))
}

/** The k-th root of a rational number where it is rational. */
function wholeRoot(of: Surd, degree: number): Surd | null {
  const plain = asRational(of)
  if (plain === null) return null
  const negative = plain.num < 0n
  if (negative && degree % 2 === 0) return null
  const root = (n: bigint) => {
    const guess = BigInt(Math.round(Number(n) ** (1 / degree)) || 0)
    return [guess - 1n, guess, guess + 1n].find(candidate => candidate >= 0n && candidate ** BigInt(degree) === n)
  }
  if (plain.den > 1n << 1000n || plain.num > 1n << 1000n) return null
  const [top, bottom] = [root(negative ? -plain.num : plain.num), root(plain.den)]
  return top === undefined || bottom === undefined ? null : surd(negative ? -top : top, bottom)
}

const trigonometry: Readonly<Record<string, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sec: x => 1 / Math.cos(x),
  csc: x => 1 / Math.sin(x),
  cot: x => 1 / Math.tan(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  ln: Math.log,
  log: Math.log10,
}

/** The value as a double, also of functions; NaN where there is none. Only for what `exactValue` cannot hold. */
export function doubleValue(node: MathNode, names: ReadonlyMap<string, number> = new Map()): number {
  const value = (of: MathNode) => doubleValue(of, names)
  switch (node.kind) {
    case 'number':
      return ratio(node.value)
    case 'pi':
      return Math.PI
    case 'name':
      return names.get(node.name) ?? Number.NaN
    case 'minus':
      return -value(node.of)
    case 'percent':
      return value(node.of) / 100
    case 'degrees':
      return value(node.of)
    case 'root':
      return node.degree === 2 ? Math.sqrt(value(node.of)) : value(node.of) ** (1 / node.degree)
    case 'call': {
      const inDegrees = some(node.of, part => part.kind === 'degrees')
      const of = value(node.of)
      return trigonometry[node.fn]?.(inDegrees ? (of * Math.PI) / 180 : of) ?? Number.NaN
    }
    case 'factorial':
    case 'choose': {
      const exact = exactValue(node)
      const plain = exact && asRational(exact)
      return plain ? ratio(plain) : Number.NaN
    }
    case 'binary': {
      const [left, right] = [value(node.left), value(node.right)]
      if (node.op === '+') return left + right
      if (node.op === '-') return left - right
      if (node.op === '*') return left * right
      return node.op === '/' ? left / right : left ** right
    }
  }
}
