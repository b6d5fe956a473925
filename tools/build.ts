// Builds the published package: JavaScript and declarations from src/ into dist/, with the files that lie beside the code.
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [from, to] = [join(root, 'src'), join(root, 'dist')]

rmSync(to, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith('.ts') || entry.name.endsWith('.pins.json')) continue
  const path = join(entry.parentPath, entry.name)
  cpSync(path, join(to, relative(from, path)))
}
console.log('built dist/')
