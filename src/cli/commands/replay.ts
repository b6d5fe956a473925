import { Command } from 'commander'
import pc from 'picocolors'
import { fold } from '../../fold.ts'
import { replay } from '../../replay.ts'
import { eventLine, readTrajectoryFile } from '../../store/trajectory-file.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import { pythonHighlighter } from '../_shared/highlight.ts'
import { closingLines, trajectoryPrinter } from '../_shared/show-trajectory.ts'

interface ReplayFlags {
  readonly json?: boolean
  readonly show?: boolean
}

/** `codesteer replay`: the loop again from its record, without a call. */
export default function replayCommand(context: CliContext): Command {
  return new Command('replay')
    .description(
      'Run the loop again from a recorded trajectory: no call, no program, and every event must come out the same.',
    )
    .argument('<file>', 'a trajectory file (.jsonl)')
    .option('--show', 'show the trajectory as `ask` did')
    .option('--json', 'write {events, torn, same, divergence} as one JSON value')
    .addHelpText(
      'after',
      `
Exit code: 0 when the replay is the same byte for byte, 1 when it differs, 2 when the file is no trajectory.

Examples:
  codesteer replay .codesteer/trajectories/20260101t120000-1a2b3c4d.jsonl
  codesteer replay run.jsonl --show`,
    )
    .action(async (path: string, flags: ReplayFlags) => {
      const file = readTrajectoryFile(path)
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

function summary(
  same: boolean,
  events: number,
  torn: boolean,
  divergence: Awaited<ReturnType<typeof replay>>['divergence'],
  colour: boolean,
): string {
  const paint = pc.createColors(colour)
  const cut = torn ? ' The last line was cut off and is left out.' : ''
  if (same) return `${paint.green('same')}  ${events} events replayed byte for byte.${cut}\n`
  const place =
    divergence === null
      ? 'the serialised form differs'
      : `event ${divergence.seq} (recorded ${divergence.recorded?.type ?? 'nothing'}, replayed ${divergence.replayed?.type ?? 'nothing'})`
  return `${paint.red('different')}  ${place}.${cut}\nThe loop, its prompts or its settings changed since the record was made; --json shows both events.\n`
}
