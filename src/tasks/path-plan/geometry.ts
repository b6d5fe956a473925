/** A closed axis-parallel rectangle: xStart, xEnd, yStart, yEnd. */
export type Rectangle = readonly [number, number, number, number]

/** A decimal number exactly: `digits / 10 ** places`. */
export interface Decimal {
  readonly digits: bigint
  readonly places: number
}

/** Longer numbers, and powers of ten beyond this, are no coordinates. */
const maxDigits = 60

/** Reads a decimal such as `-1.35`, `.5`, `2e-3`; null for other texts and for absurdly long or large numbers. */
export function decimal(text: string): Decimal | null {
  const found = text.length > maxDigits ? null : /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,9}))?$/.exec(text)
  if (!found || `${found[2]}${found[3]}` === '') return null
  const exponent = Number(found[4] ?? 0)
  if (Math.abs(exponent) > maxDigits) return null
  const size = BigInt(`${found[2]}${found[3]}`)
  const digits = found[1] === '-' ? -size : size
  const places = found[3]!.length - exponent
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 }
}

/** The decimal that a number of a puzzle stands for: its shortest text. Throws on NaN and infinities, which no puzzle holds. */
export function decimalOf(value: number): Decimal {
  const read = decimal(String(value))
  if (read === null) throw new RangeError(`${value} is no coordinate`)
  return read
}

/** The decimal as a whole number of `10 ** -places`; `places` must be at least its own. */
export const scaled = ({ digits, places }: Decimal, to: number): bigint => digits * 10n ** BigInt(to - places)

/** A whole number of `10 ** -places` in plain decimals, without closing zeros. */
export function showDecimal(value: number, places: number): string {
  const digits = String(Math.abs(value)).padStart(places + 1, '0')
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '')
  return value < 0 ? `-${text}` : text
}

export type Point = readonly [bigint, bigint]
export type Box = readonly [bigint, bigint, bigint, bigint]

/** Whether the closed segment from p to q and the closed rectangle have a point in common. Exact. */
export function meets([px, py]: Point, [qx, qy]: Point, [x0, x1, y0, y1]: Box): boolean {
  if ((px < x0 && qx < x0) || (px > x1 && qx > x1) || (py < y0 && qy < y0) || (py > y1 && qy > y1)) return false
  const [dx, dy] = [qx - px, qy - py]
  // Both meet unless all four corners lie strictly on one side of the line.
  const side = (x: bigint, y: bigint): bigint => dx * (y - py) - dy * (x - px)
  const sides = [side(x0, y0), side(x0, y1), side(x1, y0), side(x1, y1)]
  return !(sides.every(s => s > 0n) || sides.every(s => s < 0n))
}
