import { Command, CommanderError } from 'commander'
import pc from 'picocolors'
import { CodeSteerError, InputError, messageOf, StoreError } from '../errors.ts'
import { load, names } from '../registry.ts'
import { nearest } from '../util/nearest.ts'
import { version } from '../version.ts'
import { type CliContext, type CommandMaker, Exit, type Output } from './_shared/context.ts'

/** Exit codes: 0 yes, 1 the answer is no, 2 your input, 3 our or the outside's fault, 130 Ctrl-C. */
export const exitCodes = { yes: 0, no: 1, input: 2, fault: 3, cancelled: 130 } as const

/** The whole program, from arguments to exit code. Writes only through the context. */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  try {
    const program = await makeProgram(context)
    const known = names('cli/commands')
    const [first] = args
    if (first !== undefined && !first.startsWith('-') && first !== 'help' && !known.includes(first)) {
      const near = nearest(first, known)
      throw new InputError(
        `no command "${first}"`,
        `${near ? `Did you mean "${near}"? ` : ''}List them: codesteer --help`,
      )
    }
    await program.parseAsync([...args], { from: 'user' })
    return context.signal.aborted ? exitCodes.cancelled : exitCodes.yes
  } catch (error) {
    return explain(error, context)
  }
}

async function makeProgram(context: CliContext): Promise<Command> {
  const program = new Command('codesteer')
    .description(
      'A coach for language models: steers them between text and code, runs the code in a sandbox, checks the answer.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({ writeOut: context.out.write, writeErr: context.err.write })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText(
      'after',
      '\nExamples:\n  codesteer ask "9.11 or 9.9, which is larger?"\n  codesteer ask -f question.txt --model openai/gpt-4.1-mini\n  codesteer task list\n  codesteer doctor',
    )
  for (const name of names('cli/commands')) {
    const make = await load<CommandMaker>('cli/commands', name)
    const command = make(context)
    inherit(command, program)
    program.addCommand(command)
  }
  return program
}

/** Sub-commands answer errors and help the same way as the program. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent)
  for (const child of command.commands) inherit(child, command)
}

function explain(error: unknown, context: CliContext): number {
  const { err, environment } = context
  if (error instanceof Exit) return error.code
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.yes : exitCodes.input
  if (context.signal.aborted) return exitCodes.cancelled
  if (isBrokenPipe(error)) return exitCodes.yes
  const paint = pc.createColors(err.isTTY && !environment.NO_COLOR)
  const ours = error instanceof CodeSteerError
  err.write(`${paint.red('error:')} ${messageOf(error)}\n`)
  err.write(
    ours
      ? `${paint.dim('→')} ${error.mend}\n`
      : `${paint.dim('→')} This is a defect of codesteer. CODESTEER_TRACE=1 shows where; please report it.\n`,
  )
  if (environment.CODESTEER_TRACE && error instanceof Error) err.write(`${error.stack}\n`)
  // The folder that cannot be written is the caller's choice, so it is input as well.
  return error instanceof InputError || error instanceof StoreError ? exitCodes.input : exitCodes.fault
}

const isBrokenPipe = (error: unknown) => (error as NodeJS.ErrnoException | null)?.code === 'EPIPE'

const sameMomentMs = 300

/** Runs the program on this process. */
export async function main(): Promise<void> {
  const abort = new AbortController()
  let askedAtMs = Number.NEGATIVE_INFINITY
  process.on('SIGINT', () => {
    // Wrappers (npm, timeout) pass on a Ctrl-C that the terminal has sent us already: two at one moment are one.
    if (performance.now() - askedAtMs < sameMomentMs) return
    askedAtMs = performance.now()
    // The second Ctrl-C does not wait for the clean end that the first one asked for.
    if (abort.signal.aborted) process.exit(exitCodes.cancelled)
    abort.abort(new DOMException('cancelled by Ctrl-C', 'AbortError'))
  })
  process.on('SIGTERM', () => abort.abort(new DOMException('terminated', 'AbortError')))
  // A reader that went away (`codesteer … | head`) is no error of ours.
  process.stdout.on('error', error => process.exit(isBrokenPipe(error) ? exitCodes.yes : exitCodes.fault))
  const output = (stream: NodeJS.WriteStream): Output => ({
    write: text => void stream.write(text),
    isTTY: Boolean(stream.isTTY),
    columns: stream.columns ?? 100,
  })
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    signal: abort.signal,
    stdin: process.stdin,
    out: output(process.stdout),
    err: output(process.stderr),
  })
}

if (import.meta.main) await main()
