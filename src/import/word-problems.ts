import { join } from 'node:path'
import { type Layout, listing, members, parseJson, readJson, readText, stringOf, Unreadable } from './entry.ts'

/** `gsmhardv2.jsonl`: `{input, code, target}` a line. The stored program is never run; its assignments are counted. */
export const gsmHard: Layout = (root, at) =>
  readText(join(root, at))
    .split('\n')
    .map((line, index) => ({ line, index }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, index }) => ({
      task: 'gsm-hard',
      sample: `gsmhardv2:${index}`,
      path: `${at}, line ${index + 1}`,
      read() {
        const { input, code, target } = members(parseJson(line, 'is not JSON'), 'the line')
        if (typeof target !== 'number') throw new Unreadable('"target" is no number')
        const question = stringOf(input, '"input"')
        const complexity = assignments(stringOf(code, '"code"'))
        return { task: 'gsm-hard', sample: `gsmhardv2:${index}`, question, solution: target, complexity, index }
      },
    }))

const assignments = (code: string) =>
  code.replace(/"""[\s\S]*?"""/g, '').match(/^\s+[A-Za-z_][\w, ]*=(?!=)/gm)?.length ?? 0

/** `MATH/train/<subject>/<n>.json`: the answer is the content of the last box in the solution. */
export function math(task: string, subject: string): Layout {
  return (root, at) =>
    listing(join(root, at), 'files')
      .filter(file => /^\d+\.json$/.test(file))
      .map(file => {
        const index = Number(file.slice(0, -'.json'.length))
        const sample = `${subject}/${index}`
        const path = `${at}/${file}`
        return {
          task,
          sample,
          path,
          read() {
            const { problem, level, solution: text } = members(readJson(join(root, path)), 'the file')
            const solution = lastBoxed(stringOf(text, '"solution"'))
            if (solution === null) throw new Unreadable('its solution has no \\boxed answer')
            const digits = /^Level (\d)$/.exec(stringOf(level, '"level"'))?.[1]
            const complexity = digits === undefined ? null : Number(digits)
            return { task, sample, question: stringOf(problem, '"problem"'), solution, complexity, index }
          },
        }
      })
}

/** What stands in the last `\boxed{...}` or `\fbox{...}`, by matching braces, or behind a `\boxed 5`; null when there is none. */
export function lastBoxed(text: string): string | null {
  const at = Math.max(text.lastIndexOf('\\boxed'), text.lastIndexOf('\\fbox'))
  if (at < 0) return null
  const from = at + (text.startsWith('\\boxed', at) ? '\\boxed'.length : '\\fbox'.length)
  const bare = /^\s+([^\s{$][^\s$]*)/.exec(text.slice(from))
  if (bare) return bare[1]!
  const open = /^\s*\{/.exec(text.slice(from))
  if (!open) return null
  const start = from + open[0].length
  let depth = 1
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '{') depth++
    else if (text[i] === '}' && --depth === 0) return text.slice(start, i)
  }
  return null
}
