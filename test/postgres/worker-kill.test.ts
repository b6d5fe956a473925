// The proof that many machines may come, go and be killed: workers die by SIGKILL while they work, others take over.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolvePlan } from '../../src/experiment/plan.ts'
import { runPlan } from '../../src/experiment/run.ts'
import { requestKey } from '../../src/models/_shared/request-key.ts'
import { replay } from '../../src/replay.ts'
import { openPostgresStore } from '../../src/store/postgres-store.ts'
import type { Summary } from '../../src/store/run-store.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { seededRng } from '../../src/util/rng.ts'
import { apprenticeReply } from '../fake-server/apprentice.ts'
import { type FakeRequest, type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { temporaryFolder } from '../util/cli.ts'
import { type Cluster, missingPostgres, password, startCluster } from './cluster.ts'

const kills = 12
const workers = 3
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const plan = {
  name: 'many machines',
  methods: ['codesteer', 'only-question', 'code-text-sum-1'],
  models: ['openai-compatible/fake'],
  tasks: ['letters', 'number-multiply'],
  levels: [1, 2],
  samples: 3,
  limits: { concurrency: 2 },
}
const items = 36

/** Completions that were charged for, by the hash that the ledger knows them by. */
type Counts = Map<string, number>
const total = (counts: Counts) => [...counts.values()].reduce((sum, n) => sum + n, 0)

const missing = missingPostgres()
describe.skipIf(missing !== null)(`workers that are killed${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: Cluster
  beforeAll(() => {
    cluster = startCluster()
  })
  afterAll(() => cluster.stop())

  it(`${workers} at a time, ${kills} killed at random: no finished call is repeated, nothing is lost, the same results`, async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
    let counts: Counts = new Map()
    /** Keys of workers that have asked for something: they hold jobs. */
    const busy = new Set<string>()
    const server = await startFakeServer({
      script: async request => {
        busy.add(String(request.headers.authorization).replace('Bearer ', ''))
        const reply = await apprenticeReply(request)
        await systemClock.sleep(60)
        counts.set(hashOf(server, request), (counts.get(hashOf(server, request)) ?? 0) + 1)
        return reply
      },
    })
    const crew = new Crew(folder, server.url)
    try {
      const whole = await uninterrupted(join(folder, 'whole.run'), server.url)
      const expected = counts
      counts = new Map()

      const address = cluster.database()
      const display = crew.start(
        ['run', 'plan.json', '--queue', address, '--no-work', '--json', '--yes'],
        'key-display',
      )
      await expect.poll(() => display.stdout.includes('"progress"'), { timeout: 30_000 }).toBe(true)
      const hire = () => crew.start(['worker', address, '--once', '--lease', '10s', '--concurrency', '2'])
      for (let i = 0; i < workers; i++) hire()

      const rng = seededRng('worker-kill', 1)
      for (let killed = 0; killed < kills; killed++) {
        const atWork = () => crew.living('worker').filter(worker => busy.has(worker.key))
        await expect.poll(() => atWork().length, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0)
        await systemClock.sleep(rng.int(0, 300))
        rng.pick(atWork()).child.kill('SIGKILL')
        hire()
      }
      const codes = await Promise.all(crew.all.map(member => member.ended))
      expect(codes.filter(({ signal }) => signal === 'SIGKILL')).toHaveLength(kills)
      expect(
        codes.filter(({ signal }) => signal === null).every(({ code }) => code === 0),
        crew.words(),
      ).toBe(true)
      // The display saw it through to the end, without having worked.
      expect(JSON.parse(display.stdout.trim().split('\n').at(-1)!)).toMatchObject({
        type: 'end',
        end: 'finished',
        left: 0,
      })
      expect(crew.words()).not.toContain(password)

      const store = await openPostgresStore(address, { access: 'write', clock: systemClock })
      try {
        const maybePaid: Counts = new Map()
        for (const { requestHash } of await store.ledger!.maybePaid())
          maybePaid.set(requestHash, (maybePaid.get(requestHash) ?? 0) + 1)
        const repeated = [...counts].filter(([key, n]) => n > (expected.get(key) ?? 0) + (maybePaid.get(key) ?? 0))
        expect(repeated).toEqual([])
        expect(new Set(counts.keys())).toEqual(new Set(expected.keys()))
        expect((await store.ledger!.stats()).done).toBe(total(expected))
        expect(total(maybePaid), 'kills did hit calls in flight').toBeGreaterThan(0)
        expect(await store.counts()).toEqual({ waiting: 0, open: 0, done: items, failed: 0 })
        const rows = await store.summaries()
        for (const { trajectoryId } of rows)
          expect((await replay(await store.trajectory(trajectoryId))).divergence, trajectoryId).toBeNull()
        expect(bare(rows)).toEqual(bare(whole))
        process.stderr.write(
          `worker-kill: ${kills} of ${crew.all.length - 1} workers killed, ${total(expected)} calls, ${total(counts)} paid, ${total(maybePaid)} in flight at a kill, 0 finished calls repeated\n`,
        )
      } finally {
        await store.close()
      }
    } finally {
      crew.dismiss()
      await server.close()
    }
  }, 240_000)
})

/** The same plan in one process and one file, with nobody killed. */
async function uninterrupted(file: string, baseUrl: string): Promise<Summary[]> {
  const store = openSqliteStore(file, { access: 'create', clock: systemClock })
  try {
    const outcome = await runPlan({
      plan: await resolvePlan(plan),
      store,
      ledger: store.ledger,
      environment: { CODESTEER_API_KEY: 'key-whole' },
      clock: systemClock,
      models: { baseUrl },
    })
    expect(outcome.end).toBe('finished')
    return await store.summaries()
  } finally {
    await store.close()
  }
}

interface Member {
  readonly role: string
  readonly key: string
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  stdout: string
  stderr: string
}

/** The processes of the test, each with a provider key of its own, so that the server knows who asks. */
class Crew {
  readonly all: Member[] = []
  readonly #folder: string
  readonly #baseUrl: string

  constructor(folder: string, baseUrl: string) {
    this.#folder = folder
    this.#baseUrl = baseUrl
  }

  start(args: readonly string[], key = `key-worker-${this.all.length}`): Member {
    const child = spawn(process.execPath, [main, ...args, '--base-url', this.#baseUrl], {
      cwd: this.#folder,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CODESTEER_API_KEY: key },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<Awaited<Member['ended']>>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve({ code, signal }))
    })
    const member: Member = { role: args[0]!, key, child, ended, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', text => (member.stdout += text))
    child.stderr.setEncoding('utf8').on('data', text => (member.stderr += text))
    this.all.push(member)
    return member
  }

  living(role: string): Member[] {
    return this.all.filter(
      ({ role: own, child }) => own === role && !child.killed && child.exitCode === null && child.signalCode === null,
    )
  }

  words(): string {
    return this.all.map(({ key, stdout, stderr }) => `${key}:\n${stdout}${stderr}`).join('\n')
  }

  dismiss(): void {
    for (const { child } of this.all) child.kill('SIGKILL')
  }
}

function hashOf(server: FakeServer, { path, body }: FakeRequest): string {
  return requestKey(new URL(path, server.url), { method: 'POST', body: JSON.stringify(body) }).hash
}

/** Summaries without what differs from one run to the next: names and times. */
const bare = (rows: readonly Summary[]) =>
  rows.map(row => ({ ...row, trajectoryId: '', tookMs: 0 })).sort((a, b) => a.key.localeCompare(b.key))
