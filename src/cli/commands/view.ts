import { Command } from 'commander'
import { parseWhole } from '../../util/units.ts'
import type { CliContext } from '../_shared/context.ts'
import { defaultFolder } from '../_shared/steer-options.ts'
import type { ViewFlags } from '../_shared/view-runs.ts'

/** `codesteer view`: runs and conversations in the browser. */
export default function view(context: CliContext): Command {
  return new Command('view')
    .description(
      'Look at runs and conversations in the browser: tables, curves, single steps, and branches of your own.',
    )
    .argument(
      '[runs...]',
      `runs' files, trajectory files, folders, or postgres://… (default: everything in ${defaultFolder})`,
    )
    .option('-p, --port <n>', 'port to listen on; 0 takes a free one', parseWhole('--port', 0, 65_535), 0)
    .option('--no-open', 'do not open the browser')
    .option('--trajectory <id>', 'begin with this trajectory (the first letters of its name will do)')
    .option('--static <file>', 'write one page that needs nothing else, of one run or one trajectory, and end')
    .option('--folder <dir>', 'where runs, trajectories and trainings lie', defaultFolder)
    .option('--sandbox <name>', 'where the programs of branches run')
    .option('--base-url <url>', 'address of an OpenAI-compatible server, for branches')
    .option('--json', 'say where it listens as one JSON value; opens no browser')
    .addHelpText(
      'after',
      `
It listens on this machine only, and answers nobody without the token in the address. Ctrl-C stops it (exit code 0).

Examples:
  codesteer view
  codesteer view smoke.run --trajectory 20260101t120000-1a2b3c4d
  codesteer view a.run b.run                                        two runs, to compare
  codesteer view smoke.run --static smoke.html                      to mail or to keep
  codesteer view smoke.run --trajectory 20260101t1200 --static one.html`,
    )
    .action(async (runs: string[], flags: ViewFlags) => {
      // Loaded when it is needed: no other command pays for the server.
      const { viewRuns } = await import('../_shared/view-runs.ts')
      await viewRuns(runs, flags, context)
    })
}
