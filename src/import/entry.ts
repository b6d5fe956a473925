import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublishedSample } from '../task.ts'

/** One sample as it lies on disk: known by its path, read when asked for. */
export interface Entry {
  readonly task: string
  /** The sample's id, the same in every layout. */
  readonly sample: string
  /** The file or folder below the data set's root, for messages. */
  readonly path: string
  /** Throws Unreadable, or a file system error, when it cannot be read. */
  readonly read: () => PublishedSample
}

/** A sample that is there and is not what it should be. `message` is the reason. */
export class Unreadable extends Error {}

/** Lists the samples of one set without reading more than needed. `at` is the set's folder or file below `root`. */
export type Layout = (root: string, at: string) => Entry[]

/** Names in a folder, sample_2 before sample_10; `kind` leaves out files or folders. */
export function listing(path: string, kind: 'folders' | 'files'): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => (kind === 'folders' ? entry.isDirectory() : entry.isFile()))
    .map(entry => entry.name)
    .sort(byNumbers)
}

export const byNumbers = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true, sensitivity: 'variant' })

export function readText(path: string): string {
  const text = readFileSync(path, 'utf8')
  if (text.includes('\uFFFD')) throw new Unreadable('is not UTF-8 text')
  return text
}

export function readJson(path: string): unknown {
  return parseJson(readText(path), 'is not JSON')
}

export function parseJson(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Unreadable(`${complaint}: ${(error as SyntaxError).message}`)
  }
}

/** The members of a JSON object, or Unreadable. */
export function members(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unreadable(`${what} is no object`)
  return value as Readonly<Record<string, unknown>>
}

export function stringOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Unreadable(`${what} is no text`)
  return value
}

/** Folders below `at`, however deep, whose name begins with `sample_`. */
export function sampleFolders(root: string, at: string): string[] {
  return listing(join(root, at), 'folders').flatMap(name =>
    name.startsWith('sample_') ? [`${at}/${name}`] : sampleFolders(root, `${at}/${name}`),
  )
}

/** An entry whose file could not even be listed; it is reported when it is read. */
export function broken(task: string, path: string, error: unknown): Entry {
  return {
    task,
    sample: path,
    path,
    read() {
      throw error
    },
  }
}
