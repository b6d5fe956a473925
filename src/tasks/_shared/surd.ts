import { apply, gcd, type Rational, rational } from './rational.ts'

/** `coef * sqrt(rad) * pi^pi`, where `rad` is square-free and at least 1. */
export interface SurdTerm {
  readonly coef: Rational
  readonly rad: bigint
  readonly pi: number
}

/** A sum of terms that differ in `rad` or `pi`, none of them zero; no terms is 0. */
export type SurdSum = readonly SurdTerm[]

/**
 * An exact number: a quotient of two sums of rational multiples of square roots and powers of pi. Square roots of
 * different square-free numbers are independent over the rationals and pi is transcendental, so a sum is zero only
 * when it has no terms, and equality is decided without any approximation.
 */
export interface Surd {
  readonly num: SurdSum
  /** Never zero. */
  readonly den: SurdSum
}

/** Larger numbers than this are refused: an answer of a few bytes must not cost seconds. */
const limit = 1n << 40_000n
/** Radicands up to here are reduced by trial division up to their cube root (65,536). */
const largestRadicand = 1n << 48n
const mostTerms = 64

const abs = (n: bigint) => (n < 0n ? -n : n)
const tame = (r: Rational | null): Rational | null => (r && abs(r.num) < limit && r.den < limit ? r : null)

const unit: SurdSum = [{ coef: { num: 1n, den: 1n }, rad: 1n, pi: 0 }]

/** A rational number as a Surd. */
export function surd(num: bigint, den = 1n): Surd {
  const coef = rational(num, den)
  if (coef === null) throw new RangeError('surd: the denominator is 0')
  return { num: num === 0n ? [] : [{ coef, rad: 1n, pi: 0 }], den: unit }
}

/** The number pi. */
export const pi: Surd = { num: [{ coef: { num: 1n, den: 1n }, rad: 1n, pi: 1 }], den: unit }

function collect(terms: SurdSum): SurdSum | null {
  const found = new Map<string, SurdTerm>()
  for (const term of terms) {
    const key = `${term.rad} ${term.pi}`
    const before = found.get(key)
    const coef = before ? tame(apply('+', before.coef, term.coef)) : term.coef
    if (coef === null) return null
    found.set(key, { ...term, coef })
  }
  const kept = [...found.values()].filter(term => term.coef.num !== 0n)
  return kept.length > mostTerms ? null : kept
}

function timesSum(a: SurdSum, b: SurdSum): SurdSum | null {
  if (a.length * b.length > mostTerms * 8) return null
  const products: SurdTerm[] = []
  for (const x of a) {
    for (const y of b) {
      const common = gcd(x.rad, y.rad)
      const plain = apply('*', x.coef, y.coef)
      const coef = tame(plain && apply('*', plain, { num: common, den: 1n }))
      if (coef === null) return null
      products.push({ coef, rad: (x.rad / common) * (y.rad / common), pi: x.pi + y.pi })
    }
  }
  return collect(products)
}

const negateSum = (a: SurdSum): SurdSum =>
  a.map(term => ({ ...term, coef: { num: -term.coef.num, den: term.coef.den } }))

/** Divides by a single term where the denominator is one, so that most values keep the denominator 1. */
function quotient(num: SurdSum | null, den: SurdSum | null): Surd | null {
  if (num === null || den === null || den.length === 0) return null
  const only = den.length === 1 ? den[0]! : null
  if (only === null) return { num, den }
  const inverse = rational(only.coef.den, only.coef.num * only.rad)
  const plain = inverse && timesSum(num, [{ coef: inverse, rad: only.rad, pi: -only.pi }])
  return plain && { num: plain, den: unit }
}

/** Exact arithmetic; null for a division by zero or a number beyond all reason. */
export function surdApply(op: '+' | '-' | '*' | '/', a: Surd, b: Surd): Surd | null {
  if (op === '*') return quotient(timesSum(a.num, b.num), timesSum(a.den, b.den))
  if (op === '/') return quotient(timesSum(a.num, b.den), timesSum(a.den, b.num))
  const [left, right] = [timesSum(a.num, b.den), timesSum(b.num, a.den)]
  if (left === null || right === null) return null
  return quotient(collect([...left, ...(op === '+' ? right : negateSum(right))]), timesSum(a.den, b.den))
}

/** Whole powers from -400 to 400. */
export function surdPower(base: Surd, exponent: number): Surd | null {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 400) return null
  let [result, square, rest]: [Surd | null, Surd | null, number] = [surd(1n), base, Math.abs(exponent)]
  while (rest > 0 && result && square) {
    if (rest % 2 === 1) result = surdApply('*', result, square)
    rest = Math.floor(rest / 2)
    if (rest > 0) square = surdApply('*', square, square)
  }
  return result && square && (exponent < 0 ? surdApply('/', surd(1n), result) : result)
}

/** The rational that a value is, or null. */
export function asRational(value: Surd): Rational | null {
  if (value.den !== unit && !(value.den.length === 1 && value.den[0]!.rad === 1n && value.den[0]!.pi === 0)) return null
  if (value.num.length === 0) return { num: 0n, den: 1n }
  const only = value.num.length === 1 ? value.num[0]! : null
  return only && only.rad === 1n && only.pi === 0 ? apply('/', only.coef, value.den[0]!.coef) : null
}

/** Whether two exact numbers are the same number. Null when that would be too large to work out. */
export function surdEqual(a: Surd, b: Surd): boolean | null {
  const difference = surdApply('-', a, b)
  return difference && difference.num.length === 0
}

function floorRoot(n: bigint): bigint {
  if (n < 2n) return n
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}

const isSquare = (n: bigint) => n >= 0n && floorRoot(n) ** 2n === n

interface Split {
  readonly outer: bigint
  readonly rad: bigint
}

/** `n = outer^2 * rad` with `rad` square-free. What is left after the cube root is p, p*q or p^2. */
function splitSmall(n: bigint): Split {
  let [rest, outer, rad] = [Number(n), 1, 1]
  for (let p = 2; p * p * p <= rest; p += p === 2 ? 1 : 2) {
    let times = 0
    for (; rest % p === 0; rest /= p) times++
    outer *= p ** (times >> 1)
    if (times % 2 === 1) rad *= p
  }
  const root = Math.round(Math.sqrt(rest))
  const square = root * root === rest
  return { outer: BigInt(square ? outer * root : outer), rad: BigInt(square ? rad : rad * rest) }
}

/**
 * Large numbers are not factored: they are tried against the radicands that matter (`known`), else kept whole. A whole
 * one may hide a square factor, which can only make two equal values look different, never two different ones equal.
 */
function split(n: bigint, known: readonly bigint[]): Split {
  const root = floorRoot(n)
  if (root * root === n) return { outer: root, rad: 1n }
  if (n <= largestRadicand) return splitSmall(n)
  for (const rad of known) {
    if (n % rad !== 0n) continue
    const outer = floorRoot(n / rad)
    if (outer * outer === n / rad) return { outer, rad }
  }
  return { outer: 1n, rad: n }
}

/** The square root of a rational number as a Surd; null when negative. */
export function rootOf(r: Rational, known: readonly bigint[] = []): Surd | null {
  if (r.num < 0n) return null
  if (r.num === 0n) return surd(0n)
  if (r.num <= largestRadicand && r.den <= largestRadicand) {
    const [top, bottom] = [split(r.num, []), split(r.den, [])]
    const coef = rational(top.outer, bottom.outer * bottom.rad)!
    return { num: [{ coef, rad: top.rad * bottom.rad, pi: 0 }], den: unit }
  }
  const whole = split(r.num * r.den, known)
  return { num: [{ coef: rational(whole.outer, r.den)!, rad: whole.rad, pi: 0 }], den: unit }
}

/** The radicands of a value, for `rootOf`. */
export const radicands = (value: Surd): bigint[] => [...value.num, ...value.den].map(term => term.rad)

/** The square root of a value: of `r * pi^(2k)`, or of `a + b sqrt(c)` where it is a sum of two roots. Null elsewhere. */
export function surdRoot(value: Surd, known: readonly bigint[] = []): Surd | null {
  if (value.den !== unit) return null
  if (value.num.length === 0) return surd(0n)
  if (value.num.length === 1) {
    const { coef, rad, pi: power } = value.num[0]!
    const root = rad === 1n && power % 2 === 0 ? rootOf(coef, known) : null
    return root && { num: root.num.map(term => ({ ...term, pi: power / 2 })), den: unit }
  }
  const plain = value.num.find(term => term.rad === 1n && term.pi === 0)
  const other = value.num.find(term => term.rad !== 1n && term.pi === 0)
  if (value.num.length !== 2 || !plain || !other || plain.coef.num < 0n) return null
  // sqrt(a + b sqrt(c)) = sqrt((a + d) / 2) ± sqrt((a - d) / 2) with d^2 = a^2 - b^2 c, when d is rational.
  const { num: an, den: ad } = plain.coef
  const { num: bn, den: bd } = other.coef
  const square = rational((an * bd) ** 2n - (bn * ad) ** 2n * other.rad, (ad * bd) ** 2n)!
  if (!isSquare(square.num) || !isSquare(square.den)) return null
  const d = rational(floorRoot(square.num), floorRoot(square.den))!
  const half = (op: '+' | '-') => rootOf(apply('/', apply(op, plain.coef, d)!, { num: 2n, den: 1n })!, known)
  const [large, small] = [half('+'), half('-')]
  return large && small && surdApply(bn < 0n ? '-' : '+', large, small)
}

/** A ratio of two big integers as a double, also where each alone would overflow. */
export function ratio({ num, den }: Rational): number {
  const shift = Math.max(0, Math.max(abs(num).toString(16).length, den.toString(16).length) * 4 - 900)
  if (shift === 0) return Number(num) / Number(den)
  const [top, bottom] = [Number(num >> BigInt(shift)), Number(den >> BigInt(shift))]
  return top / bottom
}

const approximateSum = (terms: SurdSum) =>
  terms.reduce((sum, { coef, rad, pi: power }) => sum + ratio(coef) * Math.sqrt(Number(rad)) * Math.PI ** power, 0)

/** The value as a double, for messages and for judging decimals; never for exact equality. */
export const approximate = (value: Surd): number => approximateSum(value.num) / approximateSum(value.den)

const showTerm = ({ coef, rad, pi: power }: SurdTerm): string => {
  const parts = [
    ...(rad === 1n ? [] : [`sqrt(${rad})`]),
    ...(power === 0 ? [] : [power === 1 ? 'pi' : `pi^${power < 0 ? `(${power})` : power}`]),
  ]
  const size = abs(coef.num)
  const front = parts.length > 0 && size === 1n ? parts : [String(size), ...parts]
  return `${front.join('*')}${coef.den === 1n ? '' : `/${coef.den}`}`
}

const showSum = (terms: SurdSum): string =>
  terms.length === 0
    ? '0'
    : [...terms]
        .sort((a, b) => b.pi - a.pi || (a.rad < b.rad ? -1 : 1))
        .map((term, i) => `${term.coef.num < 0n ? (i ? ' - ' : '-') : i ? ' + ' : ''}${showTerm(term)}`)
        .join('')

/** `7`, `-3/4`, `54*sqrt(3) - 27*pi/2`. */
export const showSurd = (value: Surd): string =>
  value.den === unit ? showSum(value.num) : `(${showSum(value.num)})/(${showSum(value.den)})`
