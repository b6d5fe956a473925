import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { InputError } from '../../../errors.ts'

export const recordFile = 'record.json'

/** What a training was made of, without any machine's folders: written once, at its start. */
const recordSchema = z.object({
  format: z.literal(1),
  kind: z.enum(['sft', 'dpo']),
  trainer: z.string(),
  base: z.object({ name: z.string(), configHash: z.string().nullable() }),
  data: z.object({
    /** sha256 of the training rows. */
    hash: z.string(),
    /** Of the whole exported set. */
    set: z.string(),
    promptVersion: z.string(),
    sources: z.array(z.string()),
  }),
  simulated: z.boolean(),
  recipe: z.record(z.string(), z.unknown()),
  set: z.record(z.string(), z.unknown()),
  configHash: z.string(),
  commit: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  startedMs: z.number(),
})

type Read = z.infer<typeof recordSchema>
export interface TrainingRecord extends Omit<Read, 'recipe' | 'set'> {
  readonly recipe: object
  readonly set: object
}

/** The record of a training's folder, or null. Throws InputError when it is damaged. */
export function readRecord(folder: string): TrainingRecord | null {
  const path = join(folder, recordFile)
  if (!existsSync(path)) return null
  let value: unknown = null
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Told below, together with what is JSON and no record.
  }
  const parsed = recordSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new InputError(
    `${path} is damaged: ${parsed.error.issues[0]?.path.join('.') || 'no JSON'}`,
    'Move the folder away and start the training anew.',
  )
}

/** Throws InputError when a training that lies in `folder` is not the one that is to go on. */
export function checkSame(before: TrainingRecord, now: TrainingRecord, folder: string): void {
  const differences = [
    before.kind !== now.kind && `it is a ${before.kind} training`,
    before.trainer !== now.trainer && `its trainer is ${before.trainer}`,
    before.base.name !== now.base.name && `its base model is ${before.base.name}`,
    before.data.hash !== now.data.hash &&
      `its data were ${before.data.hash.slice(0, 12)}, these are ${now.data.hash.slice(0, 12)}: they were exported again or changed`,
  ].filter(found => found !== false)
  if (differences.length === 0 && before.configHash !== now.configHash)
    differences.push('its settings were others (see recipe and set in its record.json)')
  if (differences.length > 0)
    throw new InputError(
      `the training in ${folder} is another one: ${differences.join('; ')}`,
      'Give the same data, base and settings as at its start, or another --name.',
    )
}
