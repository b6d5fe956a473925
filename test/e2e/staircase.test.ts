// codesteer staircase as a person uses it, offline, killed and gone on with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, temporaryFolder } from '../util/cli.ts'

const model = (latencyMs: number) => `simulated/apprentice?seed=3&slips=0&latencyMs=${latencyMs}`
const args = (out: string, latencyMs: number, ...more: string[]) => [
  'staircase',
  '--task',
  'letters',
  '--method',
  'all-text-cot',
  '--model',
  model(latencyMs),
  '--trials',
  '14',
  '--out',
  out,
  ...more,
]

/** Coordinates and verdicts of a record, in their order. */
const asked = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => JSON.parse(line))
    .map(({ task, level, seed, verdict }) => [task, level, seed, verdict])

describe('staircase', () => {
  it('finds a level, shows the curve, labels what is simulated, and leaves a run that reports read', async () => {
    const out = join(temporaryFolder(), 'letters.jsonl')
    const run = await cli(args(out, 0))
    expect(run.code, run.stderr).toBe(0)
    expect(run.stdout).toMatch(
      /^letters, all-text-cot on simulated\/apprentice\?\S+ \(simulated\): right half of the time at level [\s\S]*\n {2}1 . █+·* +\d+ % {2}/,
    )
    expect(run.stdout).toMatch(/half at level[\s\S]*\nletters {2,}.*1 to 8[\s\S]*nobody’s accuracy/)
    expect(run.stderr).toMatch(/letters {2}question 1 {2}level 5 seed 0 {2}(in)?correct {2}half at .*\(simulated\)/)
    const report = await cli(['report', out.replace('.jsonl', '.run'), '--json', '--resamples', '100'])
    expect([report.code, JSON.parse(report.stdout).simulated ?? true]).toEqual([0, true])
    const again = await cli(args(out, 0, '--json'))
    const lines = again.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(line => line.type)).toEqual(['task', 'end'])
    expect(lines[0]).toMatchObject({ task: 'letters', method: 'all-text-cot', simulated: true, stop: 'questions' })
    expect(lines[0].state.asked).toBe(14)
  })

  it('killed at any point it goes on with the same questions, and asks none twice', async () => {
    const folder = temporaryFolder()
    const [whole, killed] = [join(folder, 'whole.jsonl'), join(folder, 'killed.jsonl')]
    await cli(args(whole, 40))
    for (const questions of [1, 3, 2]) {
      let seen = 0
      const run = await cli(args(killed, 40), {
        onSpawn: child =>
          child.stderr!.on('data', (text: string) => {
            seen += text.split('question ').length - 1
            if (seen >= questions) child.kill('SIGKILL')
          }),
      })
      expect(run.signal).toBe('SIGKILL')
    }
    const run = await cli(args(killed, 40))
    expect(run.stderr).toMatch(/continuing after \d+ questions/)
    expect(run.code, run.stderr).toBe(0)
    expect(asked(killed)).toEqual(asked(whole))
  }, 60_000)

  it.each([
    ['an unknown method', ['--method', 'all-txt-cot'], /no method "all-txt-cot"[\s\S]*Did you mean "all-text-cot"/],
    ['an unknown task', ['--task', 'leters'], /no task "leters"[\s\S]*Did you mean "letters"/],
    ['no share', ['--lapse', '0.7'], /--lapse must lie from 0 to below 0\.5/],
    ['no width', ['--width', '0'], /--width must be a number above 0/],
  ])('refuses %s before anything is written', async (_, more, words) => {
    const out = join(temporaryFolder(), 'x.jsonl')
    const run = await cli([...args(out, 0), ...more])
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(words)
    expect(() => readFileSync(out)).toThrow(/ENOENT/)
  })

  it('refuses to mix two models in one record', async () => {
    const out = join(temporaryFolder(), 'mixed.jsonl')
    await cli(args(out, 0))
    const run = await cli([...args(out, 0), '--model', 'simulated/apprentice'])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/staircase of something else: model .*\n→ .*--out FILE/)
  })
})
