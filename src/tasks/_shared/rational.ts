/** An exact fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly num: bigint
  readonly den: bigint
}

const abs = (n: bigint) => (n < 0n ? -n : n)

/** Greatest common divisor, never negative. */
export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [abs(a), abs(b)]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** `num / den` in lowest terms, or null when `den` is 0. */
export function rational(num: bigint, den = 1n): Rational | null {
  if (den === 0n) return null
  const divisor = gcd(num, den) * (den < 0n ? -1n : 1n)
  return divisor === 1n ? { num, den } : { num: num / divisor, den: den / divisor }
}

export type ArithmeticOperator = '+' | '-' | '*' | '/'

/** Exact arithmetic; null for a division by zero. */
export function apply(op: ArithmeticOperator, a: Rational, b: Rational): Rational | null {
  switch (op) {
    case '+':
      return rational(a.num * b.den + b.num * a.den, a.den * b.den)
    case '-':
      return rational(a.num * b.den - b.num * a.den, a.den * b.den)
    case '*':
      return rational(a.num * b.num, a.den * b.den)
    case '/':
      return rational(a.num * b.den, a.den * b.num)
  }
}

export const equal = (a: Rational, b: Rational): boolean => a.num === b.num && a.den === b.den

/** `7`, `-3/4`. */
export const showRational = (r: Rational): string => (r.den === 1n ? `${r.num}` : `${r.num}/${r.den}`)
