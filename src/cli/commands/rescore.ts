import { Command } from 'commander'
import { type Rescored, rescoreRun } from '../../experiment/rescore.ts'
import { openAnywhere } from '../../store/open-store.ts'
import type { CliContext } from '../_shared/context.ts'
import { harmless } from '../_shared/show-trajectory.ts'

interface RescoreFlags {
  readonly json?: boolean
  readonly dryRun?: boolean
}

/** `codesteer rescore`: today's verifiers on every stored trajectory, without a call. */
export default function rescore(context: CliContext): Command {
  return new Command('rescore')
    .description('Judge every stored trajectory again with the verifiers of today: no call is made, the events stay.')
    .argument('<run>', "a run's file, or postgres://…/database?run=name")
    .option('--dry-run', 'only say what would change')
    .option('--json', 'write {checked, changed, skipped} as one JSON value')
    .addHelpText(
      'after',
      `
Exit code: 0 whether or not anything changed, 2 when the file is no run.

Examples:
  codesteer rescore smoke.run --dry-run
  codesteer rescore smoke.run`,
    )
    .action(async (path: string, flags: RescoreFlags) => {
      const { out, signal } = context
      const store = await openAnywhere(path, flags.dryRun ? 'read' : 'write')
      try {
        const { checked, changed, skipped } = await rescoreRun(store, { write: !flags.dryRun, signal })
        if (flags.json) {
          out.write(`${JSON.stringify({ checked, changed: changed.map(changeOf), skipped })}\n`)
          return
        }
        for (const one of changed) out.write(`${changeLine(one)}\n`)
        for (const { trajectoryId, why } of skipped) out.write(`${trajectoryId}: left as it is: ${why}\n`)
        out.write(`${tally(changed, checked, flags.dryRun === true)}\n`)
      } finally {
        await store.close()
      }
    })
}

const changeOf = ({ before, after }: Rescored) => ({
  trajectoryId: after.trajectoryId,
  label: after.label,
  model: after.model,
  task: after.task,
  level: after.level,
  seed: after.seed,
  before: { verdict: before.verdict, why: before.why, answer: before.answer },
  after: { verdict: after.verdict, why: after.why, answer: after.answer },
})

function changeLine({ before, after }: Rescored): string {
  const what = `${after.trajectoryId}  ${after.label}  ${after.task} level ${after.level} seed ${after.seed}`
  const verdicts =
    before.verdict === after.verdict ? `${after.verdict}, in other words` : `${before.verdict} → ${after.verdict}`
  return `${what}: ${verdicts}${after.why ? ` (${harmless(after.why)})` : ''}`
}

/** `120 judged again, 3 changed: 2 × incorrect → correct, 1 × malformed → correct`. */
function tally(changed: readonly Rescored[], checked: number, dryRun: boolean): string {
  const moves = new Map<string, number>()
  for (const { before, after } of changed) {
    const move = before.verdict === after.verdict ? 'other words' : `${before.verdict} → ${after.verdict}`
    moves.set(move, (moves.get(move) ?? 0) + 1)
  }
  const words = [...moves].map(([move, n]) => `${n} × ${move}`).join(', ')
  return `${checked} judged again, ${changed.length} ${dryRun ? 'would change' : 'changed'}${words ? `: ${words}` : ''}`
}
