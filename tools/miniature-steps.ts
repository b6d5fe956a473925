// The steps of the miniature study, in order. Each leaves files below the study's folder and returns what it has to say.
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pythonTools } from '../src/checkers/_shared/python/parse.ts'
import { progressOf } from '../src/cli/_shared/progress.ts'
import { loadAll } from '../src/registry.ts'
import { chooseSandbox } from '../src/sandboxes/_shared/choose.ts'
import type { Task } from '../src/task.ts'
import type { Lesson } from '../src/training/miniature/lesson.ts'
import { learnedTasks, lessons } from '../src/training/miniature/lessons.ts'
import { PhraseCounter } from '../src/training/miniature/phrases.ts'
import { copyExercise, dataExercise } from '../src/training/miniature/primer.ts'
import { seededRng } from '../src/util/rng.ts'
import { followTraining } from './miniature-follow.ts'
import { studyPlan } from './miniature-plan.ts'
import type { Size } from './miniature-sizes.ts'

/** Where a study is made and with what. */
export interface Bench {
  readonly root: string
  readonly out: string
  readonly size: Size
  /** Path of the Python interpreter. */
  readonly python: string
  /** Of the trainings. One by default: on a machine that does other things as well, more wait for each other. */
  readonly threads: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export interface Step {
  readonly name: string
  readonly about: string
  /** What it leaves below the folder, removed before it is made again. */
  readonly makes: readonly string[]
  work(bench: Bench): Promise<unknown>
}

/** One seed for the whole study. */
const seed = 1
const heldOut = 120

export const steps: readonly Step[] = [
  {
    name: 'lessons',
    about: 'conversations for the task model, from the train pool of seen tasks',
    makes: ['lessons.jsonl', 'primer.jsonl', 'train.jsonl', 'validation.jsonl'],
    work: makeLessons,
  },
  {
    name: 'tokenizer',
    about: 'phrases, tokenizer and a model with random weights',
    makes: ['phrases.json', 'base'],
    work: makeTokenizer,
  },
  {
    name: 'primer',
    about: 'the task model learns to copy data',
    makes: ['primer', 'primer.json'],
    work: bench => trainTask(bench, 'primer', 'base', bench.size.primer),
  },
  {
    name: 'task',
    about: 'the task model learns its lessons',
    makes: ['task', 'task.json'],
    work: bench => trainTask(bench, 'task', 'primer/model', bench.size.training),
  },
  {
    name: 'task-gguf',
    about: 'the task model in one file',
    makes: ['task.gguf'],
    work: bench =>
      python(bench, 'to_gguf.py', [
        join(bench.out, 'task/model'),
        join(bench.out, 'task.gguf'),
        '--name',
        'codesteer-miniature-task',
      ]),
  },
  { name: 'trees', about: 'steering of the task model, tried in many ways', makes: ['trees.run'], work: growTrees },
  { name: 'data', about: 'what the coach learns from', makes: ['data'], work: exportData },
  {
    name: 'sft',
    about: 'supervised training of the coach',
    makes: ['coach-sft'],
    work: bench => trainCoach(bench, 'sft'),
  },
  {
    name: 'dpo',
    about: 'preference training of the coach',
    makes: ['coach-dpo'],
    work: bench => trainCoach(bench, 'dpo'),
  },
  {
    name: 'coach-gguf',
    about: 'the coach in one file',
    makes: ['coach.gguf'],
    work: bench =>
      python(bench, 'to_gguf.py', [
        join(bench.out, 'coach-dpo/model'),
        join(bench.out, 'coach.gguf'),
        '--name',
        'codesteer-miniature-coach',
      ]),
  },
  {
    name: 'run',
    about: 'all ten methods on held-out questions and unseen tasks',
    makes: ['plan.json', 'study.run'],
    work: runStudy,
  },
  {
    name: 'report',
    about: 'tables with paired statistics',
    makes: ['report.html', 'report.json'],
    async work(bench) {
      await codesteer(bench, ['report', join(bench.out, 'study.run'), '--html', join(bench.out, 'report.html')])
      return null
    },
  },
]

async function makeLessons({ out, size, signal, say }: Bench): Promise<unknown> {
  const file = join(out, 'lessons.jsonl')
  const rows = wholeLines(file)
  const all = await loadAll<Task>('tasks')
  const named = size.tasks
  const tasks =
    typeof named === 'string'
      ? learnedTasks(all, named === 'short')
      : learnedTasks(all, false).filter(({ slug }) => named.includes(slug))
  const { kind } = await chooseSandbox(undefined)
  const sandbox = await kind.open({ parallel: 1 })
  const progress = progressOf(process.stderr, size.lessons.count)
  try {
    const course = { tasks, seed, ...size.lessons }
    for await (const { nth, ...made } of lessons(course, { sandbox, python: await pythonTools() }, rows.length)) {
      signal.throwIfAborted()
      const row = JSON.stringify(made)
      rows.push(row)
      appendFileSync(file, `${row}\n`)
      progress.done(nth + 1, `${made.task}, level ${made.level}`)
    }
  } finally {
    progress.close()
    await sandbox.close()
  }
  // The last ones, of seeds that no other lesson has.
  const held = Math.min(heldOut, Math.floor(rows.length / 10))
  const learned = rows.slice(0, -held)
  const rng = seededRng('miniature-primer', seed)
  const ofLessons = learned.map(row => dataExercise(JSON.parse(row) as Lesson)).filter(made => made !== null)
  const random = Array.from({ length: Math.round(1.2 * rows.length) }, () => copyExercise(rng))
  const primer = rng.shuffle([...ofLessons, ...random].map(made => JSON.stringify(made)))
  // The lessons keep a share of exercises, so that copying is not forgotten on the way.
  const train = rng.shuffle([...learned, ...primer.slice(0, Math.round(0.75 * rows.length))])
  writeFileSync(join(out, 'primer.jsonl'), `${primer.join('\n')}\n`)
  writeFileSync(join(out, 'train.jsonl'), `${train.join('\n')}\n`)
  writeFileSync(join(out, 'validation.jsonl'), `${rows.slice(-held).join('\n')}\n`)
  say(`  ${rows.length} lessons on ${tasks.length} tasks`)
  return { lessons: rows.length, tasks: tasks.map(({ slug }) => slug) }
}

/** The whole lines of a file that may end in a torn one; the torn one is cut off. */
function wholeLines(file: string): string[] {
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) writeFileSync(file, whole)
  return whole.split('\n').slice(0, -1)
}

async function makeTokenizer(bench: Bench): Promise<unknown> {
  const { out, size } = bench
  const counter = new PhraseCounter()
  for (const row of wholeLines(join(out, 'lessons.jsonl')).slice(0, 8_000)) {
    const { messages } = JSON.parse(row) as { readonly messages: readonly { readonly content: string }[] }
    for (const { content } of messages) counter.add(content)
  }
  const phrases = join(out, 'phrases.json')
  writeFileSync(phrases, JSON.stringify(counter.phrases()))
  const flags = Object.entries(size.model).flatMap(([name, value]) => [`--${name}`, String(value)])
  return python(bench, 'miniature_model.py', [
    '--text',
    join(out, 'lessons.jsonl'),
    '--phrases',
    phrases,
    '--out',
    join(out, 'base'),
    ...flags,
  ])
}

async function trainTask(
  bench: Bench,
  name: 'primer' | 'task',
  base: string,
  trainer: Size['training'],
): Promise<unknown> {
  const { out } = bench
  const config = {
    base: join(out, base),
    train: join(out, name === 'primer' ? 'primer.jsonl' : 'train.jsonl'),
    validation: join(out, 'validation.jsonl'),
    out: join(out, name),
    threads: bench.threads,
    seed,
    trainer,
  }
  writeFileSync(join(out, `${name}.json`), JSON.stringify(config, null, 1))
  const resume = existsSync(join(out, name, 'checkpoints')) ? ['--resume'] : []
  const follower = followTraining(join(out, name, 'log.jsonl'), bench.say)
  try {
    await python(bench, 'train_miniature.py', [join(out, `${name}.json`), ...resume])
  } finally {
    follower.close()
  }
  return follower.last()
}

async function growTrees(bench: Bench): Promise<unknown> {
  const { out, size } = bench
  const tasks = JSON.parse(readFileSync(join(out, 'steps.json'), 'utf8')) as {
    step: string
    facts: { tasks: string[] }
  }[]
  const learned = tasks.find(({ step }) => step === 'lessons')?.facts.tasks ?? []
  const { count, levels, branches, model = `local/${join(out, 'task.gguf')}` } = size.trees
  await codesteer(bench, [
    'data',
    'synthesize',
    '--yes',
    '--model',
    model,
    '--coach',
    'rules',
    '--task',
    learned.join(','),
    '--levels',
    levels,
    '--trees',
    String(count),
    '--branches',
    branches,
    '--code-timeout',
    '3s',
    '--max-output-tokens',
    '400',
    '--seed',
    String(seed),
    '--concurrency',
    '2',
    '--out',
    join(out, 'trees.run'),
  ])
  return null
}

async function exportData(bench: Bench): Promise<unknown> {
  const { out, size } = bench
  await codesteer(bench, [
    'data',
    'export',
    join(out, 'trees.run'),
    '--format',
    'trl',
    '--tokenizer',
    join(out, 'base'),
    '--context',
    String(size.model.context),
    '--drop-long',
    '--force',
    '--out',
    join(out, 'data'),
  ])
  return JSON.parse(readFileSync(join(out, 'data/dataset.json'), 'utf8')) as unknown
}

async function trainCoach(bench: Bench, kind: 'sft' | 'dpo'): Promise<unknown> {
  const { out, size } = bench
  const { epochs, rate, batch } = size.coach[kind]
  const folder = join(out, `coach-${kind}`)
  const base = kind === 'sft' ? join(out, 'task/model') : join(out, 'coach-sft/model')
  const resume = existsSync(join(folder, 'checkpoints')) ? ['--resume'] : []
  await codesteer(bench, [
    'train',
    kind,
    '--data',
    join(out, 'data'),
    '--base',
    base,
    '--out',
    folder,
    '--epochs',
    String(epochs),
    '--threads',
    String(bench.threads),
    '--learning-rate',
    String(rate),
    '--batch',
    String(batch),
    '--seed',
    String(seed),
    '--python',
    bench.python,
    ...resume,
  ])
  return lastValues(join(folder, 'log.jsonl'))
}

async function runStudy(bench: Bench): Promise<unknown> {
  const { out, size } = bench
  const plan = studyPlan({ task: `local/${join(out, 'task.gguf')}`, coach: `local/${join(out, 'coach.gguf')}` }, size)
  writeFileSync(join(out, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`)
  await codesteer(bench, ['run', join(out, 'plan.json'), '--yes', '--out', join(out, 'study.run')])
  return { gguf: { task: statSync(join(out, 'task.gguf')).size, coach: statSync(join(out, 'coach.gguf')).size } }
}

/** The newest numbers of a training's log, by name. */
export function lastValues(file: string): Record<string, number> {
  const events = wholeLines(file).map(line => JSON.parse(line) as { readonly values?: Record<string, number> })
  return Object.assign({}, ...events.map(({ values }) => values ?? {})) as Record<string, number>
}

const codesteer = (bench: Bench, args: readonly string[]) =>
  command(bench, process.execPath, [join(bench.root, 'src/cli/main.ts'), ...args]).then(() => null)

/** Runs one of our Python scripts; where its last line of output is JSON, that comes back. */
async function python(bench: Bench, script: string, args: readonly string[]): Promise<unknown> {
  const printed = await command(bench, bench.python, [join(bench.root, 'python', script), ...args])
  try {
    return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as unknown
  } catch {
    // The trainers print words of their own.
    return null
  }
}

/** A command whose messages go to our standard error. Rejects when it does not end with 0. An abort lets it end by itself. */
function command(bench: Bench, program: string, args: readonly string[]): Promise<string> {
  bench.signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the whole group: the child saves what it has and ends.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: process.env })
    let printed = ''
    child.stdout.on('data', chunk => {
      printed += String(chunk)
      process.stderr.write(chunk)
    })
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) resolve(printed)
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}; the same command goes on from here`))
    })
  })
}
