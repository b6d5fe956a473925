import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { InputError, messageOf } from '../errors.ts'
import type { PublishedSample } from '../task.ts'
import { broken, type Entry, listing, Unreadable } from './entry.ts'
import { pathPlan } from './planning.ts'
import { sets } from './table.ts'
import { looksUniform, uniformRows } from './uniform.ts'

export interface PublishedFolder {
  /** `published`: the original layout. `uniform`: JSON Lines of rows. */
  readonly layout: 'published' | 'uniform'
  readonly root: string
  readonly entries: readonly Entry[]
  /** What lies there and belongs to no set we know: passed over, and said. */
  readonly passedOver: readonly string[]
}

/** A sample that could be read, or where it lies and why it could not. */
export type Reading =
  | { readonly ok: true; readonly row: PublishedSample }
  | { readonly ok: false; readonly task: string; readonly path: string; readonly why: string }

const pathPlanFile = 'path-plan-environments.json'
const expected =
  'Expected the published folder dataset_gather (with 2048_dataset, BIG-Bench-Hard, game24_dataset, … in it), or a folder of *.jsonl files with rows {"task", "sample", "question", "solution"}.'

/**
 * Finds the published samples in a folder of the original layout or of uniform rows (a single `.jsonl` will do as well).
 * `pathPlan` names the file of the path-plan environments; otherwise it is looked for in the folder and beside it.
 * Throws InputError when the folder is neither.
 */
export function openPublished(path: string, options: { readonly pathPlan?: string } = {}): PublishedFolder {
  const at = resolve(path)
  const stats = statSync(at, { throwIfNoEntry: false })
  if (!stats) throw new InputError(`there is no folder ${path}`, expected)
  if (stats.isFile()) return uniformFiles(dirname(at), [basename(at)], path)
  const root = existsSync(join(at, 'dataset_gather')) ? join(at, 'dataset_gather') : at
  const known = Object.keys(sets).filter(set => existsSync(join(root, set)))
  if (known.length === 0) {
    const files = listing(at, 'files').filter(file => file.endsWith('.jsonl'))
    return uniformFiles(at, files, path)
  }
  const entries = known.flatMap(set => listed(root, set, sets[set]!))
  const environments = environmentsFile(root, options.pathPlan)
  if (environments) entries.push(...listed(dirname(environments), basename(environments), pathPlan))
  const tops = new Set(Object.keys(sets).map(set => set.split('/')[0]))
  const others = [...listing(root, 'folders'), ...listing(root, 'files')]
  const passedOver = others.filter(name => !tops.has(name) && name !== pathPlanFile)
  return { layout: 'published', root, entries, passedOver }
}

/** Reads one sample; what is wrong with it is told, never guessed around. */
export function readEntry(entry: Entry): Reading {
  try {
    return { ok: true, row: entry.read() }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (!(error instanceof Unreadable) && code === undefined) throw error
    const missing = basename((error as NodeJS.ErrnoException).path ?? '')
    const why =
      code === undefined ? messageOf(error) : code === 'ENOENT' ? `${missing} is missing` : `${missing}: ${code}`
    return { ok: false, task: entry.task, path: entry.path, why }
  }
}

function listed(root: string, at: string, layout: (root: string, at: string) => Entry[]): Entry[] {
  try {
    return layout(root, at)
  } catch (error) {
    // A set that cannot be listed is one unreadable entry: the other sets are still read.
    return [broken(at, at, error)]
  }
}

function environmentsFile(root: string, given: string | undefined): string | null {
  if (given !== undefined) {
    if (!existsSync(given))
      throw new InputError(`there is no file ${given}`, `--path-plan names the ${pathPlanFile} of the path-plan task.`)
    return resolve(given)
  }
  const found = [join(root, pathPlanFile), join(dirname(root), pathPlanFile)].find(file => existsSync(file))
  return found ?? null
}

function uniformFiles(root: string, files: readonly string[], path: string): PublishedFolder {
  const rows = files.filter(file => looksUniform(firstLine(join(root, file))))
  if (rows.length === 0) throw new InputError(`${path} holds no published samples`, expected)
  const passedOver = files.filter(file => !rows.includes(file))
  return { layout: 'uniform', root, entries: rows.flatMap(file => uniformRows(root, file)), passedOver }
}

/** The beginning of a file, enough to see what it is. */
function firstLine(path: string): string {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(4096)
    const length = readSync(file, buffer)
    return buffer.toString('utf8', 0, length)
  } finally {
    closeSync(file)
  }
}
