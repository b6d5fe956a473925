import type { RunReport, Tally } from './run-report.ts'
import { parts } from './statistics/averages.ts'
import { alignedTable, type Cells, type Column, csvText, markdownTable } from './text-table.ts'

/** A titled table of a report, the same for every renderer. */
export interface Section {
  readonly title: string
  readonly about: string
  readonly columns: readonly Column[]
  readonly rows: Cells
}

const percent = (value: number | null) => (value === null ? '–' : (100 * value).toFixed(1))
const number = (value: number | null, digits = 1) => (value === null ? '–' : value.toFixed(digits))
const withInterval = ({ accuracy, interval, n }: Pick<Tally, 'accuracy' | 'interval'> & { readonly n: number }) =>
  n === 0 ? '–' : `${percent(accuracy)} [${percent(interval.low)}, ${percent(interval.high)}]`
const numeric = (heads: readonly string[]): Column[] => heads.map(head => ({ head, number: true }))

/** All tables of a report in the order in which they are read. */
export function sections(report: RunReport): Section[] {
  return [
    averagesSection(report),
    tasksSection(report),
    comparisonsSection(report),
    costSection(report),
    levelsSection(report),
    ...endsSections(report),
    checkersSection(report),
  ].filter(section => section.rows.length > 0)
}

function averagesSection({ columns, averages }: RunReport): Section {
  return {
    title: 'Averages',
    about:
      'Mean over tasks, in per cent: raw, and normalised by the best method of each task as in the published table.',
    columns: [{ head: 'method' }, ...numeric(parts.flatMap(part => [`${part} raw`, `${part} norm.`]))],
    rows: columns.map(({ id }) => [
      id,
      ...parts.flatMap(part => [number(averages[id]![part].raw), number(averages[id]![part].normalised)]),
    ]),
  }
}

function tasksSection({ columns, rows }: RunReport): Section {
  const order = { seen: 0, unseen: 1 }
  const sorted = [...rows].sort(
    (a, b) => (order[a.split ?? 'unseen'] ?? 2) - (order[b.split ?? 'unseen'] ?? 2) || a.task.localeCompare(b.task),
  )
  return {
    title: 'Tasks',
    about: 'Right answers in per cent, with Wilson’s 95 % interval where there is room; "–" where nothing was scored.',
    columns: [{ head: 'task' }, { head: 'split' }, ...numeric(columns.map(column => column.id))],
    rows: sorted.map(({ task, split, cells }) => [
      task,
      split ?? '–',
      ...columns.map(({ id }) => withInterval(cells[id]!)),
    ]),
  }
}

function comparisonsSection({ comparisons, against }: RunReport): Section {
  return {
    title: `Compared with ${against}`,
    about:
      'Paired by question and trial; exact McNemar, Holm over the family; interval by bootstrap clustered by task.',
    columns: [
      { head: 'against' },
      ...numeric(['difference', 'low', 'high', 'p (Holm)', 'wins', 'losses', 'ties', 'detectable']),
      { head: 'in words' },
    ],
    rows: comparisons.map(({ b, difference, adjustedP, byTask, detectable, sentence }) => [
      b,
      number(difference.mean),
      number(difference.low),
      number(difference.high),
      adjustedP.toPrecision(2),
      String(byTask.wins),
      String(byTask.losses),
      String(byTask.ties),
      number(detectable),
      sentence,
    ]),
  }
}

function costSection({ costs }: RunReport): Section {
  return {
    title: 'Cost',
    about:
      'Per question, coach and checkers counted; "task tokens" are the task model’s alone, as the published table counts.',
    columns: [
      { head: 'method' },
      ...numeric([
        'right %',
        'tokens',
        'task tokens',
        'US$',
        'seconds',
        'calls',
        'turns',
        'answers by code %',
        'turns with code %',
      ]),
    ],
    rows: costs.map(cost => [
      cost.column,
      percent(cost.accuracy),
      number(cost.tokens, 0),
      number(cost.taskTokens, 0),
      cost.costUsd === null ? 'unknown' : cost.costUsd.toFixed(5),
      number(cost.seconds, 2),
      number(cost.calls),
      number(cost.turns),
      percent(cost.codeAnswers),
      percent(cost.codeTurns),
    ]),
  }
}

function levelsSection({ columns, levels }: RunReport): Section {
  const found = [...new Set(levels.map(({ level }) => level))].sort((a, b) => a - b)
  const rows = columns.map(({ id }) => [
    id,
    ...found.map(level => {
      const own = levels.filter(row => row.column === id && row.level === level)
      const n = own.reduce((sum, row) => sum + row.n, 0)
      return n === 0 ? '–' : percent(own.reduce((sum, row) => sum + row.correct, 0) / n)
    }),
  ])
  return {
    title: 'Levels',
    about: 'Right answers in per cent by level, all tasks together.',
    columns: [{ head: 'method' }, ...numeric(found.map(level => `level ${level}`))],
    rows: found.length > 1 ? rows : [],
  }
}

function endsSections({ columns, stops, errors }: RunReport): Section[] {
  const table = (title: string, about: string, counts: RunReport['stops']): Section => {
    const kinds = [...new Set(Object.values(counts).flatMap(Object.keys))].sort()
    return {
      title,
      about,
      columns: [{ head: 'method' }, ...numeric(kinds)],
      rows:
        kinds.length === 0 ? [] : columns.map(({ id }) => [id, ...kinds.map(kind => String(counts[id]?.[kind] ?? 0))]),
    }
  }
  return [
    table('Stop reasons', 'Why trajectories ended.', stops),
    table('Errors', 'Failures of provider, sandbox or our own; they are no wrong answers.', errors),
  ]
}

function checkersSection({ checkers }: RunReport): Section {
  return {
    title: 'Checkers against the verifier',
    about:
      'What a checker said of the answer that counted. False accept: passed but wrong; false reject: failed but right.',
    columns: [
      { head: 'checker' },
      { head: 'task' },
      ...numeric(['passed, right', 'false accept', 'false reject', 'failed, wrong', 'inconclusive']),
    ],
    rows: checkers.map(row => [
      row.checker,
      row.task ?? 'all',
      ...[row.passedRight, row.passedWrong, row.failedRight, row.failedWrong, row.inconclusive].map(String),
    ]),
  }
}

const headline = ({ names, counts }: RunReport) =>
  `${names.join(', ')}: ${counts.done} of ${counts.planned} trajectories done, ${counts.left} left, ${counts.unscored} unscored`

/** The report for a terminal of so many columns: where a table is too wide, cells lose their intervals. */
export function terminalReport(report: RunReport, width = 120): string {
  const tables = sections(report).map(section => `${section.title}\n${section.about}\n${fitted(section, width)}`)
  return `${[headline(report), ...report.warnings, '', ...tables].join('\n')}`
}

/** The last column's sentences go below the table; intervals go when the rest is still too wide. */
function fitted({ columns, rows }: Section, width: number): string {
  const wordy = columns.at(-1)?.head === 'in words'
  const [heads, cells] = wordy ? [columns.slice(0, -1), rows.map(row => row.slice(0, -1))] : [columns, rows]
  const words = wordy ? rows.map(row => `- ${row.at(-1)}\n`).join('') : ''
  const whole = alignedTable(heads, cells)
  const table =
    whole.indexOf('\n') <= width
      ? whole
      : alignedTable(
          heads,
          cells.map(row => row.map(cell => cell.replace(/ \[.*\]$/, ''))),
        )
  return table + words
}

/** The report as a Markdown page. */
export function markdownReport(report: RunReport): string {
  const tables = sections(report).map(
    ({ title, about, columns, rows }) => `## ${title}\n\n${about}\n\n${markdownTable(columns, rows)}`,
  )
  const warnings = report.warnings.map(warning => `> ${warning}\n`)
  return [`# ${report.names.join(', ')}\n`, `${headline(report)}\n`, ...warnings, ...tables].join('\n')
}

/** One row per task and method: what further analysis wants. */
export function csvReport({ rows, columns, simulated }: RunReport): string {
  const cells = rows.flatMap(({ task, split, cells }) =>
    columns.map(({ id, label, model }) => {
      const { n, correct, unscored, accuracy, interval } = cells[id]!
      return [
        task,
        split,
        label,
        model,
        n,
        correct,
        unscored,
        accuracy,
        interval.low,
        interval.high,
        simulated ? 'simulated' : '',
      ]
    }),
  )
  return csvText(
    ['task', 'split', 'method', 'model', 'n', 'correct', 'unscored', 'accuracy', 'low', 'high', 'note'],
    cells,
  )
}
