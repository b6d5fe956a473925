import { fairCoinP } from './binomial.ts'
import { signedRank } from './signed-rank.ts'
import { studentBelow } from './student.ts'

/** Tests of "no difference" on one value per task. */
export const taskTests = ['wilcoxon', 'sign', 't'] as const
export type TaskTest = (typeof taskTests)[number]

/** On how many tasks the one is ahead of the other. */
export interface WinsLossesTies {
  readonly wins: number
  readonly losses: number
  readonly ties: number
}

/** How many differences are above, below and at zero. */
export function winsLossesTies(differences: readonly number[]): WinsLossesTies {
  const wins = differences.filter(d => d > 0).length
  const losses = differences.filter(d => d < 0).length
  return { wins, losses, ties: differences.length - wins - losses }
}

/**
 * Two-sided p-value of paired differences, one per task. `wilcoxon`: signed ranks, asks whether gains outweigh losses;
 * `sign`: exact binomial on wins against losses, ties left out (Dixon and Mood 1946), blind to size; `t`: Student's paired
 * test on the mean, which leans on the mean being nearly normal.
 */
export function taskTestP(test: TaskTest, differences: readonly number[]): number {
  if (test === 'wilcoxon') return signedRank(differences).p
  if (test === 't') return pairedTP(differences)
  const { wins, losses } = winsLossesTies(differences)
  return fairCoinP(wins, wins + losses)
}

/** Student's (1908) paired t test; 1 where fewer than two differences, or none of them different from zero. */
function pairedTP(differences: readonly number[]): number {
  const n = differences.length
  if (n < 2) return 1
  const mean = differences.reduce((sum, d) => sum + d, 0) / n
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0)
  if (squares === 0) return mean === 0 ? 1 : 0
  const t = mean / Math.sqrt(squares / (n - 1) / n)
  return 2 * studentBelow(-Math.abs(t), n - 1)
}
