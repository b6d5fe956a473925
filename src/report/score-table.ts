import { type CsvError, parse } from 'csv-parse/sync'
import { InputError, messageOf } from '../errors.ts'
import { nearest } from '../util/nearest.ts'
import type { ScoreRow } from './statistics/averages.ts'

/** A table of tasks and methods, as the paper prints it. */
export interface ScoreTable {
  readonly methods: readonly string[]
  /** Each row's scores stand in the order of `methods`. */
  readonly rows: readonly ScoreRow[]
}

/** A line of the file, counted from 1, with its cells. */
interface Line {
  readonly number: number
  readonly cells: readonly string[]
}

interface Problem {
  readonly line: number
  readonly what: string
  readonly mend: string
}

const layout = 'The first line names the columns: task,split,<method>,<method>,… and each further line is one task'
const splits = ['seen', 'unseen'] as const
const noScore = new Set(['', '-', '–', 'na', 'n/a', 'nan', 'null', 'none', 'unscored'])
/** So many problems are told at once. */
const toldAtOnce = 8

/**
 * Reads a task x method table: CSV (or separated by semicolons or tabs) with a column `task`, an optional column `split`
 * (seen or unseen) and one column per method, scores in per cent from 0 to 100. An empty cell, `-`, `NA` or `unscored` is
 * no score, never a zero. Throws an InputError that names every bad line. `name` is the file's, for messages.
 */
export function readScoreTable(text: string, name: string): ScoreTable {
  const [head, ...lines] = linesOf(text, name)
  if (!head) throw new InputError(`${name} is empty`, layout)
  const columns = columnsOf(head, name)
  if (lines.length === 0) throw new InputError(`${name} holds no task: only its first line is there`, layout)
  const problems: Problem[] = []
  const rows = lines.map(line => rowOf(line, head, columns, problems))
  const seenAt = new Map<string, number>()
  for (const [i, row] of rows.entries()) {
    const line = lines[i]!.number
    const before = seenAt.get(row.task)
    if (row.task !== '' && before !== undefined) {
      problems.push({
        line,
        what: `task "${row.task}" stands on line ${before} already`,
        mend: 'Keep one line for each task',
      })
    } else seenAt.set(row.task, line)
  }
  refuse(problems, name)
  checkScale(rows, name)
  return { methods: columns.methods.map(at => head.cells[at]!), rows }
}

function linesOf(text: string, name: string): Line[] {
  const first = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = first.includes(',') ? ',' : first.includes(';') ? ';' : first.includes('\t') ? '\t' : ','
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { readonly info: { readonly lines: number }; readonly record: string[] }[]
    return records.map(({ info, record }) => ({ number: info.lines, cells: record }))
  } catch (error) {
    const { lines } = error as CsvError & { readonly lines?: number }
    const where = lines === undefined ? name : `${name} line ${lines}`
    throw new InputError(`${where}: ${messageOf(error)}`, 'Mend the quotes there: a quote inside a cell is doubled', {
      cause: error,
    })
  }
}

interface Columns {
  readonly task: number
  readonly split: number
  readonly methods: readonly number[]
}

function columnsOf(head: Line, name: string): Columns {
  const titles = head.cells
  const lower = titles.map(title => title.toLowerCase())
  const task = lower.indexOf('task')
  if (task < 0) {
    const near = titles.find(title => nearest(title, ['task']))
    const hint = near === undefined ? layout : `Rename "${near}" to task. ${layout}`
    throw new InputError(`${name} line ${head.number}: there is no column "task"`, hint)
  }
  const split = lower.indexOf('split')
  const methods = titles.flatMap((_, i) => (i === task || i === split ? [] : [i]))
  if (methods.length === 0) throw new InputError(`${name} line ${head.number}: no column of a method`, layout)
  for (const [i, title] of titles.entries()) {
    const first = titles.indexOf(title)
    const wrong =
      title === ''
        ? `column ${i + 1} has no name`
        : /\p{Cc}/u.test(title)
          ? `the name of column ${i + 1} holds a control character`
          : first < i
            ? `the columns ${first + 1} and ${i + 1} are both called "${title}"`
            : null
    if (wrong) throw new InputError(`${name} line ${head.number}: ${wrong}`, 'Give every method a name of its own')
  }
  return { task, split, methods }
}

function rowOf(line: Line, head: Line, columns: Columns, problems: Problem[]): ScoreRow {
  const problem = (what: string, mend: string) => problems.push({ line: line.number, what, mend })
  const { cells } = line
  if (cells.length !== head.cells.length) {
    problem(
      `${cells.length} cells where the first line has ${head.cells.length}`,
      'Give every line one cell per column; leave a cell empty where there is no score',
    )
    return { task: cells[columns.task] ?? '', split: null, scores: [] }
  }
  const task = cells[columns.task]!
  if (task === '') problem('the task has no name', 'Write the slug of the task, e.g. game-24')
  const scores = columns.methods.map(at => scoreOf(cells[at]!, head.cells[at]!, problem))
  return { task, split: splitOf(columns.split < 0 ? '' : cells[columns.split]!, problem), scores }
}

type Tell = (what: string, mend: string) => void

function splitOf(cell: string, problem: Tell): ScoreRow['split'] {
  if (cell === '') return null
  const split = splits.find(one => one === cell.toLowerCase())
  if (split) return split
  const near = nearest(cell, splits)
  problem(`split "${cell}"`, `${near ? `Did you mean "${near}"? ` : ''}Write seen or unseen, or leave it empty`)
  return null
}

function scoreOf(cell: string, method: string, problem: Tell): number | null {
  if (noScore.has(cell.toLowerCase())) return null
  const score = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN
  if (Number.isNaN(score)) {
    problem(
      `"${cell}" of ${method} is no number`,
      'Write per cent as 81 or 81.5, without a sign; leave the cell empty for no score',
    )
  } else if (score < 0 || score > 100) {
    problem(`${cell} of ${method} is not between 0 and 100`, 'Scores are per cent of the instances that were solved')
  } else return score
  return null
}

function refuse(problems: readonly Problem[], name: string): void {
  const [first, ...others] = problems.toSorted((a, b) => a.line - b.line)
  if (!first) return
  const shown = others.slice(0, toldAtOnce - 1).map(({ line, what }) => `\n  line ${line}: ${what}`)
  const hidden = others.length - shown.length
  const more = hidden > 0 ? `\n  and ${hidden} more` : ''
  throw new InputError(`${name} line ${first.line}: ${first.what}${shown.join('')}${more}`, first.mend)
}

/** Shares of 1 would be read as fractions of a per cent, and every interval with them. */
function checkScale(rows: readonly ScoreRow[], name: string): void {
  const scores = rows.flatMap(row => row.scores).filter(score => score !== null)
  if (scores.length === 0) throw new InputError(`${name} holds no score`, layout)
  if (scores.every(score => score <= 1) && scores.some(score => score > 0 && score < 1)) {
    throw new InputError(
      `${name}: all scores lie between 0 and 1, so they seem to be shares`,
      'Write per cent: multiply every score by 100',
    )
  }
}
