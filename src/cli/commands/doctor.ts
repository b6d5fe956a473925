import { Command } from 'commander'
import pc from 'picocolors'
import { describeModels } from '../../models/_shared/open.ts'
import { load, names } from '../../registry.ts'
import type { SandboxKind } from '../../sandbox.ts'
import { version } from '../../version.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import { describeTraining, type TrainingFinding } from '../_shared/train-doctor.ts'

interface Finding {
  readonly name: string
  readonly available: boolean
  /** Version when available, the reason and the mend when not. */
  readonly why: string
  readonly mend?: string
}

/** `codesteer doctor`: what works here, and what to do about what does not. */
export default function doctor(context: CliContext): Command {
  return new Command('doctor')
    .description('Say what works on this machine: sandboxes, models, training, runtime; and how to get what does not.')
    .option('--json', 'write one JSON value')
    .addHelpText(
      'after',
      '\nExit code: 0 when at least one sandbox is available, 1 otherwise.\n\nExamples:\n  codesteer doctor\n  codesteer doctor --json',
    )
    .action(async (flags: { readonly json?: boolean }) => {
      const sandboxes = await Promise.all(names('sandboxes').map(probe))
      const models = await describeModels(context.environment)
      const training = await describeTraining(context.environment, process.cwd())
      const runtime = {
        codesteer: version,
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
        tasks: names('tasks').length,
      }
      if (flags.json) context.out.write(`${JSON.stringify({ sandboxes, models, training, runtime }, null, 2)}\n`)
      else context.out.write(page(sandboxes, models, training, runtime, context))
      if (!sandboxes.some(sandbox => sandbox.available && sandbox.name !== 'unsafe-host')) {
        throw new Exit(1)
      }
    })
}

async function probe(name: string): Promise<Finding> {
  const kind = await load<SandboxKind>('sandboxes', name)
  const answer = await kind.probe()
  return answer.available
    ? { name, available: true, why: answer.version }
    : { name, available: false, why: answer.why, mend: answer.mend }
}

type Models = Awaited<ReturnType<typeof describeModels>>

function page(
  sandboxes: readonly Finding[],
  models: Models,
  training: TrainingFinding,
  runtime: Readonly<Record<string, string | number>>,
  { out, environment }: CliContext,
): string {
  const paint = pc.createColors(out.isTTY && !environment.NO_COLOR)
  const row = (good: boolean, name: string, words: string) =>
    `  ${good ? paint.green('✓') : paint.yellow('–')} ${name.padEnd(20)} ${words}`
  return [
    paint.bold('Runtime'),
    ...Object.entries(runtime).map(([name, value]) => row(true, name, String(value))),
    '',
    paint.bold('Sandboxes') + paint.dim('  (the first available one is used)'),
    ...sandboxes.map(s =>
      row(s.available, s.name, s.available ? s.why : `${s.why}${s.mend ? paint.dim(` → ${s.mend}`) : ''}`),
    ),
    '',
    paint.bold('Models'),
    ...models.map(m => row(m.ready, m.name, m.ready ? paint.dim(m.example) : paint.dim(`→ ${m.mend}`))),
    '',
    paint.bold('Training') + paint.dim(`  (${training.python ?? 'no Python'}; only needed for codesteer train)`),
    ...training.trainers.map(t =>
      row(t.available, t.name, t.available ? t.why : `${t.why}${paint.dim(` → ${t.mend}`)}`),
    ),
    '',
  ].join('\n')
}
