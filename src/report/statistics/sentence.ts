import type { Comparison } from './compare.ts'

/**
 * `secure`: the interval leaves zero out and the test holds for the whole family; `unsure`: only one of the two;
 * `noise`: neither, or no difference at all.
 */
export type Finding = 'secure' | 'unsure' | 'noise'

const points = (value: number) =>
  value
    .toFixed(1)
    .replace('-', '−')
    .replace(/^−0\.0$/, '0.0')

/**
 * What a comparison within its family says to somebody who reads one line only: the interval (95 %) and the adjusted test
 * (level 0.05) must agree before a gap is called secure.
 */
export function sentence(comparison: Comparison & { readonly adjustedP: number; readonly family: number }): {
  readonly finding: Finding
  readonly sentence: string
} {
  const { difference, adjustedP, family } = comparison
  const { mean, low, high } = difference
  const ahead = mean >= 0
  const [better, worse] = ahead ? [comparison.a, comparison.b] : [comparison.b, comparison.a]
  const interval = ahead ? `${points(low)} to ${points(high)}` : `${points(-high)} to ${points(-low)}`
  const said =
    mean === 0
      ? `${better} and ${worse} are level (95 % interval ${interval})`
      : `${better} is better than ${worse} by ${points(Math.abs(mean))} points (95 % interval ${interval})`
  const clear = low > 0 || high < 0
  const holds = adjustedP < 0.05
  const byInstance = comparison.test === 'mcnemar-exact'
  const counted = family > 1 ? ` after correction for ${family} comparisons` : ''
  const atLeast = `a gap of ${points(comparison.detectable)} would have been needed to show reliably`
  if (clear && holds) return { finding: 'secure', sentence: `${said}: the gap is larger than the noise.` }
  if (clear) {
    const p = adjustedP.toFixed(2)
    return {
      finding: 'unsure',
      sentence: `${said}, but the test does not confirm it${counted} (p = ${p}): not secure.`,
    }
  }
  if (holds) {
    const but = byInstance
      ? 'holds on these questions, but may not on other tasks'
      : 'a difference, but not of the means'
    return { finding: 'unsure', sentence: `${said}: ${but} (p = ${adjustedP.toPrecision(2)}${counted}).` }
  }
  return {
    finding: 'noise',
    sentence: `${said}: with these n the ranking is noise${contrary(comparison)}; ${atLeast}.`,
  }
}

/** A mean that a few large gains carry against most tasks is worth a word. */
function contrary({ difference, byTask, a, b }: Comparison): string {
  const more = byTask.wins - byTask.losses
  if (more * difference.mean >= 0) return ''
  const [often, seldom] = more > 0 ? [byTask.wins, byTask.losses] : [byTask.losses, byTask.wins]
  return ` (by task ${more > 0 ? a : b} is ahead more often, ${often} to ${seldom})`
}
