import { open } from 'node:fs/promises'
import { Command } from 'commander'
import pc from 'picocolors'
import { InputError } from '../../errors.ts'
import { fold } from '../../fold.ts'
import { type ReplayResult, replay } from '../../replay.ts'
import { openAnywhere } from '../../store/open-store.ts'
import { isPostgresAddress } from '../../store/postgres-address.ts'
import { eventLine, readTrajectoryFile, type TrajectoryFile } from '../../store/trajectory-file.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import { pythonHighlighter } from '../_shared/highlight.ts'
import { progressOf } from '../_shared/progress.ts'
import { closingLines, trajectoryPrinter } from '../_shared/show-trajectory.ts'

interface ReplayFlags {
  readonly json?: boolean
  readonly show?: boolean
}

/** `codesteer replay`: the loop again from its record, without a call. */
export default function replayCommand(context: CliContext): Command {
  return new Command('replay')
    .description(
      'Run the loop again from recorded trajectories: no call, no program, and every event must come out the same.',
    )
    .argument('<file>', "a trajectory file (.jsonl), a run's file, or postgres://…/database?run=name")
    .argument('[trajectory]', 'one trajectory of a run (default: all of them)')
    .option('--show', 'show the trajectory as `ask` did')
    .option(
      '--json',
      'write {events, torn, same, divergence} as one JSON value; of a whole run {trajectories, same, different}',
    )
    .addHelpText(
      'after',
      `
Exit code: 0 when the replay is the same byte for byte, 1 when it differs, 2 when the file is no trajectory.

Examples:
  codesteer replay .codesteer/trajectories/20260101t120000-1a2b3c4d.jsonl
  codesteer replay trajectory.jsonl --show
  codesteer replay smoke.run
  codesteer replay smoke.run 20260101t120000-1a2b3c4d --show`,
    )
    .action(async (path: string, name: string | undefined, flags: ReplayFlags) => {
      const run = await isRun(path)
      if (run && name === undefined) return replayAll(path, flags, context)
      if (!run && name !== undefined)
        throw new InputError(`${path} is one trajectory, so it holds no "${name}"`, 'Leave the name out.')
      const file = run ? await fromRun(path, name!) : readTrajectoryFile(path)
      const { divergence, events } = await replay(file.events)
      const same = divergence === null && events.every((event, i) => eventLine(event) === `${file.lines[i]}\n`)
      if (flags.json) {
        context.out.write(`${JSON.stringify({ events: events.length, torn: file.torn, same, divergence })}\n`)
      } else {
        const colour = context.out.isTTY && !context.environment.NO_COLOR
        if (flags.show) {
          const print = trajectoryPrinter(context.out, {
            colour,
            highlight: colour ? await pythonHighlighter(true) : s => s,
            lines: 40,
          })
          for (const event of file.events) print(event)
          context.out.write(closingLines(fold(file.events), null, colour))
        }
        context.out.write(summary(same, events.length, file.torn, divergence, colour))
      }
      if (!same) throw new Exit(1)
    })
}

/** By its first bytes, whatever its name. */
async function isRun(path: string): Promise<boolean> {
  if (isPostgresAddress(path)) return true
  try {
    const file = await open(path)
    try {
      const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0)
      return buffer.toString('latin1').startsWith('SQLite format 3')
    } finally {
      await file.close()
    }
  } catch (error) {
    // What cannot be read is told by who reads it as a trajectory.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return false
  }
}

async function fromRun(path: string, name: string): Promise<TrajectoryFile> {
  const store = await openAnywhere(path, 'read')
  try {
    const events = await store.trajectory(name)
    return { events, lines: events.map(event => JSON.stringify(event)), torn: false }
  } finally {
    await store.close()
  }
}

/** Every trajectory of a run; each is read, replayed and let go. */
async function replayAll(path: string, flags: ReplayFlags, { out, err, signal }: CliContext): Promise<void> {
  const store = await openAnywhere(path, 'read')
  const different: { trajectory: string; divergence: ReplayResult['divergence'] }[] = []
  try {
    const rows = await store.summaries({ branches: true })
    const progress = progressOf(err, rows.length)
    for (const [i, { trajectoryId: trajectory }] of rows.entries()) {
      signal.throwIfAborted()
      const { divergence } = await replay(await store.trajectory(trajectory))
      if (divergence) different.push({ trajectory, divergence })
      progress.done(i + 1, trajectory)
    }
    progress.close()
    const same = rows.length - different.length
    if (flags.json) out.write(`${JSON.stringify({ trajectories: rows.length, same, different })}\n`)
    else {
      for (const { trajectory, divergence } of different.slice(0, shown))
        out.write(`${trajectory}: ${placeOf(divergence)}\n`)
      if (different.length > shown) out.write(`… and ${different.length - shown} more; --json tells all\n`)
      out.write(`${same} of ${rows.length} trajectories replayed byte for byte\n`)
    }
    if (different.length > 0) throw new Exit(1)
  } finally {
    await store.close()
  }
}

/** Differences that are written out; the rest is counted. */
const shown = 20

const placeOf = (divergence: ReplayResult['divergence']) =>
  divergence === null
    ? 'the serialised form differs'
    : `event ${divergence.seq} (recorded ${divergence.recorded?.type ?? 'nothing'}, replayed ${divergence.replayed?.type ?? 'nothing'})`

function summary(
  same: boolean,
  events: number,
  torn: boolean,
  divergence: ReplayResult['divergence'],
  colour: boolean,
): string {
  const paint = pc.createColors(colour)
  const cut = torn ? ' The last line was cut off and is left out.' : ''
  if (same) return `${paint.green('same')}  ${events} events replayed byte for byte.${cut}\n`
  return `${paint.red('different')}  ${placeOf(divergence)}.${cut}\nThe loop, its prompts or its settings changed since the record was made; --json shows both events.\n`
}
