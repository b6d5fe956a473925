import type { MethodAverages, ScoreReport } from './score-report.ts'
import type { Part } from './statistics/averages.ts'
import type { Judged } from './statistics/compare.ts'
import type { Interval } from './statistics/proportion.ts'
import { alignedTable, type Cells, type Column, csvText, markdownTable } from './text-table.ts'

/** How a terminal sets off headings and asides. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
}

const plain: Paint = { bold: text => text, dim: text => text }

const number = (value: number | null) => (value === null ? '–' : value.toFixed(1).replace('-', '−'))
const signed = (value: number) => (value > 0 ? `+${number(value)}` : number(value))
const range = (interval: Interval | null) =>
  interval === null ? '–' : `${number(interval.low)} to ${number(interval.high)}`
const pValue = (p: number) => (p < 0.001 ? '<0.001' : p.toFixed(3))

/** The parts that the table has tasks of; `total` always. */
const partsOf = (report: ScoreReport): Part[] =>
  (['seen', 'unseen', 'total'] as const).filter(part => part === 'total' || report.tasks[part] > 0)

interface Section {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: Cells
  readonly lines: readonly string[]
}

/** The report for a terminal. */
export function scoreText(report: ScoreReport, paint: Paint = plain): string {
  const sections = sectionsOf(report).map(({ title, columns, rows, lines }) => {
    const told = lines.map(line => `  ${line}\n`).join('')
    return `${paint.bold(title)}\n\n${alignedTable(columns, rows)}${told === '' ? '' : `\n${told}`}`
  })
  const notes = notesOf(report).map(note => paint.dim(`! ${note}\n`))
  return `${sections.join('\n')}\n${notes.join('')}`
}

/** The same for a page. */
export function scoreMarkdown(report: ScoreReport): string {
  const sections = sectionsOf(report).map(({ title, columns, rows, lines }) => {
    const told = lines.map(line => `- ${line}\n`).join('')
    return `## ${title}\n\n${markdownTable(columns, rows)}${told === '' ? '' : `\n${told}`}`
  })
  const notes = notesOf(report).map(note => `- ${note}\n`)
  return `${sections.join('\n')}\n## Notes\n\n${notes.join('')}`
}

function sectionsOf(report: ScoreReport): Section[] {
  const sections = [averagesSection(report)]
  if (report.comparisons.length > 0) {
    sections.push(comparisonsSection(`${report.against} against each other method`, report.comparisons, true))
  }
  if (report.pairwise) sections.push(comparisonsSection('Every method against every other', report.pairwise, false))
  return sections
}

function averagesSection(report: ScoreReport): Section {
  const parts = partsOf(report)
  const row = ({ method, parts: averages }: MethodAverages) => [
    method,
    ...parts.map(part => number(averages[part].normalised)),
    ...parts.map(part => number(averages[part].raw)),
    range(averages.total.rawInterval),
  ]
  return {
    title: `Averages over ${counted(report)}`,
    columns: [
      { head: 'method' },
      ...parts.map(part => ({ head: `${part} norm.`, number: true })),
      ...parts.map(part => ({ head: `${part} raw`, number: true })),
      { head: 'raw, 95 % interval', number: true },
    ],
    rows: report.methods.map(row),
    lines: [],
  }
}

function counted({ tasks }: ScoreReport): string {
  const split = tasks.seen + tasks.unseen > 0 ? ` (${tasks.seen} seen, ${tasks.unseen} unseen)` : ''
  return `${tasks.total} ${tasks.total === 1 ? 'task' : 'tasks'}${split}`
}

function comparisonsSection(title: string, comparisons: readonly Judged[], withSentences: boolean): Section {
  const columns: Column[] = [
    { head: withSentences ? 'against' : 'methods' },
    { head: 'gap', number: true },
    { head: '95 % interval', number: true },
    { head: 'wins', number: true },
    { head: 'losses', number: true },
    { head: 'ties', number: true },
    { head: 'p', number: true },
    { head: 'p (Holm)', number: true },
    { head: 'detectable', number: true },
    { head: 'finding' },
  ]
  const rows = comparisons.map(one => [
    withSentences ? one.b : `${one.a} − ${one.b}`,
    signed(one.difference.mean),
    range(one.difference),
    ...[one.byTask.wins, one.byTask.losses, one.byTask.ties].map(String),
    pValue(one.p),
    pValue(one.adjustedP),
    number(one.detectable),
    one.finding,
  ])
  return { title, columns, rows, lines: withSentences ? comparisons.map(one => one.sentence) : [] }
}

const testNames = { wilcoxon: 'Wilcoxon’s signed-rank test', sign: 'the sign test', t: 'the paired t test' }

function notesOf({ settings, warnings }: ScoreReport): string[] {
  const kind = settings.kind === 'bca' ? 'BCa' : 'percentile'
  return [
    ...warnings,
    `Gaps are raw means in points. Intervals: ${kind} bootstrap over tasks, ${settings.resamples} resamples, seed ${settings.seed}. p: ${testNames[settings.test]} over tasks, two-sided; Holm within the table. Detectable: the true gap found four times in five.`,
    'A task x method table does not say how many instances stand behind a score: their own noise is in the gaps, but cannot be told apart.',
  ]
}

const csvHead = [
  'method',
  ...['seen', 'unseen', 'total'].flatMap(part => [`${part}_normalised`, `${part}_raw`]),
  'total_raw_low',
  'total_raw_high',
  'tasks',
  'missing',
  'against',
  'gap',
  'gap_low',
  'gap_high',
  'wins',
  'losses',
  'ties',
  'p',
  'p_holm',
  'detectable',
  'finding',
]

/** One row per method; gaps, wins and losses are those of the chosen method (`against`) over the row's, as on the screen. */
export function scoreCsv(report: ScoreReport): string {
  const rows = report.methods.map(({ method, parts, missing }) => {
    const one = report.comparisons.find(comparison => comparison.b === method)
    const { total } = parts
    return [
      method,
      ...[parts.seen, parts.unseen, total].flatMap(({ normalised, raw }) => [normalised, raw]),
      total.rawInterval?.low ?? null,
      total.rawInterval?.high ?? null,
      total.tasks,
      missing,
      ...(one
        ? [
            report.against,
            one.difference.mean,
            one.difference.low,
            one.difference.high,
            one.byTask.wins,
            one.byTask.losses,
            one.byTask.ties,
            one.p,
            one.adjustedP,
            one.detectable,
            one.finding,
          ]
        : new Array<null>(11).fill(null)),
    ]
  })
  return csvText(csvHead, rows)
}
