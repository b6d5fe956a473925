import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import pc from 'picocolors'
import { InputError } from '../../errors.ts'
import { outcomeWords } from '../../run-words.ts'
import { type RunResult, runDefaults } from '../../sandbox.ts'
import { chooseSandbox } from '../../sandboxes/_shared/choose.ts'
import { parseDuration, parseSize } from '../../util/units.ts'
import { type CliContext, Exit, settingUp } from '../_shared/context.ts'

interface ExecFlags {
  readonly sandbox?: string
  readonly timeout: number
  readonly memory: number
  readonly stdin?: string
  readonly json?: boolean
}

/** `codesteer exec`: one Python file in the sandbox. */
export default function exec(context: CliContext): Command {
  return new Command('exec')
    .description('Run a Python file in the sandbox, as the loop runs a model’s programs.')
    .argument('<file>', 'the program; - reads it from standard input')
    .option('--sandbox <name>', 'where it runs (default: the best available; see codesteer doctor)')
    .option('--timeout <duration>', 'wall-clock limit, such as 500ms or 3s', parseDuration, runDefaults.timeoutMs)
    .option('--memory <size>', 'memory limit, such as 512M', parseSize, runDefaults.memoryBytes)
    .option('--stdin <text>', 'what the program reads from its standard input')
    .option('--json', 'write the RunResult as one JSON value')
    .addHelpText(
      'after',
      `
Exit code: 0 when the program ended with 0, 1 when it did not, 2 for bad input, 3 when the sandbox is missing or broke.

Examples:
  codesteer exec solve.py --timeout 3s --memory 256M
  echo 'print(6*7)' | codesteer exec - --json`,
    )
    .action(async (file: string, flags: ExecFlags) => {
      const source = await readProgram(file, context)
      const { kind } = await settingUp(() => chooseSandbox(flags.sandbox))
      const sandbox = await settingUp(() => kind.open({ parallel: 1 }))
      try {
        const result = await sandbox.run({
          source,
          timeoutMs: flags.timeout,
          memoryBytes: flags.memory,
          signal: context.signal,
          ...(flags.stdin === undefined ? {} : { stdin: flags.stdin }),
        })
        show(result, kind.name, flags, context)
        if (result.outcome !== 'finished' || result.exitCode !== 0) throw new Exit(1)
      } finally {
        await sandbox.close()
      }
    })
}

function show(result: RunResult, sandbox: string, flags: ExecFlags, { out, err, environment }: CliContext): void {
  if (flags.json) {
    out.write(`${JSON.stringify(result)}\n`)
    return
  }
  const paint = pc.createColors(err.isTTY && !environment.NO_COLOR)
  out.write(result.stdout)
  err.write(result.stderr)
  const dropped = result.droppedBytes > 0 ? ` ${result.droppedBytes} bytes of output were not kept.` : ''
  err.write(paint.dim(`${outcomeWords(result)}${dropped} (${sandbox}, ${result.tookMs.toFixed(0)} ms)\n`))
}

async function readProgram(file: string, { stdin }: CliContext): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8')
    let text = ''
    for await (const chunk of stdin.setEncoding('utf8')) text += chunk
    return text
  } catch (error) {
    throw new InputError(
      `cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`,
      'Give the path of a Python file, or - for standard input.',
      { cause: error },
    )
  }
}
