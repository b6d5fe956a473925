import type { Rng } from '../../util/rng.ts'
import { type Bootstrapped, bootstrapMean, type IntervalKind, meanOf, type Weight } from './bootstrap.ts'
import { detectable, detectableByPairs } from './detectable.ts'
import { holm } from './holm.ts'
import { mcnemar } from './mcnemar.ts'
import { type TaskTest, taskTestP, type WinsLossesTies, winsLossesTies } from './over-tasks.ts'
import { differencesByTask, discordant, type Outcome, pairOutcomes } from './pairs.ts'
import { type Finding, sentence } from './sentence.ts'

export interface CompareOptions {
  /** A source of its own for each comparison, so that the order of comparisons changes none of them. */
  readonly rng: (a: string, b: string) => Rng
  readonly resamples?: number
  readonly kind?: IntervalKind
  readonly weight?: Weight
}

/** A against B, before the family is known. Differences are A minus B in points (hundredths of accuracy). */
export interface Comparison {
  readonly a: string
  readonly b: string
  readonly difference: Bootstrapped
  readonly byTask: WinsLossesTies
  readonly tasks: number
  /** Two-sided, of this comparison alone. */
  readonly p: number
  readonly test: 'mcnemar-exact' | TaskTest
  /** The smallest true gap, in points, that this many tasks and instances would show in four of five repetitions. */
  readonly detectable: number
  /** Present where instances are known, not only scores by task. */
  readonly pairs?: {
    readonly count: number
    readonly onlyA: number
    readonly onlyB: number
    readonly midP: number
    /** As `detectable`, but for McNemar's test with these tasks taken as given; null: no gap would do. */
    readonly detectable: number | null
    readonly unscored: number
    readonly unpaired: { readonly a: number; readonly b: number }
  }
}

/** A comparison within its family. */
export interface Judged extends Comparison {
  /** Holm-adjusted over the family. */
  readonly adjustedP: number
  readonly family: number
  readonly finding: Finding
  readonly sentence: string
}

/**
 * Compares two methods instance by instance: exact McNemar, the clustered bootstrap of the difference, wins by task.
 * Null when they share no scored instance.
 */
export function compareOutcomes(
  a: { readonly name: string; readonly outcomes: readonly Outcome[] },
  b: { readonly name: string; readonly outcomes: readonly Outcome[] },
  options: CompareOptions,
): Comparison | null {
  const { pairs, unscored, unpaired } = pairOutcomes(a.outcomes, b.outcomes)
  if (pairs.length === 0) return null
  const clusters = [...differencesByTask(pairs).values()]
  const { onlyA, onlyB } = discordant(pairs)
  const { p, midP } = mcnemar(onlyA, onlyB)
  const byPairs = detectableByPairs(pairs.length, (onlyA + onlyB) / pairs.length)
  return {
    a: a.name,
    b: b.name,
    ...overClusters(a.name, b.name, clusters, options),
    p,
    test: 'mcnemar-exact',
    pairs: {
      count: pairs.length,
      onlyA,
      onlyB,
      midP,
      detectable: byPairs === null ? null : 100 * byPairs,
      unscored,
      unpaired,
    },
  }
}

/**
 * Compares two methods that are known by one score per task only (0 to 100; null where there is none, which leaves the
 * task out). Null when they share no task.
 */
export function compareScores(
  a: { readonly name: string; readonly scores: readonly (number | null)[] },
  b: { readonly name: string; readonly scores: readonly (number | null)[] },
  test: TaskTest,
  options: CompareOptions,
): Comparison | null {
  const differences = a.scores.flatMap((score, i) => {
    const other = b.scores[i] ?? null
    return score === null || other === null ? [] : [score - other]
  })
  if (differences.length === 0) return null
  // Sorted, so that the order of a table's lines changes no seeded result.
  const clusters = differences.toSorted((one, other) => one - other).map(difference => [difference])
  return {
    a: a.name,
    b: b.name,
    ...overClusters(a.name, b.name, clusters, options),
    p: taskTestP(test, differences),
    test,
  }
}

function overClusters(a: string, b: string, clusters: readonly (readonly number[])[], options: CompareOptions) {
  const difference = bootstrapMean(clusters, { ...options, rng: options.rng(a, b) })
  return {
    difference,
    byTask: winsLossesTies(clusters.map(cluster => meanOf([cluster], 'task'))),
    tasks: clusters.length,
    detectable: detectable(difference.standardError),
  }
}

/** Adjusts the p-values of a family by Holm and says of each comparison, in a sentence, what holds. */
export function judgeFamily(comparisons: readonly Comparison[]): Judged[] {
  const adjusted = holm(comparisons.map(comparison => comparison.p))
  return comparisons.map((comparison, i) => {
    const within = { ...comparison, adjustedP: adjusted[i]!, family: comparisons.length }
    return { ...within, ...sentence(within) }
  })
}
