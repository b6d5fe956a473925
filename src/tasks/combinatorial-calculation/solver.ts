import { evaluate, parseExpression } from '../_shared/expression.ts'

/** A value of a run of numbers, exactly `num / den` in lowest terms, with its expression. All parts are safe integers. */
interface Value {
  readonly num: number
  readonly den: number
  readonly text: string
}

/** Up to this many numbers the search is exhaustive; longer rows are solved by construction. */
const exhaustiveUpTo = 8
/** Runs up to this length keep a table of all their values; longer ones are searched from the target downwards. */
const tabledUpTo = 4
/** Seven one-digit numbers reach most targets up to here; larger ones are better split into a product and a rest. */
const largeTarget = 1_500

function gcd(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

/** `num / den` in lowest terms with a positive denominator; null for 0 below or numbers beyond exact doubles. */
function fraction(num: number, den: number): readonly [number, number] | null {
  if (den === 0 || !Number.isSafeInteger(num) || !Number.isSafeInteger(den)) return null
  const divisor = gcd(num, den) * (den < 0 ? -1 : 1)
  return [num / divisor || 0, den / divisor]
}

const keyOf = (num: number, den: number) => (den === 1 ? String(num) : `${num}/${den}`)

/** Tables and failures for one row of numbers; intervals are `[from, to)`. */
class Search {
  readonly numbers: readonly number[]
  private readonly tables = new Map<number, Map<string, Value>>()
  private readonly failed = new Set<string>()

  constructor(numbers: readonly number[]) {
    this.numbers = numbers
  }

  /** Every value of a short interval, by its key. */
  table(from: number, to: number): Map<string, Value> {
    const id = from * 1_000 + to
    const known = this.tables.get(id)
    if (known) return known
    const made = new Map<string, Value>()
    this.tables.set(id, made)
    if (to - from === 1) {
      const n = this.numbers[from]!
      made.set(String(n), { num: n, den: 1, text: String(n) })
      return made
    }
    const add = (value: readonly [number, number] | null, left: Value, op: string, right: Value) => {
      if (value === null) return
      const key = keyOf(value[0], value[1])
      if (!made.has(key)) made.set(key, { num: value[0], den: value[1], text: `(${left.text}${op}${right.text})` })
    }
    for (let at = from + 1; at < to; at++) {
      for (const a of this.table(from, at).values()) {
        for (const b of this.table(at, to).values()) {
          add(fraction(a.num * b.den + b.num * a.den, a.den * b.den), a, '+', b)
          add(fraction(a.num * b.den - b.num * a.den, a.den * b.den), a, '-', b)
          add(fraction(a.num * b.num, a.den * b.den), a, '*', b)
          add(fraction(a.num * b.den, a.den * b.num), a, '/', b)
        }
      }
    }
    return made
  }

  /** An expression of the interval that equals `num / den`, or null. */
  reach(from: number, to: number, num: number, den: number): string | null {
    if (to - from <= tabledUpTo) return this.table(from, to).get(keyOf(num, den))?.text ?? null
    const id = `${from} ${to} ${keyOf(num, den)}`
    if (this.failed.has(id)) return null
    for (const at of splits(from, to)) {
      const leftShort = at - from <= to - at
      const short = leftShort ? this.table(from, at) : this.table(at, to)
      for (const side of short.values()) {
        // Zero times anything: no single goal for the other side describes it.
        if (num === 0 && side.num === 0) {
          const rest = this.numbers.slice(leftShort ? at : from, leftShort ? to : at).join('*')
          return leftShort ? `(${side.text}*${rest})` : `(${rest}*${side.text})`
        }
        for (const [op, n, d] of wanted(side, num, den, leftShort)) {
          const goal = fraction(n, d)
          if (goal === null) continue
          const rest = leftShort ? this.reach(at, to, goal[0], goal[1]) : this.reach(from, at, goal[0], goal[1])
          if (rest !== null) return leftShort ? `(${side.text}${op}${rest})` : `(${rest}${op}${side.text})`
        }
      }
    }
    this.failed.add(id)
    return null
  }
}

/** Split points, the most uneven first: they cost least. */
function splits(from: number, to: number): number[] {
  return Array.from({ length: to - from - 1 }, (_, i) => from + 1 + i).sort(
    (a, b) => Math.min(a - from, to - a) - Math.min(b - from, to - b),
  )
}

/** What the other side must be so that the goal comes out, for each operator. */
function wanted(
  side: Value,
  num: number,
  den: number,
  sideIsLeft: boolean,
): readonly (readonly [string, number, number])[] {
  const { num: a, den: b } = side
  const difference = [num * b - a * den, den * b] as const
  const sum = [num * b + a * den, den * b] as const
  const quotient = [num * b, den * a] as const
  // A side of 0 divided by anything is 0: the goal 0 is met by multiplication already, another one never.
  const ratio = [a * den, a === 0 ? 0 : b * num] as const
  return sideIsLeft
    ? [
        ['+', ...difference],
        ['-', -difference[0], difference[1]],
        ['*', ...quotient],
        // side / x = goal
        ['/', ...ratio],
      ]
    : [
        ['+', ...difference],
        ['-', ...sum],
        ['*', ...quotient],
        // x / side = goal; a side of 0 would divide by zero.
        ['/', a === 0 ? 1 : num * a, a === 0 ? 0 : den * b],
      ]
}

/**
 * An expression over the numbers in the given order that equals the target, or null. Up to eight numbers the search is
 * complete while all numerators stay exact in doubles; beyond, rows are folded (see `long`) and a null proves nothing.
 */
export function solveInOrder(numbers: readonly number[], target: number): string | null {
  const found = numbers.length <= exhaustiveUpTo ? exact(numbers, target) : long(numbers, target)
  return found !== null && isExactly(found, target) ? strip(found) : null
}

const exact = (numbers: readonly number[], target: number) => new Search(numbers).reach(0, numbers.length, target, 1)

/**
 * Long rows: a head whose signs are chosen so that it stays small, plus an exhaustive search over the last seven numbers.
 * Targets too large for that are written `A * B + C`, with A from the first numbers, B from the next, C from the rest.
 */
function long(numbers: readonly number[], target: number): string | null {
  return target > largeTarget
    ? (product(numbers, target) ?? signedHead(numbers, target))
    : (signedHead(numbers, target) ?? product(numbers, target))
}

/** `±` head around zero, exhaustive tail. */
function signedHead(numbers: readonly number[], target: number): string | null {
  const cut = numbers.length - 7
  if (cut < 1) return exact(numbers, target)
  const tail = new Search(numbers.slice(cut))
  const sums = signedSums(numbers.slice(0, cut))
  const near = [...sums.keys()].sort((a, b) => Math.abs(a) - Math.abs(b)).slice(0, 24)
  for (const head of near) {
    const rest = tail.reach(0, 7, target - head, 1)
    if (rest !== null) return `${sums.get(head)}+${rest}`
  }
  return null
}

/** All sums of a row under every choice of signs after the first number, each with its text; at most 4001 kept. */
function signedSums(numbers: readonly number[]): Map<number, string> {
  let sums = new Map([[numbers[0]!, String(numbers[0])]])
  for (const n of numbers.slice(1)) {
    const next = new Map<number, string>()
    for (const [sum, text] of sums) {
      for (const [value, longer] of [
        [sum - n, `${text}-${n}`],
        [sum + n, `${text}+${n}`],
      ] as const) {
        if (Math.abs(value) <= 150 && !next.has(value)) next.set(value, longer)
      }
    }
    sums = next
  }
  return sums
}

function product(numbers: readonly number[], target: number): string | null {
  for (const first of [4, 3]) {
    for (const second of [7, 6]) {
      const rest = numbers.slice(first + second)
      if (rest.length < 5) continue
      const middle = new Search(numbers.slice(first, first + second))
      const heads = [...new Search(numbers.slice(0, first)).table(0, first).values()]
        .filter(value => value.den === 1 && value.num > 1)
        .sort((a, b) => Math.abs(a.num ** 2 - target) - Math.abs(b.num ** 2 - target))
      for (const head of heads.slice(0, 16)) {
        const times = Math.round(target / head.num)
        const factor = middle.reach(0, second, times, 1)
        if (factor === null) continue
        const left = target - head.num * times
        const addend = rest.length <= exhaustiveUpTo ? exact(rest, left) : signedHead(rest, left)
        if (addend !== null) return `${head.text}*${factor}+(${addend})`
      }
    }
  }
  return null
}

function isExactly(text: string, target: number): boolean {
  const parsed = parseExpression(text)
  const value = parsed.ok ? evaluate(parsed.value) : null
  return value !== null && value.den === 1n && value.num === BigInt(target)
}

/** Drops one pair of parentheses around the whole. */
function strip(text: string): string {
  if (!text.startsWith('(')) return text
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    if (text[i] === ')' && --depth === 0) return i === text.length - 1 ? text.slice(1, -1) : text
  }
  return text
}
