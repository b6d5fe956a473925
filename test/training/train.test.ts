// The whole road on two cores, with a real network: trees, sets, a new model, SFT (killed on the way and taken up again),
// DPO, a served coach that steers held-out questions. The task model is simulated: the road is tested, not a skill.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { newestCheckpoint } from '../../src/training/launch/_shared/checkpoints.ts'
import { noProgress, readEvents, takeIn } from '../../src/training/launch/_shared/progress.ts'
import type { TrainingEvent } from '../../src/training/training-log.ts'
import type { TrajectoryEvent } from '../../src/trajectory.ts'
import { alive, cli, temporaryFolder } from '../util/cli.ts'
import { python, without } from './with-torch.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const env = { CODESTEER_PYTHON: python }
const minutes = 60_000

type Step = Extract<TrainingEvent, { readonly type: 'training-step' }>

const trees = {
  tasks: 'pattern-recognition,string-insertion,web-of-lies,navigate',
  count: 30,
}
const sft = ['sft', '--base', 'base', '--epochs', '4', '--learning-rate', '4e-3', '--batch', '8']
const dpo = ['dpo', '--epochs', '6', '--learning-rate', '2e-3', '--set', 'eval_steps=0.5']
/** Held out twice: of the test pool, and by a seed that no tree has. */
const heldOut = [
  ['pattern-recognition', 4],
  ['string-insertion', 5],
  ['web-of-lies', 6],
  ['navigate', 7],
  ['eight-queens', 1],
] as const

describe('from an empty folder to a coach that steers', () => {
  it.skipIf(!python)(
    `runs as documented on two cores${without}`,
    async () => {
      const folder = temporaryFolder()
      const run = async (...args: readonly string[]) => {
        const ended = await cli(args, { cwd: folder, env })
        expect(
          ended.code,
          `codesteer ${args.join(' ')}
${ended.stderr}`,
        ).toBe(0)
        return ended
      }
      const common = ['--data', 'export', '--threads', '1']
      const trainings = join(folder, '.codesteer', 'trainings')

      const grow = ['--task', trees.tasks, '--levels', '1,2,3', '--trees', String(trees.count), '--branches', '2,2,2']
      await run('data', 'synthesize', ...grow, '--seed', '1', '--yes', '--out', 'trees.run')
      await run('data', 'export', 'trees.run', '--out', 'first', '--only', 'sft')
      const sizes = ['--hidden', '64', '--layers', '2', '--context', '16384', '--vocabulary', '2000']
      await run('train', 'new-model', '--text', 'first/trl/sft-train.jsonl', '--out', 'base', ...sizes)
      const exact = ['--tokenizer', 'base', '--context', '1024', '--drop-long', '--validation', '0.3']
      await run('data', 'export', 'trees.run', '--out', 'export', ...exact)

      const stopped = await killedAfterCheckpoint(['train', ...sft, ...common], folder, join(trainings, 'export-sft'))
      const taken = await run('train', ...sft, ...common, '--resume')
      expect(taken.stderr).toMatch(new RegExp(`taken up at ${stopped}`))
      const log = eventsOf(join(trainings, 'export-sft'))
      expect(log.filter(({ type }) => type === 'training-start')).toMatchObject([
        { fromStep: 0 },
        { fromStep: stopped },
      ])
      expect(log.at(-1)).toMatchObject({ type: 'training-end', outcome: 'finished' })
      const progress = log.reduce(takeIn, noProgress)
      expect(progress.step).toBe(progress.start!.steps)
      // Every logging step is there once, in order, over the kill.
      const told = progress.losses.map(([step]) => step)
      expect(told).toEqual([...new Set(told)].sort((a, b) => a - b))
      const losses = progress.losses.map(([, loss]) => loss)
      expect(losses.at(-1)!).toBeLessThan(losses[0]! / 3)
      expect(progress.latest.eval_loss!).toBeLessThan(progress.first.eval_loss! / 2)

      await run('train', ...dpo, ...common, '--base', join(trainings, 'export-sft', 'model'))
      const preference = eventsOf(join(trainings, 'export-dpo'))
      const held = (name: string) =>
        preference.flatMap(event => (event.type === 'training-step' && name in event.values ? [event as Step] : []))
      const [before, after] = [held('eval_preference_accuracy')[0]!, held('eval_preference_accuracy').at(-1)!]
      expect(before.step).toBe(0)
      const byToken = 'eval_preference_accuracy_by_token'
      expect(after.values[byToken]!, JSON.stringify(preference)).toBeGreaterThan(before.values[byToken]!)
      // Before the first step the model and its reference are one: a coin, and a loss of ln 2.
      const values = held('eval_rewards/accuracies').at(-1)!.values
      expect(values['eval_rewards/accuracies']!).toBeGreaterThan(0.5)
      expect(values.eval_loss!).toBeLessThan(Math.LN2)

      await served(join(trainings, 'export-dpo'), folder, async url => {
        const decisions: string[] = []
        for (const [task, seed] of heldOut) {
          const ask = ['ask', '--task', task, '--level', '1', '--seed', String(seed), '--turns', '3', '--json']
          const asked = await cli([...ask, '--coach', 'tuned:openai-compatible/export-dpo', '--base-url', url], {
            cwd: folder,
          })
          expect([0, 1], asked.stderr).toContain(asked.code)
          const events = asked.stdout
            .trim()
            .split('\n')
            .map(line => JSON.parse(line) as TrajectoryEvent)
          expect(events[0]).toMatchObject({ coach: 'tuned:openai-compatible/export-dpo', simulated: true })
          expect(events.at(-1)).toMatchObject({ type: 'trajectory-end' })
          for (const event of events) if (event.type === 'guidance') decisions.push(event.guidance.raw ?? '')
        }
        // Its words are decisions, not noise that the loop had to guess at.
        const read = decisions.filter(words => /^<<<(Code|Text|Return Answer|Terminate|[A-Z][^<>]{10,})/.test(words))
        expect(read.length / decisions.length, decisions.join('\n')).toBeGreaterThan(0.8)
        expect(new Set(decisions).size).toBeGreaterThan(1)
      })
    },
    25 * minutes,
  )
})

const eventsOf = (folder: string) => readEvents(readFileSync(join(folder, 'log.jsonl'), 'utf8'))

/** Starts a training, kills it with all it started once it has two checkpoints, and tells the step of the newer one. */
async function killedAfterCheckpoint(args: readonly string[], cwd: string, training: string): Promise<number> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...env, PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', text => (said += text))
  const over = new Promise(resolve => child.on('exit', resolve))
  const checkpoints = join(training, 'checkpoints')
  const count = () =>
    existsSync(checkpoints) ? readdirSync(checkpoints).filter(name => /^checkpoint-/.test(name)).length : 0
  await until(() => count() >= 2 || child.exitCode !== null, 10 * minutes)
  expect(child.exitCode, said).toBeNull()
  const trainer = Number(readFileSync(join(training, 'lock'), 'utf8'))
  process.kill(trainer, 'SIGKILL')
  await over
  expect(child.exitCode).toBe(3)
  expect(said).toMatch(/was killed \(SIGKILL\)/)
  expect(alive(trainer)).toBe(false)
  return newestCheckpoint(checkpoints)!.step
}

/** Serves a training's model while `work` lasts. */
async function served(training: string, cwd: string, work: (url: string) => Promise<void>): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [main, 'train', 'serve', training, '--port', '0', '--threads', '1', '--json'],
    {
      cwd,
      env: { ...env, PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const over = new Promise(resolve => child.on('exit', resolve))
  try {
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout!.setEncoding('utf8').once('data', resolve)
      child.once('exit', code => reject(new Error(`the server ended with ${code}`)))
    })
    await work((JSON.parse(line) as { readonly url: string }).url)
  } finally {
    child.kill('SIGINT')
    await over
  }
}

async function until(holds: () => boolean, mostMs: number): Promise<void> {
  const begunMs = performance.now()
  while (!holds()) {
    if (performance.now() - begunMs > mostMs) throw new Error('waited too long')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
