import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { InputError, messageOf, ProviderError, StoreError } from '../../errors.ts'
import { canonicalJson } from '../../util/hash.ts'
import { requestKey } from './request-key.ts'
import { currentScope, OtherForm } from './scope.ts'

/** Format of a cassette: the first line is its header, each further line one finished call. */
export const cassetteFormat = 1

const headerSchema = z.object({ cassette: z.int().positive() })
const rowSchema = z.object({
  requestHash: z.string(),
  trial: z.string(),
  model: z.string(),
  method: z.string(),
  url: z.string(),
  /** Milliseconds since 1970 at which the call was sent. */
  atMs: z.number(),
  tookMs: z.number(),
  streamed: z.boolean(),
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})

/** One recorded call. */
export type CassetteRow = z.infer<typeof rowSchema>

/** Writes a cassette; gives the number of calls. Throws StoreError. */
export async function writeCassette(file: string, rows: readonly CassetteRow[]): Promise<number> {
  const lines = [{ cassette: cassetteFormat }, ...rows].map(line => `${canonicalJson(line)}\n`)
  try {
    await writeFile(file, lines.join(''))
  } catch (cause) {
    throw new StoreError(
      `the cassette ${file} cannot be written: ${messageOf(cause)}`,
      'Name a file that can be written.',
      { cause },
    )
  }
  return rows.length
}

/** Reads a cassette. Throws InputError when it is missing, damaged or newer than this build. */
export async function readCassette(file: string): Promise<readonly CassetteRow[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new InputError(
      `there is no cassette ${file}: ${messageOf(cause)}`,
      'Name a file that a ledger was exported to.',
      { cause },
    )
  }
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const header = headerSchema.safeParse(jsonOf(lines[0] ?? '', file, 1))
  if (!header.success) {
    throw new InputError(
      `${file} is no cassette: its first line is no header`,
      'Name a file that a ledger was exported to.',
    )
  }
  if (header.data.cassette > cassetteFormat) {
    throw new InputError(
      `the cassette ${file} has format ${header.data.cassette}; this build knows ${cassetteFormat}`,
      'Update codesteer.',
    )
  }
  return lines.slice(1).map((line, index) => {
    const row = rowSchema.safeParse(jsonOf(line, file, index + 2))
    if (row.success) return row.data
    throw damaged(file, index + 2, z.prettifyError(row.error).replaceAll('\n', ' '))
  })
}

function jsonOf(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw damaged(file, number, messageOf(cause))
  }
}

function damaged(file: string, line: number, why: string): InputError {
  return new InputError(`${file}, line ${line}, is no recorded call: ${why}`, 'Export the ledger again.')
}

/** A `fetch` that answers from recorded calls by request hash and trial, and never from a network. */
export function cassetteFetch(file: string, rows: readonly CassetteRow[]): typeof globalThis.fetch {
  const byKey = new Map(rows.map(row => [`${row.requestHash} ${row.trial}`, row]))
  return async (input, init) => {
    const scope = currentScope()
    const key = requestKey(input, init)
    const row = byKey.get(`${key.hash} ${scope?.trial}`)
    if (scope) scope.requestHash = key.hash
    if (!row) {
      throw new ProviderError(
        'bad-request',
        `no recording for this request in ${file} (request ${key.hash.slice(0, 12)}, trial "${scope?.trial}", ${rows.length} calls recorded)`,
        'Ask exactly what was recorded: same question, model, settings and trial; or record it again with the real model.',
        { retryable: false },
      )
    }
    if (row.streamed !== key.streamed) throw new OtherForm()
    if (scope) {
      scope.fromLedger = true
      scope.recordedMs = row.tookMs
    }
    return new Response(row.body, { status: row.status, headers: row.headers })
  }
}
