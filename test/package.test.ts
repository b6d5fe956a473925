// The package as somebody installs it: built, packed, unpacked beside its declared dependencies and no others, then used from
// plain JavaScript and checked from TypeScript.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage } from '../tools/build-package.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const exec = promisify(execFile)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly files: readonly string[]
  readonly dependencies: Record<string, string>
  readonly optionalDependencies: Record<string, string>
}
const folder = mkdtempSync(join(tmpdir(), 'codesteer-package-'))
const app = join(folder, 'app')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  const stage = join(folder, 'stage')
  buildPackage(join(stage, 'dist'))
  for (const name of ['package.json', 'README.md', 'LICENSE', ...manifest.files.filter(file => file !== 'dist')])
    cpSync(join(root, name), join(stage, name), { recursive: true })
  await exec('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: stage })
  const installed = join(app, 'node_modules')
  mkdirSync(join(installed, 'codesteer'), { recursive: true })
  const tarball = join(folder, 'codesteer-0.1.0.tgz')
  await exec('tar', ['-xzf', tarball, '-C', join(installed, 'codesteer'), '--strip-components=1'])
  for (const name of [...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }), '@types/node']) {
    const source = join(root, 'node_modules', name)
    if (!existsSync(source)) continue
    mkdirSync(dirname(join(installed, name)), { recursive: true })
    symlinkSync(source, join(installed, name))
  }
  writeFileSync(join(app, 'package.json'), '{"type": "module", "private": true}')
}, 180_000)

// Without SQLite, which Node 22 has behind a flag at first: importing the library must not need it.
const node = (script: string) =>
  exec(process.execPath, ['--no-experimental-sqlite', '--input-type=module', '-e', script], {
    cwd: app,
    timeout: 60_000,
  })

/** What the library has, by name: a new one is meant, or it is an accident. */
const values = [
  'CodeSteerError',
  'InputError',
  'ProviderError',
  'SandboxError',
  'StoreError',
  'answerOf',
  'checkSource',
  'codeBlocks',
  'createCodeSteer',
  'createTrajectoryFile',
  'draw',
  'fold',
  'forkTrajectory',
  'lastMarked',
  'load',
  'names',
  'openLedgerFile',
  'openModel',
  'openRunFile',
  'openSandbox',
  'profiles',
  'programOf',
  'published',
  'readTrajectoryFile',
  'replay',
  'resolvePlan',
  'runPlan',
  'runReport',
  'steer',
  'steerDefaults',
  'systemClock',
  'thread',
  'verifyTrajectory',
  'version',
  'wrapModel',
]

describe('the installed package', () => {
  it('exports what is meant, and importing it says and does nothing', async () => {
    const { stdout, stderr } = await node(
      "console.log(JSON.stringify([Object.keys(await import('codesteer')), Object.keys(await import('codesteer/ai-sdk'))]))",
    )
    expect(JSON.parse(stdout)).toEqual([values, ['codesteer']])
    expect(stderr).toBe('')
    await expect(node("await import('codesteer/dist/fold.js')")).rejects.toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/)
  })

  it('answers from plain JavaScript, as a library and in the AI SDK', async () => {
    const question = JSON.stringify('9.11 or 9.9, which is larger?')
    const { stdout } = await node(`
      import { generateText } from 'ai'
      import { createCodeSteer } from 'codesteer'
      import { codesteer } from 'codesteer/ai-sdk'
      const steer = await createCodeSteer({ model: 'simulated/apprentice' })
      const { answer } = await steer.ask(${question})
      await steer.close()
      const { providerMetadata } = await generateText({ model: codesteer('simulated/apprentice'), prompt: ${question} })
      console.log(answer.text, providerMetadata.codesteer.answer)`)
    expect(stdout).toBe('9.9 9.9\n')
  })

  it('brings the command, with every file that it needs', async () => {
    const bin = join(app, 'node_modules/codesteer/bin/codesteer.js')
    const run = (...args: string[]) => exec(process.execPath, [bin, ...args], { cwd: app, timeout: 60_000 })
    expect((await run('--version')).stdout).toBe('0.1.0\n')
    const judged = await run(
      'ask',
      '--task',
      'game-24',
      '--level',
      '2',
      '--seed',
      '5',
      '--model',
      'simulated/apprentice?slips=0',
      '--out',
      folder,
    )
    expect(judged.stdout).toMatch(/Verdict\s+correct/)
    const program = join(folder, 'lazy.py')
    writeFileSync(program, 'print(42)')
    expect((await run('check', program)).stdout).toMatch(/hard-coded/)
  })

  it('has types that fit, without those of anything undeclared', async () => {
    writeFileSync(join(app, 'consumer.ts'), consumer)
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2024',
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: true,
    }
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    const checked = await exec(join(root, 'node_modules/.bin/tsc'), ['-p', app]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    )
    expect(checked).toBe('')
  })
})

const consumer = `
import { generateText } from 'ai'
import { type Coach, createCodeSteer, draw, load, openSandbox, type Task, type TrajectoryEvent, type Verdict } from 'codesteer'
import { codesteer } from 'codesteer/ai-sdk'

const coach: Coach = {
  name: 'mine',
  models: [],
  async *guide(soFar) {
    const turns: number = soFar.turns.length
    return turns > 0 ? { action: 'return', reason: 'enough', raw: null } : { action: 'text', prompt: '', reason: '', raw: null }
  },
}
const steer = await createCodeSteer({ model: 'simulated/apprentice', coach, settings: { maxTurns: 2 } })
const events: TrajectoryEvent[] = []
const { answer } = await steer.ask('?', { onEvent: event => events.push(event) })
const text: string | undefined = answer?.text
const task = await load<Task>('tasks', 'game-24')
const verdict: Verdict = task.verify(draw(task, 1, 1).puzzle, text ?? '')
const { stdout }: { readonly stdout: string } = await (await openSandbox()).run({ source: 'print(1)' })
const { usage } = await generateText({ model: codesteer('simulated/apprentice', { content: 'answer' }), prompt: verdict.verdict + stdout })
const total: number | undefined = usage.totalTokens
export { total }
// @ts-expect-error no model
await createCodeSteer({})
// @ts-expect-error a coach needs a guide
await createCodeSteer({ model: 'x/y', coach: { name: 'x', models: [] } })
`
