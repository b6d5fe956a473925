// The miniature study from nothing to its report, in one command; node tools/miniature.ts --help says how.
// Needs a Python with torch, transformers, trl and gguf (codesteer doctor), and node-llama-cpp.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { durationText } from '../src/cli/_shared/progress.ts'
import { CodeSteerError, InputError, messageOf } from '../src/errors.ts'
import { isInstalled, missingRuntime } from '../src/models/local/engine.ts'
import { findPython, missing } from '../src/training/launch/_shared/python.ts'
import { sizes } from './miniature-sizes.ts'
import { type Bench, steps } from './miniature-steps.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const flags = {
  size: { type: 'string', default: 'tiny' },
  out: { type: 'string' },
  from: { type: 'string' },
  only: { type: 'string' },
  python: { type: 'string' },
  threads: { type: 'string', default: '1' },
  help: { type: 'boolean', short: 'h' },
} as const

const needed = ['torch', 'transformers', 'trl', 'datasets', 'accelerate', 'gguf']

/** What a finished step leaves: how long it took and what it says of itself. */
interface Done {
  readonly step: string
  readonly tookMs: number
  readonly facts: unknown
}

async function main(): Promise<number> {
  const values = parsed()
  if (values.help) {
    process.stdout.write(help())
    return 0
  }
  const size = sizes[values.size]
  if (!size)
    throw new InputError(
      `no size "${values.size}"`,
      `There are: ${Object.entries(sizes)
        .map(([name, { about }]) => `${name} (${about})`)
        .join('; ')}`,
    )
  const threads = Number(values.threads)
  if (!(Number.isInteger(threads) && threads > 0))
    throw new InputError(
      `--threads ${values.threads} is no number of threads`,
      'Say how many cores may train: --threads 2',
    )
  const names = steps.map(({ name }) => name)
  for (const step of [values.from, values.only])
    if (step !== undefined && !names.includes(step))
      throw new InputError(`no step "${step}"`, `There are: ${names.join(', ')}`)
  const python = await findPython(needed, values.python, process.env, root)
  const gaps = missing(python, needed)
  if (gaps.length > 0)
    throw new InputError(
      `Python at ${python.path} has no ${gaps.join(', ')}`,
      `${python.path} -m pip install -r python/requirements.txt`,
    )
  if (!isInstalled()) throw missingRuntime()
  const out = values.out ?? join('.codesteer/miniature', values.size)
  mkdirSync(out, { recursive: true })
  const leave = holdFolder(out)
  const abort = new AbortController()
  process.once('SIGINT', () => abort.abort(new Error('stopped; the same command goes on from here')))
  const bench: Bench = {
    root,
    out,
    size,
    python: python.path,
    threads,
    signal: abort.signal,
    say: line => process.stderr.write(`${line}\n`),
  }
  try {
    return await work(bench, values.from, values.only)
  } finally {
    leave()
  }
}

function parsed() {
  try {
    return parseArgs({ options: flags }).values
  } catch (error) {
    throw new InputError(messageOf(error), 'See node tools/miniature.ts --help')
  }
}

const help = () => `Usage: node tools/miniature.ts [options]

Make the miniature study from nothing to its report: a task model and a coach, trained and compared. Each step is kept when it
is done; the same command goes on where it stopped, inside a training too.

Options:
  --size <name>    ${Object.entries(sizes)
    .map(([name, { about }]) => `${name}: ${about}`)
    .join('\n                   ')}
                   (default: tiny)
  --out <dir>      folder of the study (default: .codesteer/miniature/<size>)
  --from <step>    make this step and all after it again
  --only <step>    make this step alone
  --threads <n>    cores that a training may use (default: 1)
  --python <path>  interpreter with torch, transformers, trl and gguf (default: see codesteer doctor)
  -h, --help       this text

Steps: ${steps.map(({ name }) => name).join(', ')}

Examples:
  node tools/miniature.ts --size test
  node tools/miniature.ts --size tiny --threads 2
  node tools/miniature.ts --size tiny --from trees
`

/** Keeps a second start out of the folder until this one ends; what a killed one left behind is taken over. */
function holdFolder(out: string): () => void {
  const lock = join(out, 'lock')
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  if (holder > 0 && isAlive(holder))
    throw new InputError(
      `process ${holder} is making the study in ${out}`,
      'Wait for it, stop it, or take another --out.',
    )
  writeFileSync(lock, String(process.pid))
  return () => rmSync(lock, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function work(bench: Bench, from: string | undefined, only: string | undefined): Promise<number> {
  const file = join(bench.out, 'steps.json')
  const kept: Done[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Done[]) : []
  const first = from === undefined ? Number.POSITIVE_INFINITY : steps.findIndex(({ name }) => name === from)
  for (const { makes } of steps.slice(first))
    for (const path of makes) rmSync(join(bench.out, path), { recursive: true, force: true })
  let done = kept.filter(({ step }) => steps.findIndex(({ name }) => name === step) < first)
  for (const [nth, step] of steps.entries()) {
    if (only === undefined ? done.some(entry => entry.step === step.name) : step.name !== only) continue
    const spent = done.reduce((sum, { tookMs }) => sum + tookMs, 0)
    bench.say(
      `${nth + 1}/${steps.length} ${step.name}: ${step.about}${spent > 0 ? ` (${durationText(spent)} so far)` : ''}`,
    )
    const begunMs = performance.now()
    const facts = await step.work(bench)
    done = [
      ...done.filter(entry => entry.step !== step.name),
      { step: step.name, tookMs: Math.round(performance.now() - begunMs), facts },
    ]
    writeFileSync(file, `${JSON.stringify(done, null, 1)}\n`)
  }
  bench.say(`Done. ${bench.out} holds the models, the run and its report.`)
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof CodeSteerError)) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = process.exitCode || 3
  } else {
    process.stderr.write(`error: ${error.message}\n→ ${error.mend}\n`)
    process.exitCode = error.kind === 'input' ? 2 : 3
  }
}
