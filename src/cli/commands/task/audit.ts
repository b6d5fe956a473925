import { Command } from 'commander'
import { auditAll } from '../../../audit/run.ts'
import { auditText } from '../../../audit/text.ts'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'
import { progressOf } from '../../_shared/progress.ts'
import { entriesOf, type PublishedFlags } from './published.ts'

interface AuditFlags extends PublishedFlags {
  readonly verdicts?: string
  readonly examples: number
}

export function auditCommand(context: CliContext): Command {
  const { out, err, signal } = context
  return new Command('audit')
    .description('Recompute published samples: wrong keys, unsolvable or ambiguous instances, answers given away.')
    .argument('<folder>', 'dataset_gather, or a folder of *.jsonl with {task, sample, question, solution}')
    .option('--task <slug>', 'only this task')
    .option('--path-plan <file>', 'environments of path-plan (default: path-plan-environments.json in or beside it)')
    .option('--verdicts <dir>', 'published verdicts, <task>.jsonl with {task, sample, answer, verdict, kind}')
    .option('--examples <n>', 'samples told for every finding', parseWhole('--examples', 0, 1_000), 2)
    .option('--json', 'write one JSON array, an object per task')
    .addHelpText(
      'after',
      `
Nothing is looked up: puzzles are recovered, keys judged, right answers counted and published verdicts compared with ours.
A search that did not finish within its bound is counted as open, never as a finding.

Examples:
  codesteer task audit dataset_gather
  codesteer task audit samples --verdicts verdicts
  codesteer task audit samples --task mahjong-pattern --examples 20`,
    )
    .action(async (folder: string, flags: AuditFlags) => {
      const entries = await entriesOf(folder, flags, context)
      const progress = progressOf(err, entries.length)
      let done = 0
      let restedMs = performance.now()
      try {
        const audits = await auditAll(entries, {
          examples: flags.examples,
          signal,
          ...(flags.verdicts === undefined ? {} : { verdicts: flags.verdicts }),
          async onSample(task) {
            progress.done(++done, task)
            if (performance.now() - restedMs < 40) return
            // Without a breath now and then no Ctrl-C is heard.
            await new Promise(resolve => setImmediate(resolve))
            restedMs = performance.now()
          },
        })
        progress.close()
        out.write(flags.json ? `${JSON.stringify(audits)}\n` : auditText(audits))
      } finally {
        progress.close()
      }
    })
}
