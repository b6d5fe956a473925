import type { Task } from '../src/task.ts'
import { type AgreementLimits, type CellResult, type Counts, sumCounts } from './agree-cell.ts'

/** What the page says about the run besides its counts. */
export interface RunFacts {
  readonly command: string
  readonly date: string
  readonly version: string
  readonly sandbox: string
  readonly perTask: number
  readonly limits: AgreementLimits
  /** Wall time in milliseconds; null when the run was taken up again. */
  readonly tookMs: number | null
}

/** How often the lazy program was right, per level. */
const lazyCell = ({ lazyAsked, lazyRight, lazyLate }: Counts) =>
  lazyAsked === 0 ? '' : `${percent(lazyRight, lazyAsked)}${lazyLate === lazyAsked ? ' late' : ''}`

/** The page docs/agreement.md. */
export function agreementPage(tasks: readonly Task[], cells: readonly CellResult[], facts: RunFacts): string {
  const all = sumCounts(cells)
  const disagreements = cells.flatMap(cell => cell.disagreements)
  const { limits } = facts
  return `<!-- Produced by \`npm run agree\`; run it again, do not edit. -->
# Do solver, verifier and independent programs agree?

${all.questions.toLocaleString('en')} questions of ${tasks.length} tasks, ${facts.perTask.toLocaleString('en')} per task, spread evenly over the levels, seeds from 0, test pool.
codesteer ${facts.version}, ${facts.date}. Command: \`${facts.command}\`. Python ran in the sandbox ${facts.sandbox}.
${facts.tookMs === null ? '' : `It took ${Math.round(facts.tookMs / 60_000)} minutes on two cores.\n`}
For each question:

- the TypeScript solution is accepted by the verifier;
- a Python program written separately, with another algorithm, solves the same puzzle, and what it prints is accepted;
- up to ${limits.mutations} different wrong answers of the task's own (near misses), and the solution with one digit changed, in two
  places or more before the sixth decimal, are refused. Tasks with short answers have fewer;
- where more than one answer is right, a check program in Python judges the solution, Python's answer, ${limits.checked} near misses and
  the edited answers too, and has to say the same as the verifier;
- on the first ${Math.max(...cells.map(cell => cell.lazyAsked))} questions of each level the lazy program is run, ${limits.lazyMs / 1_000} s at most: it shows what code without a
  real algorithm reaches. After four late runs in a row the rest of the level is left out.

**${disagreements.length === 0 ? 'No disagreement' : `${disagreements.length} disagreements`}** in ${all.questions.toLocaleString('en')} questions, ${all.mutations.toLocaleString('en')} wrong answers and ${all.checks.toLocaleString('en')} double judgements.

## By task

"same text" is the share in which Python printed the text of the TypeScript solution, blanks, brackets, quotes and commas aside:
100 % where there is one answer in one spelling, less where many are right. The milliseconds are one machine's, for information.

${taskTable(tasks, cells)}

## The lazy program by level

Right answers in per cent; "late" where no run ended in time.

${lazyTable(tasks, cells)}

## By level

${levelTable(cells)}
${disagreements.length === 0 ? '' : `\n## Disagreements\n\n${disagreements.map(({ id, what }) => `- \`${id}\`: ${what.replaceAll('\n', ' ')}`).join('\n')}\n`}`
}

/** One row per task, as a Markdown table. */
export function taskTable(tasks: readonly Task[], cells: readonly CellResult[]): string {
  const rows = tasks.flatMap(({ slug }) => {
    const own = cells.filter(cell => cell.task === slug)
    return own.length === 0 ? [] : [[slug, ...columnsOf(sumCounts(own)), timesOf(own)]]
  })
  if (rows.length > 1) rows.push(['**all**', ...columnsOf(sumCounts(cells)), ''])
  return table(
    [
      'task',
      'questions',
      'solution accepted',
      'Python accepted',
      'same text',
      'wrong refused',
      'check program agrees',
      'lazy right',
      'Python ms, slowest level’s median / longest',
    ],
    rows,
  )
}

function columnsOf(counts: Counts): string[] {
  return [
    whole(counts.questions),
    percent(counts.solved, counts.questions),
    percent(counts.python, counts.questions),
    percent(counts.sameText, counts.questions),
    `${whole(counts.refused)} of ${whole(counts.mutations)}`,
    counts.checks === 0 ? '–' : `${percent(counts.checksAgree, counts.checks)} of ${whole(counts.checks)}`,
    percent(counts.lazyRight, counts.lazyAsked),
  ]
}

const timesOf = (cells: readonly CellResult[]) =>
  `${Math.round(Math.max(...cells.map(cell => cell.pythonMedianMs)))} / ${Math.round(Math.max(...cells.map(cell => cell.pythonMaxMs)))}`

function lazyTable(tasks: readonly Task[], cells: readonly CellResult[]): string {
  const levels = Math.max(...cells.map(cell => cell.level))
  const head = ['task', ...Array.from({ length: levels }, (_, i) => String(i + 1))]
  const rows = tasks.flatMap(({ slug }) => {
    const own = cells.filter(cell => cell.task === slug)
    if (own.length === 0) return []
    return [[slug, ...head.slice(1).map(level => lazyCellOf(own, Number(level)))]]
  })
  return table(head, rows)
}

function lazyCellOf(cells: readonly CellResult[], level: number): string {
  const cell = cells.find(one => one.level === level)
  return cell ? lazyCell(cell) : ''
}

function levelTable(cells: readonly CellResult[]): string {
  const levels = [...new Set(cells.map(cell => cell.level))].sort((a, b) => a - b)
  return table(
    [
      'level',
      'questions',
      'solution accepted',
      'Python accepted',
      'same text',
      'wrong refused',
      'check program agrees',
      'lazy right',
    ],
    levels.map(level => [String(level), ...columnsOf(sumCounts(cells.filter(cell => cell.level === level)))]),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n')
}

const whole = (n: number) => n.toLocaleString('en')

/** Never rounded up to 100 %. */
function percent(part: number, of: number): string {
  if (of === 0) return '–'
  if (part === of) return '100 %'
  return `${(Math.floor((1_000 * part) / of) / 10).toFixed(1)} %`
}
