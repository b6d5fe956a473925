import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { InputError, messageOf, StoreError } from '../errors.ts'
import { contentHash } from '../util/hash.ts'

/** Raised when a line's shape changes in a way that older readers cannot read. */
export const staircaseFormat = 1

const headSchema = z.strictObject({
  type: z.literal('staircase'),
  format: z.number(),
  /** What every question of the file was asked of and how; two files with different ones must not be mixed. */
  asked: z.record(z.string(), z.unknown()),
  lapse: z.number(),
  pool: z.enum(['test', 'train']),
})

const lineSchema = z.strictObject({
  type: z.literal('asked'),
  task: z.string(),
  taskVersion: z.number().int(),
  level: z.number().int().min(1),
  seed: z.number().int().min(0),
  verdict: z.enum(['correct', 'incorrect', 'malformed', 'no-answer', 'unscored']),
  why: z.string().nullable(),
  /** Of the trajectory in the run file beside the log. */
  trajectory: z.string(),
  simulated: z.boolean(),
  tokens: z.number(),
  /** US dollars; null when a price is unknown. */
  costUsd: z.number().nullable(),
  tookMs: z.number(),
  /** When it was judged, milliseconds since 1970. */
  atMs: z.number(),
})

/** What every question of a log has in common. */
export type StaircaseHead = Omit<z.infer<typeof headSchema>, 'type' | 'format'>
/** One question and its verdict. */
export type StaircaseLine = z.infer<typeof lineSchema>

/** The record of a staircase: JSON Lines, a head and one line per question, each on disk before the next is asked. */
export interface StaircaseLog {
  readonly path: string
  /** All lines so far, those of earlier starts first. */
  readonly lines: readonly StaircaseLine[]
  append(line: StaircaseLine): void
  close(): void
}

/**
 * Opens a log to go on from, or begins it; a line that was cut off by a kill is taken away. Throws InputError for a file
 * that is no staircase or one of something else, StoreError when it cannot be written.
 */
export function openStaircaseLog(path: string, head: StaircaseHead): StaircaseLog {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const whole = before.slice(0, before.lastIndexOf('\n') + 1)
  const rows = whole.split('\n').slice(0, -1)
  const known = rows[0] === undefined ? null : parse(path, 1, rows[0], headSchema)
  if (known === null && before.length > 0 && !before.startsWith('{"type":"staircase"'))
    throw new InputError(`${path} is no staircase`, 'Name another file with --out.')
  if (known) refuseOther(path, known, head)
  const lines = rows.slice(1).map((row, i) => parse(path, i + 2, row, lineSchema))
  const file = writing(path, () => {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(path, 'a')
  })
  let size = Buffer.byteLength(whole)
  const write = (value: unknown) =>
    writing(path, () => {
      const { size: found } = fstatSync(file)
      if (found !== size)
        throw new StoreError(`${path} was written to by another process`, 'Run one staircase on a file at a time.')
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      fsyncSync(file)
      size += bytes.length
    })
  if (size < Buffer.byteLength(before)) writing(path, () => ftruncateSync(file, size))
  if (!known) write({ type: 'staircase', format: staircaseFormat, ...head })
  let open = true
  return {
    path,
    lines,
    append(line) {
      write(line)
      lines.push(line)
    },
    close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

function refuseOther(path: string, known: z.infer<typeof headSchema>, head: StaircaseHead): void {
  if (known.format > staircaseFormat) {
    throw new InputError(
      `${path} has format ${known.format}, this version reads up to ${staircaseFormat}`,
      'Update codesteer: npm i -g codesteer@latest',
    )
  }
  const facts = ({ asked, lapse, pool }: StaircaseHead): Record<string, unknown> => ({ ...asked, lapse, pool })
  const [was, is] = [facts(known), facts(head)]
  const differs = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    name => contentHash(was[name] ?? null) !== contentHash(is[name] ?? null),
  )
  if (differs.length === 0) return
  const words = differs.map(name => `${name} ${short(was[name])}, not ${short(is[name])}`)
  throw new InputError(
    `${path} is the staircase of something else: ${words.join('; ')}`,
    'Give the same settings to continue it, or begin another with --out FILE.',
  )
}

const short = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function parse<T>(path: string, line: number, text: string, schema: z.ZodType<T>): T {
  let why: string
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    why = `${issue?.path.join('.')}: ${issue?.message}`
  } catch (error) {
    why = messageOf(error)
  }
  throw new InputError(`${path}, line ${line}: no line of a staircase (${why})`, 'Name another file with --out.')
}

function writing<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof StoreError) throw error
    throw new StoreError(
      `cannot write ${path}: ${(error as NodeJS.ErrnoException).code ?? messageOf(error)}`,
      'Free some space, or write elsewhere with --out FILE.',
      { cause: error },
    )
  }
}
