import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderOf } from '../../registry.ts'
import type { PythonValue, Task } from '../../task.ts'

/** The line that ends the literals at the head of a task's Python program. */
const endOfData = '# --- end of data ---'

/**
 * `full` is the independent exact solver, `lazy` the plausible program that is wrong or too slow, `check` reads the
 * literal `ANSWER` and prints `Correct` or a reason (for tasks with many right answers).
 */
export type PythonProgram = 'full' | 'lazy' | 'check'

const suffix: Record<PythonProgram, string> = { full: '.py', lazy: '.lazy.py', check: '.check.py' }

/** A task's Python program with the puzzle's data as literals, as a good model would write it; null when there is none. */
export async function pythonProgram<P>(
  task: Task<P>,
  puzzle: P,
  program: PythonProgram,
  extra: Readonly<Record<string, PythonValue>> = {},
): Promise<string | null> {
  const path = join(folderOf('tasks', task.slug), task.slug + suffix[program])
  const source = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return source === null ? null : inlineData(source, { ...task.pythonData(puzzle), ...extra })
}

/** Replaces the literals at the head of a program by the given ones. Comment lines above them stay. */
export function inlineData(source: string, data: Readonly<Record<string, PythonValue>>): string {
  const at = source.indexOf(endOfData)
  if (at < 0) throw new TypeError(`the program has no line "${endOfData}"`)
  const comments = source.slice(0, at).match(/^#.*\n/gm) ?? []
  const literals = Object.entries(data).map(([name, value]) => `${name} = ${pythonLiteral(value)}\n`)
  return `${comments.join('')}${literals.join('')}${source.slice(at + endOfData.length).replace(/^\n/, '\n')}`
}

/** A JSON value (or big integer) as a Python literal. */
export function pythonLiteral(value: PythonValue): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  // A JSON string is a Python string, but for the two line separators that JSON may hold raw.
  if (typeof value === 'string') return JSON.stringify(value).replace(/[\u2028\u2029\ud800-\udfff]/gu, escapeUnit)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  return `{${Object.entries(value as Record<string, PythonValue>)
    .map(([key, item]) => `${pythonLiteral(key)}: ${pythonLiteral(item)}`)
    .join(', ')}}`
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
