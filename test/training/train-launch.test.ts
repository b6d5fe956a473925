// Trainings as the command line starts, shows, stops and takes them up again; a stand-in plays Python (fake-python.ts).
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { refusalIn } from '../../src/cli/_shared/train-command.ts'
import { describeBase } from '../../src/training/launch/_shared/base-model.ts'
import { leftMs, noProgress, readEvents, takeIn } from '../../src/training/launch/_shared/progress.ts'
import { candidates } from '../../src/training/launch/_shared/python.ts'
import { recipeOf } from '../../src/training/launch/_shared/recipe.ts'
import type { TrainingEvent } from '../../src/training/training-log.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { exported } from './export-set.ts'
import { handTree } from './hand-tree.ts'
import { workedExample } from './stored-tree.ts'

const fake = fileURLToPath(new URL('./fake-python.ts', import.meta.url))

const shapes = {
  max_position_embeddings: 8192,
  vocab_size: 128,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  tie_word_embeddings: true,
}

interface Place {
  readonly folder: string
  readonly data: string
  train(args: readonly string[], env?: Readonly<Record<string, string>>): ReturnType<typeof cli>
}

/** A folder with an exported set `data`, a base model `base` and a Python that plays its part. */
async function place(more: { readonly config?: object; readonly promptVersion?: string } = {}): Promise<Place> {
  const folder = temporaryFolder()
  const { promptVersion } = more
  const trees = [1, 2, 3, 4].map(seed => handTree(workedExample, { seed, ...(promptVersion ? { promptVersion } : {}) }))
  const { folder: data } = await exported(await Promise.all(trees), { out: join(folder, 'data') })
  mkdirSync(join(folder, 'base'))
  writeFileSync(join(folder, 'base', 'config.json'), JSON.stringify(more.config ?? shapes))
  const python = join(folder, 'python')
  writeFileSync(python, `#!/bin/sh\nexec "${process.execPath}" "${fake}" "$@"\n`)
  chmodSync(python, 0o755)
  const train: Place['train'] = (args, env = {}) =>
    cli(['train', ...args], { cwd: folder, env: { CODESTEER_PYTHON: python, ...env } })
  return { folder, data, train }
}

const sft = ['sft', '--data', 'data', '--base', 'base']
const at = (folder: string, name = 'data-sft') => join(folder, '.codesteer', 'trainings', name)
const eventsOf = (folder: string) => readEvents(readFileSync(join(folder, 'log.jsonl'), 'utf8'))
const lines = (text: string) => text.trim().split('\n')

describe('the recipe', () => {
  const wishes = { lora: false, rows: 12_000, gpus: 4, maxLength: 8192, parameters: 8e9, seed: 1 } as const
  it('is the published one unless something else is wished', () => {
    expect(recipeOf({ ...wishes, kind: 'sft' })).toMatchObject({
      ...{ epochs: 10, learningRate: 1e-5, warmup: 0.1, batch: 4, perDevice: 1, accumulation: 1, beta: null },
      ...{ steps: 30_000, everySteps: 200, gradientCheckpointing: true, lora: null },
    })
    expect(recipeOf({ ...wishes, kind: 'dpo' })).toMatchObject({ epochs: 6, learningRate: 5e-6, beta: 0.1, batch: 4 })
    expect(recipeOf({ ...wishes, kind: 'sft', epochs: 2, learningRate: 1e-3, batch: 16 })).toMatchObject({
      ...{ epochs: 2, learningRate: 1e-3, batch: 16, accumulation: 4 },
    })
  })
  it('keeps the batch on one card by accumulation, and takes a small model whole', () => {
    expect(recipeOf({ ...wishes, kind: 'sft', gpus: 1 })).toMatchObject({ batch: 4, perDevice: 1, accumulation: 4 })
    const small = recipeOf({ ...wishes, kind: 'sft', gpus: 1, parameters: 1e6 })
    expect(small).toMatchObject({ batch: 4, perDevice: 4, accumulation: 1, gradientCheckpointing: false })
  })
  it('has adapters and ten times the rate with LoRA', () => {
    const { lora, learningRate } = recipeOf({ ...wishes, kind: 'sft', lora: true })
    expect(lora).not.toBeNull()
    expect(learningRate).toBeCloseTo(1e-4)
  })
})

describe('a base model', () => {
  it('is known by its config.json: context, size, hash', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'config.json'), JSON.stringify(shapes))
    // 128 × 64 + 2 × (64 × 16 × (8 + 8) + 3 × 64 × 128 + 2 × 64)
    expect(describeBase(folder, {})).toMatchObject({ context: 8192, parameters: 90_368 })
  })
  it('on the hub is known by the cache of this machine, or by its name', () => {
    const home = temporaryFolder()
    expect(describeBase('meta-llama/Llama-3.1-8B-Instruct', { HF_HOME: home })).toMatchObject({
      ...{ context: null, parameters: 8e9, at: 'meta-llama/Llama-3.1-8B-Instruct' },
    })
    const snapshot = join(home, 'hub', 'models--owner--name', 'snapshots', 'abc')
    mkdirSync(snapshot, { recursive: true })
    writeFileSync(join(snapshot, 'config.json'), JSON.stringify(shapes))
    expect(describeBase('owner/name', { HF_HOME: home })).toMatchObject({ context: 8192 })
  })
  it('that is no folder is refused', () => {
    expect(() => describeBase('./nowhere', {})).toThrow(/no model at/)
  })
})

describe('the Python of a training', () => {
  const paths = (environment: Record<string, string>, named?: string, folder = '/nowhere') =>
    candidates(named, environment, folder).map(({ path }) => path)
  it('is the one that was named, and no other', () => {
    expect(paths({ CODESTEER_PYTHON: '/b', VIRTUAL_ENV: '/v' }, '/a')).toEqual(['/a'])
    expect(paths({ CODESTEER_PYTHON: '/b', VIRTUAL_ENV: '/v' })).toEqual(['/b'])
  })
  it('else the active environment, then .venv, then python3', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, '.venv', 'bin'), { recursive: true })
    writeFileSync(join(folder, '.venv', 'bin', 'python'), '')
    expect(paths({ VIRTUAL_ENV: '/v' }, undefined, folder)).toEqual([
      ...['/v/bin/python', join(folder, '.venv', 'bin', 'python'), 'python3'],
    ])
  })
  it('without the packages is refused with what to type', async () => {
    const { train } = await place()
    const run = await train(sft, { FAKE_MISSING: 'torch,trl' })
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/has no torch, trl\n→ .*pip install -r .*requirements\.txt/)
  })
})

describe('a training', () => {
  it('tells its steps, prints its model, and keeps a record without folders of this machine', async () => {
    const { folder, train } = await place()
    const run = await train(sft)
    expect(run).toMatchObject({ code: 0, stdout: `${join('.codesteer', 'trainings', 'data-sft', 'model')}\n` })
    expect(run.stderr).toMatch(/simulated/)
    expect(run.stderr).toMatch(/step 4 of 4 \(100 %\), epoch 1\.0, fake, loss 0\.000, held-out loss 4\.000 → 1\.000/)
    expect(run.stderr).toMatch(/codesteer train dpo .*\n.*codesteer train serve/)
    const record = readFileSync(join(at(folder), 'record.json'), 'utf8')
    expect(record).not.toContain(folder)
    expect(JSON.parse(record)).toMatchObject({
      ...{ kind: 'sft', trainer: 'trl', base: { name: 'base' }, simulated: true },
      data: { promptVersion: expect.any(String), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      versions: { torch: '9.9.9', python: '3.12.0', codesteer: expect.any(String) },
    })
    const config = JSON.parse(readFileSync(join(at(folder), 'config.json'), 'utf8'))
    expect(config.trainer).toMatchObject({
      ...{ num_train_epochs: 10, learning_rate: 1e-5, lr_scheduler_type: 'cosine', warmup_steps: 0.1 },
      ...{ per_device_train_batch_size: 4, max_length: 8192, completion_only_loss: true },
    })
  })

  it('as JSON tells every event of the log', async () => {
    const { folder, train } = await place()
    const run = await train([...sft, '--json'])
    expect(lines(run.stdout).map(line => JSON.parse(line))).toEqual(eventsOf(at(folder)))
  })

  it('takes settings in the trainer’s words', async () => {
    const { train } = await place()
    const run = await train([...sft, '--dry-run', '--json', '--set', 'weight_decay=0.1', '--set', 'optim=adafactor'])
    const { files } = JSON.parse(run.stdout)
    expect(JSON.parse(files['config.json']).trainer).toMatchObject({ weight_decay: 0.1, optim: 'adafactor' })
    expect((await train([...sft, '--set', 'nonsense'])).stderr).toMatch(/"nonsense" is no setting/)
  })

  it('in a dry run writes nothing and says what is missing', async () => {
    const { folder, train } = await place()
    const run = await train([...sft, '--dry-run'], { FAKE_MISSING: 'torch' })
    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/── config\.json\n[\s\S]*── command\n[\s\S]*missing: torch/)
    expect(existsSync(join(folder, '.codesteer'))).toBe(false)
  })

  it('stopped by Ctrl-C keeps a checkpoint and goes on with --resume only', async () => {
    const { folder, train } = await place()
    const env = { FAKE_MODE: 'slow', CODESTEER_PYTHON: join(folder, 'python') }
    const stopped = await cli(['train', ...sft], {
      cwd: folder,
      env,
      onSpawn: child => {
        child.stderr!.on('data', text => {
          if (/step 1 of 4|step 0 of 4/.test(String(text))) child.kill('SIGINT')
        })
      },
    })
    expect(stopped.code).toBe(130)
    expect(stopped.stderr).toMatch(
      /stopping: .*\n[\s\S]*stopped: asked to stop\. Go on with the same command and --resume/,
    )
    const again = await train(sft)
    expect(again.code).toBe(2)
    expect(again.stderr).toMatch(/there is a sft training .* already\n→ Go on with it: the same command with --resume/)
    const resumed = await train([...sft, '--resume'])
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toMatch(/taken up at 2/)
    expect(eventsOf(at(folder)).filter(({ type }) => type === 'training-start')).toHaveLength(2)
    const finished = await train([...sft, '--resume'])
    expect(finished).toMatchObject({ code: 0 })
    expect(finished.stderr).toMatch(/finished already/)
  })

  it('that is killed says so, and what to lower', async () => {
    const { train } = await place()
    const run = await train(sft, { FAKE_MODE: 'killed' })
    expect(run.code).toBe(3)
    expect(run.stderr).toMatch(/was killed \(SIGKILL\), perhaps by the system, for its memory\n→ .*--resume.*--batch 1/)
  })

  it('that is out of memory says what to lower', async () => {
    const { train } = await place()
    const run = await train(sft, { FAKE_MODE: 'memory' })
    expect(run).toMatchObject({ code: 3 })
    expect(run.stderr).toMatch(/error: out of memory: 1 GiB\n→ Lower it\. Go on with/)
  })

  it('that refuses its input is our refusal, and may start anew', async () => {
    const { train } = await place()
    const run = await train(sft, { FAKE_MODE: 'refuse' })
    expect(run).toMatchObject({ code: 2 })
    expect(run.stderr).toMatch(
      /error: 2 rows have more than 64 tokens:\n {2}train row 1: 70 tokens\n→ Leave them out\./,
    )
    expect((await train([...sft, '--epochs', '3'])).code).toBe(0)
  })

  it('that crashes shows the last words of its trainer', async () => {
    const { train } = await place()
    const run = await train(sft, { FAKE_MODE: 'crash' })
    expect(run).toMatchObject({ code: 3 })
    expect(run.stderr).toMatch(
      /the trainer ended with 1:\n[\s\S]*ImportError: libcuda\n→ All it said is in .*trainer\.log/,
    )
  })
})

describe('what is refused before anything starts', () => {
  it('no data set, a damaged one, one whose rows were changed', async () => {
    const { folder, data, train } = await place()
    expect((await train(['sft', '--data', 'base', '--base', 'base'])).stderr).toMatch(/holds no dataset\.json/)
    appendFileSync(join(data, 'trl', 'sft-train.jsonl'), '{}\n')
    expect((await train(sft)).stderr).toMatch(/trl\/sft-train\.jsonl was changed/)
    writeFileSync(join(data, 'dataset.json'), '{"kind":')
    const run = await train(sft)
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/dataset\.json is damaged/)
    rmSync(join(folder, 'data'), { recursive: true })
    expect((await train(sft)).code).toBe(2)
  })

  it('a context that is too short, with the longest rows', async () => {
    const { train } = await place({ config: { ...shapes, max_position_embeddings: 300 } })
    const run = await train(sft)
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(
      /base reads 300 tokens, the longest sft row has [\d,]+, estimated:\n {2}[\d,]+ tokens {2}game-24 level 1/,
    )
    expect(run.stderr).toMatch(
      /→ Take a model with a longer context, or leave long rows out: .*--context 300 --drop-long/,
    )
  })

  it('other data or settings than at the start', async () => {
    const { folder, train } = await place()
    await train(sft, { FAKE_MODE: 'killed' })
    const other = await train([...sft, '--resume', '--epochs', '3'])
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(/is another one: its settings were others/)
    rmSync(join(folder, 'data'), { recursive: true })
    await exported([await handTree(workedExample, { seed: 9 })], { out: join(folder, 'data'), validation: 0 })
    const changed = await train([...sft, '--resume'])
    expect(changed.code).toBe(2)
    expect(changed.stderr).toMatch(
      /its data were [0-9a-f]{12}, these are [0-9a-f]{12}: they were exported again or changed/,
    )
  })

  it('pairs of another prompt version than the base was trained on', async () => {
    const { folder, train } = await place()
    expect((await train(sft)).code).toBe(0)
    const model = join(at(folder), 'model')
    writeFileSync(join(model, 'config.json'), JSON.stringify(shapes))
    const dpo = ['dpo', '--data', 'data', '--base', model]
    expect((await train(dpo)).code).toBe(0)
    const record = JSON.parse(readFileSync(join(at(folder), 'record.json'), 'utf8'))
    writeFileSync(
      join(at(folder), 'record.json'),
      JSON.stringify({ ...record, data: { ...record.data, promptVersion: 'old' } }),
    )
    const run = await train([...dpo, '--name', 'other'])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/mixed prompt versions: data-sft\/model was trained on old/)
  })

  it('a way of sharing the work that the trainer does not have', async () => {
    const { train } = await place()
    const run = await train([...sft, '--trainer', 'llama-factory', '--gpus', '2', '--distributed', 'fsdp'])
    expect(run.stderr).toMatch(/llama-factory is not started with fsdp/)
  })
})

describe('the other trainers', () => {
  it('many cards: each by its own launcher and files', async () => {
    const { train } = await place()
    const plan = async (...args: string[]) => JSON.parse((await train([...sft, '--dry-run', '--json', ...args])).stdout)
    const trl = await plan('--gpus', '4')
    expect(parse(trl.files['accelerate.yaml'])).toMatchObject({
      ...{ distributed_type: 'DEEPSPEED', num_processes: 4, deepspeed_config: { zero_stage: 3 } },
    })
    expect(trl.command.slice(1, 4)).toEqual(['-m', 'accelerate.commands.launch', '--config_file'])
    expect(trl.missing).toEqual(['deepspeed'])
    const fsdp = await plan('--gpus', '4', '--distributed', 'fsdp')
    expect(parse(fsdp.files['accelerate.yaml'])).toMatchObject({
      distributed_type: 'FSDP',
      fsdp_config: { fsdp_version: 2 },
    })
    const factory = await plan('--gpus', '4', '--trainer', 'llama-factory')
    expect(factory.env).toEqual({ FORCE_TORCHRUN: '1', NPROC_PER_NODE: '4' })
    expect(JSON.parse(factory.files['deepspeed.json'])).toMatchObject({ zero_optimization: { stage: 3 } })
    const axolotl = await plan('--gpus', '4', '--trainer', 'axolotl', '--distributed', 'fsdp')
    expect(parse(axolotl.files['axolotl.yaml'])).toMatchObject({ fsdp_version: 2 })
    expect(axolotl.command).toContain('accelerate.commands.launch')
  })

  it('LLaMA-Factory: its configuration, and its log as ours', async () => {
    const { folder, data, train } = await place()
    const args = [...sft, '--trainer', 'llama-factory', '--lora']
    const run = await train(args, { FAKE_MISSING: 'deepspeed' })
    expect(run.code).toBe(0)
    expect(parse(readFileSync(join(at(folder), 'llama-factory.yaml'), 'utf8'))).toMatchObject({
      ...{ stage: 'sft', finetuning_type: 'lora', lora_target: 'all', mask_history: true, cutoff_len: 8192 },
      ...{ dataset_dir: join(data, 'llama-factory'), num_train_epochs: 10, learning_rate: 1e-4, warmup_steps: 0.1 },
      ...{ dataset: 'codesteer_sft_train', eval_dataset: 'codesteer_sft_validation', template: 'default' },
    })
    // Before transformers 5, and where none is at hand, a share has the other name.
    const dry = await train([...args, '--name', 'dry', '--dry-run', '--json'], { FAKE_MISSING: 'transformers' })
    const older = parse(JSON.parse(dry.stdout).files['llama-factory.yaml'])
    expect([older.warmup_ratio, older.warmup_steps]).toEqual([0.1, undefined])
    const [start, ...rest] = eventsOf(at(folder))
    expect(start).toMatchObject({ type: 'training-start', trainer: 'llama-factory', kind: 'sft', fromStep: 0 })
    expect(rest).toMatchObject([
      { type: 'training-step', step: 1, epoch: 0.5, values: { loss: 1.5, learning_rate: 1e-5 } },
      { type: 'training-step', step: 2, values: { eval_loss: 1.2 } },
      { type: 'training-end', outcome: 'finished' },
    ])
  })

  it('axolotl: its configuration with whole paths, and what it prints as our log', async () => {
    const { folder, data, train } = await place()
    const run = await train([...sft, '--trainer', 'axolotl'], { FAKE_MISSING: 'deepspeed' })
    expect(run.code).toBe(0)
    expect(parse(readFileSync(join(at(folder), 'axolotl.yaml'), 'utf8'))).toMatchObject({
      ...{ base_model: join(folder, 'base'), sequence_len: 8192, num_epochs: 10, learning_rate: 1e-5 },
      datasets: [
        { path: join(data, 'axolotl', 'sft-train.jsonl'), type: 'chat_template', message_field_training: 'train' },
      ],
      test_datasets: [{ path: join(data, 'axolotl', 'sft-validation.jsonl') }],
    })
    const events = eventsOf(at(folder))
    const steps = (events[0] as { readonly steps: number }).steps
    expect(events.slice(1)).toMatchObject([
      { type: 'training-step', step: Math.round(steps / 20), values: { loss: 1.5, grad_norm: 2, learning_rate: 1e-5 } },
      { type: 'training-step', step: Math.round(steps / 10), values: { eval_loss: 1.2, eval_runtime: 0.3 } },
      { type: 'training-end', outcome: 'finished' },
    ])
    const dpo = await train(['dpo', '--data', 'data', '--base', 'base', '--trainer', 'axolotl'], {
      FAKE_MISSING: 'deepspeed',
      FAKE_MODE: 'crash',
    })
    expect(dpo.code).toBe(3)
    expect(dpo.stderr).toMatch(/axolotl ended with 1/)
    expect(parse(readFileSync(join(at(folder, 'data-dpo'), 'axolotl.yaml'), 'utf8'))).toMatchObject({
      rl: 'dpo',
      rl_beta: 0.1,
    })
  })
})

describe('a log', () => {
  const start = { type: 'training-start', atMs: 1_000, steps: 10, fromStep: 0 } as TrainingEvent
  const step = (n: number, atMs: number): TrainingEvent => ({
    type: 'training-step',
    atMs,
    step: n,
    epoch: 0,
    values: { loss: 10 - n },
  })
  it('gives the time left by the speed since the last start', () => {
    const begun = [start, step(2, 3_000)].reduce(takeIn, noProgress)
    expect(leftMs(begun)).toBe(8_000)
    expect(leftMs([start].reduce(takeIn, noProgress))).toBeNull()
  })
  it('of a training that was taken up takes back the steps after its checkpoint', () => {
    const again = { ...start, atMs: 9_000, fromStep: 2 } as TrainingEvent
    const progress = [start, step(2, 2_000), step(4, 3_000), again, step(3, 10_000)].reduce(takeIn, noProgress)
    expect(progress.losses).toEqual([
      [2, 8],
      [3, 7],
    ])
    expect(leftMs(progress)).toBe(7_000)
  })
  it('is read to its last whole line', () => {
    expect(readEvents(`${JSON.stringify(start)}\nnoise\n{"type":"training-st`)).toEqual([start])
  })
  it('a script’s refusal is found among the words of its libraries', () => {
    expect(refusalIn(['warning: x', 'error: no', '→ mend', 'more'])).toMatchObject({ message: 'no', mend: 'mend' })
    expect(refusalIn(['error: half'])).toBeNull()
  })
})
