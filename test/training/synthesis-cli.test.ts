import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { estimateSynthesis } from '../../src/training/synthesis/estimate.ts'
import { resolveSynthesis } from '../../src/training/synthesis/plan.ts'
import { temporaryFolder } from '../util/cli.ts'

const price = {
  pattern: 'openai/gpt-test',
  input: 1,
  output: 10,
  cachedInput: null,
  asOf: '2026-01-01',
  source: 'a test',
}

/** The whole program in this process: the same arguments, streams and exit codes, without its start. */
async function here(args: readonly string[], environment: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '' }
  const output = (to: keyof typeof written) => ({
    write: (text: string) => void (written[to] += text),
    isTTY: false,
    columns: 80,
  })
  const code = await run(args, {
    environment,
    signal: new AbortController().signal,
    stdin: Readable.from([]) as unknown as NodeJS.ReadStream,
    out: output('stdout'),
    err: output('stderr'),
  })
  return { code, ...written }
}

describe('the estimate of a synthesis', () => {
  it('is the mean tree by hand: two decisions, then two after each that did not end', async () => {
    const plan = await resolveSynthesis({
      model: 'simulated/apprentice',
      trees: 100,
      branches: [2, 2],
      coaches: ['rules'],
    })
    // 2 first decisions, none final; 4 later ones, 34 % final: 1.36 leaves there and 2.64 at the depth.
    const found = estimateSynthesis(plan, [])
    expect(found).toMatchObject({
      trees: 100,
      paths: 400,
      decisions: 600,
      turns: 464,
      calls: 928,
      timeMs: 0,
      costUsd: 0,
    })
    expect(found.byRole.map(({ role, calls }) => [role, calls])).toEqual([
      ['task', 464],
      ['checker', 464],
    ])
    // A later message holds the first reply: 340 at turn 1, 460 + 700 at turn 2.
    expect(found.byRole[0]!.inputTokens).toBe(200 * 340 + 264 * 1_160)
    expect(found.byRole[0]!.outputTokens).toBe(464 * 700)
  })

  it('goes by the paths in the scheme that counts them, and tells prices and time of a hosted model', async () => {
    const plan = await resolveSynthesis({
      model: 'openai/gpt-test',
      trees: 100,
      scheme: 'uncertain',
      paths: 4,
      branches: [2, 2],
      coaches: ['rules', 'tuned:openai-compatible/coach'],
      limits: { concurrency: 8 },
    })
    const found = estimateSynthesis(plan, [price])
    const [task, checker, coach] = found.byRole
    expect(found.paths).toBe(400)
    expect(task!.costUsd).toBeCloseTo((task!.inputTokens * 1 + task!.outputTokens * 10) / 1e6, 6)
    expect(checker!.calls).toBe(464)
    // Half of 600 decisions, 1.2 samples each.
    expect(coach).toMatchObject({ model: 'openai-compatible/coach', calls: 360, costUsd: null })
    expect(found.unknownPrices).toEqual(['openai-compatible/coach'])
    expect(found.timeMs).toBe(((464 + 464 + 360) * 6_000) / 8)
  })
})

describe('codesteer data synthesize', () => {
  const small = ['--trees', '2', '--task', 'gsm-hard', '--levels', '1', '--branches', '2,2', '--code-timeout', '5s']

  it('grows trees, goes on from them, and they can be looked at, replayed and reported', async () => {
    const file = join(temporaryFolder(), 'a.run')
    const grow = (more: string[] = []) => here(['data', 'synthesize', ...small, '--out', file, ...more])
    const first = await grow()
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toMatch(/^\(simulated\) 2 of 2 trees, \d+ paths/)
    expect(first.stderr).toContain('simulated: a coach trained on these trees')
    const again = await grow(['--json'])
    expect(again.stderr).toMatch(/continuing: \d+ paths of 2 trees are there/)
    const end = JSON.parse(again.stdout.trim().split('\n').at(-1)!)
    expect(end).toMatchObject({ type: 'end', end: 'finished', spentNow: { calls: 0 }, trees: { total: 2, done: 2 } })
    const trees = await here(['data', 'trees', file, '--json'])
    expect(JSON.parse(trees.stdout)).toMatchObject({ trees: 2, simulated: true, coaches: ['varied:rules'] })
    const shown = await here(['data', 'trees', file, '--scores', 'cost-aware:2'])
    expect(shown.stdout).toMatch(
      /2 trees[\s\S]*simulated\/apprentice \(simulated\)[\s\S]*by the score cost-aware:2[\s\S]*gsm-hard/,
    )
    const report = await here(['report', file, '--json'])
    expect(report.code, report.stderr).toBe(0)
  }, 240_000)

  it('shows a plan without writing or sending anything', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'plan.json')
    writeFileSync(file, JSON.stringify({ model: 'openai/gpt-4.1-mini', tasks: ['game-24'], trees: 7 }))
    const out = ['--out', join(folder, 'a.run')]
    const limit = ['--max-output-tokens', '400']
    const dry = await here([
      'data',
      'synthesize',
      '--plan',
      file,
      '--trees',
      '9',
      ...limit,
      '--dry-run',
      '--json',
      ...out,
    ])
    expect(dry.code, dry.stderr).toBe(0)
    const { plan, estimate, exists } = JSON.parse(dry.stdout)
    expect(plan).toMatchObject({ type: 'synthesis', trees: 9, branches: [3, 2, 2, 2, 2], temperature: 1.5 })
    expect(plan.settings).toEqual({ maxOutputTokens: 400 })
    expect(estimate.trees).toBe(9)
    expect(estimate.costUsd).toBeGreaterThan(0)
    expect(exists).toBe(false)
  })

  it('asks before it costs much', async () => {
    const out = ['--out', join(temporaryFolder(), 'a.run')]
    const asked = await here(['data', 'synthesize', '--model', 'openai/gpt-4.1', '--trees', '2000', ...out], {
      OPENAI_API_KEY: 'sk-test-0123456789',
    })
    expect(asked.code).toBe(2)
    expect(asked.stderr).toMatch(/may cost about \$\d+[\s\S]*--yes[\s\S]*--max-cost/)
  })

  it('stops at a cap with exit code 1, and says how to go on', async () => {
    const out = ['--out', join(temporaryFolder(), 'a.run')]
    const capped = await here(['data', 'synthesize', ...small, '--max-tokens', '2000', ...out])
    expect(capped.code, capped.stderr).toBe(1)
    expect(capped.stderr).toMatch(/stopped: the cap of 2,000 tokens is reached. Run the same command again/)
  })

  it.each<[string, string[], RegExp]>([
    ['an unseen task', ['--task', 'game-24,letters'], /letters is kept unseen[\s\S]*task list/],
    ['all tasks', ['--task', 'all'], /kept unseen[\s\S]*Use "seen"/],
    ['a flag that would allow it', ['--allow-unseen'], /unknown option '--allow-unseen'/],
    ['another pool', ['--pool', 'test'], /unknown option '--pool'/],
    ['branches that are none', ['--branches', '3,x'], /branches/],
    ['a temperature out of reach', ['--temperature', '7'], /from 0 to 2/],
    ['an unknown opening', ['--prompts', 'free,code'], /prompts/],
    ['a plan that is not there', ['--plan', 'nowhere.json'], /cannot read nowhere.json: ENOENT/],
    ['an unknown coach', ['--coach', 'rulez'], /rules/],
    ['a database', ['--out', 'postgres://me@db/x'], /kept in a file/],
    ['a missing key', ['--model', 'openai/gpt-4.1-mini', '--trees', '1'], /OPENAI_API_KEY/],
  ])('refuses %s', async (_, args, words) => {
    const out = args.includes('--out') ? [] : ['--out', join(temporaryFolder(), 'a.run')]
    const refused = await here(['data', 'synthesize', ...args, ...out])
    expect(refused.code, refused.stderr).toBe(2)
    expect(refused.stderr).toMatch(words)
  })

  it('refuses a file that holds an experiment, and data trees one that holds none', async () => {
    const file = join(temporaryFolder(), 'x.run')
    const plan = [
      '--methods',
      'all-text-cot',
      '--models',
      'simulated/apprentice',
      '--tasks',
      'gsm-hard',
      '--levels',
      '1',
    ]
    const made = await here(['run', ...plan, '--out', file])
    expect(made.code, made.stderr).toBe(0)
    const grown = await here(['data', 'synthesize', ...small, '--out', file])
    expect([grown.code, grown.stderr]).toEqual([2, expect.stringContaining('holds a run that is no synthesis')])
    const none = await here(['data', 'trees', file])
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/no tree in .*x.run[\s\S]*data synthesize/)])
  })
})
