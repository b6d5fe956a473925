import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../../../errors.ts'
import { sha256 } from '../../../util/hash.ts'
import { hashOfFile } from './sinks.ts'

/** Raised when the manifest's shape changes in a way that older readers cannot read. */
export const manifestFormat = 1
export const manifestFile = 'dataset.json'

const tally = z.record(z.string(), z.number())
const perSplit = z.object({ train: z.number(), validation: z.number() })

const lengths = z.object({
  /** Rows counted: the longest row of each trajectory, or the longer side of each pair. */
  rows: z.number(),
  max: z.number(),
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  /** Tokens that carry loss, summed over all rows (a row that occurs twice counts twice). */
  learned: z.number(),
  longest: z.array(
    z.object({ id: z.string(), task: z.string(), level: z.number(), turn: z.number(), tokens: z.number() }),
  ),
})

const near = z.object({
  threshold: z.number(),
  texts: z.number(),
  near: z.number(),
  nearOfSameQuestion: z.number(),
  sameButForDigits: z.number(),
  validationNearTraining: z.number(),
  validation: z.number(),
  byTask: z.array(z.object({ task: z.string(), texts: z.number(), near: z.number() })),
  examples: z.array(z.object({ a: z.string(), b: z.string(), similarity: z.number() })),
})

/** What stands in `dataset.json`: all that is known of an exported set. The same runs and options give the same bytes. */
export const manifestSchema = z.object({
  kind: z.literal('codesteer-dataset'),
  format: z.literal(manifestFormat),
  version: z.string(),
  /** True when any of the trajectories was made by the simulated model: no number from it is anybody's accuracy. */
  simulated: z.boolean(),
  /** Of the coach's prompts; with `unified` of the unified wording too. */
  promptVersion: z.string(),
  unified: z.boolean(),
  options: z.object({
    formats: z.array(z.string()),
    scores: z.string(),
    minGap: z.number(),
    maxPerTree: z.number().nullable(),
    balance: z.string().nullable(),
    validation: z.number(),
    seed: z.number(),
    dropLong: z.boolean(),
  }),
  /** Tokens that the longest row may have. */
  context: z.number(),
  tokenizer: z.object({ name: z.string(), exact: z.boolean() }),
  sources: z.array(
    z.object({
      run: z.string(),
      trees: z.number(),
      trajectories: z.number(),
      pairs: z.number(),
      simulated: z.boolean(),
      taskModels: z.array(z.string()),
      coachModels: z.array(z.string()),
      coaches: z.array(z.string()),
    }),
  ),
  questions: perSplit,
  sft: z.object({
    trajectories: perSplit,
    /** Rows before any format: a trajectory once whole, and its last two turns once more. */
    examples: perSplit,
    turnsMasked: z.number(),
    left: tally,
    byTask: tally,
    byLevel: tally,
    byTurns: tally,
    byAction: tally,
  }),
  dpo: z.object({
    pairs: perSplit,
    left: tally,
    byTask: tally,
    byLevel: tally,
    byTurn: tally,
    /** `chosen > rejected`. */
    byActions: tally,
    meanGap: z.number().nullable(),
    /** Mean characters, and the share of pairs whose better side is the longer one: far from a half it is a hint that length is learned. */
    length: z.object({ chosen: z.number(), rejected: z.number(), chosenLonger: z.number() }).nullable(),
  }),
  tokens: z.object({ sft: lengths.nullable(), dpo: lengths.nullable() }),
  near: z.object({ sft: near, dpo: near }),
  formats: z.record(
    z.string(),
    z.object({
      about: z.string(),
      /** Examples and pairs that the format cannot say. */
      cannotSay: z.object({ sft: z.number(), dpo: z.number() }),
      settings: z.object({
        sft: z.record(z.string(), z.unknown()).nullable(),
        dpo: z.record(z.string(), z.unknown()).nullable(),
      }),
    }),
  ),
  files: z.array(
    z.object({
      path: z.string(),
      /** Null for small files beside the rows. */
      format: z.string().nullable(),
      kind: z.enum(['sft', 'dpo']).nullable(),
      split: z.enum(['train', 'validation']).nullable(),
      rows: z.number().nullable(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
  /** Of all files' paths and hashes: one word for the whole set. */
  hash: z.string(),
})

export type Manifest = z.infer<typeof manifestSchema>
export type FileEntry = Manifest['files'][number]

/** One word for a set of files. */
export const hashOfFiles = (files: readonly Pick<FileEntry, 'path' | 'sha256'>[]): string =>
  sha256(
    files
      .map(file => `${file.sha256}  ${file.path}\n`)
      .sort()
      .join(''),
  )

/** Reads a set's manifest. Throws InputError when there is none, or it is damaged or of another format. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestFile)
  if (!existsSync(path))
    throw new InputError(
      `${folder} holds no ${manifestFile}`,
      'Give a folder that `codesteer data export` has written to its end.',
    )
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError(`${path} is damaged: no JSON`, 'Export the data again.', { cause: error })
  }
  const format = (value as { readonly format?: unknown } | null)?.format
  if (typeof format === 'number' && format > manifestFormat)
    throw new InputError(
      `${path} has format ${format}, this version reads up to ${manifestFormat}`,
      'Update codesteer: npm i -g codesteer@latest',
    )
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new InputError(
      `${path} is damaged: ${issue?.path.join('.')}: ${issue?.message}`,
      'Export the data again with codesteer data export.',
    )
  }
  return parsed.data
}

/** Reads a set's manifest and its files through. Throws InputError naming the files that are missing or changed. */
export async function checkedManifest(folder: string): Promise<Manifest> {
  const manifest = readManifest(folder)
  const wrong: string[] = []
  for (const { path, sha256: hash } of manifest.files) {
    const file = join(folder, path)
    if (!existsSync(file)) wrong.push(`${path} is missing`)
    else if ((await hashOfFile(file)) !== hash) wrong.push(`${path} was changed`)
  }
  if (wrong.length > 0 || hashOfFiles(manifest.files) !== manifest.hash)
    throw new InputError(
      `the data in ${folder} are not what ${manifestFile} says: ${wrong.join('; ') || 'its own hash is wrong'}`,
      'Export them again with codesteer data export … --force.',
    )
  return manifest
}
