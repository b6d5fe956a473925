import { InputError } from '../errors.ts'
import type { Summary } from '../store/run-store.ts'
import { nearest } from '../util/nearest.ts'
import { seededRng } from '../util/rng.ts'
import { type Average, averageOf, type Part, parts, poolWarning, type ScoreRow } from './statistics/averages.ts'
import { compareOutcomes, type Judged, judgeFamily } from './statistics/compare.ts'
import type { Outcome } from './statistics/pairs.ts'
import { type Interval, wilson } from './statistics/proportion.ts'

/** A column of every table: a method, on a model when there are several. */
export interface Column {
  readonly id: string
  readonly label: string
  readonly model: string
}

/** Right answers among those that were scored; what we failed to score is counted apart and is no zero. */
export interface Tally {
  readonly n: number
  readonly correct: number
  readonly unscored: number
  /** Share of right answers, 0 to 1; null when nothing was scored. */
  readonly accuracy: number | null
  /** Wilson, 95 %. */
  readonly interval: Interval
}

/** What a column costs per question, coach and checkers counted. */
export interface Cost {
  readonly column: string
  readonly questions: number
  readonly accuracy: number | null
  readonly interval: Interval
  /** Tokens of all roles, input and output. */
  readonly tokens: number
  /** Tokens of the task model alone, as the published table counts. */
  readonly taskTokens: number
  /** US dollars; null when a price is unknown. */
  readonly costUsd: number | null
  readonly seconds: number
  readonly calls: number
  readonly turns: number
  /** Share of questions whose answer a program printed. */
  readonly codeAnswers: number
  /** Share of turns with a program. */
  readonly codeTurns: number
}

/** How a checker's word compares with the verifier's verdict on the answer that counted. */
export interface CheckerQuality {
  readonly checker: string
  /** A task, or null for all together. */
  readonly task: string | null
  readonly passedRight: number
  /** False accepts: passed, and the verifier says wrong. */
  readonly passedWrong: number
  /** False rejects: failed, and the verifier says right. */
  readonly failedRight: number
  readonly failedWrong: number
  readonly inconclusive: number
}

/** Everything a report says, as plain JSON; the renderers add nothing. */
export interface RunReport {
  readonly names: readonly string[]
  readonly simulated: boolean
  readonly warnings: readonly string[]
  readonly counts: { readonly planned: number; readonly done: number; readonly left: number; readonly unscored: number }
  readonly columns: readonly Column[]
  readonly rows: readonly {
    readonly task: string
    readonly split: 'seen' | 'unseen' | null
    readonly cells: Readonly<Record<string, Tally>>
  }[]
  readonly averages: Readonly<Record<string, Readonly<Record<Part, Average>>>>
  readonly levels: readonly ({ readonly column: string; readonly task: string; readonly level: number } & Tally)[]
  readonly costs: readonly Cost[]
  readonly stops: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly errors: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly checkers: readonly CheckerQuality[]
  readonly against: string
  readonly comparisons: readonly Judged[]
}

/** How a report is made. */
export interface RunReportOptions {
  readonly names: readonly string[]
  /** Task slug to split, for the seen and unseen averages. */
  readonly splits: ReadonlyMap<string, 'seen' | 'unseen'>
  /** Column or label that the others are compared with; default: `codesteer`, else the most accurate. */
  readonly against?: string
  readonly seed?: number
  readonly resamples?: number
  /** False leaves the paired comparisons out, which are most of the work in a large run. Default true. */
  readonly compare?: boolean
}

export const simulatedWarning =
  'SIMULATED: the simulated apprentice answered. These numbers show the machinery; they are no model’s accuracy.'

/** Folds the rows of one or more runs into a report. Throws InputError when there is nothing to report or `against` is unknown. */
export function runReport(summaries: readonly Summary[], options: RunReportOptions): RunReport {
  const counted = summaries.filter(row => row.branchOf === null)
  if (counted.length === 0) throw new InputError('the run holds no trajectory yet', 'Start it: codesteer run plan.json')
  const columns = columnsOf(counted)
  const byColumn = Map.groupBy(counted, row => columnId(row, columns))
  const finished = new Map([...byColumn].map(([id, rows]) => [id, rows.filter(row => row.state === 'done')]))
  const cells = new Map([...finished].map(([id, rows]) => [id, Map.groupBy(rows, row => row.task)]))
  const cell = (id: string, task: string) => cells.get(id)?.get(task) ?? []
  const tasks = [...new Set(counted.map(row => row.task))].sort()
  const rows = tasks.map(task => ({
    task,
    split: options.splits.get(task) ?? null,
    cells: Object.fromEntries(columns.map(({ id }) => [id, tally(cell(id, task))])),
  }))
  const simulated = counted.some(row => row.simulated)
  const done = counted.filter(row => row.state === 'done')
  const against = chooseAgainst(options.against, columns, finished)
  return {
    names: options.names,
    simulated,
    warnings: [...(simulated ? [simulatedWarning] : []), ...(columns.length > 1 ? [poolWarning] : [])],
    counts: {
      planned: counted.length,
      done: done.length,
      left: counted.length - done.length,
      unscored: done.filter(row => row.verdict === 'unscored' || row.verdict === null).length,
    },
    columns,
    rows,
    averages: averages(columns, rows),
    levels: levels(columns, cell, tasks),
    costs: columns.map(({ id }) => cost(id, of(finished, id))),
    stops: countBy(columns, finished, row => row.stop),
    errors: countBy(columns, byColumn, row => row.error),
    checkers: checkerQuality(done, tasks),
    against,
    comparisons: options.compare === false ? [] : compareAll(against, columns, finished, options),
  }
}

const of = (rows: ReadonlyMap<string, readonly Summary[]>, id: string) => rows.get(id) ?? []

/** The columns that rows fall into, in the order of their coming. */
export function columnsOf(rows: readonly Summary[]): Column[] {
  const models = new Set(rows.map(row => row.model))
  const seen = new Map<string, Column>()
  for (const { label, model } of rows) {
    const id = models.size > 1 ? `${label} · ${model}` : label
    if (!seen.has(id)) seen.set(id, { id, label, model })
  }
  return [...seen.values()]
}

/** The column of a row. */
export function columnId(row: Summary, columns: readonly Column[]): string {
  return columns.find(column => column.label === row.label && column.model === row.model)!.id
}

/** Whether a row counts as right or wrong. */
export const scored = (row: Summary) => row.verdict !== null && row.verdict !== 'unscored'

/** Counts right answers among the scored, with Wilson's interval. */
export function tally(rows: readonly Summary[]): Tally {
  const counted = rows.filter(scored)
  const correct = counted.filter(row => row.verdict === 'correct').length
  return {
    n: counted.length,
    correct,
    unscored: rows.length - counted.length,
    accuracy: counted.length === 0 ? null : correct / counted.length,
    interval: wilson(correct, counted.length),
  }
}

function averages(columns: readonly Column[], rows: RunReport['rows']): RunReport['averages'] {
  const scores: ScoreRow[] = rows.map(({ task, split, cells }) => ({
    task,
    split,
    scores: columns.map(({ id }) => {
      const accuracy = cells[id]?.accuracy ?? null
      return accuracy === null ? null : 100 * accuracy
    }),
  }))
  return Object.fromEntries(
    columns.map(({ id }, i) => [
      id,
      Object.fromEntries(parts.map(part => [part, averageOf(scores, i, part)])) as Record<Part, Average>,
    ]),
  )
}

function levels(
  columns: readonly Column[],
  cell: (id: string, task: string) => readonly Summary[],
  tasks: readonly string[],
): RunReport['levels'] {
  return columns.flatMap(({ id }) =>
    tasks.flatMap(task => {
      const own = [...Map.groupBy(cell(id, task), row => row.level)].sort(([a], [b]) => a - b)
      return own.map(([level, some]) => ({ column: id, task, level, ...tally(some) }))
    }),
  )
}

function cost(column: string, rows: readonly Summary[]): Cost {
  const mean = (value: (row: Summary) => number) =>
    rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + value(row), 0) / rows.length
  const { accuracy, interval } = tally(rows)
  const turns = mean(row => row.turns)
  return {
    column,
    questions: rows.length,
    accuracy,
    interval,
    tokens: mean(row => row.inputTokens + row.outputTokens),
    taskTokens: mean(row => row.taskTokens),
    costUsd: rows.some(row => row.costUsd === null) ? null : mean(row => row.costUsd ?? 0),
    seconds: mean(row => row.tookMs) / 1_000,
    calls: mean(row => row.calls),
    turns,
    codeAnswers: mean(row => Number(row.answerFrom === 'code-output')),
    codeTurns: turns === 0 ? 0 : mean(row => row.codeTurns) / turns,
  }
}

function countBy(
  columns: readonly Column[],
  rows: ReadonlyMap<string, readonly Summary[]>,
  key: (row: Summary) => string | null,
): Record<string, Record<string, number>> {
  return Object.fromEntries(
    columns.map(({ id }) => {
      const counts: Record<string, number> = {}
      for (const row of of(rows, id)) {
        const value = key(row)
        if (value !== null) counts[value] = (counts[value] ?? 0) + 1
      }
      return [id, counts]
    }),
  )
}

function checkerQuality(rows: readonly Summary[], tasks: readonly string[]): CheckerQuality[] {
  const checkers = [...new Set(rows.flatMap(row => Object.keys(row.checks)))].sort()
  const judged = rows.filter(scored)
  const byTask = Map.groupBy(judged, row => row.task)
  return checkers.flatMap(checker =>
    [null, ...tasks].flatMap(task => {
      const words = { passed: [0, 0], failed: [0, 0], inconclusive: [0, 0] }
      for (const row of task === null ? judged : (byTask.get(task) ?? [])) {
        const outcome = row.checks[checker]
        if (outcome) words[outcome][row.verdict === 'correct' ? 1 : 0]!++
      }
      const [{ passed, failed }, inconclusive] = [words, words.inconclusive[0]! + words.inconclusive[1]!]
      if (passed[0]! + passed[1]! + failed[0]! + failed[1]! + inconclusive === 0) return []
      return [
        {
          checker,
          task,
          passedRight: passed[1]!,
          passedWrong: passed[0]!,
          failedRight: failed[1]!,
          failedWrong: failed[0]!,
          inconclusive,
        },
      ]
    }),
  )
}

function chooseAgainst(
  wanted: string | undefined,
  columns: readonly Column[],
  finished: ReadonlyMap<string, readonly Summary[]>,
): string {
  if (wanted !== undefined) {
    const found = columns.find(column => column.id === wanted || column.label === wanted)
    if (found) return found.id
    const near = nearest(
      wanted,
      columns.map(column => column.id),
    )
    throw new InputError(
      `no method "${wanted}" in the run`,
      `${near ? `Did you mean "${near}"? ` : ''}There are: ${columns.map(column => column.id).join(', ')}`,
    )
  }
  const ours = columns.find(column => column.label === 'codesteer')
  if (ours) return ours.id
  const best = [...columns].sort(
    (a, b) => (tally(of(finished, b.id)).accuracy ?? -1) - (tally(of(finished, a.id)).accuracy ?? -1),
  )
  return best[0]!.id
}

/** The chosen column against each other one, paired by instance and trial, as one family. */
function compareAll(
  against: string,
  columns: readonly Column[],
  finished: ReadonlyMap<string, readonly Summary[]>,
  options: RunReportOptions,
): Judged[] {
  const { seed = 1, resamples = 10_000 } = options
  const side = (id: string) => ({ name: id, outcomes: of(finished, id).map(outcomeOf) })
  const own = side(against)
  const compared = columns
    .filter(column => column.id !== against)
    .map(column => compareOutcomes(own, side(column.id), { rng: (a, b) => seededRng('report', seed, a, b), resamples }))
  return judgeFamily(compared.filter(comparison => comparison !== null))
}

/** A row as one side of a pair: what it answers, and whether rightly. */
export const outcomeOf = (row: Summary): Outcome => ({
  task: row.task,
  instance: `${row.taskVersion}/${row.level}/${row.seed}/${row.pool}`,
  trial: row.trial,
  correct: scored(row) ? row.verdict === 'correct' : null,
})
