import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { InputError, messageOf, StoreError } from '../../../errors.ts'
import type { Instance, Task } from '../../../task.ts'
import { canonicalJson } from '../../../util/hash.ts'
import { version } from '../../../version.ts'
import { type CoordinateFlags, poolOf, wantedOf } from './coordinates.ts'
import { cardMark, dataCard } from './data-card.ts'

export const formats = ['jsonl', 'parquet'] as const
export type Format = (typeof formats)[number]

/** What to write, and where. */
export interface DataSetOptions extends CoordinateFlags {
  /** What was asked for: a slug, or `all`. */
  readonly slug: string
  readonly out: string
  readonly format: Format
  readonly keys: boolean
  /** Replace a data set that is already there. */
  readonly force: boolean
}

/** What was written; also the `--json` output. */
export interface DataSetWritten {
  readonly folder: string
  readonly files: readonly string[]
  readonly questions: number
  readonly tasks: number
  readonly keys: boolean
}

/** A row as it is written: a question, and its key only where that was asked for. Both formats have these columns. */
export interface DataSetRow {
  readonly id: string
  readonly task: string
  readonly version: number
  readonly level: number
  readonly seed: number
  readonly pool: string
  readonly prompt: string
  /** The puzzle as JSON text: puzzles of different tasks have different shapes, and a table has one. */
  readonly puzzle?: string
  readonly solution?: string
}

interface RowSink {
  write(row: DataSetRow): void
  finish(): void | Promise<void>
  /** Lets go of the file after a failure. */
  abandon(): void
}

const fileOf = (format: Format) => `questions.${format}`
const cardFile = 'README.md'

/** How many questions the options ask for. Throws InputError for a level or pool that does not exist. */
export function countOf(tasks: readonly Task[], options: DataSetOptions): number {
  poolOf(options)
  return wantedOf(tasks, options).reduce((sum, { levels }) => sum + levels.length * options.count, 0)
}

/**
 * Writes the questions and a data card. The rows go to a `.part` file that takes its name at the end, so a folder with
 * the card is whole. The same options write the same bytes. Throws InputError when something would be overwritten, and
 * StoreError when the folder cannot be written.
 */
export async function writeDataSet(
  tasks: readonly Task[],
  drawn: AsyncIterable<{ readonly task: Task; readonly instance: Instance }>,
  options: DataSetOptions,
  onRow: (done: number, task: string) => void = () => {},
): Promise<DataSetWritten> {
  const { out, format, keys } = options
  const questions = countOf(tasks, options)
  prepareFolder(options)
  const [file, part] = [join(out, fileOf(format)), join(out, `${fileOf(format)}.part`)]
  const sink = await storing(out, () => openSink(format, part, keys))
  try {
    let done = 0
    for await (const { task, instance } of drawn) {
      const row = rowOf(task, instance, keys)
      await storing(out, () => sink.write(row))
      onRow(++done, task.slug)
    }
    await storing(out, () => sink.finish())
    await storing(out, () => {
      for (const old of oldFiles(out)) rmSync(join(out, old))
      renameSync(part, file)
      writeFileSync(join(out, cardFile), dataCard(wantedOf(tasks, options), options, questions))
    })
  } catch (error) {
    sink.abandon()
    rmSync(part, { force: true })
    throw error
  }
  return { folder: out, files: [fileOf(format), cardFile], questions, tasks: tasks.length, keys }
}

function rowOf(task: Task, { question, puzzle }: Instance, keys: boolean): DataSetRow {
  const { id, version, level, seed, pool, prompt } = question
  const open = { id, task: task.slug, version, level, seed, pool, prompt }
  return keys ? { ...open, puzzle: canonicalJson(puzzle), solution: task.solve(puzzle) } : open
}

/** Makes the folder. Throws InputError when an older data set is there unasked, or a README that is none of ours. */
function prepareFolder({ out, force }: DataSetOptions): void {
  const there = oldFiles(out)
  try {
    mkdirSync(out, { recursive: true })
  } catch (error) {
    throw cannotWrite(out, error)
  }
  const card = join(out, cardFile)
  if (there.includes(cardFile) && !readFileSync(card, 'utf8').includes(cardMark)) {
    throw new InputError(
      `${card} is not a data card of ours`,
      'Choose a folder of its own for the data set: --out DIR.',
    )
  }
  if (there.length > 0 && !force) {
    throw new InputError(
      `${out} already holds ${there.join(' and ')}`,
      'Choose another --out, or replace them with --force.',
    )
  }
}

/** What a data set may have left in the folder, in whichever format: old keys must not stay beside new questions. */
const oldFiles = (out: string) => [...formats.map(fileOf), cardFile].filter(name => existsSync(join(out, name)))

async function storing<T>(out: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw cannotWrite(out, error)
  }
}

const cannotWrite = (out: string, error: unknown) =>
  new StoreError(
    `cannot write the data set to ${out}: ${messageOf(error)}`,
    'Choose a folder that can be written and has room: --out DIR.',
    { cause: error },
  )

const openSink = (format: Format, path: string, keys: boolean): RowSink | Promise<RowSink> =>
  format === 'jsonl' ? jsonLinesSink(path) : parquetSink(path, keys)

function jsonLinesSink(path: string): RowSink {
  const file = openSync(path, 'w')
  let waiting = ''
  const flush = () => {
    // A write may take less than all of it.
    const bytes = Buffer.from(waiting)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    waiting = ''
  }
  return {
    write(row) {
      waiting += `${JSON.stringify(row)}\n`
      if (waiting.length > 1_000_000) flush()
    },
    finish() {
      flush()
      closeSync(file)
    },
    abandon() {
      try {
        closeSync(file)
      } catch (error) {
        // It was closed already when the failure came later than the last row.
        if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error
      }
    },
  }
}

/** Rows are kept until a row group is full; a group is what a reader loads at once. */
const groupRows = 2_000

async function parquetSink(path: string, keys: boolean): Promise<RowSink> {
  const { fileWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer')
  const rows: DataSetRow[] = []
  const columns = () => [
    ...(['id', 'task'] as const).map(name => text(rows, name)),
    ...(['version', 'level'] as const).map(name => ({ ...column(rows, name), type: 'INT32' as const })),
    { name: 'seed', data: rows.map(row => BigInt(row.seed)), type: 'INT64' as const, nullable: false },
    ...(['pool', 'prompt'] as const).map(name => text(rows, name)),
    ...(keys ? (['puzzle', 'solution'] as const).map(name => text(rows, name)) : []),
  ]
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: columns() }),
    createdBy: `codesteer ${version}`,
  })
  const flush = () => {
    if (rows.length > 0) writer.write({ columnData: columns(), rowGroupSize: groupRows })
    rows.length = 0
  }
  return {
    write(row) {
      rows.push(row)
      if (rows.length >= groupRows) flush()
    },
    finish() {
      flush()
      return writer.finish()
    },
    // The writer opens its file for each write and holds none.
    abandon: () => {},
  }
}

const column = (rows: readonly DataSetRow[], name: keyof DataSetRow) => ({
  name,
  data: rows.map(row => row[name]),
  nullable: false,
})
const text = (rows: readonly DataSetRow[], name: keyof DataSetRow) => ({
  ...column(rows, name),
  type: 'STRING' as const,
})
