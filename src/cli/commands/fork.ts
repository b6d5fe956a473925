import { Command, Option } from 'commander'
import pc from 'picocolors'
import { InputError } from '../../errors.ts'
import { forkStored, type StoredFork } from '../../experiment/fork-stored.ts'
import { fold } from '../../fold.ts'
import { chooseSandbox } from '../../sandboxes/_shared/choose.ts'
import { type AnyRun, openAnywhere } from '../../store/open-store.ts'
import type { RunStore, Summary } from '../../store/run-store.ts'
import { eventLine } from '../../store/trajectory-file.ts'
import type { Verdict } from '../../task.ts'
import type { TrajectoryEvent } from '../../trajectory.ts'
import { systemClock } from '../../util/clock.ts'
import { newId } from '../../util/id.ts'
import { nearest } from '../../util/nearest.ts'
import { parseWhole } from '../../util/units.ts'
import { type CliContext, Exit, settingUp } from '../_shared/context.ts'
import { pythonHighlighter } from '../_shared/highlight.ts'
import { closingLines, trajectoryPrinter } from '../_shared/show-trajectory.ts'
import { statusLine } from '../_shared/status.ts'

interface ForkFlags {
  readonly turn: number
  readonly force?: 'text' | 'code'
  readonly guidance?: string
  readonly model?: string
  readonly checkerModel?: string
  readonly coach?: string
  readonly turns?: number
  readonly sandbox?: string
  readonly baseUrl?: string
  readonly json?: boolean
  readonly full?: boolean
}

/** `codesteer fork`: what would have happened if. */
export default function fork(context: CliContext): Command {
  return new Command('fork')
    .description(
      'Branch a stored conversation at a turn: force its guidance there and run on live. The branch is stored beside it.',
    )
    .argument('<run>', "a run's file")
    .argument('<trajectory>', 'the name of a trajectory in it, or the first letters of one')
    .requiredOption('--turn <n>', 'the turn whose guidance is replaced', parseWhole('--turn', 1, 1_000))
    .addOption(new Option('--force <action>', 'what is asked for in that turn').choices(['text', 'code']))
    .option('--guidance <words>', 'the words of the guidance')
    .option('-m, --model <provider/model>', 'another model from there on (default: the recorded one)')
    .option('--checker-model <provider/model>', 'another model that writes the checking programs')
    .option('-c, --coach <coach>', 'another coach from there on')
    .option('--turns <n>', 'answers asked for at most, those before the fork counted', parseWhole('--turns', 1, 50))
    .option('--sandbox <name>', 'where programs run')
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--json', "write the branch's events as JSON Lines")
    .option('--full', 'show replies, programs and outputs whole')
    .addHelpText(
      'after',
      `
Exit code: as ask has it.

Examples:
  codesteer fork smoke.run 20260101t120000-1a2b3c4d --turn 2 --force code
  codesteer fork smoke.run 20260101t1200 --turn 1 --guidance "Count the letters one by one, in words."`,
    )
    .action(async (path: string, name: string, flags: ForkFlags) => {
      if (!flags.force && flags.guidance === undefined)
        throw new InputError('nothing to force', 'Give --force code, --force text, or --guidance "words".')
      const store = await openAnywhere(path, 'write')
      try {
        const summary = await find(store, name)
        await branch(store, summary, flags, context)
      } finally {
        await store.close()
      }
    })
}

async function find(store: RunStore, name: string): Promise<Summary> {
  const all = await store.summaries({ branches: true })
  const found = all.filter(({ trajectoryId }) => trajectoryId.startsWith(name))
  const exact = found.find(({ trajectoryId }) => trajectoryId === name) ?? (found.length === 1 ? found[0] : undefined)
  if (exact) return exact
  if (found.length > 1)
    throw new InputError(
      `${found.length} trajectories begin with "${name}"`,
      `Give more of the name, for example ${found[0]!.trajectoryId}`,
    )
  const near =
    nearest(
      name,
      all.map(row => row.trajectoryId),
    ) ?? all[0]?.trajectoryId
  throw new InputError(
    `no trajectory "${name}" in ${store.where}`,
    near ? `There is, for example, ${near}` : 'The run has no finished trajectory yet.',
  )
}

async function branch(store: AnyRun, of: Summary, flags: ForkFlags, context: CliContext): Promise<void> {
  const { err, environment, signal } = context
  const { kind } = await settingUp(() => chooseSandbox(flags.sandbox))
  const sandbox = await kind.open({ parallel: 1 })
  const show = await shower(flags, context)
  const status = statusLine(flags.json ? { ...err, isTTY: false } : err)
  const id = newId()
  let outcome: StoredFork
  try {
    const loop = forkStored({
      store,
      of,
      turn: flags.turn,
      ...(flags.force ? { action: flags.force } : {}),
      ...(flags.guidance === undefined ? {} : { words: flags.guidance }),
      ...(flags.model ? { model: flags.model } : {}),
      ...(flags.checkerModel ? { checkerModel: flags.checkerModel } : {}),
      ...(flags.coach ? { coach: flags.coach } : {}),
      ...(flags.turns ? { settings: { maxTurns: flags.turns } } : {}),
      ...(flags.baseUrl ? { baseUrl: flags.baseUrl } : {}),
      id,
      environment,
      sandbox,
      clock: systemClock,
      signal,
      ...(err.isTTY && !flags.json ? { onDelta: status.onDelta } : {}),
    })
    let step = await loop.next()
    for (; !step.done; step = await loop.next()) {
      status.clear()
      show(step.value)
      status.waiting('the branch runs on')
    }
    outcome = step.value
  } finally {
    status.close()
    await sandbox.close()
  }
  const { events, verdict } = outcome
  finish(events, verdict, flags, context)
  if (!flags.json) err.write(`\nStored as ${id} (codesteer replay ${store.where} ${id})\n`)
  exitFor(events, verdict)
}

async function shower(flags: ForkFlags, { out, environment }: CliContext): Promise<(event: TrajectoryEvent) => void> {
  if (flags.json) return event => out.write(eventLine(event))
  const colour = out.isTTY && !environment.NO_COLOR
  const highlight = colour ? await pythonHighlighter(true) : (source: string) => source
  const print = trajectoryPrinter(out, { colour, highlight, lines: flags.full ? Number.POSITIVE_INFINITY : 24 })
  const paint = pc.createColors(colour)
  return event => {
    print(event)
    if (event.type === 'guidance' && event.turn === flags.turn)
      out.write(`  ${paint.yellow(`↳ the branch begins here: ${event.guidance.reason}`)}\n`)
  }
}

function finish(
  events: readonly TrajectoryEvent[],
  verdict: Verdict,
  flags: ForkFlags,
  { out, environment }: CliContext,
): void {
  if (!flags.json) out.write(closingLines(fold(events), verdict, out.isTTY && !environment.NO_COLOR))
}

function exitFor(events: readonly TrajectoryEvent[], verdict: Verdict): void {
  const { end } = fold(events)
  if (end?.reason === 'cancelled') throw new Exit(130)
  if (end?.error) throw new Exit(3)
  if (verdict.verdict !== 'correct') throw new Exit(1)
}
