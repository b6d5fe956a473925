import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { InputError, StoreError } from '../../../errors.ts'
import { crossValidate, heldOutOf } from '../../../training/router/evaluate.ts'
import { examplesOf, refuseTooFew, routerOf, trainModel } from '../../../training/router/train.ts'
import { systemClock } from '../../../util/clock.ts'
import type { CliContext } from '../../_shared/context.ts'
import {
  addRouterRunOptions,
  pairsText,
  type RouterRunFlags,
  readPairs,
  simulatedWords,
} from '../../_shared/router-runs.ts'

interface Flags extends RouterRunFlags {
  readonly out: string
  readonly threshold: number
  readonly json?: boolean
}

export function trainCommand(context: CliContext): Command {
  return addRouterRunOptions(new Command('train').description('Train a router on stored runs, in seconds.'))
    .requiredOption('-o, --out <file>', 'where to write the router (JSON)')
    .option('--threshold <p>', 'how sure it must be to decide; else the rules do', parseThreshold, 0.8)
    .option('--json', 'write the router also to standard output')
    .addHelpText(
      'after',
      `
Learned from are the questions where one way alone was right; those that both or neither got right are left out. Train on
the train pool, so that results on the test pool stay honest.

Examples:
  codesteer run experiments/text-or-code.json --models openai/gpt-4.1-mini
  codesteer router train .codesteer/runs/text-or-code.run --out router.json
  codesteer ask --coach rules:router.json --task game-24 --level 3`,
    )
    .action(async (runs: string[], flags: Flags) => train(runs, flags, context))
}

/** Reads `--threshold`. Throws InputError. */
export function parseThreshold(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0.5 && value <= 1))
    throw new InputError(`--threshold must lie from 0.5 to 1, not "${text}"`, 'For example --threshold 0.8.')
  return value
}

async function train(runs: readonly string[], flags: Flags, { out, err }: CliContext): Promise<void> {
  const { found, names } = await readPairs(runs, flags)
  const { pairs } = found
  const examples = examplesOf(pairs)
  refuseTooFew(examples)
  const model = trainModel(examples, flags)
  const heldOut = heldOutOf(crossValidate(pairs, flags))
  const router = routerOf(model, found, heldOut, {
    runs: names,
    ways: { text: flags.text, code: flags.code },
    seed: flags.seed,
    folds: flags.folds,
    threshold: flags.threshold,
    nowMs: systemClock.nowMs(),
  })
  const text = `${JSON.stringify(router, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(8)) : value), 1)}\n`
  try {
    await writeFile(flags.out, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new StoreError(`cannot write ${flags.out}: ${code}`, 'Name another file with --out.', { cause: error })
  }
  if (flags.json) out.write(`${JSON.stringify(JSON.parse(text))}\n`)
  err.write(`${pairsText(found)}\n`)
  err.write(
    `on held-out tasks: ${(100 * heldOut.accuracy).toFixed(1)} % of ${heldOut.n} decisive questions sent the right way, Brier score ${heldOut.brier.toFixed(3)}, expected calibration error ${heldOut.ece.toFixed(3)}\n`,
  )
  if (router.trained.pools.includes('test'))
    err.write('trained on the test pool: results of this router on the same questions would flatter it\n')
  if (router.trained.simulated) err.write(`${simulatedWords}\n`)
  err.write(`wrote ${flags.out}. What it is worth: codesteer router evaluate ${runs.join(' ')}\n`)
  err.write(`Use it: codesteer ask --coach rules:${flags.out} …\n`)
}
