// What goes wrong around a run: providers, caps, the sandbox, the clock, a stop. Nothing is lost, nothing is paid twice.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SandboxError } from '../../src/errors.ts'
import { resolvePlan } from '../../src/experiment/plan.ts'
import type { RunSnapshot } from '../../src/experiment/progress.ts'
import { prepareRun, type RunOptions, type RunOutcome } from '../../src/experiment/run.ts'
import type { PriceRow } from '../../src/models/_shared/price-table.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { openSqliteStore, type SqliteRunStore } from '../../src/store/sqlite-store.ts'
import type { TrajectoryEvent } from '../../src/trajectory.ts'
import { type Clock, systemClock } from '../../src/util/clock.ts'
import { type FakeReply, type FakeRequest, type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { finished, scriptedSandbox } from '../util/scripted.ts'

let folder: string
let server: FakeServer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-faults-'))
  server = await startFakeServer({ script: [answer] })
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const answer: FakeReply = { text: 'thinking … <<<7>>>', usage: { prompt: 1_000, completion: 100 } }
const small = {
  methods: ['only-question', 'all-text-cot'],
  models: ['openai-compatible/fake'],
  tasks: ['letters'],
  levels: [1],
  samples: 5,
}
const items = 10
const open = () => openSqliteStore(join(folder, 'x.run'), { access: 'create', clock: systemClock })
const sandbox = () => scriptedSandbox(() => finished('<<<7>>>'))
const retry = { firstWaitMs: 20, maxWaitMs: 40, maxTotalWaitMs: 5_000 }

interface Ran {
  readonly outcome: RunOutcome
  readonly store: SqliteRunStore
  readonly seen: readonly RunSnapshot[]
  readonly notes: readonly string[]
}

/** One start of the run on the test's file. */
async function run(plan: object = {}, options: Partial<RunOptions> = {}): Promise<Ran> {
  const store = open()
  const notes: string[] = []
  const prepared = await prepareRun({
    plan: await resolvePlan({ ...small, ...plan }),
    store,
    ledger: store.ledger,
    environment: { CODESTEER_API_KEY: 'sk-test-0123456789' },
    clock: systemClock,
    sandbox: sandbox(),
    onNote: note => notes.push(note),
    ...options,
    models: { baseUrl: server.url, retry, random: () => 0, ...options.models },
  })
  const seen: RunSnapshot[] = []
  const timer = setInterval(() => seen.push(prepared.snapshot()), 10)
  try {
    return { outcome: await prepared.work(), store, seen, notes }
  } finally {
    clearInterval(timer)
  }
}

/** Runs, and closes the file. */
async function start(...args: Parameters<typeof run>): Promise<Ran & { counts: Record<string, number> }> {
  const ran = await run(...args)
  const counts = await ran.store.counts()
  await ran.store.close()
  return { ...ran, counts }
}

describe('a provider', () => {
  it('that goes away is waited for, visibly, and the run goes on', async () => {
    let down = false
    let refused = 0
    server.script(({ index }) => {
      if (index === 3) down = true
      if (down && ++refused > 8) down = false
      return down ? { status: 503 } : answer
    })
    const { outcome, seen, counts } = await start({ limits: { concurrency: 3 } })
    expect(outcome.end).toBe('finished')
    expect(counts).toEqual({ waiting: 0, open: 0, done: items, failed: 0 })
    const away = seen.flatMap(snapshot => snapshot.providers).filter(provider => provider.away)
    expect(away.length).toBeGreaterThan(0)
    expect(away[0]!.away!.why).toMatch(/503/)
    expect(server.paid).toBe(items)
  })

  it('that pushes back is held to fewer calls at once, and more again when it answers', async () => {
    let inFlight = 0
    let most = 0
    server.script(async () => {
      most = Math.max(most, ++inFlight)
      await systemClock.sleep(10)
      const refuse = inFlight > 3
      inFlight--
      return refuse ? { status: 429, headers: { 'retry-after-ms': '30' } } : answer
    })
    const { outcome, seen } = await start({ samples: 20, limits: { concurrency: 8 } })
    expect(outcome.end).toBe('finished')
    const states = seen.flatMap(snapshot => snapshot.providers)
    expect(states.every(state => state.concurrency === 8)).toBe(true)
    expect(Math.min(...states.map(state => state.effective))).toBeLessThanOrEqual(4)
    expect(outcome.snapshot.providers[0]!.pushedBack).toBeGreaterThan(0)
    expect(most).toBeGreaterThan(3)
    expect(server.paid).toBe(40)
  })

  it('is held to its own limit, whatever the run’s', async () => {
    let inFlight = 0
    let most = 0
    server.script(async () => {
      most = Math.max(most, ++inFlight)
      await systemClock.sleep(10)
      inFlight--
      return answer
    })
    await start({ limits: { concurrency: 8, providers: { 'openai-compatible': { concurrency: 2 } } } })
    expect(most).toBe(2)
  })

  it('that does not come back sets its items aside, counted by kind; another start goes on without repeating a call', async () => {
    server.script(({ index }) => (index < 4 ? answer : { status: 500 }))
    const first = await start(
      {},
      { models: { baseUrl: server.url, retry: { ...retry, maxTotalWaitMs: 60 }, random: () => 0 } },
    )
    expect(first.outcome).toMatchObject({ end: 'incomplete', failure: { kind: 'provider', fault: 'overloaded' } })
    expect(first.outcome.snapshot.errors).toEqual({ 'provider/overloaded': 6 })
    expect(first.counts).toEqual({ waiting: 0, open: 0, done: 4, failed: 6 })
    server.script([answer])
    const second = await start()
    expect(second.outcome).toMatchObject({ end: 'finished', snapshot: { done: items, errors: {} } })
    expect(server.paid).toBe(items)
  })

  it('that refuses the key is not asked for every item, and does not hold up the others', async () => {
    const script = ({ body }: FakeRequest) => (body.model === 'locked' ? { status: 401 } : answer)
    server.script(script)
    const models = ['openai-compatible/locked', 'openai-compatible/fake']
    const first = await start({ models, limits: { concurrency: 2 } })
    expect(first.outcome.end).toBe('incomplete')
    expect(first.counts.done).toBe(items)
    expect(first.counts.failed).toBeLessThanOrEqual(3)
    expect(first.outcome.snapshot.errors['provider/authentication']).toBe(first.counts.failed)
    server.script([answer])
    expect((await start({ models })).counts).toEqual({ waiting: 0, open: 0, done: 2 * items, failed: 0 })
  })

  it('that finds a question too long has said something about the trajectory: it is over, and unscored', async () => {
    server.script([{ status: 400, raw: '{"error":{"message":"maximum context length is 10 tokens"}}' }])
    const { outcome, store } = await run({ samples: 1 })
    expect(outcome.end).toBe('finished')
    const rows = await store.summaries()
    expect(rows.map(row => [row.state, row.verdict, row.error])).toEqual([
      ['done', 'unscored', 'provider/context-overflow'],
      ['done', 'unscored', 'provider/context-overflow'],
    ])
    expect(outcome.snapshot.cells[0]).toMatchObject({ done: 1, scored: 0, correct: 0 })
    await store.close()
  })
})

describe('a cap', () => {
  const prices: PriceRow[] = [
    { pattern: 'openai-compatible/fake', input: 10, output: 0, cachedInput: null, asOf: '2026-01-01', source: 'test' },
  ]
  const models = () => ({ baseUrl: server.url, prices })

  it('on money stops cleanly, is not passed, and says what is left; a higher one goes on', async () => {
    // Each call costs one cent.
    const first = await start({ limits: { costUsd: 0.035, concurrency: 4 } }, { models: models() })
    expect(first.outcome).toMatchObject({
      end: 'stopped',
      why: expect.stringMatching(/spend cap of \$0.035 leaves no room/),
    })
    expect(first.outcome.snapshot.spent.costUsd).toBeCloseTo(0.03, 9)
    expect(first.counts.done).toBe(3)
    expect(first.outcome.snapshot.left).toBe(items - 3)
    expect(first.counts.failed).toBe(0)
    const idle = await start({ limits: { costUsd: 0.035 } }, { models: models() })
    expect(idle.outcome.end).toBe('stopped')
    expect(server.paid).toBe(3)
    const second = await start({ limits: { costUsd: 1 } }, { models: models() })
    expect(second.outcome.end).toBe('finished')
    expect(second.outcome.snapshot.spent.costUsd).toBeCloseTo(0.1, 9)
    expect(second.outcome.snapshot.spentNow.calls).toBe(items - 3)
    expect(server.paid).toBe(items)
  })

  it('on money is refused where the price is unknown', async () => {
    await expect(start({ limits: { costUsd: 1 } })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/price of openai-compatible\/fake is unknown/),
      mend: expect.stringMatching(/CODESTEER_PRICES/),
    })
    expect(server.requests).toHaveLength(0)
  })

  it('on tokens and on time stops as well', async () => {
    const tokens = await start({ limits: { tokens: 3_000, concurrency: 1 } })
    expect(tokens.outcome).toMatchObject({ end: 'stopped', why: expect.stringMatching(/3,000 tokens/) })
    expect(server.paid).toBe(3)
    server.script([{ ...answer, delayMs: 60 }])
    const time = await start({ limits: { timeMs: 100, concurrency: 1 } })
    expect(time.outcome).toMatchObject({ end: 'stopped', why: expect.stringMatching(/time cap/) })
    expect((await start()).counts.done).toBe(items)
    expect(server.paid).toBe(items)
  })
})

describe('a stop', () => {
  it('lets calls under way finish, leaves trajectories open in the midst, and the next start goes on from there', async () => {
    const stop = new AbortController()
    server.script(async ({ index }) => {
      if (index === 5) stop.abort(new DOMException('cancelled', 'AbortError'))
      await systemClock.sleep(20)
      return { text: '```python\nprint("<<<7>>>")\n```' }
    })
    const plan = { methods: ['code-text-sum-1'], limits: { concurrency: 3 } }
    const first = await start(plan, { signal: stop.signal })
    expect(first.outcome).toMatchObject({ end: 'stopped', why: 'stopped by you' })
    expect(first.counts.open).toBeGreaterThan(0)
    expect(server.closedEarly).toBe(0)
    const paid = server.paid
    const second = await start(plan)
    expect(second.counts).toEqual({ waiting: 0, open: 0, done: 5, failed: 0 })
    expect(second.outcome.snapshot.spentNow.calls).toBe(15 - paid)
    expect(server.paid).toBe(15)
  })

  it('gives back what was claimed and never sent: it is neither a failed attempt nor maybe paid', async () => {
    const stop = new AbortController()
    server.script(async ({ index }) => {
      if (index === 7) stop.abort(new DOMException('cancelled', 'AbortError'))
      // Long enough for the next ones to be ready and in line.
      await systemClock.sleep(300)
      return answer
    })
    const { outcome, store } = await run({ samples: 20, limits: { concurrency: 8 } }, { signal: stop.signal })
    expect(outcome.end).toBe('stopped')
    expect(server.requests).toHaveLength(8)
    expect(server.paid).toBe(8)
    expect(store.ledger!.stats()).toEqual({ done: 8, underWay: 0, maybePaid: 0, failedAttempts: {} })
    await store.close()
    const db = new DatabaseSync(join(folder, 'x.run'))
    const back = db.prepare("SELECT count(*) AS n FROM calls WHERE state = 'failed'").get()
    db.close()
    expect(back!.n, 'some were ready, and were given back').toBeGreaterThan(0)
  })

  it('is not what a wait in line is: the time-out of a call begins when it is sent', async () => {
    server.script(async () => {
      await systemClock.sleep(600)
      return answer
    })
    const oneAtATime = { concurrency: 4, providers: { 'openai-compatible': { concurrency: 1 } } }
    const { outcome } = await start({ samples: 2, limits: oneAtATime }, { models: { timeoutMs: 1_000 } })
    // Ready while another is under way, and sent after it: 1,200 ms in all.
    expect(outcome.end).toBe('finished')
    expect(server.requests).toHaveLength(4)
  })

  it('cuts off what does not end within the grace', async () => {
    const stop = new AbortController()
    server.script(({ index }) => {
      if (index === 0) stop.abort(new DOMException('cancelled', 'AbortError'))
      return { silent: true }
    })
    const begun = performance.now()
    const { outcome, counts } = await start({ limits: { concurrency: 1 } }, { signal: stop.signal, graceMs: 50 })
    expect(outcome.end).toBe('stopped')
    expect(performance.now() - begun).toBeLessThan(4_000)
    expect(counts).toEqual({ waiting: items - 1, open: 1, done: 0, failed: 0 })
  })
})

describe('the record', () => {
  it('of independent trials are independent samples: each is paid for, once', async () => {
    await start({ trials: 3, samples: 2 })
    expect(server.paid).toBe(2 * 2 * 3)
    await start({ trials: 4, samples: 2 })
    expect(server.paid).toBe(2 * 2 * 4)
  })

  it('of a grown plan keeps what was done; what an earlier plan had is kept and told', async () => {
    await start({ samples: 2 })
    const store = open()
    const prepared = await prepareRun({
      plan: await resolvePlan({ ...small, methods: ['only-question', 'all-code-cot'], samples: 3 }),
      store,
      ledger: store.ledger,
      environment: {},
      clock: systemClock,
      models: { baseUrl: server.url },
    })
    expect(prepared.overview).toMatchObject({ total: 6, added: 4, done: 2, superseded: 2 })
    await store.close()
  })

  it('that today’s loop would not make is left alone, and the item begins anew', async () => {
    server.script(({ index }) => (index === 0 ? { status: 500 } : answer))
    const plan = { methods: ['only-question'], samples: 1 }
    const impatient = { models: { baseUrl: server.url, retry: { maxAttempts: 1 } } }
    const first = await run(plan, impatient)
    const [item] = await first.store.items('failed')
    const { trajectoryId, events } = await first.store.eventsOf(item!.key)
    // A guidance as another version might have given it.
    const last = events.at(-1)!
    await first.store.append(trajectoryId!, { ...last, seq: last.seq + 1 } as TrajectoryEvent)
    await first.store.close()
    const { outcome, store, notes } = await run(plan)
    expect(outcome.end).toBe('finished')
    expect(notes).toEqual([expect.stringMatching(/begins anew/)])
    const rows = await store.summaries()
    expect(rows).toHaveLength(1)
    expect(rows[0]!.trajectoryId).not.toBe(trajectoryId)
    expect(await store.trajectory(trajectoryId!)).toHaveLength(events.length + 1)
    await store.close()
  })

  it('is not touched by a jump of the clock', async () => {
    let jumpMs = 0
    const clock: Clock = { nowMs: () => Date.now() + jumpMs, sleep: systemClock.sleep }
    server.script(({ index }) => {
      jumpMs = index % 2 === 0 ? 86_400_000 : -86_400_000
      return answer
    })
    const settings = { limits: { timeMs: 3_600_000 } }
    const { outcome, store } = await run({ settings }, { clock })
    expect(outcome.end).toBe('finished')
    for (const row of await store.summaries()) {
      expect(row.stop).toBe('returned')
      expect(row.tookMs).toBeGreaterThanOrEqual(0)
      expect(row.tookMs).toBeLessThan(60_000)
    }
    await store.close()
  })
})

describe('the sandbox', () => {
  it('that breaks stops the run after a few items; another start goes on', async () => {
    server.script([{ text: '```python\nprint("<<<7>>>")\n```' }])
    const broken: Sandbox = {
      name: 'scripted',
      run: () => Promise.reject(new SandboxError('the zygote is gone', 'Start again.')),
      close: async () => {},
    }
    const first = await start({ limits: { concurrency: 1 } }, { sandbox: broken })
    expect(first.outcome).toMatchObject({ end: 'stopped', failure: { kind: 'sandbox' } })
    expect(first.counts.failed).toBe(3)
    expect(first.outcome.snapshot.errors).toEqual({ sandbox: 3 })
    const second = await start()
    expect(second.counts.done).toBe(items)
    expect(server.paid).toBe(items)
  })
})
