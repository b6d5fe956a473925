import { Command } from 'commander'
import { InputError } from '../../../errors.ts'
import { names } from '../../../registry.ts'
import { openToRead } from '../../../store/open-store.ts'
import { left } from '../../../training/export/_shared/card.ts'
import { type DatasetOptions, exportDataset } from '../../../training/export/_shared/dataset.ts'
import { type Kind, kinds } from '../../../training/export/_shared/format.ts'
import type { Manifest } from '../../../training/export/_shared/manifest.ts'
import { estimatingCounter, tokenizerCounter } from '../../../training/export/_shared/tokens.ts'
import { openScore } from '../../../training/score.ts'
import { type Balance, balances, parseBalance } from '../../../training/select/balance.ts'
import { treesOf } from '../../../training/trees.ts'
import { nearest } from '../../../util/nearest.ts'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'
import { progressOf } from '../../_shared/progress.ts'

interface Flags {
  readonly format: readonly string[]
  readonly out: string
  readonly only?: Kind
  readonly unified?: boolean
  readonly context: number
  readonly tokenizer?: string
  readonly dropLong?: boolean
  readonly validation: number
  readonly seed: number
  readonly scores: string
  readonly minGap: number
  readonly maxPerTree?: number
  readonly balance?: Balance
  readonly force?: boolean
  readonly json?: boolean
}

export function exportCommand(context: CliContext): Command {
  return new Command('export')
    .description('Select what a coach is trained on from stored runs, and write it for the trainers of the field.')
    .argument('<runs...>', 'runs with trees: files, or postgres://…/database?run=name')
    .option('--format <names>', `comma-separated: ${names('training/export').join(', ')}, or all`, parseFormats, [
      'trl',
    ])
    .requiredOption('-o, --out <dir>', 'the folder to write')
    .option('--only <kind>', 'sft (trajectories) or dpo (preference pairs) alone', parseKind)
    .option('--unified', 'one model that decides and answers: each turn holds the decision and the answer')
    .option('--context <tokens>', 'what the longest row may have', parseWhole('--context', 64, 10_000_000), 8192)
    .option('--tokenizer <dir>', 'count with this model’s tokenizer and chat template (default: an estimate)')
    .option('--drop-long', 'leave rows that are too long out, instead of stopping')
    .option('--validation <share>', 'of the questions that is held out, 0 to 0.5', parseShare, 0.1)
    .option('--seed <n>', 'of every draw', parseWhole('--seed', 0, 2 ** 31), 0)
    .option('--scores <policy>', `of decisions: ${names('training/scores').join(', ')}`, 'published')
    .option('--min-gap <points>', 'scores of a pair differ by more than this', parseGap, 2)
    .option(
      '--max-per-tree <n>',
      'trajectories, and pairs, of one question at most',
      parseWhole('--max-per-tree', 1, 1e6),
    )
    .option('--balance <by>', `cut large groups down to the median one: ${balances.join(', ')}`, parseBalance)
    .option('--force', 'replace a data set that is already in the folder')
    .option('--json', 'write the manifest (dataset.json) as one JSON value')
    .addHelpText(
      'after',
      `
Supervised rows come from trajectories that ended right by the coach's own return; pairs from siblings whose scores differ by
more than --min-gap, one of them positive. Questions of the test pool and unseen tasks stop the export.

Examples:
  codesteer data export trees.run --out coach-data
  codesteer data export trees.run more.run --format all --tokenizer models/llama --context 8192 --out coach-data
  codesteer data export trees.run --format llama-factory,axolotl --balance task --max-per-tree 4 --out coach-data
  codesteer data export trees.run --format openai --unified --out unified`,
    )
    .action(async (runs: string[], flags: Flags) => exportRuns(runs, flags, context))
}

async function exportRuns(runs: readonly string[], flags: Flags, { out, err, signal }: CliContext): Promise<void> {
  const policy = await openScore(flags.scores)
  const counter = flags.tokenizer === undefined ? await estimatingCounter() : await tokenizerCounter(flags.tokenizer)
  const opened = []
  try {
    for (const run of runs) opened.push(await openToRead(run))
    refuseTwice(opened.map(({ name }) => name))
    let questions = 0
    for (const { store } of opened) questions += (await store.counts()).done
    const progress = { trees: progressOf(err, questions), rows: null as ReturnType<typeof progressOf> | null }
    const options: DatasetOptions = {
      formats: flags.format,
      kinds: flags.only ? [flags.only] : kinds,
      out: flags.out,
      force: flags.force ?? false,
      unified: flags.unified ?? false,
      context: flags.context,
      dropLong: flags.dropLong ?? false,
      validation: flags.validation,
      seed: flags.seed,
      minGap: flags.minGap,
      maxPerTree: flags.maxPerTree ?? null,
      balance: flags.balance ?? null,
      scores: policy.name,
      scoresOf: tree => {
        const scores = policy.score(tree)
        return node => scores.get(node) ?? null
      },
    }
    try {
      const manifest = await exportDataset(
        opened.map(({ name, store }) => ({ name, trees: treesOf(store, { name, signal }) })),
        options,
        {
          counter,
          signal,
          onProgress: (step, done, total, label) => {
            if (step === 'trees') return progress.trees.done(Math.min(done, questions), `reading ${label}`)
            progress.rows ??= progressOf(err, total ?? 0)
            progress.rows.done(done, `writing ${label}`)
          },
        },
      )
      progress.trees.close()
      if (flags.json) out.write(`${JSON.stringify(manifest)}\n`)
      else out.write(summary(manifest, flags.out))
    } finally {
      progress.trees.close()
    }
  } finally {
    for (const { store } of opened) await store.close()
  }
}

function refuseTwice(runs: readonly string[]): void {
  const twice = runs.find((run, i) => runs.indexOf(run) !== i)
  if (twice !== undefined)
    throw new InputError(`two of the runs are called "${twice}"`, 'Give each run once; rows are named after their run.')
}

function summary(manifest: Manifest, folder: string): string {
  const { sft, dpo, questions, tokens, near, files } = manifest
  const n = (count: number) => count.toLocaleString('en')
  const split = ({ train, validation }: { train: number; validation: number }) =>
    `${n(train)} + ${n(validation)} held out`
  const longest = Math.max(tokens.sft?.max ?? 0, tokens.dpo?.max ?? 0)
  const rows = files.filter(file => file.rows !== null)
  return `${[
    ...(manifest.simulated ? ['simulated: these trajectories are the simulated model’s, and nobody’s accuracy'] : []),
    `questions     ${split(questions)}`,
    `trajectories  ${split(sft.trajectories)}. ${left(sft.left, {})}`,
    `pairs         ${split(dpo.pairs)}. ${left(dpo.left, {})}`,
    `longest row   ${n(longest)} of ${n(manifest.context)} tokens, by ${manifest.tokenizer.name}`,
    `near twins    on another question ${n(near.sft.near)} of ${n(near.sft.texts)} trajectories; of ${n(near.sft.validation)} held out ${n(near.sft.validationNearTraining)} have one in training`,
    ...rows.map(file => `  ${file.path.padEnd(38)} ${n(file.rows!).padStart(9)} rows`),
    `wrote ${folder}; what it holds: ${folder}/data-card.md`,
  ].join('\n')}\n`
}

function parseFormats(text: string): string[] {
  const known = names('training/export')
  const asked = text.split(',').map(name => name.trim())
  if (asked.includes('all')) return [...known]
  const unknown = asked.find(name => !known.includes(name))
  if (unknown === undefined) return [...new Set(asked)]
  const near = nearest(unknown, known)
  throw new InputError(
    `no export format "${unknown}"`,
    `${near ? `Did you mean "${near}"? ` : ''}There are: ${known.join(', ')}, or all.`,
  )
}

function parseKind(text: string): Kind {
  const kind = kinds.find(one => one === text)
  if (!kind) throw new InputError(`--only must be ${kinds.join(' or ')}, not "${text}"`, 'For example --only sft.')
  return kind
}

function parseShare(text: string): number {
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share <= 0.5))
    throw new InputError(`--validation must lie from 0 to 0.5, not "${text}"`, 'For example --validation 0.1.')
  return share
}

function parseGap(text: string): number {
  const gap = Number(text)
  if (text.trim() === '' || !(gap >= 0 && Number.isFinite(gap)))
    throw new InputError(`--min-gap must be a number from 0, not "${text}"`, 'For example --min-gap 2.')
  return gap
}
