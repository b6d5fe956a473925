import { join } from 'node:path'
import { Command, Option } from 'commander'
import type { AskOptions } from '../../assemble.ts'
import { draw } from '../../draw.ts'
import { CodeSteerError, InputError } from '../../errors.ts'
import { fold } from '../../fold.ts'
import { load } from '../../registry.ts'
import type { SteerInput } from '../../steer.ts'
import { createTrajectoryFile, eventLine } from '../../store/trajectory-file.ts'
import type { Task, Verdict } from '../../task.ts'
import type { Trajectory, TrajectoryEvent } from '../../trajectory.ts'
import { newId } from '../../util/id.ts'
import { parseWhole } from '../../util/units.ts'
import { verifyTrajectory } from '../../verify.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import { pythonHighlighter } from '../_shared/highlight.ts'
import { readQuestion } from '../_shared/question.ts'
import { closingLines, trajectoryPrinter } from '../_shared/show-trajectory.ts'
import { statusLine } from '../_shared/status.ts'
import { addSteerOptions, offlineNote, openFromFlags, type SteerFlags } from '../_shared/steer-options.ts'
import { type AskedPage, addPageOptions, askedPage, type PageFlags } from '../_shared/view-page.ts'

interface AskFlags extends SteerFlags, PageFlags {
  readonly file?: string
  readonly task?: string
  readonly level: number
  readonly seed: number
  readonly json?: boolean
  readonly quiet?: boolean
  readonly full?: boolean
}

/** `codesteer ask`: one question, steered to its end, shown as it happens. */
export default function ask(context: CliContext): Command {
  const command = new Command('ask')
    .description('Steer one question: from the arguments, a file, standard input, or a benchmark task.')
    .argument('[question...]', 'the question in words; - reads standard input')
    .option('-f, --file <file>', 'read the question from a file (- for standard input)')
    .option('--task <slug>', 'ask a benchmark question and judge the answer')
    .option('--level <n>', 'its level', parseWhole('--level', 1, 99), 1)
    .option('--seed <n>', 'its seed', parseWhole('--seed', 0, Number.MAX_SAFE_INTEGER), 0)
  addSteerOptions(command)
  addPageOptions(command)
  return command
    .option('--json', 'write the events as JSON Lines')
    .addOption(new Option('-q, --quiet', 'write the answer only').conflicts('json'))
    .option('--full', 'show replies, programs and outputs whole')
    .addHelpText(
      'after',
      `
Exit code: 0 with an answer (a benchmark's: judged correct), 1 without one, 2 for bad input, 3 when a provider or sandbox failed, 130 on Ctrl-C.

Examples:
  codesteer ask "9.11 or 9.9, which is larger?"
  codesteer ask --task game-24 --level 2 --seed 7
  codesteer ask --task eight-queens --view                                  watch it in the browser
  codesteer ask -f question.txt --model anthropic/claude-sonnet-4-5 --coach prompted:openai/gpt-4.1-mini
  cat question.txt | codesteer ask --json > events.jsonl`,
    )
    .action(async (words: string[], flags: AskFlags) => {
      const { input, judge } = await whatToAsk(words, flags, context)
      const { steer, ledger, chosen } = await openFromFlags(flags, context)
      const id = newId()
      let page: AskedPage | undefined
      try {
        if (flags.view) page = await askedPage(id, flags.out, flags, context)
        if (chosen.startsWith('simulated/') && flags.model === undefined && !flags.quiet)
          context.err.write(`${offlineNote}\n\n`)
        const trajectory = await record({ id, input }, steer.steer, flags, context, page)
        const conclude = () => finish(trajectory, judge?.(trajectory) ?? null, flags, context)
        if (page) await page.stay(conclude)
        else conclude()
      } finally {
        await page?.close()
        await steer.close()
        ledger?.close()
      }
    })
}

type Judge = (trajectory: Trajectory) => Verdict

async function whatToAsk(
  words: string[],
  flags: AskFlags,
  context: CliContext,
): Promise<{ readonly input: Omit<SteerInput, 'id' | 'trial'>; readonly judge?: Judge }> {
  if (flags.task === undefined) return { input: { prompt: await readQuestion(words, flags.file, context) } }
  if (words.length > 0 || flags.file !== undefined)
    throw new InputError('a task and a question were given', 'Give one of them.')
  const task = await load<Task>('tasks', flags.task)
  const { question, puzzle } = draw(task, flags.level, flags.seed)
  const { prompt, ...coordinates } = question
  return { input: { prompt, coordinates }, judge: trajectory => verifyTrajectory(task, puzzle, trajectory) }
}

/** What is waited for after an event. */
const afterwards: Readonly<Record<TrajectoryEvent['type'], string>> = {
  'trajectory-start': 'the coach decides',
  guidance: 'the model answers',
  'model-call': 'the answer is run and checked',
  'code-run': 'the answer is checked',
  check: 'the answer is checked and the coach decides',
  'trajectory-end': 'closing',
}

/** Runs the loop; every event is on disk before it is shown. */
async function record(
  { id, input }: { readonly id: string; readonly input: Omit<SteerInput, 'id' | 'trial'> },
  run: (input: Omit<SteerInput, 'id' | 'trial'>, options: AskOptions) => AsyncGenerator<TrajectoryEvent, Trajectory>,
  flags: AskFlags,
  context: CliContext,
  page?: AskedPage,
): Promise<Trajectory> {
  const file = createTrajectoryFile(join(flags.out, 'trajectories', `${id}.jsonl`))
  const show = await shower(flags, context)
  const status = statusLine(flags.json ? { ...context.err, isTTY: false } : context.err)
  status.waiting('the model is asked')
  const events: TrajectoryEvent[] = []
  const onDelta: AskedPage['onDelta'] = delta => {
    status.onDelta(delta)
    page?.onDelta(delta)
  }
  try {
    for await (const event of run(input, {
      id,
      signal: context.signal,
      ...(context.err.isTTY || page ? { onDelta } : {}),
    })) {
      file.append(event)
      events.push(event)
      page?.event(event)
      status.clear()
      show(event)
      status.waiting(afterwards[event.type])
    }
  } finally {
    status.close()
    file.close()
    page?.over()
    if (!flags.json && !flags.quiet) context.err.write(`\nRecorded in ${file.path} (codesteer replay ${file.path})\n`)
  }
  return fold(events)
}

async function shower(flags: AskFlags, { out, environment }: CliContext): Promise<(event: TrajectoryEvent) => void> {
  if (flags.json) return event => out.write(eventLine(event))
  if (flags.quiet) return () => {}
  const colour = out.isTTY && !environment.NO_COLOR
  const highlight = colour
    ? await pythonHighlighter(environment.COLORFGBG?.endsWith(';15') !== true)
    : (source: string) => source
  return trajectoryPrinter(out, { colour, highlight, lines: flags.full ? Number.POSITIVE_INFINITY : 24 })
}

function finish(
  trajectory: Trajectory,
  verdict: Verdict | null,
  flags: AskFlags,
  { out, environment }: CliContext,
): void {
  if (flags.quiet) out.write(trajectory.answer ? `${trajectory.answer.text}\n` : '')
  else if (!flags.json) out.write(closingLines(trajectory, verdict, out.isTTY && !environment.NO_COLOR))
  const { end, answer } = trajectory
  if (end?.reason === 'cancelled') throw new Exit(130)
  if (end?.error) throw failureOf(end.error)
  if (answer === null || (verdict !== null && verdict.verdict !== 'correct')) throw new Exit(1)
}

/** The recorded failure as the error that the command ends with. */
function failureOf(error: NonNullable<NonNullable<Trajectory['end']>['error']>): Error {
  // A wrong key or model name is the caller's to mend, like any other bad input.
  if (error.fault === 'authentication' || error.fault === 'unknown-model')
    return new InputError(error.message, error.mend)
  return new CodeSteerError(error.kind, error.message, error.mend)
}
