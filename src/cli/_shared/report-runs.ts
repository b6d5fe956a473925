import { writeFile } from 'node:fs/promises'
import { StoreError } from '../../errors.ts'
import { load, names } from '../../registry.ts'
import { runReport } from '../../report/run-report.ts'
import { csvReport, markdownReport, terminalReport } from '../../report/run-text.ts'
import { openToRead } from '../../store/open-store.ts'
import type { Summary } from '../../store/run-store.ts'
import type { Task } from '../../task.ts'
import type { CliContext } from './context.ts'

export interface RunsFlags {
  readonly against?: string
  readonly resamples?: number
  readonly seed?: number
  readonly json?: boolean
  readonly markdown?: boolean
  readonly csv?: boolean
  readonly html?: string
}

/** `codesteer report RUN…`: folds one or more stored runs into one report and writes it in the form asked for. */
export async function reportRuns(runs: readonly string[], flags: RunsFlags, context: CliContext): Promise<void> {
  const found: string[] = []
  const rows: Summary[] = []
  for (const run of runs) {
    const { name, store } = await openToRead(run)
    try {
      found.push(name)
      rows.push(...(await store.summaries()))
    } finally {
      await store.close()
    }
  }
  const { against, resamples, seed } = flags
  const report = runReport(rows, {
    names: found,
    splits: await splits(),
    ...(against === undefined ? {} : { against }),
    ...(resamples === undefined ? {} : { resamples }),
    ...(seed === undefined ? {} : { seed }),
  })
  if (flags.html !== undefined) {
    const { htmlReport } = await import('../../report/run-html.ts')
    await writePage(flags.html, htmlReport(report))
    context.err.write(`wrote ${flags.html}\n`)
  }
  if (flags.json) context.out.write(`${JSON.stringify(report)}\n`)
  else if (flags.markdown) context.out.write(markdownReport(report))
  else if (flags.csv) context.out.write(csvReport(report))
  else if (flags.html === undefined)
    context.out.write(terminalReport(report, context.out.isTTY ? context.out.columns : 160))
}

async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StoreError(`cannot write ${path}: ${code}`, 'Name another file with --html.', { cause: error })
  }
}

async function splits(): Promise<Map<string, 'seen' | 'unseen'>> {
  const tasks = await Promise.all(names('tasks').map(slug => load<Task>('tasks', slug)))
  return new Map(tasks.map(task => [task.slug, task.split]))
}
