// Do the solver, the verifier and the independent Python programs agree? npm run agree [-- --count 1000] [--task slug]…
// [--state file] [--json]. Over all tasks it writes docs/agreement.md. Ctrl-C prints what there is; with --state the next
// run goes on from there. Ends with 1 when anything disagrees.
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Progress, progressOf } from '../src/cli/_shared/progress.ts'
import { folderOf, load, names } from '../src/registry.ts'
import type { Sandbox } from '../src/sandbox.ts'
import { chooseSandbox } from '../src/sandboxes/_shared/choose.ts'
import type { Task } from '../src/task.ts'
import { sha256 } from '../src/util/hash.ts'
import { parseWhole } from '../src/util/units.ts'
import { version } from '../src/version.ts'
import { agreementDefaults, agreeOnCell, type CellResult } from './agree-cell.ts'
import { agreementPage, taskTable } from './agree-page.ts'
import { spread } from './spread.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A finished cell in the state file, with what it was about: a changed task is checked again. */
interface Kept {
  readonly key: string
  readonly cell: CellResult
}

/** What a cell's result depends on: the coordinates, the task's programs and all that it imports of src/tasks. */
export function cellKey(task: Task, level: number, wanted: number): string {
  const folder = folderOf('tasks', task.slug)
  const programs = readdirSync(folder).filter(name => name.endsWith('.py'))
  const files = [...importedBy(join(folder, `${task.slug}.ts`)), ...programs.map(name => join(folder, name))]
  const sources = files.sort().map(path => `${relative(root, path)}\n${readFileSync(path, 'utf8')}`)
  return `${task.slug}@${task.version}/${level} x ${wanted} ${sha256(sources.join('\n')).slice(0, 16)}`
}

/** A module and what it imports, directly or not, from below src/tasks. */
function importedBy(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path) || !path.startsWith(join(root, 'src/tasks/'))) return found
  found.add(path)
  for (const [, target] of readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g))
    importedBy(join(dirname(path), target!), found)
  return found
}

/** Checks every level of every task; finished cells are handed to `keep`, known ones are not run again. */
export async function agreeOnAll(
  tasks: readonly Task[],
  count: number,
  sandbox: Sandbox,
  options: {
    readonly parallel: number
    readonly signal: AbortSignal
    readonly known: ReadonlyMap<string, CellResult>
    readonly keep: (kept: Kept) => void
    readonly progress?: Progress
  },
): Promise<CellResult[]> {
  const cells: CellResult[] = []
  let done = 0
  for (const task of tasks) {
    for (const [i, wanted] of spread(count, task.levels.length).entries()) {
      if (options.signal.aborted) return cells
      const key = cellKey(task, i + 1, wanted)
      const known = options.known.get(key)
      const cell =
        known ??
        (await agreeOnCell(task, i + 1, wanted, sandbox, {
          limits: agreementDefaults,
          parallel: options.parallel,
          signal: options.signal,
          onQuestion: () => options.progress?.done(++done, `${task.slug}, level ${i + 1}`),
        }))
      if (known) done += wanted
      else if (cell.questions === wanted) options.keep({ key, cell })
      if (cell.questions > 0) cells.push(cell)
    }
  }
  return cells
}

function readState(path: string | undefined): Map<string, CellResult> {
  if (path === undefined || !existsSync(path)) return new Map()
  // A line that was cut off by a kill is no result.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return new Map(
    lines.map(line => {
      const { key, cell } = JSON.parse(line) as Kept
      return [key, cell]
    }),
  )
}

const dateOfCommit = () => execFileSync('git', ['log', '-1', '--format=%cs'], { cwd: root, encoding: 'utf8' }).trim()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      task: { type: 'string', multiple: true },
      parallel: { type: 'string', default: '2' },
      sandbox: { type: 'string' },
      state: { type: 'string' },
      date: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const count = parseWhole('--count', 1, 1_000_000)(values.count)
  const parallel = parseWhole('--parallel', 1, 64)(values.parallel)
  const slugs = values.task ?? names('tasks')
  const tasks = await Promise.all(slugs.map(slug => load<Task>('tasks', slug)))
  const { kind, version: sandboxVersion } = await chooseSandbox(values.sandbox)
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort())
  const known = readState(values.state)
  const sandbox = await kind.open({ parallel })
  // A sandbox may let go of the event loop while it waits; the check must not end with it.
  const awake = setInterval(() => {}, 1_000)
  const err = {
    write: (text: string) => void process.stderr.write(text),
    isTTY: process.stderr.isTTY,
    columns: process.stderr.columns ?? 100,
  }
  const progress = progressOf(err, count * tasks.length)
  const begunMs = performance.now()
  const cells = await agreeOnAll(tasks, count, sandbox, {
    parallel,
    signal: abort.signal,
    known,
    keep: kept => {
      if (values.state !== undefined) appendFileSync(values.state, `${JSON.stringify(kept)}\n`)
    },
    progress,
  }).finally(async () => {
    progress.close()
    clearInterval(awake)
    await sandbox.close()
  })
  const disagreements = cells.flatMap(cell => cell.disagreements)
  if (values.json) console.log(JSON.stringify(cells))
  else {
    console.log(taskTable(tasks, cells))
    for (const { id, what } of disagreements) console.log(`${id}: ${what}`)
  }
  if (abort.signal.aborted) {
    console.error('stopped by Ctrl-C; the table has what was done')
    return 130
  }
  if (values.task === undefined) {
    const facts = {
      command: `npm run agree -- --count ${count}`,
      date: values.date ?? dateOfCommit(),
      version,
      sandbox: `${kind.name} (${sandboxVersion})`,
      perTask: count,
      limits: agreementDefaults,
      tookMs: known.size > 0 ? null : performance.now() - begunMs,
    }
    writeFileSync(join(root, 'docs/agreement.md'), agreementPage(tasks, cells, facts))
  }
  return disagreements.length > 0 ? 1 : 0
}

if (import.meta.main) process.exitCode = await main()
