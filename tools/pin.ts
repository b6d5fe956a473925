// Writes the pins of the first questions beside a task: node tools/pin.ts <slug>…
// A changed pin under the same version means that published results are no longer about these questions: raise the version.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, load, names } from '../src/registry.ts'
import type { Task } from '../src/task.ts'
import { firstQuestions } from '../src/tasks/_shared/pins.ts'

const slugs = process.argv.slice(2)
for (const slug of slugs.length > 0 ? slugs : names('tasks')) {
  const task = await load<Task>('tasks', slug)
  const path = join(folderOf('tasks', slug), `${slug}.pins.json`)
  writeFileSync(path, `${JSON.stringify(firstQuestions(task), null, 2)}\n`)
  console.log(`pinned ${slug}@${task.version}`)
}
