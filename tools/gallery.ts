// Writes the gallery: docs/gallery.md and a page with a difficulty curve per task. `node tools/gallery.ts <slug>…` does only
// these tasks' pages; `--check` compares and fails when something is out of date (the tests do the same).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load, names } from '../src/registry.ts'
import type { Task } from '../src/task.ts'
import { galleryIndex, galleryOf } from './gallery-pages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
const wanted = process.argv.slice(2).filter(word => !word.startsWith('--'))
const tasks = await Promise.all(names('tasks').map(slug => load<Task>('tasks', slug)))
let stale = 0

function put(path: string, content: string): void {
  const file = join(root, path)
  const old = readOrNull(file)
  if (old === content) return
  stale++
  console.log(`${check ? 'out of date (npm run gallery)' : 'wrote'}: ${path}`)
  if (!check) writeFileSync(file, content)
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

mkdirSync(join(root, 'docs/gallery'), { recursive: true })
for (const task of tasks) {
  if (wanted.length > 0 && !wanted.includes(task.slug)) continue
  for (const [path, content] of galleryOf(task)) put(path, content)
}
put('docs/gallery.md', galleryIndex(tasks))
for (const file of readdirSync(join(root, 'docs/gallery'))) {
  if (tasks.some(({ slug }) => file === `${slug}.md` || file === `${slug}.svg`)) continue
  stale++
  console.log(`${check ? 'of no task' : 'removed, of no task'}: docs/gallery/${file}`)
  if (!check) rmSync(join(root, 'docs/gallery', file))
}
if (check) process.exitCode = stale > 0 ? 1 : 0
