// Workers and the run they share, through the command line: stopping, failing, caps, several runs, and looking on.
import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openQueueEngine } from '../../src/experiment/job-queue.ts'
import { openPostgresStore } from '../../src/store/postgres-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { type FakeReply, type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { type Cluster, missingPostgres, password, startCluster } from './cluster.ts'

const plan = {
  name: 'small',
  methods: ['only-question', 'all-text-cot'],
  models: ['openai-compatible/fake'],
  tasks: ['letters'],
  levels: [1],
  samples: 3,
  limits: { concurrency: 3 },
}

const missing = missingPostgres()
describe.skipIf(missing !== null)(`workers on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: Cluster
  let server: FakeServer
  let address = ''
  let folder = ''
  let reply: FakeReply = {}
  beforeAll(() => {
    cluster = startCluster()
  })
  afterAll(() => cluster.stop())
  beforeEach(async () => {
    reply = { text: '<<<3>>>' }
    server = await startFakeServer({ script: () => reply })
    address = cluster.database()
    folder = temporaryFolder()
  })
  afterEach(() => server.close())

  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  const command = (args: string[], onSpawn?: (child: ChildProcess) => void) =>
    cli(args, {
      cwd: folder,
      env: { CODESTEER_API_KEY: 'key-of-this-test' },
      onSpawn(child) {
        children.push(child)
        onSpawn?.(child)
      },
    })
  const run = (more: object = {}, ...args: string[]) => {
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...plan, ...more }))
    return command(['run', 'plan.json', '--queue', address, '--base-url', server.url, '--yes', ...args])
  }
  const work = (args: string[] = [], onSpawn?: (child: ChildProcess) => void) =>
    command(['worker', address, '--once', '--lease', '10s', '--base-url', server.url, ...args], onSpawn)
  /** Puts a plan into the queue and does no more. */
  const enqueue = async (name: string) => {
    const store = await openPostgresStore(address, { access: 'create', clock: systemClock, run: name })
    const engine = await openQueueEngine(store.db, { leaseMs: 10_000 })
    const { prepareQueued } = await import('../../src/experiment/queued.ts')
    const { resolvePlan } = await import('../../src/experiment/plan.ts')
    const queue = await engine.queue(name)
    const aborted = AbortSignal.abort()
    const options = { plan: await resolvePlan({ ...plan, name }), store, queue, environment: {}, clock: systemClock }
    await (await prepareQueued({ ...options, signal: aborted, leaseMs: 10_000, work: false })).work()
    await engine.close()
    await store.close()
  }
  const counts = async (name: string) => {
    const store = await openPostgresStore(address, { access: 'read', clock: systemClock, run: name })
    const engine = await openQueueEngine(store.db, { leaseMs: 10_000 })
    try {
      return { ...(await store.counts()), ...(await (await engine.queue(name)).counts()), jobs: true }
    } finally {
      await engine.close()
      await store.close()
    }
  }

  it('run --queue works a plan off by itself, and again does nothing; report, replay, rescore and fork read it', async () => {
    const first = await run()
    expect(first, first.stderr).toMatchObject({ code: 0 })
    expect(first.stdout).toContain('6 of 6 done (100 %)')
    const paid = server.paid
    expect(paid).toBe(6)
    expect(await run()).toMatchObject({ code: 0 })
    expect(server.paid).toBe(paid)
    const grown = await run({ methods: [...plan.methods, 'codesteer'] })
    expect(grown.stdout).toContain('9 of 9 done')
    const rows = 9
    const report = await command(['report', `${address}&run=small`, '--json'])
    expect(report, report.stderr).toMatchObject({ code: 0 })
    expect(JSON.stringify(JSON.parse(report.stdout))).toContain('all-text-cot')
    const replayed = await command(['replay', `${address}&run=small`, '--json'])
    expect(JSON.parse(replayed.stdout)).toMatchObject({ trajectories: rows, same: rows })
    const rescored = await command(['rescore', `${address}&run=small`, '--json'])
    expect(JSON.parse(rescored.stdout)).toMatchObject({ checked: rows, changed: [] })
    const store = await openPostgresStore(address, { access: 'read', clock: systemClock, run: 'small' })
    const [row] = await store.summaries({ label: 'codesteer' })
    const fork = [
      'fork',
      `${address}&run=small`,
      row!.trajectoryId,
      '--turn',
      '1',
      '--guidance',
      'Count again.',
      '--json',
    ]
    const forked = await command([...fork, '--base-url', server.url])
    expect(forked.stdout, forked.stderr).toContain('Count again.')
    expect(await store.summaries({ branches: true })).toHaveLength(rows + 1)
    await store.close()
    expect(
      [first, grown, report, replayed, rescored, forked].map(({ stdout, stderr }) => stdout + stderr).join(),
    ).not.toContain(password)
  }, 60_000)

  it('a worker serves every run of the database', async () => {
    await enqueue('one')
    await enqueue('two')
    const { code, stderr } = await work()
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/run=one[\s\S]*run=two/)
    expect(stderr).not.toContain(password)
    for (const name of ['one', 'two']) expect(await counts(name)).toMatchObject({ done: 6, waiting: 0, lent: 0 })
    expect(server.paid).toBe(12)
  }, 60_000)

  it('Ctrl-C gives everything back at once', async () => {
    await enqueue('small')
    reply = { silent: true }
    const began = { atMs: 0 }
    const { code, stderr } = await work(['--concurrency', '2'], child => {
      const wait = setInterval(() => {
        if (server.requests.length < 2) return
        clearInterval(wait)
        began.atMs = Date.now()
        child.kill('SIGINT')
      }, 20)
    })
    // The grace for calls under way is five seconds.
    expect(Date.now() - began.atMs).toBeLessThan(9_000)
    expect(code, stderr).toBe(130)
    expect(stderr).toContain('2 given back')
    expect(await counts('small')).toMatchObject({ lent: 0, open: 2, done: 0 })
    reply = { text: '<<<3>>>' }
    const again = await work()
    expect(again, again.stderr).toMatchObject({ code: 0 })
    expect(await counts('small')).toMatchObject({ done: 6, open: 0, waiting: 0, lent: 0 })
  }, 60_000)

  it('a worker whose key is refused stops and leaves the work to others', async () => {
    await enqueue('small')
    reply = { status: 401 }
    const refused = await work()
    expect(refused.code, refused.stderr).toBe(3)
    expect(refused.stderr).toMatch(/What it held is given back/)
    expect(await counts('small')).toMatchObject({ lent: 0, done: 0 })
    reply = { text: '<<<3>>>' }
    expect(await work()).toMatchObject({ code: 0 })
    expect(await counts('small')).toMatchObject({ done: 6, failed: 0, waiting: 0, lent: 0 })
  }, 60_000)

  it('a worker that waits goes on with a new plan, and refuses one that it cannot draw the questions of', async () => {
    await enqueue('small')
    let waiting: ChildProcess | undefined
    const args = ['worker', `${address}&run=small`, '--lease', '10s', '--base-url', server.url]
    const ended = command(args, child => {
      waiting = child
    })
    await expect.poll(async () => (await counts('small')).done, { timeout: 20_000, interval: 500 }).toBe(6)
    const looking = await run({ samples: 5 }, '--no-work')
    expect(looking, looking.stderr).toMatchObject({ code: 0 })
    expect(looking.stdout).toContain('10 of 10 done')
    waiting!.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130 })
    expect(server.paid).toBe(10)

    const store = await openPostgresStore(address, { access: 'write', clock: systemClock, run: 'small' })
    await store.recordPlan({
      ...((await store.plan()) as object),
      tasks: [{ slug: 'letters', version: 99, levels: [1] }],
    })
    await store.close()
    const other = await command([...args, '--once'])
    expect(other.stderr).toMatch(/planned with version 99 of task letters.*\n.*Install the same version/)
    expect(other.code).toBe(2)
  }, 60_000)

  it('a cap holds for all workers together', async () => {
    reply = { text: '<<<3>>>', usage: { prompt: 60, completion: 40 } }
    const capped = { limits: { concurrency: 1, tokens: 250 } }
    const first = await run(capped)
    expect(first, first.stderr).toMatchObject({ code: 1 })
    expect(first.stderr).toContain('cap of 250 tokens')
    expect(server.paid).toBe(3)
    const worker = await work()
    expect(worker, worker.stderr).toMatchObject({ code: 1 })
    expect(server.paid).toBe(3)
    expect(await run({ limits: { concurrency: 1 } })).toMatchObject({ code: 0 })
    expect(server.paid).toBe(6)
  }, 60_000)

  it('says what is wrong with what was typed', async () => {
    const cases: [string[], RegExp][] = [
      [['worker', 'a.run'], /a worker needs the address of a PostgreSQL database/],
      [['worker', address, '--lease', '2s'], /--lease 2s is too short/],
      [['worker', `${address}&run=none`], /there is no run "none"/],
      [['run', 'plan.json', '--queue', 'a.run'], /--queue needs the address of a PostgreSQL database/],
      [['run', 'plan.json', '--queue', address, '--out', 'x.run'], /--out and --queue together/],
    ]
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
    for (const [args, words] of cases) {
      const { code, stderr } = await command(args)
      expect(stderr).toMatch(words)
      expect(stderr).not.toContain(password)
      expect(code, stderr).toBe(2)
    }
  }, 60_000)
})
