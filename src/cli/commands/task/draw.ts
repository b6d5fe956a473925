import { Command } from 'commander'
import { InputError } from '../../../errors.ts'
import type { Task } from '../../../task.ts'
import type { CliContext } from '../../_shared/context.ts'
import { paced, progressOf } from '../../_shared/progress.ts'
import { addCoordinates, type CoordinateFlags, drawAll, tasksNamed } from './coordinates.ts'
import { countOf, type DataSetOptions, type Format, formats, writeDataSet } from './data-set.ts'

interface DrawFlags extends CoordinateFlags {
  readonly keys?: boolean
  readonly json?: boolean
  readonly out?: string
  readonly format?: string
  readonly force?: boolean
}

export function drawCommand(context: CliContext): Command {
  const command = new Command('draw')
    .description('Draw questions by their coordinates, to the screen or as a data set with its card.')
    .argument('<slug>', 'a task, or "all"')
  return addCoordinates(command)
    .option('--keys', 'with the puzzle and a correct answer')
    .option('--json', 'write JSON Lines, one question each; with --out, one JSON value about what was written')
    .option('--out <dir>', 'write a data set: questions.jsonl or questions.parquet, and its card README.md')
    .option('--format <format>', 'of the data set: jsonl (default) or parquet')
    .option('--force', 'replace a data set that is already in the folder')
    .addHelpText(
      'after',
      `
Examples:
  codesteer task draw game-24 --level 3 --seed 0 --count 5
  codesteer task draw all --count 20 --json > questions.jsonl
  codesteer task draw all --count 20 --json --keys --pool train > train.jsonl
  codesteer task draw all --count 100 --out symbench-test --format parquet`,
    )
    .action(async (slug: string, flags: DrawFlags) => {
      const tasks = await tasksNamed(slug)
      if (flags.out !== undefined) return writeOut(context, tasks, dataSetOptions(slug, flags, flags.out), flags.json)
      if (flags.format !== undefined || flags.force)
        throw new InputError('--format and --force are about a data set', 'Say where to write it: --out DIR.')
      await print(context, tasks, flags)
    })
}

async function print({ out, signal }: CliContext, tasks: readonly Task[], flags: DrawFlags): Promise<void> {
  for await (const { task, instance } of paced(drawAll(tasks, flags), signal)) {
    const { question, puzzle } = instance
    const keys = flags.keys ? { puzzle, solution: task.solve(puzzle) } : {}
    if (flags.json) out.write(`${JSON.stringify({ ...question, ...keys })}\n`)
    else
      out.write(
        `── ${question.id}\n${question.prompt}\n${'solution' in keys ? `\nA correct answer: ${keys.solution}\n` : ''}\n`,
      )
  }
}

function dataSetOptions(slug: string, flags: DrawFlags, out: string): DataSetOptions {
  const { level, seed, count, pool, format = 'jsonl', keys = false, force = false } = flags
  if (!formats.includes(format as Format))
    throw new InputError(`no format "${format}"`, `There are two: ${formats.join(' and ')}.`)
  const levels = level === undefined ? {} : { level }
  return { slug, ...levels, seed, count, pool, out, format: format as Format, keys, force }
}

async function writeOut(
  { out, err, signal }: CliContext,
  tasks: readonly Task[],
  options: DataSetOptions,
  json: boolean | undefined,
): Promise<void> {
  const progress = progressOf(err, countOf(tasks, options))
  try {
    const drawn = paced(drawAll(tasks, options), signal)
    const written = await writeDataSet(tasks, drawn, options, (done, task) => progress.done(done, task))
    progress.close()
    const { questions, folder, files } = written
    const keys = written.keys ? 'with keys' : 'without keys'
    out.write(
      json
        ? `${JSON.stringify(written)}\n`
        : `${questions.toLocaleString('en')} questions ${keys} in ${folder}: ${files.join(', ')}\n`,
    )
  } finally {
    progress.close()
  }
}
