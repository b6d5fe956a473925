import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { InputError } from './errors.ts'
import { nearest } from './util/nearest.ts'

/** The folders whose listing is a registry: one implementation is one file, or one folder with a file of its own name. */
export type RegistryFolder =
  | 'tasks'
  | 'models'
  | 'sandboxes'
  | 'checkers'
  | 'coaches'
  | 'methods'
  | 'training/export'
  | 'training/launch'
  | 'training/scores'
  | 'cli/commands'

const root = fileURLToPath(new URL('.', import.meta.url))
/** `.ts` from the sources, `.js` from the built package. */
const extension = extname(fileURLToPath(import.meta.url))

const nouns: Record<RegistryFolder, string> = {
  tasks: 'task',
  models: 'model provider',
  sandboxes: 'sandbox',
  checkers: 'checker',
  coaches: 'coach',
  methods: 'method',
  'training/export': 'export format',
  'training/launch': 'trainer',
  'training/scores': 'score',
  'cli/commands': 'command',
}

const listings = new Map<RegistryFolder, string[]>()
const loaded = new Map<string, unknown>()

/** The names in one registry folder, sorted. `_shared` and tests are not implementations. */
export function names(folder: RegistryFolder): readonly string[] {
  const known = listings.get(folder)
  if (known) return known
  const found: string[] = []
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('_')) continue
    if (entry.isDirectory()) {
      if (existsSync(join(root, folder, entry.name, entry.name + extension))) found.push(entry.name)
    } else if (entry.name.endsWith(extension) && !/\.(test|d)\.[jt]s$/.test(entry.name)) {
      found.push(entry.name.slice(0, -extension.length))
    }
  }
  found.sort()
  listings.set(folder, found)
  return found
}

/** The folder of one implementation, for the files that lie beside it (`<slug>.py`). */
export function folderOf(folder: RegistryFolder, name: string): string {
  const own = join(root, folder, name)
  return existsSync(join(own, name + extension)) ? own : join(root, folder)
}

/** Loads an implementation's default export. Throws an InputError with the nearest name when there is none. */
export async function load<T>(folder: RegistryFolder, name: string): Promise<T> {
  const key = `${folder}/${name}`
  const known = loaded.get(key)
  if (known !== undefined) return known as T
  if (!names(folder).includes(name)) throw unknownName(folder, name)
  const path = join(folderOf(folder, name), name + extension)
  const module = (await import(pathToFileURL(path).href)) as { default: T }
  loaded.set(key, module.default)
  return module.default
}

/** Every implementation of a folder, in the order of their names. */
export async function loadAll<T>(folder: RegistryFolder): Promise<T[]> {
  return Promise.all(names(folder).map(name => load<T>(folder, name)))
}

function unknownName(folder: RegistryFolder, name: string): InputError {
  const near = nearest(name, names(folder))
  const listing = folder === 'tasks' ? 'List them: codesteer task list' : `There are: ${names(folder).join(', ')}`
  return new InputError(`no ${nouns[folder]} "${name}"`, `${near ? `Did you mean "${near}"? ` : ''}${listing}`)
}
