import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { addCoordinates, type CoordinateFlags, drawAll, tasksNamed } from './coordinates.ts'

interface DrawFlags extends CoordinateFlags {
  readonly keys?: boolean
  readonly json?: boolean
}

export function drawCommand({ out, signal }: CliContext): Command {
  const command = new Command('draw')
    .description('Draw questions by their coordinates.')
    .argument('<slug>', 'a task, or "all"')
  return addCoordinates(command)
    .option('--keys', 'with the puzzle and a correct answer')
    .option('--json', 'write JSON Lines, one question each')
    .addHelpText(
      'after',
      `
Examples:
  codesteer task draw game-24 --level 3 --seed 0 --count 5
  codesteer task draw all --count 20 --json > questions.jsonl
  codesteer task draw all --count 20 --json --keys --pool train > train.jsonl`,
    )
    .action(async (slug: string, flags: DrawFlags) => {
      for (const { task, instance } of drawAll(await tasksNamed(slug), flags)) {
        signal.throwIfAborted()
        const { question, puzzle } = instance
        const keys = flags.keys ? { puzzle, solution: task.solve(puzzle) } : {}
        if (flags.json) out.write(`${JSON.stringify({ ...question, ...keys })}\n`)
        else
          out.write(
            `── ${question.id}\n${question.prompt}\n${'solution' in keys ? `\nA correct answer: ${keys.solution}\n` : ''}\n`,
          )
      }
    })
}
