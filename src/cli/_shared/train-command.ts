import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import { CodeSteerError, InputError } from '../../errors.ts'
import { names } from '../../registry.ts'
import type { Kind } from '../../training/export/_shared/format.ts'
import {
  type PreparedTraining,
  prepareTraining,
  type TrainingWishes,
  writeTraining,
} from '../../training/launch/_shared/prepare.ts'
import { noProgress, takeIn } from '../../training/launch/_shared/progress.ts'
import { installMend } from '../../training/launch/_shared/python.ts'
import { publishedBase } from '../../training/launch/_shared/recipe.ts'
import { type Ended, supervise } from '../../training/launch/_shared/supervise.ts'
import type { Distributed } from '../../training/launch/_shared/trainer.ts'
import { parsePositive, parseWhole } from '../../util/units.ts'
import { type CliContext, Exit } from './context.ts'
import { liveBlock } from './live-block.ts'
import { defaultFolder } from './steer-options.ts'
import { planText, trainingLine, trainingLines } from './training-display.ts'

interface TrainFlags {
  readonly data: string
  readonly base: string
  readonly trainer: string
  readonly name?: string
  readonly out?: string
  readonly lora?: boolean
  readonly epochs?: number
  readonly learningRate?: number
  readonly batch?: number
  readonly maxLength?: number
  readonly gpus: number
  readonly distributed?: Distributed
  readonly threads?: number
  readonly seed: number
  readonly set?: Readonly<Record<string, unknown>>
  readonly python?: string
  readonly resume?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** The options that both ways of training have. */
export function addTrainOptions(command: Command): Command {
  return command
    .requiredOption('-d, --data <folder>', 'what codesteer data export wrote')
    .option('-b, --base <model>', 'folder of the model to start from, or its name on the hub', publishedBase)
    .addOption(new Option('--trainer <name>', 'who trains').choices([...names('training/launch')]).default('trl'))
    .option('--name <name>', 'name of the training (default: name of the data, and the kind)')
    .option('-o, --out <folder>', `folder of the training (default: ${defaultFolder}/trainings/<name>)`)
    .option('--lora', 'train low-rank adapters instead of all weights: one card is enough')
    .option('--epochs <n>', 'passes over the data', parsePositive('--epochs'))
    .option('--learning-rate <x>', 'the highest rate', parsePositive('--learning-rate'))
    .option('--batch <n>', 'rows a step, over all devices (default: 4)', parseWhole('--batch', 1, 100_000))
    .option('--max-length <tokens>', 'longest row (default: as exported)', parseWhole('--max-length', 16, 10_000_000))
    .option('--gpus <n>', 'devices that train together', parseWhole('--gpus', 1, 1_024), 1)
    .addOption(
      new Option('--distributed <way>', 'how they do (default: deepspeed, ZeRO-3; ddp with --lora)').choices([
        'deepspeed',
        'fsdp',
        'ddp',
      ]),
    )
    .option('--threads <n>', 'threads of the CPU', parseWhole('--threads', 1, 1_024))
    .option('--seed <n>', 'seed of order and dropout', parseWhole('--seed', 0, 2 ** 32 - 1), 1)
    .option('--set <key=value>', 'a setting in the trainer’s own words; may be repeated', setting)
    .option(
      '--python <path>',
      'the Python that has the trainer (default: CODESTEER_PYTHON, VIRTUAL_ENV, .venv, python3)',
    )
    .option('--resume', 'go on from the newest checkpoint')
    .option('--dry-run', 'show configuration and command; nothing is written or started')
    .option('--json', 'write the events as JSON Lines')
}

function setting(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const [, key, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? []
  if (!key) throw new InputError(`"${text}" is no setting`, 'Write --set key=value, for example --set weight_decay=0.1')
  return { ...before, [key]: jsonOr(value!) }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What `train sft` and `train dpo` do. */
export const trainAction = (kind: Kind, context: CliContext) => async (flags: TrainFlags) => {
  const wishes = wishesOf(kind, flags)
  const { environment, err, out } = context
  const world = { environment, cwd: process.cwd(), nowMs: () => Date.now(), commit: ownCommit }
  const prepared = await prepareTraining(wishes, world, flags.dryRun)
  for (const note of prepared.notes) err.write(`${note}\n`)
  if (flags.dryRun) return showPlan(prepared, flags, context)
  if (prepared.finished !== null) {
    if (flags.json)
      out.write(`${JSON.stringify({ type: 'training-end', outcome: 'finished', model: prepared.finished })}\n`)
    err.write(`this training is finished already: ${prepared.finished}\n`)
    return
  }
  writeTraining(prepared)
  err.write(`${planText(prepared)}\n`)
  conclude(await watched(prepared, flags, context), prepared, flags, context)
}

function wishesOf(kind: Kind, flags: TrainFlags): TrainingWishes {
  const name = flags.name ?? `${basename(resolve(flags.data))}-${kind}`
  if (!/^[\w][\w.-]*$/.test(name))
    throw new InputError(`"${name}" cannot be a training's name`, 'Use letters, digits, - and _: --name my-coach')
  return {
    kind,
    data: flags.data,
    base: flags.base,
    trainer: flags.trainer,
    folder: flags.out ?? join(defaultFolder, 'trainings', name),
    lora: flags.lora ?? false,
    gpus: flags.gpus,
    distributed: flags.distributed,
    threads: flags.threads ?? null,
    seed: flags.seed,
    epochs: flags.epochs,
    learningRate: flags.learningRate,
    batch: flags.batch,
    maxLength: flags.maxLength,
    set: flags.set ?? {},
    resume: flags.resume ?? false,
    python: flags.python,
  }
}

const redrawMs = 250
const logMs = 10_000

/** Runs it while showing how far it is. */
async function watched(prepared: PreparedTraining, flags: TrainFlags, context: CliContext): Promise<Ended> {
  const { err, out, environment, signal } = context
  const live = !flags.json && err.isTTY
  const block = liveBlock(err)
  const colour = err.isTTY && !environment.NO_COLOR
  let [progress, loggedMs] = [noProgress, 0]
  const draw = () => live && block.draw(trainingLines(progress, { columns: err.columns, colour, nowMs: Date.now() }))
  const told = () => {
    block.clear()
    err.write('stopping: the step under way is finished and a checkpoint saved; Ctrl-C again ends at once\n')
  }
  signal.addEventListener('abort', told, { once: true })
  const timer = setInterval(draw, redrawMs)
  try {
    return await supervise(prepared, {
      environment,
      signal,
      nowMs: () => Date.now(),
      onEvent(event) {
        progress = takeIn(progress, event)
        if (flags.json) return void out.write(`${JSON.stringify(event)}\n`)
        if (live || event.type === 'training-end') return
        const evaluated =
          event.type === 'training-step' && Object.keys(event.values).some(name => name.startsWith('eval_'))
        const due = event.atMs - loggedMs >= logMs
        if (event.type === 'training-start' || evaluated || due) err.write(`${trainingLine(progress)}\n`)
        if (due) loggedMs = event.atMs
      },
    })
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', told)
    draw()
  }
}

/** The last words, and the exit code. */
function conclude(ended: Ended, { job, trainer }: PreparedTraining, flags: TrainFlags, context: CliContext): void {
  const { out, err, signal } = context
  const again = 'Go on with the same command and --resume.'
  const { end, code } = ended
  if (end?.outcome === 'finished' && code === 0) {
    const model = relative(process.cwd(), end.model ?? join(job.folder, trainer.model)) || '.'
    if (!flags.json) out.write(`${model}\n`)
    const adapter = existsSync(join(model, 'adapter_config.json'))
    if (adapter) err.write(`${model} is an adapter: merge it with ${trainer.name} before it is served\n`)
    else if (job.kind === 'sft')
      err.write(`codesteer train dpo --data … --base ${model}\ncodesteer train serve ${model}\n`)
    else err.write(`codesteer train serve ${model}\n`)
    return
  }
  if (end?.outcome === 'stopped' || signal.aborted) {
    err.write(`stopped: ${end?.why ?? 'before its first step'}. ${again}\n`)
    throw new Exit(130)
  }
  if (end?.outcome === 'failed')
    throw new CodeSteerError('provider', end.why ?? 'the training failed', `${end.mend ?? ''} ${again}`.trim())
  const refused = refusalIn(ended.lastLines)
  if (code === 2 && refused) throw refused
  if (ended.signal)
    throw new CodeSteerError(
      'provider',
      `the training was killed (${ended.signal})${ended.signal === 'SIGKILL' ? ', perhaps by the system, for its memory' : ''}`,
      `${again} If it was for memory: --batch 1, --lora, or --set gradient_checkpointing=true.`,
    )
  throw new CodeSteerError(
    'provider',
    `the trainer ended with ${code}:\n${ended.lastLines.map(line => `  ${line}`).join('\n')}`,
    `All it said is in ${relative(process.cwd(), join(job.folder, 'trainer.log'))}. ${again}`,
  )
}

/** What one of our scripts refused, in its own two lines. */
export function refusalIn(lines: readonly string[]): InputError | null {
  const at = lines.findLastIndex(line => line.startsWith('error: '))
  const mendAt = lines.findIndex((line, i) => i > at && line.startsWith('→ '))
  if (at < 0 || mendAt < 0) return null
  return new InputError(lines.slice(at, mendAt).join('\n').slice('error: '.length), lines[mendAt]!.slice(2))
}

/** `--dry-run`. */
function showPlan(prepared: PreparedTraining, flags: TrainFlags, { out }: CliContext): void {
  const { launch, job, base, python, missing, record } = prepared
  if (flags.json) {
    const facts = { folder: job.folder, recipe: job.recipe, base, python, missing, record }
    out.write(`${JSON.stringify({ ...facts, ...launch })}\n`)
    return
  }
  for (const [name, text] of Object.entries(launch.files)) out.write(`── ${name}\n${text}\n`)
  const environment = Object.entries(launch.env).map(([name, value]) => `${name}=${value} `)
  out.write(`── command\n${environment.join('')}${launch.command.join(' ')}\n\n${planText(prepared)}\n`)
  if (missing.length > 0)
    out.write(`missing: ${missing.join(', ')}  → ${installMend(python, prepared.trainer.install)}\n`)
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The commit of this code, with a mark where files differ from it; null outside a repository. */
export function ownCommit(): Promise<string | null> {
  const git = (...args: string[]) =>
    new Promise<string | null>(done =>
      execFile('git', args, { cwd: root }, (error, stdout) => done(error ? null : stdout.trim())),
    )
  if (!existsSync(join(root, '.git'))) return Promise.resolve(null)
  return Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain', '-uno')]).then(([head, changes]) =>
    head && changes ? `${head} with changes` : head,
  )
}
