// Builds the published package: JavaScript and declarations from src/ into dist/, with the files that lie beside the code.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const [from, to] = [join(root, 'src'), join(root, 'dist')]
const page = join(from, 'viewer/page')

rmSync(to, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith('.ts') || entry.name.endsWith('.pins.json')) continue
  const path = join(entry.parentPath, entry.name)
  if (path.startsWith(page)) continue
  cpSync(path, join(to, relative(from, path)))
}
// The viewer's page, for its server and for pages that are saved.
for (const mode of ['production', 'static']) await build({ configFile: join(page, 'vite.config.ts'), mode })
console.log('built dist/')
