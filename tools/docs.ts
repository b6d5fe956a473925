// Writes the documents that are produced from the code: docs/cli.md, docs/trajectory-format.md, docs/api/ and the plan's schema.
// `--check` only compares and fails when a page is out of date (the tests do the same).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { producedDocs } from './produced-docs.ts'
import { apiDocs } from './typescript/api-docs.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
let stale = 0
const { pages, problems } = await apiDocs()
for (const problem of problems) console.log(problem)
for (const [path, content] of [...(await producedDocs()), ...pages]) {
  const file = join(root, path)
  if (!check) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    console.log(`wrote ${path}`)
  } else if (readFileSync(file, 'utf8') !== content) {
    console.log(`${path} is out of date: npm run docs`)
    stale++
  }
}
process.exitCode = stale + problems.length > 0 ? 1 : 0
