// The run's file and the command line around it: two processes, torn and damaged files, newer formats, full disks, Ctrl-C.
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { eventsFor, item } from '../contracts/run-store.ts'
import { type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { cli, temporaryFolder } from '../util/cli.ts'

const write = { access: 'create', clock: systemClock } as const
const read = { access: 'read', clock: systemClock } as const
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const simulated = ['--methods', 'only-question,all-text-cot', '--models', 'simulated/apprentice', '--tasks', 'letters']

let server: FakeServer
beforeEach(async () => {
  server = await startFakeServer({ script: [{ text: '<<<7>>>' }] })
})
afterEach(() => server.close())
const fake = (samples: number) => [
  ...['--methods', 'only-question', '--models', 'openai-compatible/fake', '--tasks', 'letters', '--levels', '1'],
  ...['--samples', String(samples), '--base-url', server.url, '--yes'],
]
const environment = { CODESTEER_API_KEY: 'sk-test-0123456789' }

describe('codesteer run', () => {
  it('makes one file from flags alone, says that it is simulated, and has nothing to do the second time', async () => {
    const folder = temporaryFolder()
    const args = ['run', ...simulated, '--levels', '1,2', '--name', 'first try']
    const one = await cli(args, { cwd: folder })
    expect(one.code, one.stderr).toBe(0)
    expect(one.stdout).toMatch(/^\(simulated\) 4 of 4 done/m)
    expect(one.stdout).toMatch(
      /only-question +simulated\/apprentice \(simulated\) +2\/2 +\d+\.\d % +\d+\.\d to \d+\.\d/,
    )
    expect(one.stderr).toMatch(/nobody’s accuracy/)
    expect(readdirSync(join(folder, '.codesteer', 'runs'))).toEqual(['first-try.run'])
    const two = await cli(args, { cwd: folder })
    expect(two.code).toBe(0)
    expect(two.stderr).toMatch(/continuing: 4 of 4 done/)
    const grown = await cli([...args.slice(0, -2), '--name', 'first try', '--samples', '2'], { cwd: folder })
    expect(grown.stderr).toMatch(/continuing: 4 of 8 done[\s\S]*the plan has grown: 4 new/)
  }, 60_000)

  it('with --json writes progress and an end, one JSON value a line', async () => {
    const folder = temporaryFolder()
    const { stdout, code } = await cli(['run', ...simulated, '--levels', '1', '--json', '-o', 'x.run'], { cwd: folder })
    expect(code).toBe(0)
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ type: 'end', end: 'finished', file: 'x.run', done: 2, simulated: true })
  })

  it('with --dry-run shows the plan, the items and the estimate, and writes nothing', async () => {
    const folder = temporaryFolder()
    const args = [
      'run',
      '--methods',
      'all',
      '--models',
      'openai/gpt-4.1,openai/unheard-of',
      '--tasks',
      'seen',
      '--dry-run',
    ]
    const text = await cli(args, { cwd: folder })
    expect(text.code, text.stderr).toBe(0)
    expect(text.stdout).toMatch(/"maxTurns": 5/)
    expect(text.stdout).toMatch(/10 methods × 2 models[\s\S]*unknown price for openai\/unheard-of/)
    const json = JSON.parse((await cli([...args, '--json'], { cwd: folder })).stdout)
    expect(json.plan.methods).toHaveLength(10)
    expect(json.estimate.costUsd).toBeGreaterThan(1)
    expect(readdirSync(folder)).toEqual([])
  })

  it('asks before it spends much; without a terminal it wants --yes', async () => {
    const folder = temporaryFolder()
    const args = ['run', '--methods', 'codesteer', '--models', 'openai/gpt-4.1', '--tasks', 'all', '--samples', '10']
    const { code, stderr } = await cli(args, { cwd: folder, env: { OPENAI_API_KEY: 'sk-none' } })
    expect(code).toBe(2)
    expect(stderr).toMatch(/may cost about \$\d+[\s\S]*--yes[\s\S]*--max-cost[\s\S]*--dry-run/)
  })

  it.each<[string, string[], RegExp]>([
    ['no plan', ['run'], /Give a plan file/],
    ['a missing plan', ['run', 'nowhere.json'], /cannot read nowhere.json: ENOENT/],
    ['a plan that is no JSON', ['run', 'broken.json'], /broken.json is not JSON/],
    ['an unknown field', ['run', 'typo.json'], /limits: unknown field "concurency"[\s\S]*"concurrency"/],
    [
      'a missing key',
      ['run', '--methods', 'only-question', '--models', 'openai/gpt-4.1', '--tasks', 'letters'],
      /OPENAI_API_KEY/,
    ],
    ['a file that is no run', ['run', ...simulated, '-o', 'broken.json'], /not a database|is no run/],
    ['a run that is not there', ['rescore', 'nowhere.run'], /there is no run nowhere.run/],
    ['a fork of nothing', ['fork', 'nowhere.run', 'x', '--turn', '1'], /--force code/],
  ])('refuses %s', async (_, args, words) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'broken.json'), '{"name": ')
    writeFileSync(
      join(folder, 'typo.json'),
      '{"methods":["codesteer"],"models":["a/b"],"tasks":"all","limits":{"concurency":2}}',
    )
    const { code, stderr } = await cli(args, { cwd: folder })
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('stops at Ctrl-C with 130, and goes on', async () => {
    const folder = temporaryFolder()
    server.script(({ index }) => ({ text: '<<<7>>>', delayMs: index < 4 ? 20 : 400 }))
    const stopped = await cli(['run', ...fake(12), '-o', 'x.run'], {
      cwd: folder,
      env: environment,
      onSpawn: child => {
        const timer = setInterval(() => {
          if (server.requests.length < 6) return
          clearInterval(timer)
          child.kill('SIGINT')
        }, 10)
      },
    })
    expect(stopped.code, stopped.stderr).toBe(130)
    expect(stopped.stderr).toMatch(/stopping: calls under way may finish[\s\S]*are left. Run the same command again/)
    expect(server.closedEarly).toBe(0)
    expect(readdirSync(folder)).toEqual(['x.run'])
    const again = await cli(['run', ...fake(12), '-o', 'x.run'], { cwd: folder, env: environment })
    expect(again.code, again.stderr).toBe(0)
    expect(again.stderr).toMatch(/continuing: \d+ of 12 done/)
    expect(server.paid).toBe(12)
  }, 40_000)

  it('tells a wrong key as input, and a provider’s failure as a fault', async () => {
    const folder = temporaryFolder()
    server.script([{ status: 401 }])
    const key = await cli(['run', ...fake(3), '-o', 'x.run'], { cwd: folder, env: environment })
    expect(key.code).toBe(2)
    expect(key.stderr).toMatch(/Check the key[\s\S]*Run the same command again/)
    server.script([{ status: 503 }])
    const away = await cli(['run', ...fake(3), '-o', 'x.run', '--patience', '1500ms'], {
      cwd: folder,
      env: environment,
    })
    expect(away.code).toBe(3)
    expect(away.stderr).toMatch(/3 × provider\/overloaded/)
  }, 40_000)
})

describe('the file of a run', () => {
  it('is one file when it is closed: a copy of it is the whole run', async () => {
    const folder = temporaryFolder()
    const store = openSqliteStore(join(folder, 'a.run'), write)
    await store.addItems([item(1)])
    await store.begin('key-1', 't1')
    for (const event of eventsFor('t1')) await store.append('t1', event)
    await store.close()
    expect(readdirSync(folder)).toEqual(['a.run'])
    copyFileSync(join(folder, 'a.run'), join(folder, 'b.run'))
    const copy = openSqliteStore(join(folder, 'b.run'), read)
    expect(await copy.trajectory('t1')).toEqual(eventsFor('t1'))
    await copy.close()
  })

  it('is written to by one process; a second is refused and told who it is, readers are welcome', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'x.run')
    server.script([{ text: '<<<7>>>', delayMs: 3_000 }])
    const first = spawn(process.execPath, [main, 'run', ...fake(30), '-o', path], {
      env: { PATH: process.env.PATH ?? '', ...environment },
      stdio: 'ignore',
    })
    const over = new Promise(resolve => first.on('close', resolve))
    try {
      while (server.requests.length < 5) await systemClock.sleep(20)
      const second = await cli(['run', ...fake(30), '-o', path], { env: environment })
      expect(second.code, second.stderr).toBe(2)
      expect(second.stderr).toMatch(new RegExp(`another process \\(${first.pid} on .*since .*\\) is working on`))
      const reader = openSqliteStore(path, read)
      expect(await reader.items()).toHaveLength(30)
      await reader.close()
      expect(() => openSqliteStore(path, write)).toThrow(/another process/)
    } finally {
      first.kill('SIGKILL')
      await over
    }
    expect(readdirSync(folder).sort()).toEqual(['x.run', 'x.run-lock', 'x.run-shm', 'x.run-wal'])
    // The lock went with the process.
    const after = openSqliteStore(path, write)
    expect(() => openSqliteStore(path, write)).toThrow(/another process/)
    await after.close()
    expect(readdirSync(folder)).toEqual(['x.run'])
  }, 40_000)

  it('with a torn journal, as after a power cut, ends at its last whole event', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'x.run')
    const child = spawn(process.execPath, [fileURLToPath(new URL('torn-child.ts', import.meta.url)), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise(resolve => child.stdout.once('data', resolve))
    const over = new Promise(resolve => child.on('close', resolve))
    child.kill('SIGKILL')
    await over
    const journal = `${path}-wal`
    const whole = statSync(journal).size
    for (const cut of [1, 700, 5_000]) {
      for (const end of ['', '-wal']) copyFileSync(path + end, join(folder, `cut.run${end}`))
      truncateSync(join(folder, 'cut.run-wal'), whole - cut)
      const store = openSqliteStore(join(folder, 'cut.run'), write)
      const { events } = await store.eventsOf('key-1')
      expect(events).toEqual(eventsFor('t1').slice(0, events.length))
      expect(events.length).toBeGreaterThanOrEqual(cut === 5_000 ? 2 : 3)
      expect(events.length).toBeLessThan(5)
      // And it can be written to again.
      await store.append('t1', eventsFor('t1')[events.length]!)
      await store.close()
    }
  })

  it('that is damaged, newer, or something else is told so', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'x.run')
    const store = openSqliteStore(path, write)
    await store.addItems([item(1)])
    await store.begin('key-1', 't1')
    for (const event of eventsFor('t1')) await store.append('t1', event)
    await store.close()
    const damaged = readFileSync(path)
    damaged.fill(0x5a, 4096, damaged.length)
    writeFileSync(join(folder, 'damaged.run'), damaged)
    expect(() => openSqliteStore(join(folder, 'damaged.run'), write)).toThrow(
      /cannot be used: .*(malformed|disk image)/,
    )
    writeFileSync(join(folder, 'short.run'), readFileSync(path).subarray(0, 300))
    expect(() => openSqliteStore(join(folder, 'short.run'), read)).toThrow(/cannot be used|no run of ours/)
    const raise = (sql: string, name: string) => {
      copyFileSync(path, join(folder, name))
      const db = new DatabaseSync(join(folder, name))
      db.exec(sql)
      db.close()
      return join(folder, name)
    }
    const newer = raise('PRAGMA user_version = 99', 'newer.run')
    expect(() => openSqliteStore(newer, read)).toThrow(/has format 99; this version reads up to 1/)
    expect(() => openSqliteStore(newer, write)).toThrow(/has format 99/)
    expect(existsSync(`${newer}-lock`)).toBe(false)
    const foreign = raise('PRAGMA application_id = 7', 'foreign.run')
    expect(() => openSqliteStore(foreign, write)).toThrow(/no run of ours/)
    const gap = openSqliteStore(raise('DELETE FROM events WHERE seq = 2', 'gap.run'), read)
    await expect(gap.trajectory('t1')).rejects.toThrow(/event 2 of trajectory t1 is missing or damaged/)
    await gap.close()
  })

  it('on a disk that fills up keeps what was written; with room the run goes on and repeats nothing', async () => {
    const folder = temporaryFolder()
    const long = 'thinking '.repeat(3_000)
    server.script([{ text: `${long} <<<7>>>` }])
    // The small disk goes with the process, so what it holds at the end is copied out by a shell around it.
    const small = join(folder, 'small')
    const command = `"$0" "$@"; code=$?; cp ${small}/* ${folder}; exit $code`
    const wrap = ['bwrap', '--dev-bind', '/', '/', '--size', '1500000', '--tmpfs', small, 'sh', '-c', command]
    const full = await cli(['run', ...fake(40), '-o', join(small, 'x.run')], { env: environment, wrap })
    expect(full.code, full.stderr).toBe(2)
    expect(full.stderr).toMatch(/full[\s\S]*Make room on the disk/)
    const paid = server.paid
    expect(paid).toBeGreaterThan(2)
    const kept = openSqliteStore(join(folder, 'x.run'), write)
    const done = (await kept.counts()).done
    const stored = kept.ledger!.stats().done
    await kept.close()
    expect(done).toBeGreaterThan(0)
    expect(stored).toBeGreaterThanOrEqual(done)
    const on = await cli(['run', ...fake(40), '-o', join(folder, 'x.run')], { env: environment })
    expect(on.code, on.stderr).toBe(0)
    expect(server.paid).toBe(paid + 40 - stored)
  }, 60_000)
})
