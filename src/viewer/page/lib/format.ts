// Numbers and names for people. One place, so that the same thing looks the same everywhere.

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export const whole = (value: number) => grouped.format(value)

/** Thousands as `12.3 k`, millions as `4.5 M`. */
export function compact(value: number): string {
  if (value < 10_000) return whole(value)
  return value < 1_000_000
    ? `${(value / 1_000).toFixed(value < 100_000 ? 1 : 0)} k`
    : `${(value / 1_000_000).toFixed(1)} M`
}

/** A share from 0 to 1 in per cent, one digit; an en dash where there is none. */
export const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`)

/** The same without the sign, for tables whose head says it. */
export const points = (share: number | null) => (share === null ? '–' : (100 * share).toFixed(1))

export function money(usd: number | null): string {
  if (usd === null) return 'unknown'
  if (usd === 0) return '$0'
  return usd < 0.01 ? `$${usd.toPrecision(2)}` : `$${usd.toFixed(usd < 1 ? 3 : 2)}`
}

/** A time span from milliseconds. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })

export const moment = (ms: number) => moments.format(ms)

export const counted = (n: number, one: string, many = `${one}s`) => `${whole(n)} ${n === 1 ? one : many}`

/** Verdicts with a sign of their own, so that no colour has to carry them. */
export const verdictSigns: Readonly<Record<string, string>> = {
  correct: '✓',
  incorrect: '✗',
  malformed: '✗',
  'no-answer': '∅',
  unscored: '?',
}

export type Tone = 'good' | 'bad' | 'neutral'

export function verdictTone(verdict: string | null): Tone {
  if (verdict === 'correct') return 'good'
  return verdict === null || verdict === 'unscored' ? 'neutral' : 'bad'
}

export const outcomeSigns = { passed: '✓', failed: '✗', inconclusive: '?' } as const
export const outcomeTones = { passed: 'good', failed: 'bad', inconclusive: 'neutral' } as const

const actions: Readonly<Record<string, string>> = {
  text: 'Answer in words',
  code: 'Answer by a program',
  return: 'Return the answer',
  terminate: 'Give up',
}

export const actionWords = (action: string) => actions[action] ?? action

/** The first line of a text, cut to a length. */
export function firstLine(text: string, length = 160): string {
  const line = text.trimStart().split('\n', 1)[0] ?? ''
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}

export const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)}`

export const pValue = (p: number) => (p < 0.001 ? '< 0.001' : p.toPrecision(2))
