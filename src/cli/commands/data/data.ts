import { Command } from 'commander'
import type { CliContext, CommandMaker } from '../../_shared/context.ts'
import { exportCommand } from './export.ts'
import { synthesizeCommand } from './synthesize.ts'
import { treesCommand } from './trees.ts'
import { uploadCommand } from './upload.ts'

/** One maker for each file of this folder. */
const subcommands: readonly CommandMaker[] = [synthesizeCommand, treesCommand, exportCommand, uploadCommand]

/** `codesteer data`: from trajectories to training sets. */
export default function data(context: CliContext): Command {
  const command = new Command('data').description(
    'Training data for a coach: synthesize trees of steering, look at them, export them to the trainers.',
  )
  for (const make of subcommands) command.addCommand(make(context))
  return command
}
