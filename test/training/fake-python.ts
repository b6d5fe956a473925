// Stands in for a Python with torch: answers the probe for packages, and plays a trainer as FAKE_MODE says.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const args = process.argv.slice(2)
const mode = process.env.FAKE_MODE ?? 'finish'
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

if (args[0] === '-c') {
  const missing = (process.env.FAKE_MISSING ?? 'deepspeed,axolotl,llamafactory').split(',')
  const packages = Object.fromEntries(args.slice(2).map(name => [name, missing.includes(name) ? null : '9.9.9']))
  process.stdout.write(`${JSON.stringify({ version: '3.12.0', packages })}\n`)
} else if (args.includes('llamafactory.cli')) await llamaFactory(args.at(-1)!)
else if (args.includes('axolotl.cli.main')) await axolotl()
else await ours(args)

async function ours(given: readonly string[]) {
  const config = given.find(arg => arg.endsWith('.json'))!
  const folder = dirname(config)
  const resume = given.includes('--resume')
  const plan = JSON.parse(readFileSync(config, 'utf8')) as { readonly base: string }
  const tell = (event: object) => appendFileSync(join(folder, 'log.jsonl'), `${JSON.stringify(event)}\n`)
  const atMs = () => Date.now()
  if (mode === 'refuse') {
    process.stderr.write(
      'noise of a library\nerror: 2 rows have more than 64 tokens:\n  train row 1: 70 tokens\n→ Leave them out.',
    )
    process.exit(2)
  }
  if (mode === 'crash') {
    process.stderr.write('Traceback (most recent call last):\nImportError: libcuda')
    process.exit(1)
  }
  const fromStep = resume ? 2 : 0
  tell({
    ...{ type: 'training-start', atMs: atMs(), kind: 'sft', trainer: 'trl', baseModel: plan.base, dataHash: 'd' },
    ...{ configHash: 'c', commit: null, rows: 4, evalRows: 2, steps: 4, parameters: 10, trainable: 10, device: 'fake' },
    fromStep,
  })
  for (let step = fromStep + 1; step <= 4; step++) {
    tell({
      type: 'training-step',
      atMs: atMs(),
      step,
      epoch: step / 4,
      values: { loss: 4 - step, eval_loss: 5 - step },
    })
    if (mode === 'slow') {
      for (let i = 0; i < 600 && !existsSync(join(folder, 'stop')); i++) await wait(50)
      tell({ type: 'training-end', atMs: atMs(), outcome: 'stopped', model: null, why: 'asked to stop', mend: null })
      process.exit(130)
    }
    if (mode === 'killed' && step === 2) process.kill(process.pid, 'SIGKILL')
  }
  if (mode === 'memory') {
    tell({
      type: 'training-end',
      atMs: atMs(),
      outcome: 'failed',
      model: null,
      why: 'out of memory: 1 GiB',
      mend: 'Lower it.',
    })
    process.exit(3)
  }
  const model = join(folder, 'model')
  mkdirSync(model, { recursive: true })
  tell({ type: 'training-end', atMs: atMs(), outcome: 'finished', model, why: null, mend: null })
}

/** Writes trainer_log.jsonl, as LLaMA-Factory's callback does. */
async function llamaFactory(config: string) {
  const folder = join(dirname(config), 'model')
  mkdirSync(folder, { recursive: true })
  const line = (values: object) => appendFileSync(join(folder, 'trainer_log.jsonl'), `${JSON.stringify(values)}\n`)
  line({ current_steps: 1, total_steps: 2, loss: 1.5, lr: 1e-5, epoch: 0.5, percentage: 50 })
  line({ current_steps: 2, total_steps: 2, eval_loss: 1.2, epoch: 1, percentage: 100 })
  writeFileSync(join(folder, 'config.json'), '{}')
  await wait(300)
}

/** Prints what transformers prints. */
async function axolotl() {
  process.stdout.write("{'loss': 1.5, 'grad_norm': 2.0, 'learning_rate': 1e-05, 'epoch': 0.5}\n")
  process.stdout.write("  1%| 2/2 {'eval_loss': '1.2', 'eval_runtime': '0.3', 'epoch': '1'}\n")
  await wait(300)
  process.exit(mode === 'crash' ? 1 : 0)
}
