import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { addCoordinates, type CoordinateFlags, drawAll, tasksNamed } from './coordinates.ts'

export function solveCommand({ out, signal }: CliContext): Command {
  const command = new Command('solve')
    .description('Give a correct answer to drawn questions.')
    .argument('<slug>', 'a task, or "all"')
  return addCoordinates(command)
    .option('--json', 'write JSON Lines {id, task, level, seed, answer}')
    .addHelpText(
      'after',
      '\nExamples:\n  codesteer task solve letters --level 2 --seed 5\n  codesteer task solve all --count 3 --json',
    )
    .action(async (slug: string, flags: CoordinateFlags & { readonly json?: boolean }) => {
      for (const { task, instance } of drawAll(await tasksNamed(slug), flags)) {
        signal.throwIfAborted()
        const { id, level, seed } = instance.question
        const answer = task.solve(instance.puzzle)
        out.write(
          flags.json ? `${JSON.stringify({ id, task: task.slug, level, seed, answer })}\n` : `${id}  ${answer}\n`,
        )
      }
    })
}
