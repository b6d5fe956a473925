import { Command, Option } from 'commander'
import { InputError } from '../../errors.ts'
import { intervalKinds } from '../../report/statistics/bootstrap.ts'
import { taskTests } from '../../report/statistics/over-tasks.ts'
import { parseWhole } from '../../util/units.ts'
import type { CliContext } from '../_shared/context.ts'
import type { ScoresFlags } from '../_shared/report-scores.ts'

type Flags = Omit<ScoresFlags, 'scores'> & { readonly scores?: string; readonly html?: string }

const examples = `
Examples:
  codesteer report smoke.run                                 a stored run: tables, paired comparisons, cost
  codesteer report a.run b.run --html report.html            several runs in one page with charts
  codesteer report --scores table.csv                        averages, intervals, wins against codesteer
  codesteer report --scores table.csv --against o1           against another method
  codesteer report --scores table.csv --pairwise --markdown  every method against every other
  codesteer report --scores - --json < table.csv             one JSON value

The table is CSV: task,split,<method>,<method>,… with scores in per cent and one line per task; an empty cell is no score.
What each number means: docs/statistics.md
`

/** `codesteer report`: what runs, or a table of scores, show, and how sure that is. */
export default function reportCommand(context: CliContext): Command {
  return new Command('report')
    .summary('tables, intervals and paired comparisons')
    .description('Reports what methods reached, with intervals, wins and losses, and says which gaps are noise.')
    .argument('[runs...]', 'stored runs')
    .option('--scores <table>', 'a task x method table (CSV) instead of runs, or - for standard input')
    .option('--against <method>', 'the method that the others are held against (default: codesteer, else the best)')
    .option('--pairwise', 'also every method against every other')
    .addOption(new Option('--test <test>', 'of no difference, over tasks').choices(taskTests).default('wilcoxon'))
    .addOption(new Option('--interval <kind>', 'of the bootstrap').choices(intervalKinds).default('percentile'))
    .option('--resamples <n>', 'of the bootstrap', parseWhole('--resamples', 100, 1_000_000), 10_000)
    .option('--seed <n>', 'of the bootstrap', parseWhole('--seed', 0, 2 ** 31), 1)
    .addOption(new Option('--json', 'one JSON value').conflicts(['markdown', 'csv']))
    .addOption(new Option('--markdown', 'Markdown tables').conflicts('csv'))
    .option('--csv', 'one row per method (of runs: per task and method)')
    .option('--html <file>', 'write the report of runs as one page that needs nothing else')
    .addHelpText('after', examples)
    .action(
      async (runs: string[], { interval, ...flags }: Flags & { readonly interval: (typeof intervalKinds)[number] }) => {
        if (flags.scores === undefined) {
          if (runs.length === 0) throw nothingGiven()
          const { reportRuns } = await import('../_shared/report-runs.ts')
          await reportRuns(runs, flags, context)
          return
        }
        if (runs.length > 0) {
          throw new InputError(`"${runs[0]}" and --scores together`, 'Give either runs or --scores table.csv')
        }
        const { reportScores } = await import('../_shared/report-scores.ts')
        await reportScores({ ...flags, scores: flags.scores, kind: interval }, context)
      },
    )
}

function nothingGiven(): InputError {
  return new InputError(
    'nothing to report',
    'Give a stored run, codesteer report smoke.run, or a task x method table: codesteer report --scores table.csv',
  )
}
