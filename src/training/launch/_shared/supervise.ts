import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { StoreError } from '../../../errors.ts'
import type { TrainingEvent } from '../../training-log.ts'
import { newestCheckpoint } from './checkpoints.ts'
import type { PreparedTraining } from './prepare.ts'
import { readEvents } from './progress.ts'
import { sizeOf, tailOf } from './tail.ts'

/** How a training's process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last event of the log, when the trainer wrote its end. */
  readonly end: Extract<TrainingEvent, { readonly type: 'training-end' }> | null
  /** The last lines it printed, oldest first. */
  readonly lastLines: readonly string[]
}

export interface Supervision {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly nowMs: () => number
  readonly onEvent: (event: TrainingEvent) => void
}

const pollMs = 200
const outputFile = 'trainer.log'
const logFile = 'log.jsonl'

/**
 * Runs a prepared training until it ends, telling its events as they come. When the signal is aborted it is asked to save a
 * checkpoint and to stop: by a file, since the launchers of many processes would not wait for the checkpoint after a
 * signal. What it prints goes to trainer.log. Its processes never outlive this one.
 */
export async function supervise(prepared: PreparedTraining, supervision: Supervision): Promise<Ended> {
  const { job, launch, trainer } = prepared
  const [log, output] = [join(job.folder, logFile), join(job.folder, outputFile)]
  rmSync(join(job.folder, 'stop'), { force: true })
  const teller = trainer.told === 'log' ? tailLog(log) : translate(prepared, log, supervision.nowMs)
  const printed = sizeOf(output)
  const file = open(output)
  const [program, ...args] = launch.command as [string, ...string[]]
  const { PATH = '' } = supervision.environment
  const child = spawn(program, args, {
    cwd: job.folder,
    // A group of its own: the terminal's Ctrl-C is ours to pass on, in a way that keeps the checkpoint.
    detached: true,
    stdio: ['ignore', file, file],
    env: {
      ...supervision.environment,
      PATH: program.includes('/') ? `${dirname(program)}${delimiter}${PATH}` : PATH,
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      TOKENIZERS_PARALLELISM: 'false',
      ...launch.env,
    },
  })
  closeSync(file)
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal)
    } catch {
      // It has ended by itself.
    }
  }
  const stop = () => {
    writeFileSync(join(job.folder, 'stop'), '')
    if (trainer.told !== 'log') send('SIGTERM')
  }
  const kill = () => send('SIGKILL')
  supervision.signal.addEventListener('abort', stop, { once: true })
  if (supervision.signal.aborted) stop()
  process.once('exit', kill)
  const tell = () => teller.events().forEach(supervision.onEvent)
  const timer = setInterval(tell, pollMs)
  try {
    const { code, signal } = await new Promise<Pick<Ended, 'code' | 'signal'>>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code, signal) => resolve({ code, signal }))
    })
    tell()
    const last = teller.finish(code, signal, supervision.signal.aborted)
    if (last) supervision.onEvent(last)
    const event = readEvents(readFileSync(log, { encoding: 'utf8', flag: 'a+' })).at(-1)
    return {
      code,
      signal,
      end: event?.type === 'training-end' ? event : null,
      lastLines: readFileSync(output).subarray(printed).toString('utf8').trim().split('\n').slice(-12),
    }
  } finally {
    clearInterval(timer)
    supervision.signal.removeEventListener('abort', stop)
    process.removeListener('exit', kill)
    // Workers of a launcher that died.
    kill()
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'a')
  } catch (error) {
    throw new StoreError(`cannot write ${path}`, 'Choose another folder with --out, or make room.', { cause: error })
  }
}

interface Teller {
  events(): TrainingEvent[]
  /** The end, where the trainer does not write it. */
  finish(code: number | null, signal: NodeJS.Signals | null, asked: boolean): TrainingEvent | null
}

/** A trainer that writes our log itself: only what comes new is told. */
function tailLog(log: string): Teller {
  const tail = tailOf(log, sizeOf(log))
  return { events: () => readEvents(`${tail.lines().join('\n')}\n`), finish: () => null }
}

/** A trainer with a log of its own: its lines become events, which are written to ours. */
function translate({ trainer, job, base, record, launch }: PreparedTraining, log: string, nowMs: () => number): Teller {
  const told = trainer.told as Exclude<typeof trainer.told, 'log'>
  const path = join(job.folder, told.file)
  const tail = tailOf(path, sizeOf(path))
  const { recipe, manifest } = job
  const rows = (split: 'train' | 'validation') =>
    manifest.files.find(file => file.format === trainer.format && file.kind === job.kind && file.split === split)
      ?.rows ?? 0
  const perEpoch = recipe.steps / recipe.epochs
  const write = (event: TrainingEvent) => {
    appendFileSync(log, `${JSON.stringify(event)}\n`)
    return event
  }
  let begun = false
  const start = (): TrainingEvent =>
    write({
      type: 'training-start',
      atMs: nowMs(),
      kind: job.kind,
      trainer: trainer.name,
      baseModel: base.name,
      dataHash: record.data.hash,
      configHash: record.configHash,
      commit: record.commit,
      rows: rows('train'),
      evalRows: rows('validation'),
      steps: recipe.steps,
      parameters: base.parameters ?? 0,
      trainable: recipe.lora ? 0 : (base.parameters ?? 0),
      device: `${job.gpus} × as ${launch.command[0]} has it`.replace(/\S*\//, ''),
      fromStep: job.checkpoint ? (newestCheckpoint(join(job.folder, trainer.checkpoints))?.step ?? 0) : 0,
    })
  return {
    events() {
      const first = begun ? [] : [start()]
      begun = true
      const steps = tail.lines().flatMap(line => {
        const found = told.read(line)
        if (!found) return []
        const step = found.step ?? Math.round(found.epoch * perEpoch)
        return [write({ type: 'training-step', atMs: nowMs(), step, epoch: found.epoch, values: found.values })]
      })
      return [...first, ...steps]
    },
    finish(code, signal, asked) {
      if (code === null && signal === 'SIGKILL') return null
      const outcome = code === 0 ? 'finished' : asked ? 'stopped' : 'failed'
      return write({
        type: 'training-end',
        atMs: nowMs(),
        outcome,
        model: code === 0 ? join(job.folder, trainer.model) : null,
        why: code === 0 ? null : asked ? 'asked to stop' : `${trainer.name} ended with ${code ?? signal}`,
        mend: code === 0 ? null : `What it said is in ${outputFile}; go on with --resume.`,
      })
    },
  }
}
