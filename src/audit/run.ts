import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError, messageOf } from '../errors.ts'
import type { Entry } from '../import/entry.ts'
import { readEntry } from '../import/read.ts'
import { load, names } from '../registry.ts'
import type { Task } from '../task.ts'
import { type AuditOptions, Auditor, type TaskAudit } from './audit.ts'
import { type VerdictRow, verdictRow } from './verdicts.ts'

export interface RunOptions extends AuditOptions {
  /** Folder with `<task>.jsonl` files of published verdicts, when they are to be compared. */
  readonly verdicts?: string
  /** Called before every sample; awaited, so that it may also let other work through. */
  readonly onSample?: (task: string) => Promise<void> | void
  readonly signal?: AbortSignal
}

/** Audits of all tasks that have samples among the entries, in order of their slugs. */
export async function auditAll(entries: readonly Entry[], options: RunOptions): Promise<TaskAudit[]> {
  const byTask = Map.groupBy(entries, entry => entry.task)
  const verdicts = options.verdicts === undefined ? null : verdictFiles(options.verdicts)
  const audits: TaskAudit[] = []
  for (const slug of [...byTask.keys()].sort()) {
    // What is unknown was passed over by whoever listed the entries.
    if (!names('tasks').includes(slug)) continue
    const auditor = new Auditor(await load<Task>('tasks', slug), options)
    for (const entry of byTask.get(slug)!) {
      options.signal?.throwIfAborted()
      await options.onSample?.(slug)
      const reading = readEntry(entry)
      if (reading.ok) auditor.add(reading.row)
      else auditor.unreadable(reading.path, reading.why)
    }
    const file = verdicts?.get(slug)
    if (file !== undefined) addVerdicts(auditor, file)
    audits.push(auditor.finish())
  }
  return audits
}

function verdictFiles(folder: string): Map<string, string> {
  const mend = 'Expected a folder with <task>.jsonl files of {"task", "sample", "answer", "verdict", "kind"}.'
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new InputError(`there is no folder ${folder}`, mend)
  const files = readdirSync(folder).filter(file => file.endsWith('.jsonl'))
  if (files.length === 0) throw new InputError(`${folder} holds no .jsonl files`, mend)
  return new Map(files.map(file => [file.replace(/\.jsonl$/, ''), join(folder, file)]))
}

function addVerdicts(auditor: Auditor, file: string): void {
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, i) => {
      if (line.trim() === '') return
      const row = verdictOf(line, `${file}, line ${i + 1}`)
      if (row.task === auditor.task.slug) auditor.verdict(row)
    })
}

function verdictOf(line: string, place: string): VerdictRow {
  const mend = 'Expected {"task", "sample", "answer", "verdict", "kind"} on every line.'
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new InputError(`${place} is not JSON: ${messageOf(error)}`, mend, { cause: error })
  }
  const row = verdictRow.safeParse(value)
  if (row.success) return row.data
  const issue = row.error.issues[0]
  throw new InputError(`${place}: ${issue?.path.join('.') || 'the row'}: ${issue?.message}`, mend)
}
