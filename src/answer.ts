import type { RunResult } from './sandbox.ts'
import type { SteerSettings } from './settings.ts'

/** A fenced block of a reply. `language` is lower case and empty when the fence names none. */
export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** False when the reply ended before the block did. */
  readonly closed: boolean
}

/** What a turn answers. The rule: the output of this reply's code if it has code, else its text; there the last `<<<…>>>`. */
export interface ExtractedAnswer {
  readonly text: string
  readonly from: 'code-output' | 'reply'
}

/** The text between the last `<<<` that is closed and its `>>>`, trimmed; null when there is none or it is empty. */
export function lastMarked(text: string): string | null {
  const lastEnd = text.lastIndexOf('>>>')
  const start = lastEnd < 3 ? -1 : text.lastIndexOf('<<<', lastEnd - 3)
  return start < 0 ? null : text.slice(start + 3, text.indexOf('>>>', start + 3)).trim() || null
}

/** The answer of a turn by the one rule above, from its reply, its program and the program's run. */
export function answerOf(reply: string, source: string | null, run: RunResult | null): ExtractedAnswer | null {
  const text = source === null ? lastMarked(reply) : run === null ? null : lastMarked(run.stdout)
  return text === null ? null : { text, from: source === null ? 'reply' : 'code-output' }
}

const pythonNames = new Set(['python', 'python3', 'py', 'py3', 'python2', 'ipython', 'ipython3', 'sage'])

/**
 * The program that a reply asks to be run, or null. Tolerant: a block that names Python, in whatever spelling, else an
 * unnamed one that reads like Python; of several the last (or the first, by the settings). As published: only blocks
 * that begin with exactly "```python" and a line break and end with a fence at the start of a line.
 */
export function programOf(reply: string, settings: Pick<SteerSettings, 'block' | 'fences'>): string | null {
  const blocks = settings.fences === 'published' ? publishedBlocks(reply) : codeBlocks(reply)
  const named = blocks.filter(block => pythonNames.has(block.language))
  const candidates =
    named.length > 0 ? named : blocks.filter(block => block.language === '' && looksLikePython(block.code))
  const chosen = settings.block === 'first' ? candidates[0] : candidates.at(-1)
  return chosen && chosen.code.trim() !== '' ? chosen.code : null
}

function publishedBlocks(reply: string): CodeBlock[] {
  return [...reply.matchAll(/```python\n([\s\S]*?)\n```/g)].map(found => ({
    language: 'python',
    code: found[1]!,
    closed: true,
  }))
}

/** Python-looking text: a statement that prose, JSON or plain output does not have. */
function looksLikePython(code: string): boolean {
  return /^\s*(import \w|from \w+ import|def \w+\(|class \w+|for .+ in .+:|while .+:|print\(|[A-Za-z_]\w*(\[[^\]]*\])? *[-+*/]?= *\S)/m.test(
    code,
  )
}

/**
 * All fenced blocks of a text, by backticks or tildes, in any spelling that models produce: capitals, blanks after the
 * name, CRLF, indentation, everything on one line, a closing fence behind the last statement, a missing closing fence.
 * A fence inside a string literal of the block does not end it.
 */
export function codeBlocks(text: string): CodeBlock[] {
  return placedBlocks(text.replace(/\r\n?/g, '\n')).map(({ language, code, closed }) => ({ language, code, closed }))
}

/** A text in its order: words, and the programs and other blocks between them, without their fences. */
export function partsOf(text: string): ({ readonly words: string } | { readonly block: CodeBlock })[] {
  const source = text.replace(/\r\n?/g, '\n')
  const parts: ({ words: string } | { block: CodeBlock })[] = []
  const say = (words: string) => words.trim() !== '' && parts.push({ words: words.trim() })
  let at = 0
  for (const { from, to, ...block } of placedBlocks(source)) {
    say(source.slice(at, from))
    parts.push({ block })
    at = to
  }
  say(source.slice(at))
  return parts
}

/** Blocks with the offsets at which their fences begin and end. */
function placedBlocks(source: string): (CodeBlock & { readonly from: number; readonly to: number })[] {
  const blocks: (CodeBlock & { from: number; to: number })[] = []
  const opening = /(^|\n)([ \t]*(?:[-*>]|\d+\.)?[ \t]*)(`{3,}|~{3,})([^\n]*)/g
  for (let open = opening.exec(source); open !== null; open = opening.exec(source)) {
    const from = open.index + open[1]!.length
    const indent = open[2]!.replace(/\S/g, ' ')
    const fence = open[3]!
    const info = open[4]!
    const inline = info.indexOf(fence)
    if (inline >= 0) {
      // All on one line: the first word is the language if it is one we know.
      const word = /^\s*([A-Za-z][\w+#.-]*)\s+/.exec(info)
      const known = word !== null && pythonNames.has(word[1]!.toLowerCase())
      blocks.push({
        language: known ? word[1]!.toLowerCase() : '',
        code: info.slice(known ? word[0].length : 0, inline).trim(),
        closed: true,
        from,
        to: opening.lastIndex,
      })
      continue
    }
    const bodyStart = opening.lastIndex + 1
    const end = closingFence(source, bodyStart, fence)
    const body = source.slice(bodyStart, end?.at ?? source.length)
    blocks.push({
      language: /^\s*\{?\.?([A-Za-z][\w+#-]*)/.exec(info)?.[1]?.toLowerCase() ?? '',
      code: dedent(body, indent),
      closed: end !== null,
      from,
      to: end?.next ?? source.length,
    })
    if (end === null) break
    opening.lastIndex = end.next
  }
  return blocks
}

/** Where the block that begins at `from` ends, and where to read on. */
function closingFence(
  source: string,
  from: number,
  fence: string,
): { readonly at: number; readonly next: number } | null {
  const closer = new RegExp(`(\\n?[ \\t]*)${fence[0]}{${fence.length},}[ \\t]*(?=\\n|$)`, 'g')
  closer.lastIndex = Math.max(0, from - 1)
  let first: { at: number; next: number } | null = null
  for (let close = closer.exec(source); close !== null; close = closer.exec(source)) {
    const end = { at: Math.max(from, close.index), next: closer.lastIndex }
    first ??= end
    if (!insideTripleQuotes(source.slice(from, end.at))) return end
  }
  return first
}

/** Whether Python code ends inside a triple-quoted string. */
function insideTripleQuotes(code: string): boolean {
  let open: string | null = null
  for (const token of code.matchAll(/"""|'''|\\.|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*/g)) {
    const quote = token[0]
    if (open === null) {
      if (quote === '"""' || quote === "'''") open = quote
    } else if (quote === open) open = null
    else if (quote.endsWith(open)) open = null
  }
  return open !== null
}

/** Takes the opening fence's own indentation off every line that has it. */
function dedent(body: string, indent: string): string {
  const lines = body.split('\n')
  return indent === ''
    ? body
    : lines.map(line => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart())).join('\n')
}
