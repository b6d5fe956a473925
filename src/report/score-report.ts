import { InputError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import { seededRng } from '../util/rng.ts'
import type { ScoreTable } from './score-table.ts'
import { type Average, averageOf, normalised, type Part, poolWarning, rowsOf } from './statistics/averages.ts'
import { type Bootstrapped, bootstrapMean, type IntervalKind } from './statistics/bootstrap.ts'
import { type CompareOptions, compareScores, type Judged, judgeFamily } from './statistics/compare.ts'
import type { TaskTest } from './statistics/over-tasks.ts'

export interface ScoreReportOptions {
  /** The method all others are held against; default `codesteer`, else the one with the best raw mean. */
  readonly against?: string
  readonly test?: TaskTest
  readonly kind?: IntervalKind
  readonly resamples?: number
  readonly seed?: number
  /** Also every method against every other, adjusted as one family. */
  readonly pairwise?: boolean
}

export interface PartAverage extends Average {
  /** Bootstrap over the tasks of the part; null where it has none. */
  readonly rawInterval: Bootstrapped | null
  readonly normalisedInterval: Bootstrapped | null
}

export interface MethodAverages {
  readonly method: string
  readonly parts: Readonly<Record<Part, PartAverage>>
  /** Rows in which this method has no score. */
  readonly missing: number
}

/** What `codesteer report --scores` says of a table; plain JSON. */
export interface ScoreReport {
  readonly tasks: Readonly<Record<Part, number>>
  /** In order of the total raw mean, best first. */
  readonly methods: readonly MethodAverages[]
  readonly against: string
  /** The chosen method against each other one (a is the chosen one); one family. */
  readonly comparisons: readonly Judged[]
  readonly pairwise: readonly Judged[] | null
  readonly settings: Readonly<Required<Omit<ScoreReportOptions, 'against' | 'pairwise'>>>
  readonly warnings: readonly string[]
}

/** Averages, intervals over tasks, wins, and adjusted tests of a table. Throws an InputError for an unknown method. */
export function scoreReport(table: ScoreTable, options: ScoreReportOptions = {}): ScoreReport {
  const { test = 'wilcoxon', kind = 'percentile', resamples = 10_000, seed = 1, pairwise = false } = options
  const settings = { test, kind, resamples, seed }
  const methods = table.methods
    .map((method, i) => averagesOf(table, method, i, settings))
    .sort((a, b) => (b.parts.total.raw ?? -1) - (a.parts.total.raw ?? -1))
  const against = chosen(options.against, methods)
  const others = methods.map(one => one.method).filter(method => method !== against)
  return {
    tasks: {
      seen: rowsOf(table.rows, 'seen').length,
      unseen: rowsOf(table.rows, 'unseen').length,
      total: table.rows.length,
    },
    methods,
    against,
    comparisons: family(
      table,
      others.map(other => [against, other] as const),
      settings,
    ),
    pairwise: pairwise ? family(table, everyPair(methods.map(one => one.method)), settings) : null,
    settings,
    warnings: warningsOf(table, methods),
  }
}

type Settings = ScoreReport['settings']

function averagesOf(table: ScoreTable, method: string, at: number, settings: Settings): MethodAverages {
  const part = (name: Part): PartAverage => {
    const rows = rowsOf(table.rows, name)
    const bootstrap = (kind: string, values: readonly (number | null | undefined)[]) => {
      const known = values.filter(value => value !== null && value !== undefined)
      const clusters = known.toSorted((a, b) => a - b).map(value => [value])
      const rng = seededRng('report', settings.seed, kind, name, method)
      return clusters.length === 0 ? null : bootstrapMean(clusters, { ...settings, rng })
    }
    return {
      ...averageOf(table.rows, at, name),
      rawInterval: bootstrap(
        'raw',
        rows.map(row => row.scores[at]),
      ),
      normalisedInterval: bootstrap(
        'normalised',
        rows.map(row => normalised(row)[at]),
      ),
    }
  }
  return {
    method,
    parts: { seen: part('seen'), unseen: part('unseen'), total: part('total') },
    missing: table.rows.filter(row => row.scores[at] === null).length,
  }
}

function chosen(wanted: string | undefined, methods: readonly MethodAverages[]): string {
  const known = methods.map(one => one.method)
  if (wanted === undefined) return known.includes('codesteer') ? 'codesteer' : known[0]!
  if (known.includes(wanted)) return wanted
  const near = nearest(wanted, known)
  throw new InputError(
    `no method "${wanted}" in the table`,
    `${near ? `Did you mean "${near}"? ` : ''}There are: ${known.join(', ')}`,
  )
}

const everyPair = (methods: readonly string[]) =>
  methods.flatMap((a, i) => methods.slice(i + 1).map(b => [a, b] as const))

function family(table: ScoreTable, pairs: readonly (readonly [string, string])[], settings: Settings): Judged[] {
  const scoresOf = (name: string) => {
    const at = table.methods.indexOf(name)
    return { name, scores: table.rows.map(row => row.scores[at] ?? null) }
  }
  const options: CompareOptions = { ...settings, rng: (a, b) => seededRng('report', settings.seed, 'difference', a, b) }
  const compared = pairs.map(([a, b]) => compareScores(scoresOf(a), scoresOf(b), settings.test, options))
  return judgeFamily(compared.filter(comparison => comparison !== null))
}

function warningsOf(table: ScoreTable, methods: readonly MethodAverages[]): string[] {
  const unsolved = table.rows.filter(row => row.scores.every(score => (score ?? 0) === 0)).map(row => row.task)
  const gaps = methods.filter(one => one.missing > 0).map(one => `${one.method} ${one.missing}`)
  return [
    poolWarning,
    ...(gaps.length === 0
      ? []
      : [
          `Without a score: ${gaps.join(', ')} of ${table.rows.length} tasks. They are no zeros: averages leave them out, and comparisons the task for both sides, so averages over different tasks do not compare.`,
        ]),
    ...(unsolved.length === 0
      ? []
      : [`Nobody scores in ${unsolved.join(', ')}: left out of the normalised average, counted as 0 in the raw one.`]),
    ...(table.rows.length < 10
      ? [`Only ${table.rows.length} tasks: intervals from a bootstrap over so few are too narrow.`]
      : []),
  ]
}
