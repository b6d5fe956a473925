import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { InputError } from '../../errors.ts'

/** One line of a JSON Lines file: its value, or what is wrong with it. Lines count from 1; empty lines are passed over. */
export type JsonLine =
  | { readonly line: number; readonly ok: true; readonly value: unknown }
  | { readonly line: number; readonly ok: false; readonly why: string }

/** Reads JSON Lines one by one, from a file or a stream, without holding the whole. Throws InputError when the file cannot be read. */
export async function* readJsonLines(from: string | NodeJS.ReadableStream): AsyncGenerator<JsonLine> {
  const input = typeof from === 'string' ? createReadStream(from) : from
  let line = 0
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++
      if (text.trim() === '') continue
      yield parseLine(text, line)
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    throw new InputError(`cannot read ${String(from)}: ${code}`, 'Check the path of the JSON Lines file.', {
      cause: error,
    })
  }
}

function parseLine(text: string, line: number): JsonLine {
  try {
    return { line, ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { line, ok: false, why: (error as SyntaxError).message }
  }
}
