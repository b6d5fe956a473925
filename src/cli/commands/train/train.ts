import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { dpoCommand } from './dpo.ts'
import { newModelCommand } from './new-model.ts'
import { serveCommand } from './serve.ts'
import { sftCommand } from './sft.ts'

/** `codesteer train`: from training sets to a coach that answers. */
export default function train(context: CliContext): Command {
  const command = new Command('train').description(
    'Train a coach with TRL, LLaMA-Factory or axolotl, and serve what came of it (docs/training.md).',
  )
  for (const make of [sftCommand, dpoCommand, newModelCommand, serveCommand]) command.addCommand(make(context))
  return command
}
