import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { InputError, messageOf } from '../../errors.ts'
import type { Capabilities } from '../../model.ts'
import { type CapabilityRow, capabilityTable } from './capability-table.ts'
import { matchesGlob } from './glob.ts'

const rowSchema = z.strictObject({
  systemMessage: z.boolean().optional(),
  temperature: z.boolean().optional(),
  jsonSchema: z.boolean().optional(),
  tools: z.boolean().optional(),
  reasoning: z.enum(['none', 'separate', 'think-tags']).optional(),
  contextTokens: z.int().positive().nullable().optional(),
})

/** The shape of a user's file: `{"vllm/my-model*": {"systemMessage": false}}`, later keys win. */
export const capabilityFileSchema = z.record(z.string().min(1), rowSchema)

/** What a model can take: every matching row laid over the one before, the user's rows last. */
export function capabilitiesOf(id: string, own: readonly CapabilityRow[] = []): Capabilities {
  let merged: Partial<Capabilities> = {}
  for (const row of [...capabilityTable, ...own]) {
    if (matchesGlob(row.pattern, id)) merged = { ...merged, ...row.capabilities }
  }
  // The table's first row matches every id and sets every field; a test holds it to that.
  return merged as Capabilities
}

/** Reads a user's capability file. Throws InputError when it cannot be read or has another shape. */
export async function loadCapabilities(path: string): Promise<readonly CapabilityRow[]> {
  const rows = await readTable(
    path,
    capabilityFileSchema,
    'capabilities',
    '{"vllm/my-model*": {"systemMessage": false}}',
  )
  return Object.entries(rows).map(([pattern, fields]) => ({
    pattern,
    capabilities: Object.fromEntries(
      Object.entries(fields).filter(([, v]) => v !== undefined),
    ) as Partial<Capabilities>,
  }))
}

/** Reads and checks a JSON table of the user's; for capabilities and prices alike. */
export async function readTable<T>(path: string, schema: z.ZodType<T>, noun: string, example: string): Promise<T> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new InputError(
      `the file of ${noun} cannot be read: ${messageOf(cause)}`,
      `Write JSON like ${example} to ${path}, or do not name the file.`,
      { cause },
    )
  }
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new InputError(
    `the file of ${noun} ${path} does not fit: ${z.prettifyError(checked.error).replaceAll('\n', ' ')}`,
    `It should look like ${example}.`,
  )
}
