import type { Command } from 'commander'
import { draw } from '../../../draw.ts'
import { InputError } from '../../../errors.ts'
import { load, loadAll } from '../../../registry.ts'
import type { Instance, Pool, Task } from '../../../task.ts'
import { parseWhole } from '../../../util/units.ts'

/** Which questions: a task (or all), a level (or all), seeds from one on. */
export interface CoordinateFlags {
  readonly level?: number
  readonly seed: number
  readonly count: number
  readonly pool: string
}

/** A task with the levels that are drawn of it. */
export interface Wanted {
  readonly task: Task
  readonly levels: readonly number[]
}

export function addCoordinates(command: Command): Command {
  return command
    .option('--level <n>', 'the level; default: all of them', parseWhole('--level', 1, 99))
    .option('--seed <n>', 'the first seed', parseWhole('--seed', 0, Number.MAX_SAFE_INTEGER), 0)
    .option('--count <n>', 'how many seeds per level', parseWhole('--count', 1, 1_000_000), 1)
    .option('--pool <pool>', 'test or train; the two never share a puzzle', 'test')
}

/** The tasks that a slug names: one, or every one for `all`. */
export async function tasksNamed(slug: string): Promise<Task[]> {
  return slug === 'all' ? loadAll<Task>('tasks') : [await load<Task>('tasks', slug)]
}

/** The pool of the flags. Throws InputError for any other word. */
export function poolOf({ pool }: CoordinateFlags): Pool {
  if (pool !== 'test' && pool !== 'train') throw new InputError(`no pool "${pool}"`, 'There are two: test and train.')
  return pool
}

/** Every task with its levels. Throws InputError before anything is drawn when one of them lacks the level. */
export function wantedOf(tasks: readonly Task[], { level }: CoordinateFlags): Wanted[] {
  return tasks.map(task => {
    if (level !== undefined && level > task.levels.length) {
      const mend = `Its levels are 1 to ${task.levels.length}: codesteer task show ${task.slug}`
      throw new InputError(`${task.slug} has no level ${level}`, mend)
    }
    return { task, levels: level === undefined ? task.levels.map((_, i) => i + 1) : [level] }
  })
}

/** Draws in the order task, level, seed. */
export function* drawAll(
  tasks: readonly Task[],
  flags: CoordinateFlags,
): Generator<{ readonly task: Task; readonly instance: Instance }> {
  const pool = poolOf(flags)
  for (const { task, levels } of wantedOf(tasks, flags)) {
    for (const level of levels) {
      for (let i = 0; i < flags.count; i++) yield { task, instance: draw(task, level, flags.seed + i, pool) }
    }
  }
}
