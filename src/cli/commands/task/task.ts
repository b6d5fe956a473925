import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { auditCommand } from './audit.ts'
import { drawCommand } from './draw.ts'
import { importCommand } from './import.ts'
import { judgeCommand } from './judge.ts'
import { listCommand } from './list.ts'
import { showCommand } from './show.ts'
import { solveCommand } from './solve.ts'

/** `codesteer task`: the benchmark's tasks. */
export default function task(context: CliContext): Command {
  const command = new Command('task').description(
    'SymBench: list tasks, draw questions, solve, show and judge them; import and audit the published set.',
  )
  for (const make of [listCommand, drawCommand, solveCommand, showCommand, judgeCommand, importCommand, auditCommand])
    command.addCommand(make(context))
  return command
}
