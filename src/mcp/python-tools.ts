import { z } from 'zod'
import { pythonTools } from '../checkers/_shared/python/parse.ts'
import { checkSource, judge } from '../checkers/symbolic-code.ts'
import { outcomeWords } from '../run-words.ts'
import { args, cut, defineTool } from './tool.ts'

const sourceBytes = 2 ** 20
const stdinCharacters = 2 ** 20
const shownCharacters = 60_000

const program = z
  .string({ error: 'source must be the text of a Python program, such as "print(6 * 7)"' })
  .max(sourceBytes, `source must not be longer than ${sourceBytes} characters`)
  .refine(text => text.trim() !== '', 'source is empty: give a Python program, such as "print(6 * 7)"')

const timeMs = { least: 10, most: 120_000 } as const
const memoryBytes = { least: 16 * 2 ** 20, most: 4 * 2 ** 30 } as const

const bounded = (name: string, unit: string, { least, most }: { readonly least: number; readonly most: number }) => {
  const words = `${name} must be a whole number of ${unit} from ${least} to ${most}`
  return z.int({ error: words }).min(least, words).max(most, words).optional()
}

/** `run_python`: one program in the sandbox. */
export const runPythonTool = defineTool({
  name: 'run_python',
  title: 'Run Python in the sandbox',
  about: ({ service }) =>
    `Runs a Python program in a sandbox: no network, no files of this machine, an empty environment, limits on time (${service.codesteer.settings.codeTimeoutMs} ms unless said otherwise), memory and output. Every run begins afresh. A crash of the program is a result, not an error.`,
  input: args({
    source: program.describe('The program; what it prints comes back.'),
    stdin: z
      .string({ error: 'stdin must be a text' })
      .max(stdinCharacters, `stdin must not be longer than ${stdinCharacters} characters`)
      .optional()
      .describe('What it reads from standard input.'),
    timeoutMs: bounded('timeoutMs', 'milliseconds', timeMs).describe(
      'Wall-clock limit; the server’s limit counts if lower.',
    ),
    memoryBytes: bounded('memoryBytes', 'bytes', memoryBytes).describe('The server’s limit counts if lower.'),
  }),
  output: z.object({
    outcome: z.enum(['finished', 'timed-out', 'out-of-memory', 'output-limit', 'refused']),
    exitCode: z.int().nullable().describe('null when the program was stopped'),
    stdout: z.string(),
    stderr: z.string(),
    droppedBytes: z.int().describe('bytes of output that are not in stdout and stderr'),
    tookMs: z.number(),
    sandbox: z.string(),
  }),
  readOnly: true,
  openWorld: false,
  async call({ source, stdin, timeoutMs, memoryBytes: memory }, { place, signal, progress }) {
    const { codesteer } = place.service
    const { codeTimeoutMs, codeMemoryBytes } = codesteer.settings
    const sandbox = await codesteer.ready()
    progress.waiting('the program runs')
    const result = await sandbox.run({
      source,
      ...(stdin === undefined ? {} : { stdin }),
      timeoutMs: Math.min(timeoutMs ?? codeTimeoutMs, codeTimeoutMs),
      memoryBytes: Math.min(memory ?? codeMemoryBytes, codeMemoryBytes),
      signal,
    })
    const { stdout, stderr, droppedBytes, tookMs } = result
    const lines = [
      `${outcomeWords(result)} (${sandbox.name}, ${tookMs.toFixed(0)} ms)`,
      stdout === '' ? 'It printed nothing.' : `It printed:\n${cut(stdout.trimEnd(), shownCharacters)}`,
    ]
    if (stderr !== '') lines.push(`Errors:\n${cut(stderr.trimEnd(), shownCharacters)}`)
    if (droppedBytes > 0) lines.push(`(${droppedBytes} bytes of output were not kept.)`)
    return { structured: { ...result, sandbox: sandbox.name }, text: lines.join('\n') }
  },
})

const finding = z.object({
  kind: z.string(),
  line: z.int(),
  endLine: z.int(),
  excerpt: z.string(),
  why: z.string(),
})

/** `check_code`: reads a program without running it. */
export const checkCodeTool = defineTool({
  name: 'check_code',
  title: 'Check a Python program',
  about: () =>
    'Reads a Python program without running it: does it find its answer out (by search, calculation, a solver), or only print one that was typed in? Says so with lines, a score, and what would be better.',
  input: args({ source: program }),
  output: z.object({
    outcome: z.enum(['passed', 'failed', 'inconclusive']),
    told: z.string().describe('the verdict in words, with lines and what would be better'),
    score: z.number().describe('above 2 is adequate'),
    method: z.string(),
    lazy: z.boolean().describe('the program restates an answer instead of finding it'),
    reasons: z.array(z.string()),
    searching: z.boolean(),
    symbolic: z.boolean(),
    numerical: z.boolean(),
    error: z.string().nullable().describe('the line and message when Python refuses the program'),
    liveLines: z.int(),
    deadLines: z.int(),
    findings: z.array(finding),
  }),
  readOnly: true,
  openWorld: false,
  async call({ source }) {
    const { outcome, told } = judge(await pythonTools(), source)
    const { reasons, findings, ...row } = await checkSource(source)
    return {
      structured: { outcome, told, ...row, reasons: [...reasons], findings: findings.map(one => ({ ...one })) },
      text: `${outcome}\n${told}`,
    }
  },
})
