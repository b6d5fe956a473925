import type { Parsed } from '../_shared/expression.ts'

/** A number as answered, `num / den` with a positive denominator, and whether it was a fraction or a decimal. */
export interface Entry {
  readonly num: bigint
  readonly den: bigint
  readonly form: 'fraction' | 'decimal'
}

/** Longest number that is read, in characters. */
const longest = 80
const decimal = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?$/

/** Reads `5`, `-2.75`, `1e-7`, `7/3`, `-7/-3`; anything else is no number. */
export function readEntry(text: string): Parsed<Entry> {
  const bad = { ok: false, why: 'not a number' } as const
  if (text.length > longest) return bad
  const parts = /^([+-]?[0-9]+)\/([+-]?[0-9]+)$/.exec(text)
  if (parts) {
    const [num, den] = [BigInt(parts[1]!.replace('+', '')), BigInt(parts[2]!.replace('+', ''))]
    if (den === 0n) return { ok: false, why: 'a division by zero' }
    return { ok: true, value: { num: den < 0n ? -num : num, den: den < 0n ? -den : den, form: 'fraction' } }
  }
  const found = decimal.exec(text)
  if (!found) return bad
  const [, sign, whole = '', behind = '', power = '0'] = found
  if (whole === '' && behind === '') return bad
  const digits = BigInt(whole + behind) * (sign === '-' ? -1n : 1n)
  const exponent = Number(power) - behind.length
  const size = 10n ** BigInt(Math.abs(exponent))
  return exponent >= 0
    ? { ok: true, value: { num: digits * size, den: 1n, form: 'decimal' } }
    : { ok: true, value: { num: digits, den: size, form: 'decimal' } }
}

/** Distance to `num / den` at most a millionth. */
export function close(entry: Entry, num: number, den: number): boolean {
  const difference = entry.num * BigInt(den) - BigInt(num) * entry.den
  return (difference < 0n ? -difference : difference) * 1_000_000n <= entry.den * BigInt(den)
}

/** Exactly `num / den`. */
export const same = (entry: Entry, num: number, den: number): boolean =>
  entry.num * BigInt(den) === BigInt(num) * entry.den

function divisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

/** `3`, `1.5`, else the fraction in lowest terms, `-7/3`: never rounded. */
export function showExact(num: number, den: number): string {
  const common = divisor(num, den) || 1
  const [top, bottom] = [num / common, den / common]
  if (bottom === 1) return String(top)
  const short = String(top / bottom)
  const entry = short.length <= 12 ? readEntry(short) : null
  return entry?.ok && same(entry.value, top, bottom) ? short : `${top}/${bottom}`
}
