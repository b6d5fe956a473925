import { Command } from 'commander'
import { choiceByFeatures } from '../../../coaches/_shared/features.ts'
import { codeProbability, contributionsOf, type OpenRouter, openRouter } from '../../../coaches/_shared/router-file.ts'
import { draw } from '../../../draw.ts'
import { InputError } from '../../../errors.ts'
import { load } from '../../../registry.ts'
import type { Task } from '../../../task.ts'
import { textTable } from '../../../util/text-table.ts'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'
import { readQuestion } from '../../_shared/question.ts'
import { simulatedWords } from '../../_shared/router-runs.ts'

interface Flags {
  readonly router: string
  readonly file?: string
  readonly task?: string
  readonly level: number
  readonly seed: number
  readonly json?: boolean
}

const shown = 12

export function explainCommand(context: CliContext): Command {
  return new Command('explain')
    .description('Say which way a router would choose for a question, how sure it is, and what moves it.')
    .argument('[question...]', 'the question in words; - reads standard input')
    .option('--router <file>', 'the router', 'router.json')
    .option('-f, --file <file>', 'read the question from a file (- for standard input)')
    .option('--task <slug>', 'a benchmark question instead')
    .option('--level <n>', 'its level', parseWhole('--level', 1, 99), 1)
    .option('--seed <n>', 'its seed', parseWhole('--seed', 0, Number.MAX_SAFE_INTEGER), 0)
    .option('--json', 'one JSON value')
    .addHelpText(
      'after',
      `
Examples:
  codesteer router explain "Compute 123456789 * 987654321 exactly."
  codesteer router explain --router mine.json --task game-24 --level 3`,
    )
    .action(async (words: string[], flags: Flags) => {
      const open = openRouter(flags.router)
      const question = await questionOf(words, flags, context)
      explain(question, open, flags, context)
    })
}

async function questionOf(words: string[], flags: Flags, context: CliContext): Promise<string> {
  if (flags.task === undefined) return readQuestion(words, flags.file, context)
  if (words.length > 0 || flags.file !== undefined)
    throw new InputError('a task and a question were given', 'Give one of them.')
  return draw(await load<Task>('tasks', flags.task), flags.level, flags.seed).question.prompt
}

function explain(question: string, { router, path, hash }: OpenRouter, flags: Flags, { out, err }: CliContext): void {
  const code = codeProbability(router, question)
  const way = code >= 0.5 ? 'code' : 'text'
  const certainty = Math.max(code, 1 - code)
  const decides = certainty >= router.threshold
  const byRules = choiceByFeatures(question)
  const contributions = contributionsOf(router, question)
  if (flags.json) {
    const first = decides ? way : byRules.way
    const { trained, threshold } = router
    out.write(
      `${JSON.stringify({ code, way, threshold, decides, rules: byRules.way, first, contributions, trained, router: path, hash })}\n`,
    )
    return
  }
  const { trained, heldOut, threshold } = router
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  out.write(`${way}, ${percent(certainty)} sure${trained.simulated ? ' (simulated)' : ''}; `)
  out.write(
    decides
      ? `at least the ${percent(threshold)} of this router, so it decides\n`
      : `less than the ${percent(threshold)} of this router, so the rules decide: ${byRules.way} (${byRules.because})\n`,
  )
  const rows = contributions
    .slice(0, shown)
    .map(({ what, adds }) => [what, `${adds > 0 ? '+' : ''}${adds.toFixed(3)}`, adds > 0 ? 'code' : 'text'])
  out.write(`\n${textTable(['what moves it most', 'logits', 'towards'], rows, [0, 2])}`)
  out.write(
    `\n${path} (${hash}): trained ${trained.at.slice(0, 10)} on ${trained.counts.decisive} decisive questions of ${trained.tasks.length} tasks, ${trained.textMethod} against ${trained.codeMethod} on ${trained.models.join(', ')}; ${percent(heldOut.accuracy)} right on held-out tasks\n`,
  )
  if (trained.simulated) err.write(`${simulatedWords}\n`)
}
