import type { PythonTools } from '../../checkers/_shared/python/parse.ts'
import type { Sandbox } from '../../sandbox.ts'
import type { Task } from '../../task.ts'
import { type Rng, seededRng } from '../../util/rng.ts'
import { kinds, type Lesson, type LessonKind, lesson } from './lesson.ts'

/** What a course of lessons is drawn from. */
export interface Course {
  readonly tasks: readonly Task[]
  readonly seed: number
  readonly count: number
  /** Parts of a hundred for the levels 1, 2, 3 …; a task with fewer levels takes its hardest for the rest. */
  readonly levels: readonly number[]
}

/** Tasks whose programs are too long for a small context; a model for a GPU learns them as well. */
export const longTasks: ReadonlySet<string> = new Set(['gsm-hard', 'math-counting-probability', 'math-geometry'])

/** Only the seen tasks, in the order given, without the long ones when `short`. */
export function learnedTasks(tasks: readonly Task[], short: boolean): Task[] {
  return tasks.filter(task => task.split === 'seen' && !(short && longTasks.has(task.slug)))
}

/** The lessons of a course, the same for the same course, starting with the `from`th. Seeds of a task and level run on from 0. */
export async function* lessons(
  course: Course,
  parts: { readonly sandbox: Sandbox; readonly python: PythonTools },
  from = 0,
): AsyncGenerator<Lesson & { readonly nth: number }> {
  const used = new Map<string, number>()
  for (let nth = 0; nth < course.count; nth++) {
    const rng = seededRng('miniature', course.seed, nth)
    const task = course.tasks[nth % course.tasks.length]!
    const level = Math.min(drawn(course.levels, rng) + 1, task.levels.length)
    const key = `${task.slug}/${level}`
    const seed = used.get(key) ?? 0
    used.set(key, seed + 1)
    if (nth < from) continue
    const made = await oneOf(task, level, seed, { ...parts, rng })
    yield { ...made, nth }
  }
}

/** A lesson of a drawn kind; where a kind does not fit the question, of the next one drawn. */
async function oneOf(task: Task, level: number, seed: number, teacher: Parameters<typeof lesson>[4]): Promise<Lesson> {
  const names = Object.keys(kinds) as LessonKind[]
  const weights = Object.values(kinds)
  for (;;) {
    const made = await lesson(task, level, seed, names[drawn(weights, teacher.rng)]!, teacher)
    if (made !== null) return made
  }
}

/** An index, drawn by weights. */
function drawn(weights: readonly number[], rng: Rng): number {
  let left = rng.real() * weights.reduce((sum, weight) => sum + weight, 0)
  const at = weights.findIndex(weight => {
    left -= weight
    return left < 0
  })
  return at < 0 ? weights.length - 1 : at
}
