import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const from = join(root, 'src')
const page = join(from, 'viewer/page')

/** Builds JavaScript and declarations from src/ into a folder, with the files that lie beside the code. What was there is gone. */
export function buildPackage(to: string): void {
  rmSync(to, { recursive: true, force: true })
  const args = ['-p', join(root, 'tsconfig.build.json'), '--outDir', to]
  execFileSync(join(root, 'node_modules/.bin/tsc'), args, { stdio: ['ignore', 'inherit', 'inherit'] })
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts') || entry.name.endsWith('.pins.json')) continue
    const path = join(entry.parentPath, entry.name)
    // The viewer's page has a build of its own.
    if (path.startsWith(page)) continue
    cpSync(path, join(to, relative(from, path)))
  }
}
