import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync, statSync, writeSync } from 'node:fs'
import { version } from '../../../version.ts'
import type { Row } from './format.ts'

/** A finished file. */
export interface Written {
  readonly rows: number
  readonly bytes: number
  /** Of the file's bytes, as lower-case hex. */
  readonly sha256: string
}

/** Takes rows one by one and keeps few of them in memory. */
export interface RowSink {
  write(row: Row): void
  finish(): Promise<Written>
  /** Lets go of the file after a failure. */
  abandon(): void
}

const chunk = 1_000_000

/** Opens a file of rows: JSON Lines, or parquet by its ending. */
export const openSink = (path: string): Promise<RowSink> =>
  path.endsWith('.parquet') ? parquetSink(path) : Promise.resolve(linesSink(path))

/** Appends texts to a file in large writes. */
function bufferedFile(path: string) {
  const file = openSync(path, 'w')
  const hash = createHash('sha256')
  let [waiting, waitingLength, bytes, open] = [[] as string[], 0, 0, true]
  const flush = () => {
    const buffer = Buffer.from(waiting.join(''))
    hash.update(buffer)
    // A write may take less than all of it.
    for (let at = 0; at < buffer.length; ) at += writeSync(file, buffer, at)
    bytes += buffer.length
    ;[waiting, waitingLength] = [[], 0]
  }
  const close = () => {
    if (open) closeSync(file)
    open = false
  }
  return {
    write(text: string) {
      waiting.push(text)
      waitingLength += text.length
      if (waitingLength > chunk) flush()
    },
    flush,
    close,
    finish() {
      flush()
      close()
      return { bytes, sha256: hash.digest('hex') }
    },
  }
}

function linesSink(path: string): RowSink {
  const file = bufferedFile(path)
  let rows = 0
  return {
    write(row) {
      rows++
      file.write(`${JSON.stringify(row)}\n`)
    },
    finish: async () => ({ rows, ...file.finish() }),
    abandon: file.close,
  }
}

/** Rows are kept until a row group is full; a group is what a reader loads at once. */
const groupRows = 1_000

/** A column of messages: a list of role and content, as `pandas.read_parquet` gives it back. */
async function parquetSink(path: string): Promise<RowSink> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer')
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'messages', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'REQUIRED', num_children: 2 },
      { name: 'role', ...text },
      { name: 'content', ...text },
    ],
    createdBy: `codesteer ${version}`,
  })
  let [waiting, rows] = [[] as unknown[], 0]
  const flush = () => {
    if (waiting.length > 0) writer.write({ columnData: [{ name: 'messages', data: waiting }], rowGroupSize: groupRows })
    waiting = []
  }
  return {
    write(row) {
      rows++
      waiting.push(row.messages)
      if (waiting.length >= groupRows) flush()
    },
    async finish() {
      flush()
      await writer.finish()
      return { rows, bytes: statSync(path).size, sha256: await hashOfFile(path) }
    },
    // The writer opens its file for each write and holds none.
    abandon: () => {},
  }
}

/** SHA-256 of a file, read in pieces. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Values set aside on disk between two passes, so that memory holds only where each lies. */
export interface Spool {
  /** Returns where the value lies. */
  add(value: unknown): readonly [at: number, length: number]
  read<T>(place: readonly [at: number, length: number]): T
  close(): void
}

export function openSpool(path: string): Spool {
  const file = bufferedFile(path)
  let [end, reader] = [0, -1]
  return {
    add(value) {
      const text = `${JSON.stringify(value)}\n`
      const length = Buffer.byteLength(text)
      file.write(text)
      end += length
      return [end - length, length]
    },
    read([at, length]) {
      if (reader < 0) {
        file.flush()
        reader = openSync(path, 'r')
      }
      const buffer = Buffer.alloc(length)
      for (let got = 0; got < length; ) got += readSync(reader, buffer, got, length - got, at + got)
      return JSON.parse(buffer.toString('utf8'))
    },
    close() {
      file.close()
      if (reader >= 0) closeSync(reader)
    },
  }
}
