import { Command } from 'commander'
import { InputError } from '../../../errors.ts'
import { openToRead } from '../../../store/open-store.ts'
import { diagnose } from '../../../training/diagnostics.ts'
import { openScore } from '../../../training/score.ts'
import type { Tree } from '../../../training/tree.ts'
import { treesOf } from '../../../training/trees.ts'
import type { CliContext } from '../../_shared/context.ts'
import { progressOf } from '../../_shared/progress.ts'
import { treesText } from '../../_shared/trees-text.ts'

interface Flags {
  readonly scores: string
  readonly minGap: number
  readonly json?: boolean
}

export function treesCommand(context: CliContext): Command {
  return new Command('trees')
    .summary('what the trees in stored runs hold for a coach to learn from')
    .description(
      'Look at the trees in stored runs: preference pairs, contrast, length, what a coach might learn that it should not.',
    )
    .argument('<runs...>', "runs' files; any run that a coach guided")
    .option('--scores <policy>', 'published | cost-aware[:points for 1,000 tokens] | win-probability', 'published')
    .option('--min-gap <n>', 'pairs differ by more than this', parseGap, 2)
    .option('--json', 'write one JSON object')
    .addHelpText(
      'after',
      `
Nothing is written or sent. Warnings name what should be looked at before anybody trains on the trees.

Examples:
  codesteer data trees trees.run
  codesteer data trees trees.run more.run --scores cost-aware:2 --json`,
    )
    .action(async (runs: string[], flags: Flags) => show(runs, flags, context))
}

function parseGap(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value
  throw new InputError(`--min-gap must be a number from 0, not "${text}"`, 'The published one is 2.')
}

async function show(runs: readonly string[], flags: Flags, context: CliContext): Promise<void> {
  const { out, environment } = context
  const policy = await openScore(flags.scores)
  const found = await diagnose(treesIn(runs, context), { policy, minGap: flags.minGap })
  if (found.trees === 0)
    throw new InputError(
      `no tree in ${runs.join(', ')}: no finished trajectory that a coach guided`,
      'Grow some: codesteer data synthesize --trees 50 --out trees.run',
    )
  out.write(flags.json ? `${JSON.stringify(found)}\n` : treesText(found, out.isTTY && !environment.NO_COLOR))
}

/** The trees of all runs, one after the other, with the way to go. */
async function* treesIn(runs: readonly string[], { err, signal }: CliContext): AsyncGenerator<Tree> {
  for (const run of runs) {
    const { name, store } = await openToRead(run)
    try {
      const total = (await store.counts()).done
      const progress = progressOf(err, total)
      let count = 0
      try {
        for await (const tree of treesOf(store, { name, signal })) {
          yield tree
          progress.done(++count, run)
        }
      } finally {
        progress.close()
      }
    } finally {
      await store.close()
    }
  }
}
