// The command line as a person uses it, offline, with the real sandbox.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fold } from '../../src/fold.ts'
import { replay } from '../../src/replay.ts'
import { readTrajectoryFile } from '../../src/store/trajectory-file.ts'
import { alive, cli, familyOf, temporaryFolder } from '../util/cli.ts'

const trajectoriesIn = (out: string) =>
  readdirSync(join(out, 'trajectories')).map(name => join(out, 'trajectories', name))

describe('ask', () => {
  it('steers a benchmark question from words to code, judges it, and records it', async () => {
    const out = temporaryFolder()
    const run = await cli([
      'ask',
      '--task',
      'letters',
      '--level',
      '2',
      '-m',
      'simulated/apprentice?text=0&lazy=1&slips=0&heeds=1&checks=1',
      '--out',
      out,
    ])
    expect(run.code, run.stderr).toBe(0)
    expect(run.stdout).toMatch(
      /\(simulated\)[\s\S]*Turn 1 {2}text[\s\S]*✗ self-answer[\s\S]*Turn 2 {2}code[\s\S]*✓ self-answer[\s\S]*Verdict correct/,
    )
    const [path] = trajectoriesIn(out)
    const { events, lines } = readTrajectoryFile(path!)
    expect(fold(events).start.simulated).toBe(true)
    const again = await replay(events)
    expect(again.divergence).toBeNull()
    expect(again.events.map(event => JSON.stringify(event))).toEqual(lines)
    const replayed = await cli(['replay', path!])
    expect([replayed.code, replayed.stdout]).toEqual([0, expect.stringContaining('byte for byte')])
  })

  it('writes events as JSON Lines, and the answer alone when quiet', async () => {
    const out = temporaryFolder()
    const question = '9.11 or 9.9, which is larger?'
    const json = await cli(['ask', '--json', '--out', out], { input: question })
    const events = json.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(events[0].type).toBe('trajectory-start')
    expect(events.at(-1).type).toBe('trajectory-end')
    expect(json.stdout).toBe(readFileSync(trajectoriesIn(out)[0]!, 'utf8'))
    const quiet = await cli(['ask', '-q', '--out', out, question])
    expect(quiet.stdout).toBe('9.9\n')
    expect(json.stderr).toContain('simulated apprentice')
  })

  it('ends with 1 and says why when the simulated model does not know the question', async () => {
    const run = await cli(['ask', '--out', temporaryFolder(), 'What is the capital of France?'])
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('Answer  none')
  })

  it('speaks to an OpenAI-compatible server over real HTTP, and calls it once for what the ledger holds', async () => {
    const { startFakeServer } = await import('../fake-server/server.ts')
    const server = await startFakeServer({ script: () => ({ text: 'Both have a 9. <<<9.9>>>' }) })
    try {
      const out = temporaryFolder()
      const args = [
        'ask',
        '-m',
        'openai-compatible/fake',
        '--base-url',
        server.url,
        '--checkers',
        'none',
        '--coach',
        'fixed:text',
        '-q',
        '--out',
        out,
        '9.11 or 9.9, which is larger?',
      ]
      const run = await cli(args)
      expect([run.code, run.stdout], run.stderr).toEqual([0, '9.9\n'])
      const { spend } = fold(readTrajectoryFile(trajectoriesIn(out)[0]!).events)
      expect(spend.task.calls).toBe(1)
      // An unknown price is unknown, not nothing.
      expect(spend.total.costUsd).toBeNull()
    } finally {
      await server.close()
    }
  })
})

describe('what a stop leaves behind', () => {
  const slow = 'simulated/apprentice?latencyMs=150&text=0&lazy=1&slips=0'
  const start = (out: string, onSpawn: NonNullable<Parameters<typeof cli>[1]>['onSpawn']) =>
    cli(['ask', '--task', 'number-multiply', '--level', '6', '-m', slow, '--out', out], onSpawn ? { onSpawn } : {})
  const delays = [350, 500, 650, 800, 950, 1100]

  it.each(delays)('Ctrl-C after %i ms: exit code 130, no process left, the record whole', async delay => {
    const out = temporaryFolder()
    let family: number[] = []
    const run = await start(out, child =>
      setTimeout(() => {
        family = familyOf(child.pid!)
        child.kill('SIGINT')
      }, delay),
    )
    if (run.code === 0) return expect(run.stdout).toContain('Verdict')
    expect(run.signal === 'SIGINT' ? 130 : run.code, run.stderr).toBe(130)
    expect(run.stderr).not.toMatch(/^\s+at /m)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(family.filter(alive)).toEqual([])
    for (const path of readdirSync(out).includes('trajectories') ? trajectoriesIn(out) : []) {
      const { events, torn } = readTrajectoryFile(path)
      expect(torn).toBe(false)
      if (events.length > 0) expect(fold(events).end?.reason).toBe('cancelled')
    }
  })

  it.each(delays)('kill -9 after %i ms: readable up to the last whole event, no process left', async delay => {
    const out = temporaryFolder()
    let family: number[] = []
    await start(out, child =>
      setTimeout(() => {
        family = familyOf(child.pid!)
        child.kill('SIGKILL')
      }, delay),
    )
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(family.filter(alive)).toEqual([])
    for (const path of readdirSync(out).includes('trajectories') ? trajectoriesIn(out) : []) {
      const { events } = readTrajectoryFile(path)
      if (events.length === 0) continue
      expect(fold(events).start.type).toBe('trajectory-start')
      expect((await replay(events)).divergence).toBeNull()
    }
  })
})

describe('exec and doctor', () => {
  it('exec gives one RunResult', async () => {
    const run = await cli(['exec', '-', '--json', '--timeout', '5s'], {
      input: 'import sys\nprint(6 * 7)\nsys.exit(3)',
    })
    expect(run.code).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({
      outcome: 'finished',
      exitCode: 3,
      stdout: '42\n',
      stderr: '',
      droppedBytes: 0,
    })
    const slow = await cli(['exec', '-', '--json', '--timeout', '500ms'], { input: 'while True: pass' })
    expect(JSON.parse(slow.stdout)).toMatchObject({ outcome: 'timed-out', exitCode: null })
  })

  it('doctor names every sandbox and provider with its mend', async () => {
    const run = await cli(['doctor', '--json'])
    const found = JSON.parse(run.stdout)
    expect(found.sandboxes.map((s: { name: string }) => s.name)).toEqual(
      expect.arrayContaining(['bubblewrap', 'deno-pyodide', 'docker', 'unsafe-host']),
    )
    expect(found.models.find((m: { name: string }) => m.name === 'openai')).toMatchObject({
      ready: false,
      mend: expect.stringContaining('OPENAI_API_KEY'),
    })
    expect(run.code).toBe(0)
  })

  it('demo steers three questions to judged answers, with both switches', async () => {
    const run = await cli(['demo', '--out', temporaryFolder()])
    expect(run.code, run.stdout.slice(-2_000)).toBe(0)
    expect(run.stdout).toContain('3 of 3 answers judged correct')
    expect(run.stdout).toMatch(/Letters +text → code/)
    expect(run.stdout).toMatch(/Game 24 +code → code/)
    expect(run.stdout).toMatch(/OPENAI_API_KEY/)
  })
})
