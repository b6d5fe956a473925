import { z } from 'zod'
import { draw } from '../draw.ts'
import { InputError } from '../errors.ts'
import { load, names } from '../registry.ts'
import type { Pool, Task } from '../task.ts'
import { args, defineTool } from './tool.ts'

const poolNames = ['test', 'train'] as const
const answerCharacters = 100_000

const whole = (name: string, least: number, most: number) => {
  const words = `${name} must be a whole number from ${least} to ${most}`
  return z.int({ error: words }).min(least, words).max(most, words)
}

/** `symbench_draw`: questions without their keys. */
export const symbenchDrawTool = defineTool({
  name: 'symbench_draw',
  title: 'Draw SymBench questions',
  about: () =>
    `Draws questions of the SymBench benchmark by their coordinates; the same coordinates give the same question. Keys are never handed out: judge an answer with symbench_judge. Tasks: ${names('tasks').join(', ')}.`,
  input: args({
    task: z
      .string({ error: 'task must be the name of a task, such as "game-24"' })
      .describe('Its name, such as game-24.'),
    level: whole('level', 1, 99).default(1).describe('1 is the easiest; every task has five or more.'),
    seed: whole('seed', 0, Number.MAX_SAFE_INTEGER).default(0).describe('The first seed.'),
    count: whole('count', 1, 20).default(1).describe('How many seeds, from the first one on.'),
    pool: z
      .enum(poolNames, { error: 'pool must be test or train' })
      .default('test')
      .describe('They never share a puzzle.'),
  }),
  output: z.object({
    about: z.string(),
    levels: z.int(),
    questions: z.array(
      z.object({
        id: z.string().describe('give it to symbench_judge'),
        task: z.string(),
        version: z.int(),
        level: z.int(),
        seed: z.int(),
        pool: z.enum(poolNames),
        prompt: z.string(),
      }),
    ),
  }),
  readOnly: true,
  openWorld: false,
  async call({ task: slug, level, seed, count, pool }, { signal }) {
    const task = await load<Task>('tasks', slug)
    const questions = []
    for (let i = 0; i < count; i++) {
      questions.push({ ...draw(task, level, seed + i, pool).question })
      // A level whose draws are kept apart may take a while: cancelling is heard in between.
      await new Promise(resolve => setImmediate(resolve))
      signal.throwIfAborted()
    }
    return {
      structured: { about: task.about, levels: task.levels.length, questions },
      text: questions.map(({ id, prompt }) => `── ${id}\n${prompt}`).join('\n\n'),
    }
  },
})

/** `symbench_judge`: the verdict of the task's exact verifier. */
export const symbenchJudgeTool = defineTool({
  name: 'symbench_judge',
  title: 'Judge a SymBench answer',
  about: () =>
    'Judges an answer to a question of symbench_draw by the exact verifier of its task. Any right answer is accepted; the key is never shown, and a wrong answer is not told where it is wrong.',
  input: args({
    id: z
      .string({ error: 'id must be the id of a question of symbench_draw, such as "game-24@1/3/7"' })
      .describe('The id of the question, as symbench_draw gave it.'),
    answer: z
      .string({ error: 'answer must be a text' })
      .max(answerCharacters, `answer must not be longer than ${answerCharacters} characters`)
      .describe('The answer, with or without <<< and >>>.'),
  }),
  output: z.object({
    id: z.string(),
    verdict: z.enum(['correct', 'incorrect', 'malformed', 'no-answer', 'unscored']),
    why: z.string().nullable().describe('what is wrong with the form; null for an answer that was understood'),
  }),
  readOnly: true,
  openWorld: false,
  async call({ id, answer }) {
    const { task, level, seed, pool } = await coordinatesOf(id)
    const { puzzle } = draw(task, level, seed, pool)
    const verdict = answer.trim() === '' ? ({ verdict: 'no-answer' } as const) : task.verify(puzzle, answer)
    // Where an answer is wrong would tell the key piece by piece.
    const why = verdict.verdict !== 'incorrect' && 'why' in verdict ? verdict.why : null
    const structured = { id, verdict: verdict.verdict, why }
    return { structured, text: why === null ? verdict.verdict : `${verdict.verdict}: ${why}` }
  },
})

/** The question that an id names. Throws InputError with the mend. */
async function coordinatesOf(
  id: string,
): Promise<{ readonly task: Task; readonly level: number; readonly seed: number; readonly pool: Pool }> {
  const found = /^([a-z0-9-]{1,80})@(\d{1,6})\/(\d{1,3})\/(\d{1,16})(\/train)?$/.exec(id)
  if (!found)
    throw new InputError(
      `"${id.slice(0, 100)}" is no id of a question`,
      'Give one as symbench_draw gave it, such as "game-24@1/3/7".',
    )
  const [, slug, version, level, seed, train] = found
  const task = await load<Task>('tasks', slug!)
  if (task.version !== Number(version))
    throw new InputError(
      `the question is of version ${version} of ${slug}, and this server draws version ${task.version}`,
      'Draw it again with symbench_draw and answer the new question.',
    )
  return { task, level: Number(level), seed: Number(seed), pool: train ? 'train' : 'test' }
}
