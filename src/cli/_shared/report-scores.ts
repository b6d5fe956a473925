import { readFile } from 'node:fs/promises'
import pc from 'picocolors'
import { InputError, messageOf } from '../../errors.ts'
import { type ScoreReportOptions, scoreReport } from '../../report/score-report.ts'
import { readScoreTable } from '../../report/score-table.ts'
import { scoreCsv, scoreMarkdown, scoreText } from '../../report/score-text.ts'
import type { CliContext } from './context.ts'

export interface ScoresFlags extends ScoreReportOptions {
  readonly scores: string
  readonly json?: boolean
  readonly markdown?: boolean
  readonly csv?: boolean
}

/** A table larger than this is not one of tasks and methods. */
const maxBytes = 16 * 2 ** 20

/** `codesteer report --scores`: reads the table and writes the report in the form asked for. */
export async function reportScores(flags: ScoresFlags, context: CliContext): Promise<void> {
  const name = flags.scores === '-' ? 'standard input' : flags.scores
  const table = readScoreTable(await readText(flags.scores, name, context), name)
  const report = scoreReport(table, flags)
  context.out.write(rendered(report, flags, context))
}

function rendered(
  report: ReturnType<typeof scoreReport>,
  flags: ScoresFlags,
  { out, environment }: CliContext,
): string {
  if (flags.json) return `${JSON.stringify(report)}\n`
  if (flags.markdown) return scoreMarkdown(report)
  if (flags.csv) return scoreCsv(report)
  return scoreText(report, pc.createColors(out.isTTY && !environment.NO_COLOR))
}

async function readText(path: string, name: string, context: CliContext): Promise<string> {
  const bytes = await readBytes(path, name, context)
  if (bytes.length > maxBytes)
    throw new InputError(`${name} is longer than 16 MiB`, 'Give a table of tasks and methods')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new InputError(`${name} is not UTF-8 text`, 'Save the table as CSV in UTF-8', { cause: error })
  }
}

async function readBytes(path: string, name: string, context: CliContext): Promise<Buffer> {
  try {
    if (path !== '-') return await readFile(path)
    const chunks: Buffer[] = []
    for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  } catch (error) {
    throw new InputError(`cannot read ${name}: ${messageOf(error)}`, 'Check the path, or use - for standard input', {
      cause: error,
    })
  }
}
