import { Command } from 'commander'
import pc from 'picocolors'
import { loadAll } from '../../../registry.ts'
import type { Task } from '../../../task.ts'
import type { CliContext } from '../../_shared/context.ts'

export function listCommand({ out, environment }: CliContext): Command {
  return new Command('list')
    .description('List the tasks.')
    .option('--json', 'write one JSON array')
    .addHelpText('after', '\nExamples:\n  codesteer task list\n  codesteer task list --json')
    .action(async (flags: { readonly json?: boolean }) => {
      const tasks = await loadAll<Task>('tasks')
      if (flags.json) {
        const rows = tasks.map(({ slug, title, split, version, about, levels }) => ({
          slug,
          title,
          split,
          version,
          about,
          levels,
        }))
        out.write(`${JSON.stringify(rows)}\n`)
        return
      }
      const paint = pc.createColors(out.isTTY && !environment.NO_COLOR)
      for (const task of tasks)
        out.write(
          `${task.slug.padEnd(34)} ${paint.dim(task.split.padEnd(7))} ${String(task.levels.length).padStart(2)} levels  ${task.about}\n`,
        )
      out.write(paint.dim(`${tasks.length} tasks. One of them in detail: codesteer task show <slug>\n`))
    })
}
