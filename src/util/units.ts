import { InputError } from '../errors.ts'

const durations: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, '': 1_000 }
const sizes: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** Milliseconds from `500ms`, `3s`, `2m`, `1h`; a bare number counts seconds. Throws InputError. */
export function parseDuration(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|)$/i.exec(text.trim())
  const ms = found ? Number(found[1]) * durations[found[2]!.toLowerCase()]! : 0
  if (!(ms > 0)) throw new InputError(`"${text}" is no duration`, 'Write for example 500ms, 3s or 2m.')
  return Math.round(ms)
}

/** Bytes from `512M`, `64K`, `1G`; a bare number counts bytes. Throws InputError. */
export function parseSize(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim())
  const bytes = found ? Number(found[1]) * sizes[found[2]!.toLowerCase()]! : 0
  if (!(bytes > 0)) throw new InputError(`"${text}" is no size`, 'Write for example 512M or 1G.')
  return Math.round(bytes)
}

/** A whole number within bounds, both included. Throws InputError naming the option. */
export function parseWhole(name: string, from: number, to: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^\d+$/.test(text.trim()) || value < from || value > to) {
      throw new InputError(
        `${name} must be a whole number from ${from} to ${to}, not "${text}"`,
        `For example ${name} ${from}.`,
      )
    }
    return value
  }
}

/** A number above zero. Throws InputError naming the option. */
export function parsePositive(name: string): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isFinite(value) || value <= 0)
      throw new InputError(`${name} must be a number above 0, not "${text}"`, `For example ${name} 0.5.`)
    return value
  }
}
