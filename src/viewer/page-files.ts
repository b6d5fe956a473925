import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { messageOf, StoreError } from '../errors.ts'

/** One file of the built page. */
export interface PageFile {
  readonly body: Buffer<ArrayBuffer>
  readonly type: string
}

export type PageMode = 'page' | 'page-static'

/** Whether this is a checkout, where the page is built from its sources; the package brings it built. */
const fromSources = import.meta.url.endsWith('.ts')
const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const builtIn = (mode: PageMode) => (fromSources ? join(root, 'dist/viewer', mode) : join(here, mode))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/**
 * The built page's files by their path in addresses (`/`, `/assets/…`), all in memory: no request ever names a file of the
 * disk. In a checkout the page is built first where it is missing or older than its sources; `onBuild` hears of it.
 * Throws StoreError.
 */
export async function pageFiles(
  mode: PageMode = 'page',
  onBuild: (words: string) => void = () => {},
): Promise<ReadonlyMap<string, PageFile>> {
  const folder = builtIn(mode)
  if (fromSources) await buildWhereOld(mode, folder, onBuild)
  if (!existsSync(folder)) throw missing(folder)
  const files = new Map<string, PageFile>()
  for (const path of below(folder)) {
    const name = `/${relative(folder, path).split(sep).join('/')}`
    const file = { body: readFileSync(path), type: types[extname(path)] ?? 'application/octet-stream' }
    files.set(name, file)
    if (name === '/index.html') files.set('/', file)
  }
  return files
}

const missing = (folder: string, cause?: unknown) =>
  new StoreError(
    `the viewer's page is not in ${folder}${cause ? `: ${stripVTControlCharacters(messageOf(cause)).split('\n').slice(0, 3).join(' ')}` : ''}`,
    fromSources ? 'Build it: npm ci && npm run build' : 'Install the package again: npm i -g codesteer',
    { cause },
  )

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const newest = (paths: readonly string[]) => Math.max(0, ...paths.map(path => statSync(path).mtimeMs))

async function buildWhereOld(mode: PageMode, folder: string, onBuild: (words: string) => void): Promise<void> {
  const sources = join(root, 'src/viewer/page')
  const config = join(sources, 'vite.config.ts')
  // A build in whose folder nothing is newer than the sources is made again; so is none at all.
  const age = existsSync(folder) ? newest(below(folder)) : 0
  if (!existsSync(config) || age > newest([...below(sources), join(root, 'src/viewer/api.ts')])) return
  onBuild('building the page')
  // Built aside and put in its place whole: another process may be reading it, or building it as well.
  const aside = `${folder}-${process.pid}`
  try {
    const { build } = await import('vite')
    await build({
      configFile: config,
      mode: mode === 'page' ? 'production' : 'static',
      logLevel: 'silent',
      build: { outDir: aside, emptyOutDir: true },
    })
    rmSync(folder, { recursive: true, force: true })
    renameSync(aside, folder)
  } catch (error) {
    // Somebody else was quicker between the two.
    if (existsSync(folder) && (error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return
    throw missing(folder, error)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
