import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../../../errors.ts'
import { load } from '../../../registry.ts'
import { contentHash } from '../../../util/hash.ts'
import { version } from '../../../version.ts'
import type { Kind } from '../../export/_shared/format.ts'
import { checkedManifest, type Manifest } from '../../export/_shared/manifest.ts'
import type { TrainingEvent } from '../../training-log.ts'
import { type BaseModel, describeBase } from './base-model.ts'
import { newestCheckpoint } from './checkpoints.ts'
import { readEvents } from './progress.ts'
import { findPython, installMend, missing, type PythonFound } from './python.ts'
import { type Recipe, recipeOf } from './recipe.ts'
import { checkSame, readRecord, recordFile, type TrainingRecord } from './record.ts'
import { rowsFile } from './rows.ts'
import type { Distributed, Launch, TrainerKind, TrainingJob } from './trainer.ts'

/** What is wanted of a training. */
export interface TrainingWishes {
  readonly kind: Kind
  /** The folder that `data export` wrote. */
  readonly data: string
  readonly base: string
  readonly trainer: string
  /** The training's own folder. */
  readonly folder: string
  readonly lora: boolean
  readonly gpus: number
  readonly distributed: Distributed | undefined
  readonly threads: number | null
  readonly seed: number
  readonly epochs: number | undefined
  readonly learningRate: number | undefined
  readonly batch: number | undefined
  readonly maxLength: number | undefined
  readonly set: Readonly<Record<string, unknown>>
  readonly resume: boolean
  readonly python: string | undefined
}

/** A training that may start: everything that can be refused beforehand was looked at. */
export interface PreparedTraining {
  readonly trainer: TrainerKind
  readonly job: TrainingJob
  readonly launch: Launch
  readonly base: BaseModel
  readonly python: PythonFound | null
  /** Packages that are missing; only in a dry run does a training get so far with any. */
  readonly missing: readonly string[]
  readonly record: TrainingRecord
  /** Sentences that the caller should read. */
  readonly notes: readonly string[]
  /** The model's folder when this training is over already. */
  readonly finished: string | null
}

export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The working folder: a `.venv` in it is looked at. */
  readonly cwd: string
  readonly nowMs: () => number
  /** The commit of this code, where it is in a repository. */
  readonly commit: () => Promise<string | null>
}

/**
 * Looks at data, model, folder and Python, and works out the configuration; writes nothing. Throws InputError for data that
 * are missing, damaged or changed since the start, a context that is too short, and (unless `dry`) missing packages.
 */
export async function prepareTraining(wishes: TrainingWishes, world: World, dry = false): Promise<PreparedTraining> {
  const trainer = await load<TrainerKind>('training/launch', wishes.trainer)
  const manifest = await checkedManifest(wishes.data)
  const train = rowsFile(manifest, trainer.format, wishes.kind, 'train')
  if (!train || train.rows === 0)
    throw new InputError(
      `${wishes.data} has no ${wishes.kind} rows in the format ${trainer.format}`,
      `Export them: codesteer data export … --format ${trainer.format} --out DIR`,
    )
  const base = describeBase(wishes.base, world.environment)
  const notes: string[] = []
  const maxLength = lengthFor(wishes, manifest, base, notes)
  sameWords(base, manifest)
  if (manifest.simulated)
    notes.push('the data come from simulated models: a coach trained on them shows the road, not a skill')
  const distributed = wishes.distributed ?? (wishes.lora || wishes.gpus === 1 ? 'ddp' : 'deepspeed')
  if (wishes.gpus > 1 && !trainer.distributed.includes(distributed))
    throw new InputError(
      `${trainer.name} is not started with ${distributed} from here`,
      `Choose one of: --distributed ${trainer.distributed.join(', ')}`,
    )
  const recipe = recipeOf({
    ...wishes,
    rows: train.rows ?? 0,
    maxLength,
    parameters: base.parameters,
  })
  const record = newRecord(wishes, recipe, base, manifest, train.sha256, world.nowMs())
  const finished = atStart(wishes, record)
  const needed = trainer.needs({ gpus: wishes.gpus, distributed, lora: wishes.lora })
  const python = await pythonFor(needed, wishes, world, dry)
  const gaps = python ? missing(python, needed) : [...needed]
  if (gaps.length > 0 && !dry && finished === null)
    throw new InputError(
      `${python!.path} (Python ${python!.version}, from ${python!.from}) has no ${gaps.join(', ')}`,
      `${installMend(python, trainer.install)}   Or name another Python: --python, CODESTEER_PYTHON. Look: codesteer doctor`,
    )
  const commit = await world.commit()
  const folder = resolve(wishes.folder)
  const job: TrainingJob = {
    kind: wishes.kind,
    recipe,
    base: base.at,
    dataFolder: resolve(wishes.data),
    manifest,
    folder,
    gpus: wishes.gpus,
    distributed,
    threads: wishes.threads,
    python: python?.path ?? 'python3',
    transformers: python?.packages.transformers ?? null,
    set: wishes.set,
    checkpoint: wishes.resume ? checkpointFor(trainer, folder) : null,
    provenance: { dataHash: record.data.hash, configHash: record.configHash, commit },
  }
  const versions = { codesteer: version, ...(python ? { python: python.version, ...present(python) } : {}) }
  const whole: TrainingRecord = { ...record, commit, versions }
  return { trainer, job, launch: trainer.launch(job), base, python, missing: gaps, record: whole, notes, finished }
}

/** Writes the configuration and, at the first start, the record. */
export function writeTraining({ job, launch, record }: PreparedTraining): void {
  mkdirSync(job.folder, { recursive: true })
  for (const [name, text] of Object.entries(launch.files)) writeFileSync(join(job.folder, name), text)
  const path = join(job.folder, recordFile)
  if (!existsSync(path) || eventsIn(job.folder).length === 0)
    writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`)
}

/** What the paper found to be enough (section 4.2), and what `data export` takes unless told otherwise. */
const contextUnlessSaid = 8_192

/** Tokens a row may have: what was exported, cut down to what the model can read only when no row needs more. */
function lengthFor(wishes: TrainingWishes, manifest: Manifest, base: BaseModel, notes: string[]): number {
  const lengths = manifest.tokens[wishes.kind]
  // A length that was only estimated, in another vocabulary, is no place to cut at.
  const exported = manifest.tokenizer.exact ? manifest.context : Math.max(manifest.context, contextUnlessSaid)
  const wanted = wishes.maxLength ?? exported
  const room = base.context === null ? wanted : Math.min(wanted, base.context)
  if (base.context === null)
    notes.push(`no config.json of ${base.name} is at hand: its context is checked by the trainer`)
  if (lengths && lengths.max > room) {
    const rows = lengths.longest
      .filter(row => row.tokens > room)
      .map(
        row =>
          `  ${row.tokens.toLocaleString('en')} tokens  ${row.task} level ${row.level}, turn ${row.turn}  ${row.id.slice(0, 12)}`,
      )
    const counted = manifest.tokenizer.exact ? '' : ', estimated'
    const who =
      room === base.context ? `${base.name} reads ${room.toLocaleString('en')} tokens` : `--max-length is ${room}`
    throw new InputError(
      `${who}, the longest ${wishes.kind} row has ${lengths.max.toLocaleString('en')}${counted}:\n${rows.join('\n')}`,
      `Take a model with a longer context, or leave long rows out: codesteer data export … --context ${room} --drop-long`,
    )
  }
  return room
}

/** A coach that learned one wording of its input must go on with the same: a DPO set of another prompt version is refused. */
function sameWords(base: BaseModel, manifest: Manifest): void {
  const before = base.training === null ? null : readRecord(base.training)
  if (before && before.data.promptVersion !== manifest.promptVersion)
    throw new InputError(
      `mixed prompt versions: ${base.name} was trained on ${before.data.promptVersion}, these data have ${manifest.promptVersion}`,
      'Synthesize and export both sets with one version of codesteer, or start from another base model.',
    )
}

function newRecord(
  wishes: TrainingWishes,
  recipe: Recipe,
  base: BaseModel,
  manifest: Manifest,
  trainHash: string,
  nowMs: number,
): TrainingRecord {
  const { kind, trainer, set } = wishes
  const { everySteps, logSteps, perDevice, accumulation, gradientCheckpointing, ...lasting } = recipe
  return {
    format: 1,
    kind,
    trainer,
    base: { name: base.name, configHash: base.configHash },
    data: {
      hash: trainHash,
      set: manifest.hash,
      promptVersion: manifest.promptVersion,
      sources: manifest.sources.map(({ run }) => run),
    },
    simulated: manifest.simulated,
    recipe,
    set,
    configHash: contentHash({ trainer, base: base.name, set, ...lasting }),
    commit: null,
    versions: {},
    startedMs: nowMs,
  }
}

/** What lies in the folder already must be the same training, and is gone on with only when that was said. */
function atStart(wishes: TrainingWishes, record: TrainingRecord): string | null {
  const before = readRecord(wishes.folder)
  const name = `${wishes.kind} training in ${wishes.folder}`
  const events = eventsIn(wishes.folder)
  if (!before || events.length === 0) {
    if (!wishes.resume) return null
    throw new InputError(
      `there is no ${name} to go on with`,
      'Leave out --resume to start it, or name its folder with --out.',
    )
  }
  checkSame(before, record, wishes.folder)
  const end = events.at(-1)
  const finished = end?.type === 'training-end' && end.outcome === 'finished'
  if (!wishes.resume)
    throw new InputError(
      `there is a ${name} already${finished ? ', finished' : ''}`,
      finished
        ? 'Choose another --name or --out.'
        : 'Go on with it: the same command with --resume. Or choose another --name.',
    )
  return finished ? (end.model ?? join(wishes.folder, 'model')) : null
}

/** A training that was refused before its first event has not begun: its record may be written anew. */
function eventsIn(folder: string): TrainingEvent[] {
  const log = join(folder, 'log.jsonl')
  return existsSync(log) ? readEvents(readFileSync(log, 'utf8')) : []
}

const checkpointFor = (trainer: TrainerKind, folder: string): string | null => {
  const checkpoints = join(folder, trainer.checkpoints)
  // Our scripts look for themselves; also where a kill came before the first checkpoint they know what to do.
  return trainer.told === 'log' ? checkpoints : (newestCheckpoint(checkpoints)?.path ?? null)
}

async function pythonFor(needed: readonly string[], wishes: TrainingWishes, world: World, dry: boolean) {
  try {
    return await findPython(needed, wishes.python, world.environment, world.cwd)
  } catch (error) {
    if (dry && error instanceof InputError) return null
    throw error
  }
}

const present = (python: PythonFound): Record<string, string> =>
  Object.fromEntries(Object.entries(python.packages).filter((entry): entry is [string, string] => entry[1] !== null))
