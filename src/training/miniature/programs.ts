import type { PythonValue, Task } from '../../task.ts'
import { type PythonProgram, pythonLiteral, pythonProgram } from '../../tasks/_shared/python.ts'

/**
 * A task's program as the miniature model learns to write it: literals without blanks, and no comments, docstrings or
 * empty lines, so that it costs few tokens. Null when the task has no such program.
 */
export async function shortProgram<P>(
  task: Task<P>,
  puzzle: P,
  which: PythonProgram,
  extra: Readonly<Record<string, PythonValue>> = {},
): Promise<string | null> {
  const source = await pythonProgram(task, puzzle, which, extra)
  if (source === null) return null
  const data = { ...task.pythonData(puzzle), ...extra }
  const head = Object.entries(data).map(([name, value]) => `${name} = ${shortLiteral(value)}`)
  const body = withoutRemarks(source).split('\n').slice(head.length)
  return [...head, ...body].join('\n')
}

/**
 * A program that tests an answer and prints `Correct` or `Wrong: …`: the task's own where many answers are right, else its
 * solver with a comparison in place of the last print. Null when the solver prints in more than one place.
 */
export async function checkingProgram<P>(task: Task<P>, puzzle: P, answer: string): Promise<string | null> {
  const own = await shortProgram(task, puzzle, 'check', { ANSWER: answer })
  if (own !== null) return own
  const solver = await shortProgram(task, puzzle, 'full')
  const lines = solver?.split('\n') ?? []
  const printed = /^print\((.*)\)$/.exec(lines.at(-1) ?? '')
  if (printed === null || lines.filter(line => line.includes('print(')).length > 1) return null
  return [
    `ANSWER = ${pythonLiteral(answer)}`,
    ...lines.slice(0, -1),
    `found = ${printed[1]}`,
    'same = "".join(found[3:-3].split()).lower() == "".join(ANSWER.split()).lower()',
    'print("Correct" if same else f"Wrong: computed {found[3:-3][:200]} instead")',
  ].join('\n')
}

/** A literal as `pythonLiteral` writes it, without the blanks between its items. */
export function shortLiteral(value: PythonValue): string {
  if (Array.isArray(value)) return `[${value.map(shortLiteral).join(',')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value as Record<string, PythonValue>)
      .map(([key, item]) => `${pythonLiteral(key)}:${shortLiteral(item)}`)
      .join(',')}}`
  return pythonLiteral(value)
}

function withoutRemarks(source: string): string {
  return source
    .replace(/^\s*"""[\s\S]*?"""\n/gm, '')
    .replace(/^\s*#.*\n/gm, '')
    .replace(/[ \t]+# .*$/gm, remark => (/["']/.test(remark) ? remark : ''))
    .replace(/\n{2,}/g, '\n')
    .trim()
}
