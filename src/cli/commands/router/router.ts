import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { evaluateCommand } from './evaluate.ts'
import { explainCommand } from './explain.ts'
import { trainCommand } from './train.ts'

/** `codesteer router`: a learned first choice between text and code. */
export default function router(context: CliContext): Command {
  const command = new Command('router').description(
    'Train, measure and explain a small first choice between text and code, learned from stored runs. Used only where it is named: --coach rules:router.json (docs/router.md).',
  )
  for (const make of [trainCommand, evaluateCommand, explainCommand]) command.addCommand(make(context))
  return command
}
