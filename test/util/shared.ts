import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The reference material beside the checkout; it is never part of the project, so tests that read it may have to skip. */
export const sharedRoot = fileURLToPath(new URL('../../../shared/', import.meta.url))

export const sharedMissing = (path: string): string | false =>
  existsSync(sharedRoot + path) ? false : `reference data ${path} is not beside this checkout`

export function sharedRows<T>(path: string): T[] {
  return readFileSync(sharedRoot + path, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => JSON.parse(line) as T)
}
