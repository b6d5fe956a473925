// Writes the documents that are produced from the code: docs/cli.md and docs/trajectory-format.md.
// `--check` only compares and fails when a page is out of date (the tests do the same).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { producedDocs } from './produced-docs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
let stale = 0
for (const [path, content] of await producedDocs()) {
  const file = join(root, path)
  if (!check) {
    writeFileSync(file, content)
    console.log(`wrote ${path}`)
  } else if (readFileSync(file, 'utf8') !== content) {
    console.log(`${path} is out of date: npm run docs`)
    stale++
  }
}
process.exitCode = stale > 0 ? 1 : 0
