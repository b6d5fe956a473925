import { Command } from 'commander'
import { codeProbability, openRouter } from '../../../coaches/_shared/router-file.ts'
import { InputError } from '../../../errors.ts'
import { crossValidate, evaluate, type Predicted } from '../../../training/router/evaluate.ts'
import { isDecisive, type Pair } from '../../../training/router/pairs.ts'
import { examplesOf, refuseTooFew } from '../../../training/router/train.ts'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'
import {
  addRouterRunOptions,
  pairsText,
  type RouterRunFlags,
  readPairs,
  simulatedWords,
} from '../../_shared/router-runs.ts'
import { evaluationText } from '../../_shared/router-text.ts'
import { parseThreshold } from './train.ts'

interface Flags extends RouterRunFlags {
  readonly router?: string
  readonly threshold?: number
  readonly resamples: number
  readonly json?: boolean
}

export function evaluateCommand(context: CliContext): Command {
  return addRouterRunOptions(
    new Command('evaluate').description(
      'Measure what a router is worth on tasks it never saw, against the rules and against text or code always.',
    ),
  )
    .option('--router <file>', 'measure this router as it is (default: train anew for each part, without its tasks)')
    .option('--threshold <p>', 'how sure it must be to decide (default: the router’s, else 0.8)', parseThreshold)
    .option('--resamples <n>', 'of the bootstrap', parseWhole('--resamples', 100, 1_000_000), 10_000)
    .option('--json', 'one JSON value')
    .addHelpText(
      'after',
      `
Examples:
  codesteer router evaluate text-or-code.run                             trained anew ten times, each time without a tenth of the tasks
  codesteer router evaluate other-model.run --router router.json       as trained, on other answers
  codesteer router evaluate text-or-code.run --threshold 0.7 --json`,
    )
    .action(async (runs: string[], flags: Flags) => {
      const { found } = await readPairs(runs, flags)
      const { predicted, threshold } = flags.router
        ? byFile(found.pairs, flags.router, context)
        : { predicted: anew(found.pairs, flags), threshold: 0.8 }
      const result = evaluate(predicted, { ...flags, threshold: flags.threshold ?? threshold })
      if (flags.json) {
        context.out.write(`${JSON.stringify(result)}\n`)
        return
      }
      context.err.write(`${pairsText(found)}\n`)
      context.out.write(evaluationText(result))
      if (result.simulated) context.err.write(`${simulatedWords}\n`)
    })
}

function anew(pairs: readonly Pair[], flags: Flags): Predicted[] {
  refuseTooFew(examplesOf(pairs))
  return crossValidate(pairs, flags)
}

/** Tasks that the router was trained on would flatter it: they are left out. */
function byFile(pairs: readonly Pair[], file: string, { err }: CliContext) {
  const { router } = openRouter(file)
  const { tasks, counts } = router.trained
  const unseen = pairs.filter(pair => !tasks.includes(pair.task))
  // A router that has seen every task can still be measured on other answers, if that is said.
  const measured = unseen.some(isDecisive) ? unseen : pairs
  if (measured === pairs)
    err.write(`${file} was trained on every one of these tasks: what follows is not about unseen tasks\n`)
  else if (unseen.length < pairs.length)
    err.write(`${pairs.length - unseen.length} questions of tasks that ${file} was trained on are left out\n`)
  if (!measured.some(isDecisive))
    throw new InputError(
      'no question in these runs was right one way and wrong the other',
      'Give runs with more tasks and samples.',
    )
  const base = counts.onlyCode / counts.decisive
  return {
    predicted: measured.map(pair => ({ pair, code: codeProbability(router, pair.question), base })),
    threshold: router.threshold,
  }
}
