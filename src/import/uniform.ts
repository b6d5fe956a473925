import { join } from 'node:path'
import { z } from 'zod'
import type { PublishedSample } from '../task.ts'
import { type Entry, parseJson, readText, Unreadable } from './entry.ts'

const uniformRow = z.looseObject({
  task: z.string(),
  sample: z.string(),
  question: z.string().nullable(),
  solution: z.unknown(),
})

/** JSON Lines of `{task, sample, question, solution, …}`, one published sample a line. */
export function uniformRows(root: string, file: string): Entry[] {
  return readText(join(root, file))
    .split('\n')
    .map((line, i) => ({ line, path: `${file}, line ${i + 1}` }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, path }) => {
      // Which task a line is about has to be known before the line is asked for.
      const named = /^\s*\{\s*"task"\s*:\s*"([a-z0-9-]+)"/.exec(line)?.[1]
      return { task: named ?? file.replace(/\.jsonl$/, ''), sample: path, path, read: () => rowOf(line) }
    })
}

function rowOf(line: string): PublishedSample {
  const row = uniformRow.safeParse(parseJson(line, 'is not JSON'))
  if (row.success) return row.data as PublishedSample
  const issue = row.error.issues[0]
  throw new Unreadable(`${issue?.path.join('.') || 'the row'}: ${issue?.message}`)
}

/** Whether a file's first line looks like a uniform row. */
export const looksUniform = (line: string): boolean => /^\s*\{.*"sample"\s*:/.test(line) && /"task"\s*:/.test(line)
