import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { CheckRow, LegacyRow } from '../../checkers/symbolic-code.ts'
import { InputError, messageOf } from '../../errors.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import { readJsonLines } from '../_shared/json-lines.ts'

interface Options {
  readonly jsonl?: string
  readonly legacy?: boolean
  readonly json?: boolean
  readonly skipBad?: boolean
  readonly failOnLazy?: boolean
  readonly maxScore?: number
}

const examples = `
Examples:
  codesteer check solve.py                        findings with their lines
  codesteer check solve.py --json                 one JSON value
  cat solve.py | codesteer check -                from standard input
  codesteer check --jsonl rows.jsonl              a result per row {"code": "..."}, in order
  codesteer check --jsonl rows.jsonl --legacy     the published score and flags
  codesteer check solve.py --fail-on-lazy         exit 1 when the program restates an answer or cannot run

Exit: 0 checked, 1 by --fail-on-lazy or --max-score, 2 input that cannot be read.
`

/** `codesteer check`: reads Python programs without running them. */
export default function checkCommand(context: CliContext): Command {
  return new Command('check')
    .summary('read a Python program without running it: does it find the answer out?')
    .description(
      'Reads a Python program without running it and says how it finds its answer: by search, calculation, a solver, or not at all.',
    )
    .argument('[file]', 'a Python program, or - for standard input')
    .option('--jsonl <rows>', 'a file of JSON Lines with {"code"} in each, or -; results are JSON Lines')
    .option('--legacy', 'the score, flags and explanation of the published checker')
    .option('--json', 'one JSON value instead of text')
    .option('--skip-bad', 'with --jsonl: pass over lines that are no {"code"} and count them on stderr')
    .option('--fail-on-lazy', 'exit 1 when a program is lazy or does not parse')
    .option('--max-score <number>', 'exit 1 when a program scores no more than this', parseScore)
    .addHelpText('after', examples)
    .action(async (file: string | undefined, options: Options) => {
      const check = options.jsonl === undefined ? checkFile : checkRows
      if (await check(file, options, context)) throw new Exit(1)
    })
}

function parseScore(text: string): number {
  const score = Number(text)
  if (text.trim() !== '' && Number.isFinite(score)) return score
  throw new InputError(`--max-score "${text}" is no number`, 'Give one, e.g. --max-score 2')
}

async function checkFile(file: string | undefined, options: Options, context: CliContext): Promise<boolean> {
  if (file === undefined) {
    throw new InputError('no program to check', 'Name a file, - for standard input, or --jsonl rows.jsonl')
  }
  if (options.skipBad) throw new InputError('--skip-bad needs --jsonl', 'Leave it out, or give --jsonl rows.jsonl')
  const source = file === '-' ? await readAll(context.stdin) : await readProgram(file)
  const { checkSource } = await import('../../checkers/symbolic-code.ts')
  const row = await checkSource(source, { legacy: options.legacy ?? false })
  if (options.json) context.out.write(`${JSON.stringify(row)}\n`)
  else {
    const { default: colors } = await import('picocolors')
    const paint = colors.createColors(context.out.isTTY && !context.environment.NO_COLOR)
    context.out.write('findings' in row ? human(row, file, source, paint) : humanLegacy(row, file))
  }
  return isFailure(row, options)
}

async function checkRows(file: string | undefined, options: Options, context: CliContext): Promise<boolean> {
  if (file !== undefined) {
    throw new InputError(`"${file}" and --jsonl together`, 'Give either a program or --jsonl rows.jsonl')
  }
  const path = options.jsonl!
  const { checkSource } = await import('../../checkers/symbolic-code.ts')
  let failed = false
  let bad = 0
  let number = 0
  for await (const line of readJsonLines(path === '-' ? context.stdin : path)) {
    number++
    const code = line.ok ? codeOf(line.value) : { problem: `not JSON (${line.why})` }
    if ('problem' in code) {
      if (!options.skipBad) {
        throw new InputError(
          `${nameOf(path)} line ${line.line}: ${code.problem}`,
          'Expected {"code": "<a Python program>"} on every line. Mend it, or pass over such lines with --skip-bad',
        )
      }
      bad++
      continue
    }
    const row = await checkSource(code.code, { legacy: options.legacy ?? false })
    if (isFailure(row, options)) failed = true
    context.out.write(`${JSON.stringify(row)}\n`)
  }
  if (bad > 0) context.err.write(`${bad} of ${number} lines passed over: no {"code"} in them\n`)
  return failed
}

function isFailure(row: CheckRow | LegacyRow, options: Options): boolean {
  const isLazy = row.error !== null || ('lazy' in row && row.lazy)
  if (options.failOnLazy && isLazy) return true
  return options.maxScore !== undefined && row.score <= options.maxScore
}

function codeOf(value: unknown): { readonly code: string } | { readonly problem: string } {
  if (typeof value !== 'object' || value === null) return { problem: 'not an object' }
  const code = (value as { code?: unknown }).code
  return typeof code === 'string' ? { code } : { problem: 'its "code" is not a string' }
}

const nameOf = (path: string): string => (path === '-' ? 'standard input' : path)

async function readProgram(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): InputError {
  return new InputError(
    `cannot read ${nameOf(path)}: ${messageOf(error)}`,
    'Check the path, or use - for standard input',
    {
      cause: error,
    },
  )
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  yellow(text: string): string
  green(text: string): string
}

const good = /^(solver|search|enumeration|recursion|dynamic-programming|simulation|exact|evaluation)$/
const grave =
  /^(syntax-error|no-code|no-output|hard-coded|lookup|endless-loop|too-many-cases|needs-input|refused|unused-function)$/

function human(row: CheckRow, file: string, source: string, paint: Paint): string {
  const verdict = verdictOf(row)
  const isFine = verdict === 'adequate'
  const lines = [
    `${paint.bold(nameOf(file))}: ${isFine ? paint.green(verdict) : paint.red(verdict)}`,
    `  method ${row.method}, score ${row.score} (adequate above 2), ${row.liveLines} lines in use, ${row.deadLines} not`,
  ]
  const text = source.split(/\r\n?|\n/)
  for (const finding of row.findings) {
    const color = good.test(finding.kind) ? paint.green : grave.test(finding.kind) ? paint.red : paint.yellow
    lines.push('', `  ${color(finding.kind)}  ${finding.why}`)
    if (finding.kind === 'no-output' || finding.kind === 'no-code') continue
    const last = Math.min(finding.endLine, finding.line + 2, text.length)
    for (let line = finding.line; line <= last; line++) {
      lines.push(`  ${paint.dim(`${String(line).padStart(5)} |`)} ${text[line - 1] ?? ''}`)
    }
    if (finding.endLine > last) lines.push(paint.dim(`        | … to line ${finding.endLine}`))
  }
  return `${lines.join('\n')}\n`
}

function verdictOf(row: CheckRow): string {
  if (row.error !== null) return row.method === 'no-code' ? 'no program' : `does not parse (${row.error})`
  if (row.lazy) return 'lazy'
  return row.score > 2 ? 'adequate' : 'works out little'
}

function humanLegacy(row: LegacyRow, file: string): string {
  const flags = [
    row.searching ? 'searching' : null,
    row.symbolic ? 'symbolic' : null,
    row.numerical ? 'numerical' : null,
  ].filter(flag => flag !== null)
  const verdict = row.score <= 2 ? 'at or below the published threshold of 2' : 'above the published threshold of 2'
  const head = `${nameOf(file)}: published score ${row.score}, ${verdict}; ${flags.join(', ') || 'no flag set'}`
  return `${head}\n\n${row.explanation.trim()}\n`
}
