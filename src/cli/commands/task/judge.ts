import { Command } from 'commander'
import { z } from 'zod'
import { InputError } from '../../../errors.ts'
import { Judge } from '../../../judge.ts'
import type { PublishedSample } from '../../../task.ts'
import type { CliContext } from '../../_shared/context.ts'
import { type JsonLine, readJsonLines } from '../../_shared/json-lines.ts'

interface JudgeFlags {
  readonly samples: string[]
  readonly answers: string
  readonly json?: boolean
  readonly skipBad?: boolean
}

const sampleRow = z.looseObject({ task: z.string(), sample: z.string() })
const answerRow = z.looseObject({ task: z.string(), sample: z.string(), answer: z.string() })

export function judgeCommand(context: CliContext): Command {
  const { out, err, signal } = context
  return new Command('judge')
    .description('Judge answers to published samples by our rules, one verdict per row, in the order given.')
    .requiredOption('--samples <files...>', 'JSON Lines of {task, sample, question, solution, instance?, complexity?}')
    .requiredOption('--answers <file>', 'JSON Lines of {task, sample, answer}; - for standard input')
    .option('--json', 'write JSON Lines {task, sample, answer, verdict, why?}')
    .option('--skip-bad', 'go on after a malformed line (it is reported and counted)')
    .addHelpText(
      'after',
      '\nExamples:\n  codesteer task judge --samples game-24.jsonl --answers answers.jsonl --json\n  codesteer task judge --samples samples/*.jsonl --answers - < answers.jsonl',
    )
    .action(async (flags: JudgeFlags) => {
      let skipped = 0
      const accept = <T>(line: JsonLine, file: string, schema: z.ZodType<T>, expected: string): T | null => {
        const parsed = line.ok ? schema.safeParse(line.value) : null
        if (parsed?.success) return parsed.data
        const what = line.ok
          ? `${parsed?.error?.issues[0]?.path.join('.') || 'the row'}: ${parsed?.error?.issues[0]?.message}`
          : line.why
        const message = `${file}, line ${line.line}: ${what}`
        if (!flags.skipBad)
          throw new InputError(
            message,
            `Expected one JSON object a line, ${expected}. --skip-bad goes on after such lines.`,
          )
        err.write(`skipped: ${message}\n`)
        skipped++
        return null
      }
      const judge = new Judge()
      for (const file of flags.samples) {
        for await (const line of readJsonLines(file)) {
          const row = accept(line, file, sampleRow, '{"task", "sample", "question", "solution"}')
          if (row) judge.addSample(row as unknown as PublishedSample)
        }
      }
      const from = flags.answers === '-' ? context.stdin : flags.answers
      const counts = new Map<string, number>()
      for await (const line of readJsonLines(from)) {
        signal.throwIfAborted()
        const row = accept(line, flags.answers, answerRow, '{"task", "sample", "answer"}')
        if (!row) continue
        const verdict = await judge.verdict(row.task, row.sample, row.answer)
        counts.set(verdict.verdict, (counts.get(verdict.verdict) ?? 0) + 1)
        const { task, sample, answer } = row
        out.write(
          flags.json
            ? `${JSON.stringify({ task, sample, answer, ...verdict })}\n`
            : `${verdict.verdict.padEnd(10)} ${task} ${sample}${'why' in verdict ? `  ${verdict.why}` : ''}\n`,
        )
      }
      const total = [...counts].map(([verdict, n]) => `${n} ${verdict}`).join(', ')
      err.write(`${total || 'no answers'}${skipped > 0 ? `; ${skipped} malformed lines skipped` : ''}\n`)
    })
}
