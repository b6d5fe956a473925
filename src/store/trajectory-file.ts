import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { InputError, messageOf, StoreError } from '../errors.ts'
import type { TrajectoryEvent } from '../trajectory.ts'

/** One event as it stands in a file: one line of JSON. */
export const eventLine = (event: TrajectoryEvent): string => `${JSON.stringify(event)}\n`

/** Appends events to a file of JSON lines, each on disk before the next is made; a crash loses at most the event in flight. */
export interface TrajectoryWriter {
  readonly path: string
  /** Writes one event to the disk. Throws StoreError. */
  append(event: TrajectoryEvent): void
  /** Idempotent. */
  close(): void
}

/** Begins a new trajectory file; its folder is made. Throws StoreError with the mend when it cannot be written. */
export function createTrajectoryFile(path: string): TrajectoryWriter {
  const file = attempt(path, () => {
    makeFolder(dirname(path))
    return openSync(path, 'wx')
  })
  let open = true
  return {
    path,
    append(event) {
      attempt(path, () => {
        const line = Buffer.from(eventLine(event))
        for (let at = 0; at < line.length; ) at += writeSync(file, line, at)
        fsyncSync(file)
      })
    },
    close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

/** Makes a folder and those above it. Throws StoreError with the true cause. */
export function makeFolder(path: string): void {
  attempt(path, () => {
    try {
      mkdirSync(path, { recursive: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      // On a read-only disk the recursive form says ENOENT; the plain form, one level at a time, says what is the matter.
      const missing = [path]
      while (!existsSync(dirname(missing[0]!))) missing.unshift(dirname(missing[0]!))
      for (const folder of missing) mkdirSync(folder)
    }
  })
}

const mends: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, or write elsewhere with --out DIR.',
  EROFS: 'The folder is read-only: write elsewhere with --out DIR.',
  EACCES: 'You may not write there: choose another folder with --out DIR.',
  EPERM: 'You may not write there: choose another folder with --out DIR.',
  ENOTDIR: 'A part of the path is a file: choose another folder with --out DIR.',
  EEXIST: 'There is such a file already: choose another folder with --out DIR.',
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof StoreError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    throw new StoreError(
      `cannot write ${path}: ${code || messageOf(error)}`,
      mends[code] ?? 'Write elsewhere with --out DIR.',
      { cause: error },
    )
  }
}

/** What a trajectory file holds. `torn` is true when its last line was cut off, as after a kill; the whole events before it count. */
export interface TrajectoryFile {
  readonly events: readonly TrajectoryEvent[]
  readonly lines: readonly string[]
  readonly torn: boolean
}

/** Reads a trajectory file up to its last whole event. Throws InputError for a file that is none. */
export function readTrajectoryFile(path: string): TrajectoryFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError(
      `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`,
      'Give the path of a trajectory file (.jsonl) that `codesteer ask` wrote.',
      { cause: error },
    )
  }
  const lines = text.split('\n')
  const tail = lines.pop() ?? ''
  const events: TrajectoryEvent[] = []
  for (const [i, line] of lines.entries()) {
    try {
      events.push(JSON.parse(line) as TrajectoryEvent)
    } catch (error) {
      throw new InputError(
        `${path}, line ${i + 1}: not a JSON event`,
        'The file is damaged, or is no trajectory file.',
        { cause: error },
      )
    }
  }
  return { events, lines, torn: tail !== '' }
}
