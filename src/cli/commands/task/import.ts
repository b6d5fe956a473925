import { closeSync, openSync, writeSync } from 'node:fs'
import { Command } from 'commander'
import { InputError, messageOf } from '../../../errors.ts'
import type { Entry } from '../../../import/entry.ts'
import { readEntry } from '../../../import/read.ts'
import { solvedBy } from '../../../import/solved.ts'
import { load, names } from '../../../registry.ts'
import type { Task } from '../../../task.ts'
import { textTable } from '../../../util/text-table.ts'
import type { CliContext } from '../../_shared/context.ts'
import { paced, progressOf } from '../../_shared/progress.ts'
import { entriesOf, type PublishedFlags } from './published.ts'

interface ImportFlags extends PublishedFlags {
  readonly out?: string
}

/** One published sample as we understand it. */
interface ImportedRow {
  readonly task: string
  readonly sample: string
  readonly question: string | null
  readonly puzzle: unknown
  /** A right answer of ours; null where none was found. */
  readonly solution: string | null
  readonly publishedKey: string | null
  readonly recovered: boolean
  /** Why it was not recovered, or not solved. */
  readonly why?: string
}

interface Summary {
  readonly task: string
  found: number
  recovered: number
  solved: number
  readonly reasons: Map<string, number>
}

export function importCommand(context: CliContext): Command {
  const { out, err, signal } = context
  return new Command('import')
    .description('Read published samples (original layout or uniform rows) as instances judged by our rules.')
    .argument('<folder>', 'dataset_gather, or a folder of *.jsonl with {task, sample, question, solution}')
    .option('--task <slug>', 'only this task')
    .option('--path-plan <file>', 'environments of path-plan (default: path-plan-environments.json in or beside it)')
    .option('--out <file>', 'write the instances to this file as JSON Lines')
    .option('--json', 'write the instances to standard output; with --out, the summary as one JSON value')
    .addHelpText(
      'after',
      `
Every instance is {task, sample, question, puzzle, solution, publishedKey, recovered, why?}. The question is null where
the published programs compose it only when they ask it.

Examples:
  codesteer task import dataset_gather
  codesteer task import dataset_gather --out instances.jsonl
  codesteer task import dataset_gather --task game-24 --json | head`,
    )
    .action(async (folder: string, flags: ImportFlags) => {
      const entries = await entriesOf(folder, flags, context)
      const sink = flags.out === undefined ? null : fileSink(flags.out)
      const write = sink?.write ?? (flags.json ? out.write : () => undefined)
      const summaries = new Map<string, Summary>()
      const progress = progressOf(err, entries.length)
      let done = 0
      try {
        for await (const entry of paced(entries, signal)) {
          const row = await imported(entry)
          write(`${JSON.stringify(row)}\n`)
          count(summaries, row)
          progress.done(++done, entry.task)
        }
      } finally {
        progress.close()
        sink?.close()
      }
      const list = [...summaries.values()]
      if (flags.out !== undefined && flags.json) {
        const rows = list.map(({ reasons, ...rest }) => ({ ...rest, reasons: Object.fromEntries(reasons) }))
        out.write(`${JSON.stringify({ out: flags.out, tasks: rows })}\n`)
      } else (flags.json ? err : out).write(summaryText(list))
    })
}

async function imported(entry: Entry): Promise<ImportedRow> {
  const nothing = { puzzle: null, solution: null, publishedKey: null, recovered: false }
  const reading = readEntry(entry)
  if (!reading.ok)
    return { task: reading.task, sample: reading.path, question: null, ...nothing, why: `unreadable: ${reading.why}` }
  const { task: slug, sample, question } = reading.row
  if (!names('tasks').includes(slug))
    return { task: slug, sample, question, ...nothing, why: `there is no task "${slug}" here` }
  const task = await load<Task>('tasks', slug)
  const puzzle = task.fromPublished(reading.row)
  const publishedKey = task.publishedKey?.(reading.row) ?? null
  if (puzzle === null)
    return {
      task: slug,
      sample,
      question,
      ...nothing,
      publishedKey,
      why: 'the puzzle cannot be recovered without guessing',
    }
  const solved = solvedBy(task, puzzle)
  if (solved.ok) return { task: slug, sample, question, puzzle, solution: solved.answer, publishedKey, recovered: true }
  // A stored key that our rules accept is as good as an answer of our own.
  if (publishedKey !== null && task.verify(puzzle, publishedKey).verdict === 'correct')
    return { task: slug, sample, question, puzzle, solution: publishedKey, publishedKey, recovered: true }
  const why = `not solved: ${solved.why}`
  return { task: slug, sample, question, puzzle, solution: null, publishedKey, recovered: true, why }
}

function count(summaries: Map<string, Summary>, row: ImportedRow): void {
  const summary = summaries.get(row.task) ?? { task: row.task, found: 0, recovered: 0, solved: 0, reasons: new Map() }
  summaries.set(row.task, summary)
  summary.found++
  if (row.recovered) summary.recovered++
  if (row.solution !== null) summary.solved++
  if (row.why !== undefined) summary.reasons.set(row.why, (summary.reasons.get(row.why) ?? 0) + 1)
}

function summaryText(list: readonly Summary[]): string {
  const most = 3
  const rows = list.map(({ task, found, recovered, solved, reasons }) => {
    const told = [...reasons].slice(0, most).map(([why, n]) => `${n} ${why}`)
    if (reasons.size > most) told.push(`${reasons.size - most} more reasons`)
    return [task, ...[found, recovered, found - recovered, solved].map(String), told.join('; ')]
  })
  const sum = (of: (summary: Summary) => number) => String(list.reduce((total, summary) => total + of(summary), 0))
  rows.push(['all', sum(s => s.found), sum(s => s.recovered), sum(s => s.found - s.recovered), sum(s => s.solved), ''])
  return textTable(['task', 'found', 'recovered', 'not recovered', 'solved', 'why not'], rows, [0, 5])
}

function fileSink(path: string): { write(text: string): void; close(): void } {
  try {
    const file = openSync(path, 'w')
    return { write: text => void writeSync(file, text), close: () => closeSync(file) }
  } catch (error) {
    throw new InputError(`cannot write ${path}: ${messageOf(error)}`, 'Name a file in a folder that exists.', {
      cause: error,
    })
  }
}
