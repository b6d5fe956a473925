import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError, StoreError } from '../../errors.ts'
import type { Clock } from '../../util/clock.ts'
import { contentHash } from '../../util/hash.ts'
import type { Kind, Split } from '../export/_shared/format.ts'
import { checkedManifest, type Manifest } from '../export/_shared/manifest.ts'
import type { FineTuningService, Job, JobRequest } from './service.ts'

export interface UploadOptions {
  readonly folder: string
  /** For the record: two services do not share files or jobs. */
  readonly baseUrl: string
  readonly kind: Kind
  /** The base model as the service calls it; for dpo the one that came of sft. */
  readonly model: string
  readonly suffix?: string
  readonly epochs?: number
  /** Watches the job to its end. */
  readonly wait: boolean
  /** Starts another job although the last one ended. */
  readonly again: boolean
  readonly pollMs: number
}

export type UploadEvent =
  | { readonly type: 'file'; readonly split: Split; readonly id: string; readonly again: boolean }
  | { readonly type: 'job'; readonly id: string; readonly again: boolean }
  | { readonly type: 'message'; readonly atMs: number; readonly level: string; readonly text: string }
  | { readonly type: 'status'; readonly status: string }
  | {
      readonly type: 'end'
      readonly status: string
      readonly model: string | null
      readonly trainedTokens: number | null
      readonly error: string | null
    }

const stateSchema = z.object({
  files: z.object({ train: z.string().optional(), validation: z.string().optional() }),
  /** Set before a job is asked for: without `job` it may have been started all the same. */
  starting: z.boolean().optional(),
  job: z.string().optional(),
  status: z.string().optional(),
  model: z.string().nullish(),
  baseUrl: z.string(),
  baseModel: z.string(),
  kind: z.enum(['sft', 'dpo']),
})
type State = z.infer<typeof stateSchema>
const statesSchema = z.record(z.string(), stateSchema)

/** Beside the data: which files and jobs a service has of them. */
export const uploadsFile = 'uploads.json'
const over = new Set(['succeeded', 'failed', 'cancelled'])

/**
 * Hands an exported set to an OpenAI-compatible fine-tuning service and watches the job. Every id is written to
 * `uploads.json` as soon as it is known, so the same call goes on where it stood: files are not sent twice and no job is
 * started twice. Throws InputError, ProviderError or StoreError; aborting leaves the job running at the service.
 */
export async function* upload(
  options: UploadOptions,
  service: FineTuningService,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<UploadEvent> {
  const manifest = await checkedManifest(options.folder)
  const files = filesOf(manifest, options.kind)
  const states = new States(options, manifest)
  const state = states.own
  if (state.job !== undefined && over.has(state.status ?? '')) {
    if (!options.again && state.status !== 'succeeded')
      throw new InputError(
        `the job ${state.job} for these data is over: ${state.status}`,
        'Mend what the service said, then start another one with --again.',
      )
    if (options.again) states.save({ starting: undefined, job: undefined, status: undefined, model: undefined })
  }
  if (states.own.job === undefined) yield* begin(options, service, states, files)
  else yield { type: 'job', id: states.own.job, again: true }
  if (options.wait) yield* watch(states, service, clock, signal, options.pollMs)
}

function filesOf(manifest: Manifest, kind: Kind): ReadonlyMap<Split, string> {
  const found = manifest.files.filter(file => file.format === 'openai' && file.kind === kind)
  if (found.length === 0) {
    const there = manifest.formats.openai !== undefined
    throw new InputError(
      there ? `the data hold no ${kind} rows` : 'the data were not exported in the format openai',
      there
        ? `Upload the other kind, or export runs with ${kind === 'dpo' ? 'pairs' : 'right trajectories'}.`
        : 'Export them so: codesteer data export RUN… --format openai --out DIR.',
    )
  }
  return new Map(found.map(file => [file.split!, file.path]))
}

async function* begin(
  { folder, kind, model, suffix, epochs }: UploadOptions,
  service: FineTuningService,
  states: States,
  files: ReadonlyMap<Split, string>,
): AsyncGenerator<UploadEvent> {
  for (const [split, path] of files) {
    const known = states.own.files[split]
    const there = known !== undefined && (await service.hasFile(known))
    const id = there ? known : await service.uploadFile(join(folder, path))
    states.save({ files: { ...states.own.files, [split]: id } })
    yield { type: 'file', split, id, again: there }
  }
  const { train, validation } = states.own.files
  const hyperparameters = { ...(epochs ? { n_epochs: epochs } : {}), ...(kind === 'dpo' ? { beta: 0.1 } : {}) }
  const type = kind === 'dpo' ? 'dpo' : 'supervised'
  const request: JobRequest = {
    model,
    training_file: train!,
    ...(validation ? { validation_file: validation } : {}),
    ...(suffix ? { suffix } : {}),
    // Services older than the field train supervised without it.
    ...(kind === 'dpo' || epochs ? { method: { type, [type]: { hyperparameters } } } : {}),
  }
  const before = states.own.starting ? await service.findJob(train!) : undefined
  states.save({ starting: true })
  const job = before ?? (await service.startJob(request))
  states.save({ job: job.id, status: job.status })
  yield { type: 'job', id: job.id, again: before !== undefined }
}

const slowestPollMs = 60_000

/** Asks for the job's state and its events until it is over; quieter the longer nothing changes. */
async function* watch(
  states: States,
  service: FineTuningService,
  clock: Clock,
  signal: AbortSignal,
  pollMs: number,
): AsyncGenerator<UploadEvent> {
  const id = states.own.job!
  const seen = new Set<string>()
  let [status, waitMs] = ['', pollMs]
  for (;;) {
    const job = await service.job(id)
    const fresh = await service.events(id, seen)
    for (const event of fresh) {
      seen.add(event.id)
      yield { type: 'message', atMs: event.created_at * 1_000, level: event.level ?? 'info', text: event.message }
    }
    if (job.status !== status) {
      status = job.status
      states.save({ status, model: job.fine_tuned_model ?? null })
      if (!over.has(status)) yield { type: 'status', status }
    }
    if (over.has(status)) return yield endOf(job)
    waitMs = fresh.length > 0 ? pollMs : Math.min(slowestPollMs, waitMs * 1.2)
    await clock.sleep(Math.round(waitMs), signal)
  }
}

const endOf = (job: Job): UploadEvent => ({
  type: 'end',
  status: job.status,
  model: job.fine_tuned_model ?? null,
  trainedTokens: job.trained_tokens ?? null,
  error: job.error?.message ?? job.error?.code ?? null,
})

/** The states of all uploads of a folder, of which one is this upload's own. */
class States {
  readonly #path: string
  readonly #key: string
  readonly #all: Record<string, State>

  constructor({ folder, baseUrl, model, kind, suffix, epochs }: UploadOptions, manifest: Manifest) {
    this.#path = join(folder, uploadsFile)
    this.#key = contentHash([baseUrl, model, kind, suffix ?? null, epochs ?? null, manifest.hash]).slice(0, 16)
    this.#all = readStates(this.#path)
    this.#all[this.#key] ??= { files: {}, baseUrl, baseModel: model, kind }
  }

  get own(): State {
    return this.#all[this.#key]!
  }

  save(change: { [K in keyof State]?: State[K] | undefined }): void {
    this.#all[this.#key] = { ...this.own, ...change } as State
    try {
      writeFileSync(`${this.#path}.part`, `${JSON.stringify(this.#all, null, 2)}\n`)
      renameSync(`${this.#path}.part`, this.#path)
    } catch (error) {
      throw new StoreError(
        `cannot write ${this.#path}: ${(error as NodeJS.ErrnoException).code}`,
        'Make the folder writable: without the file an upload cannot go on where it stood.',
        { cause: error },
      )
    }
  }
}

function readStates(path: string): Record<string, State> {
  if (!existsSync(path)) return {}
  try {
    return statesSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new InputError(
      `${path} is damaged`,
      'Look up the job at the service, then remove the file; without it a new job would be started.',
      { cause: error },
    )
  }
}
