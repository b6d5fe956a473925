import { evaluate, parseExpression } from '../_shared/expression.ts'
import { type ArithmeticOperator, apply, equal, type Rational, rational } from '../_shared/rational.ts'

/** A number made so far and how it was made. */
interface Made {
  readonly value: Rational
  readonly text: string
}

const made = (n: bigint): Made => ({ value: rational(n)!, text: String(n) })

const combine = (a: Made, op: ArithmeticOperator, b: Made): Made | null => {
  const value = apply(op, a.value, b.value)
  return value && { value, text: `(${a.text}${op}${b.text})` }
}

/** All results of one operation on two numbers: six at most. */
function combinations(a: Made, b: Made): Made[] {
  return [
    combine(a, '+', b),
    combine(a, '*', b),
    combine(a, '-', b),
    combine(b, '-', a),
    combine(a, '/', b),
    combine(b, '/', a),
  ].filter(result => result !== null)
}

/** Many numbers: the parts are first sought among this many, since the rest can always be multiplied by the zero. */
const window = 24
/** Up to this many numbers the search is exhaustive. */
const exhaustiveUpTo = 6

/**
 * An expression that uses every number once and equals the target, or null. Exhaustive (a null is a proof) up to six
 * numbers: depth-first over pairs with a memo of failed multisets. Beyond, constructive: a part of at most five numbers
 * makes the target, another part makes 0, the zero swallows all others by multiplication.
 */
export function solve24(numbers: readonly bigint[], target: bigint): string | null {
  const all = numbers.map(made)
  const goal = rational(target)!
  const found =
    all.length <= exhaustiveUpTo
      ? (guess(numbers.map(Number), numbers.map(String), goal) ?? exhaustive(all, goal, new Set()))
      : (constructive(all.slice(0, window), goal, all.slice(window)) ?? constructive(all, goal, []))
  return found?.replace(/^\((.*)\)$/, (whole, inner: string) => (balanced(inner) ? inner : whole)) ?? null
}

/** Whether a quick search finds a solution; false proves nothing. For generators, which can draw again. */
export function quicklySolvable(numbers: readonly number[], target: number): boolean {
  if (numbers.length > exhaustiveUpTo) return solve24(numbers.map(BigInt), BigInt(target)) !== null
  return guess(numbers, numbers.map(String), rational(BigInt(target))!) !== null
}

function balanced(text: string): boolean {
  let depth = 0
  for (const char of text) {
    if (char === '(') depth++
    if (char === ')' && --depth < 0) return false
  }
  return depth === 0
}

function keyOf(items: readonly Made[]): string {
  return items
    .map(item => `${item.value.num}/${item.value.den}`)
    .sort()
    .join(' ')
}

/**
 * Depth-first in floating point, ten times as fast as in fractions; what it finds is confirmed exactly, and that it finds
 * nothing proves nothing.
 */
function guess(values: readonly number[], texts: readonly string[], goal: Rational): string | null {
  const wanted = Number(goal.num) / Number(goal.den)
  const search = (v: readonly number[], t: readonly string[]): string | null => {
    if (v.length === 1) return Math.abs(v[0]! - wanted) < 1e-6 && isExactly(t[0]!, goal) ? t[0]! : null
    for (let i = 0; i < v.length; i++) {
      for (let j = i + 1; j < v.length; j++) {
        const restV = v.filter((_, k) => k !== i && k !== j)
        const restT = t.filter((_, k) => k !== i && k !== j)
        const [a, b, ta, tb] = [v[i]!, v[j]!, t[i]!, t[j]!]
        const results: readonly (readonly [number, string])[] = [
          [a * b, `(${ta}*${tb})`],
          [a + b, `(${ta}+${tb})`],
          [a - b, `(${ta}-${tb})`],
          [b - a, `(${tb}-${ta})`],
          [a / b, `(${ta}/${tb})`],
          [b / a, `(${tb}/${ta})`],
        ]
        for (const [value, text] of results) {
          if (!Number.isFinite(value)) continue
          const found = search([...restV, value], [...restT, text])
          if (found) return found
        }
      }
    }
    return null
  }
  return search(values, texts)
}

function isExactly(text: string, goal: Rational): boolean {
  const parsed = parseExpression(text)
  const value = parsed.ok ? evaluate(parsed.value) : null
  return value !== null && equal(value, goal)
}

function exhaustive(items: readonly Made[], goal: Rational, failed: Set<string>): string | null {
  if (items.length === 1) return equal(items[0]!.value, goal) ? items[0]!.text : null
  const key = keyOf(items)
  if (failed.has(key)) return null
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) {
      const rest = items.filter((_, k) => k !== i && k !== j)
      for (const result of combinations(items[i]!, items[j]!)) {
        const found = exhaustive([...rest, result], goal, failed)
        if (found) return found
      }
    }
  }
  failed.add(key)
  return null
}

function constructive(items: readonly Made[], goal: Rational, surplus: readonly Made[]): string | null {
  for (const [part, text] of parts(items, goal)) {
    const rest = items.filter(item => !part.includes(item))
    if (rest.length + surplus.length === 0) return text
    for (const [zero, zeroText] of parts(rest, rational(0n)!)) {
      const others = [...rest.filter(item => !zero.includes(item)), ...surplus]
      return `(${text}+${[zeroText, ...others.map(item => item.text)].join('*')})`
    }
  }
  return null
}

/** Parts of two, three or four numbers that make the goal, with the expression; few of each size, the small ones first. */
function* parts(items: readonly Made[], goal: Rational): Generator<[Made[], string]> {
  const pairs = pairsOf(items)
  for (const { from, result } of pairs) if (equal(result.value, goal)) yield [from, result.text]
  for (const { from, result } of pairs) {
    for (const third of items) {
      if (from.includes(third)) continue
      const hit = combinations(result, third).find(c => equal(c.value, goal))
      if (hit) yield [[...from, third], hit.text]
    }
  }
  const byValue = new Map<string, { from: Made[]; result: Made }[]>()
  for (const pair of pairs) {
    const key = `${pair.result.value.num}/${pair.result.value.den}`
    byValue.set(key, [...(byValue.get(key) ?? []), pair])
  }
  for (const left of pairs) {
    // What must stand on the right of `left op right = goal`, for each operator.
    const wanted: readonly [ArithmeticOperator, Rational | null][] = [
      ['+', apply('-', goal, left.result.value)],
      ['-', apply('-', left.result.value, goal)],
      ['*', left.result.value.num === 0n ? null : apply('/', goal, left.result.value)],
    ]
    for (const [op, value] of wanted) {
      if (value === null) continue
      for (const right of byValue.get(`${value.num}/${value.den}`) ?? []) {
        if (right.from.some(item => left.from.includes(item))) continue
        const whole = combine(left.result, op, right.result)
        if (whole && equal(whole.value, goal)) yield [[...left.from, ...right.from], whole.text]
      }
    }
  }
}

function pairsOf(items: readonly Made[]): { from: Made[]; result: Made }[] {
  const pairs: { from: Made[]; result: Made }[] = []
  for (let i = 0; i < items.length; i++) {
    for (let j = i + 1; j < items.length; j++) {
      for (const result of combinations(items[i]!, items[j]!)) pairs.push({ from: [items[i]!, items[j]!], result })
    }
  }
  return pairs
}
