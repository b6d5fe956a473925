import { version } from '../../../version.ts'
import { nearReport } from '../../select/near.ts'
import type { Collected, Entry } from './collect.ts'
import type { DatasetOptions } from './dataset.ts'
import { type FileEntry, hashOfFiles, type Manifest, manifestFormat } from './manifest.ts'
import { byLength, type Settled } from './settle.ts'
import type { TokenCounter } from './tokens.ts'

interface Produced {
  readonly counter: TokenCounter
  readonly files: readonly FileEntry[]
  readonly promptVersion: string
  readonly formats: Manifest['formats']
}

/** All that is known of a set, as its manifest says it. Pure. */
export function describe(
  collected: Collected,
  settled: Settled,
  options: DatasetOptions,
  { counter, files, promptVersion, formats }: Produced,
): Manifest {
  const { sft, dpo, validation } = settled
  const held = ({ identity }: Entry) => validation.has(identity)
  const perSplit = (entries: readonly Entry[], each: (entry: Entry) => number = () => 1) => ({
    train: sum(entries.filter(entry => !held(entry)).map(each)),
    validation: sum(entries.filter(held).map(each)),
  })
  const questions = new Set([...sft, ...dpo].map(({ identity }) => identity))
  const nearItems = (entries: readonly Entry[]) => entries.map(entry => ({ ...entry, validation: held(entry) }))
  const trajectories = tally(sft, ({ run }) => [run])
  const pairs = tally(dpo, ({ run }) => [run])
  return {
    kind: 'codesteer-dataset',
    format: manifestFormat,
    version,
    simulated: collected.sources.some(source => source.simulated),
    promptVersion,
    unified: options.unified,
    options: {
      formats: [...options.formats],
      scores: options.scores,
      minGap: options.minGap,
      maxPerTree: options.maxPerTree,
      balance: options.balance,
      validation: options.validation,
      seed: options.seed,
      dropLong: options.dropLong,
    },
    context: options.context,
    tokenizer: { name: counter.name, exact: counter.exact },
    sources: collected.sources.map(({ run, trees, simulated, taskModels, coachModels, coaches }) => ({
      run,
      trees,
      trajectories: trajectories[run] ?? 0,
      pairs: pairs[run] ?? 0,
      simulated,
      taskModels: [...taskModels].sort(),
      coachModels: [...coachModels].sort(),
      coaches: [...coaches].sort(),
    })),
    questions: {
      train: questions.size - [...questions].filter(one => validation.has(one)).length,
      validation: validation.size,
    },
    sft: {
      trajectories: perSplit(sft),
      examples: perSplit(sft, ({ rows }) => rows),
      turnsMasked: collected.turnsMasked,
      left: Object.fromEntries(collected.left.sft),
      byTask: tally(sft, ({ task }) => [task]),
      byLevel: tally(sft, ({ level }) => [`${level}`]),
      byTurns: tally(sft, ({ turn }) => [`${turn}`]),
      byAction: tally(sft, ({ actions }) => actions),
    },
    dpo: {
      pairs: perSplit(dpo),
      left: Object.fromEntries(collected.left.dpo),
      byTask: tally(dpo, ({ task }) => [task]),
      byLevel: tally(dpo, ({ level }) => [`${level}`]),
      byTurn: tally(dpo, ({ turn }) => [`${turn}`]),
      byActions: tally(dpo, ({ actions }) => actions),
      meanGap: dpo.length === 0 ? null : rounded(mean(dpo.map(({ pair }) => pair!.gap))),
      length:
        dpo.length === 0
          ? null
          : {
              chosen: rounded(mean(dpo.map(({ pair }) => pair!.chosenLength))),
              rejected: rounded(mean(dpo.map(({ pair }) => pair!.rejectedLength))),
              chosenLonger: rounded(mean(dpo.map(({ pair }) => chosenLonger(pair!)))),
            },
    },
    tokens: { sft: lengths(sft), dpo: lengths(dpo) },
    near: { sft: nearReport(nearItems(sft)), dpo: nearReport(nearItems(dpo)) } as Manifest['near'],
    formats,
    files: [...files],
    hash: hashOfFiles(files),
  }
}

/** Equal lengths count half. */
const chosenLonger = ({ chosenLength, rejectedLength }: NonNullable<Entry['pair']>) =>
  chosenLength === rejectedLength ? 0.5 : Number(chosenLength > rejectedLength)

function tally(entries: readonly Entry[], of: (entry: Entry) => readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const entry of entries) for (const name of of(entry)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function lengths(entries: readonly Entry[]): Manifest['tokens']['sft'] {
  if (entries.length === 0) return null
  const sorted = entries.map(({ tokens }) => tokens).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return {
    rows: entries.length,
    max: sorted.at(-1)!,
    mean: rounded(mean(sorted)),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    learned: sum(entries.map(({ learned }) => learned)),
    longest: [...entries]
      .sort(byLength)
      .slice(0, 10)
      .map(({ id, task, level, turn, tokens }) => ({ id, task, level, turn, tokens })),
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length
const rounded = (number: number) => Math.round(number * 1_000) / 1_000
