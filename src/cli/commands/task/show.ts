import { Command } from 'commander'
import pc from 'picocolors'
import { draw } from '../../../draw.ts'
import { load } from '../../../registry.ts'
import type { Task } from '../../../task.ts'
import { seededRng } from '../../../util/rng.ts'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'

export function showCommand({ out, environment }: CliContext): Command {
  return new Command('show')
    .description('Show a task: its levels, a question drawn for the eye, an accepted and a refused answer.')
    .argument('<slug>', 'a task')
    .option('--level <n>', 'the level of the question', parseWhole('--level', 1, 99), 1)
    .option('--seed <n>', 'the seed of the question', parseWhole('--seed', 0, Number.MAX_SAFE_INTEGER), 0)
    .option('--json', 'write one JSON value')
    .addHelpText(
      'after',
      '\nExamples:\n  codesteer task show boxlift\n  codesteer task show reversi --level 3 --seed 4 --json',
    )
    .action(async (slug: string, flags: { readonly level: number; readonly seed: number; readonly json?: boolean }) => {
      const task = await load<Task>('tasks', slug)
      const shown = exhibit(task, flags.level, flags.seed)
      if (flags.json) {
        out.write(`${JSON.stringify(shown)}\n`)
        return
      }
      const paint = pc.createColors(out.isTTY && !environment.NO_COLOR)
      const refused = shown.refused ? `${shown.refused.answer}\n${paint.dim(shown.refused.why)}` : 'none'
      const parts = [
        `${paint.bold(task.title)}  ${paint.dim(`${task.slug}@${task.version}, ${task.split}`)}\n${task.about}`,
        `${paint.bold('Levels')}\n${task.levels.map((level, i) => `  ${i + 1}  ${level.knob}`).join('\n')}`,
        ...(shown.drawing ? [`${paint.bold('Drawn')}\n${shown.drawing}`] : []),
        `${paint.bold('Question')} ${paint.dim(shown.question.id)}\n${shown.question.prompt}`,
        `${paint.bold('Accepted')}\n${paint.green(shown.accepted)}`,
        `${paint.bold('Refused')}\n${refused}`,
      ]
      out.write(`${parts.join('\n\n')}\n`)
    })
}

/** A question of a task with what a reader wants to see of it; `nth` chooses among the wrong answers, round and round. */
export function exhibit(task: Task, level: number, seed: number, nth = 0) {
  const { question, puzzle } = draw(task, level, seed)
  const misses = task.nearMisses(puzzle, seededRng('show', question.id))
  const miss = misses[nth % misses.length]
  const verdict = miss === undefined ? null : task.verify(puzzle, miss)
  return {
    slug: task.slug,
    title: task.title,
    split: task.split,
    about: task.about,
    levels: task.levels,
    question,
    drawing: task.show?.(puzzle) ?? null,
    accepted: task.solve(puzzle),
    refused: miss !== undefined && verdict && 'why' in verdict ? { answer: miss, why: verdict.why } : null,
  }
}
