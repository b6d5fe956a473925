// What several writers of one run may rely on: who holds what, who makes a call, and what happens when one is gone.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { StoredAnswer } from '../../src/models/_shared/ledger.ts'
import { LeaseLost, openPostgresStore, type PostgresRunStore } from '../../src/store/postgres-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { eventsFor, item, summaryOf, workOff } from '../contracts/run-store.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { type Cluster, missingPostgres, password, startCluster } from './cluster.ts'

const missing = missingPostgres()
describe.skipIf(missing !== null)(`several writers on PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: Cluster
  let database = ''
  let run = ''
  let count = 0
  beforeAll(() => {
    cluster = startCluster()
    database = cluster.database()
  })
  afterAll(() => cluster.stop())
  beforeEach(() => {
    run = `shared-${++count}`
  })

  const open = async (more: Partial<Parameters<typeof openPostgresStore>[1]> = {}): Promise<PostgresRunStore> => {
    const store = await openPostgresStore(database, { access: 'create', clock: systemClock, run, ...more })
    onTestFinished(() => store.close())
    return store
  }
  /** As if all of a store's beats had been lost for so long that its leases are over. */
  const silence = (store: PostgresRunStore) =>
    store.db.rows(
      `UPDATE "codesteer_run_${run}".owners SET beat_at = beat_at - interval '1 hour' WHERE id =
         (SELECT owner FROM "codesteer_run_${run}".items WHERE held UNION SELECT owner FROM "codesteer_run_${run}".calls WHERE state = 'started' LIMIT 1)`,
    )

  it('an item has one holder; a second finds it held', async () => {
    const [a, b] = [await open(), await open()]
    await a.addItems([item(1)])
    expect(await a.lease('key-1')).toBe('leased')
    expect(await a.lease('key-1')).toBe('leased')
    expect(await b.lease('key-1')).toBe('held')
    await expect(b.begin('key-1', 'x')).rejects.toBeInstanceOf(LeaseLost)
    await a.release('key-1')
    expect(await b.lease('key-1')).toBe('leased')
    expect(await b.lease('no-such')).toBe('unknown')
  })

  it('of many that reach for an item at the same moment one gets it', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => open({ connections: 1 })))
    await stores[0]!.addItems(Array.from({ length: 10 }, (_, n) => item(n)))
    for (let n = 0; n < 10; n++) {
      const answers = await Promise.all(stores.map(store => store.lease(`key-${n}`)))
      expect(answers.toSorted()).toEqual(['held', 'held', 'held', 'leased'])
    }
  })

  it('closing gives back at once what was held', async () => {
    const [a, b] = [await open(), await open()]
    await a.addItems([item(1)])
    await a.begin('key-1', 't1')
    await a.close()
    expect(await b.lease('key-1')).toBe('leased')
  })

  it('a writer that lost its lease writes nothing more, and its successor goes on', async () => {
    const [a, b] = [await open(), await open()]
    await a.addItems([item(1)])
    const events = eventsFor('t1')
    await a.begin('key-1', 't1')
    for (const event of events.slice(0, 2)) await a.append('t1', event)
    await silence(a)
    expect(await b.lease('key-1')).toBe('leased')
    await expect(a.append('t1', events[2]!)).rejects.toBeInstanceOf(LeaseLost)
    const summary = summaryOf(item(1), events)
    await expect(a.finish('key-1', 'done', summary)).rejects.toBeInstanceOf(LeaseLost)
    expect((await b.eventsOf('key-1')).events).toEqual(events.slice(0, 2))
    await b.begin('key-1', 't1')
    for (const event of events.slice(2)) await b.append('t1', event)
    await b.finish('key-1', 'done', summary)
    expect(await b.trajectory('t1')).toEqual(events)
    expect(await b.counts()).toMatchObject({ done: 1, open: 0 })
    expect(await a.lease('key-1')).toBe('done')
  })

  const facts = { requestHash: 'h', trial: 'k/0', model: 'x/y', method: 'POST', url: 'http://u' }
  const answer = {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: 'NUL \u0000, half \ud83d, whole \ud83d\ude00',
  }
  const hitOf = (turn: object) => (turn as { hit: StoredAnswer }).hit

  it('of two with the same request one makes the call, the other gets its answer', async () => {
    const [a, b] = [await open(), await open()]
    const turn = await a.ledger!.turn(facts)
    if (!('flight' in turn)) throw new Error('the first must make the call')
    let told = false
    const other = b.ledger!.turn(facts).then(found => {
      told = true
      return found
    })
    await systemClock.sleep(200)
    expect(told).toBe(false)
    expect(await b.ledger!.stats()).toMatchObject({ done: 0, underWay: 1, maybePaid: 0 })
    await turn.flight.done(answer)
    expect(hitOf(await other)).toMatchObject(answer)
    expect(hitOf(await a.ledger!.turn(facts))).toMatchObject(answer)
    expect(await a.ledger!.stats()).toEqual({ done: 1, underWay: 0, maybePaid: 0, failedAttempts: {} })
  })

  it('of many at the same moment one makes the call', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => open({ connections: 2 })))
    let made = 0
    const bodies = await Promise.all(
      stores.flatMap(store =>
        Array.from({ length: 5 }, () =>
          store.ledger!.around(facts, new AbortController().signal, async () => {
            made++
            await systemClock.sleep(30)
            return 'the answer'
          }),
        ),
      ),
    )
    expect(made).toBe(1)
    expect(new Set(bodies.map(({ body }) => body))).toEqual(new Set(['the answer']))
  })

  it('what a dead worker had sent is maybe paid, told, and repeated', async () => {
    const [a, b] = [await open(), await open()]
    expect(await a.ledger!.turn(facts)).toHaveProperty('flight')
    await silence(a)
    expect(await b.ledger!.maybePaid()).toMatchObject([{ requestHash: 'h', trial: 'k/0', repeated: false }])
    const refusing = await open({ maybePaid: 'refuse' })
    await expect(refusing.ledger!.turn(facts)).rejects.toMatchObject({ kind: 'provider' })
    expect(await b.ledger!.turn(facts)).toHaveProperty('flight')
    expect(await b.ledger!.maybePaid()).toMatchObject([{ requestHash: 'h', repeated: true }])
  })

  it('the answer of one that was taken for dead does not write over its successor’s', async () => {
    const [a, b] = [await open(), await open()]
    const first = await a.ledger!.turn(facts)
    await silence(a)
    const second = await b.ledger!.turn(facts)
    if (!('flight' in first && 'flight' in second)) throw new Error('both must have made the call')
    await second.flight.done({ ...answer, body: 'second' })
    await first.flight.done({ ...answer, body: 'first' })
    expect(hitOf(await b.ledger!.turn(facts)).body).toBe('second')
  })

  it('failed attempts are kept and made again; a retracted answer is asked for again', async () => {
    const { ledger } = await open()
    const fly = async () => {
      const turn = await ledger!.turn(facts)
      if (!('flight' in turn)) throw new Error('must be made')
      return turn.flight
    }
    await (await fly()).failed('http-error', 'too many', 429)
    await (await fly()).done(answer)
    ledger!.retract('h', 'k/0', 'no JSON')
    await (await fly()).done({ ...answer, body: 'better' })
    expect(hitOf(await ledger!.turn(facts)).body).toBe('better')
    expect(await ledger!.stats()).toMatchObject({ done: 1, failedAttempts: { 'bad-response': 1, 'http-error': 1 } })
    expect(await ledger!.turn({ ...facts, trial: 'k/1' })).toHaveProperty('flight')
  })

  it('goes in and out as a cassette', async () => {
    const file = join(temporaryFolder(), 'calls.jsonl')
    const { ledger } = await open()
    await ledger!.around(facts, new AbortController().signal, async () => 'NUL \u0000')
    expect(await ledger!.export(file)).toBe(1)
    run = `${run}-copy`
    const copy = await open()
    expect(await copy.ledger!.import(file)).toBe(1)
    expect(await copy.ledger!.import(file)).toBe(0)
    expect(hitOf(await copy.ledger!.turn(facts)).body).toBe('NUL \u0000')
  })

  it('texts that PostgreSQL has no letters for come back as they were', async () => {
    const store = await open()
    const odd = item(1, { label: 'NUL \u0000 label' })
    await store.addItems([odd])
    const more = { answer: 'a\u0000b', why: '\u0001json', error: 'half \udc00' }
    const summary = await workOff(store, odd, 't1', more)
    expect(await store.summaries({ label: 'NUL \u0000 label' })).toEqual([summary])
  })

  it('a database that restarts is waited for, and nothing is lost or doubled', async () => {
    const store = await open()
    const items = Array.from({ length: 6 }, (_, n) => item(n))
    await store.addItems(items)
    const work = Promise.all(
      items.map(async (of, n) => {
        await store.begin(of.key, `t${n}`)
        for (const event of eventsFor(`t${n}`)) {
          await store.append(`t${n}`, event)
          await systemClock.sleep(60)
        }
        await store.finish(of.key, 'done', summaryOf(of, eventsFor(`t${n}`)))
      }),
    )
    await systemClock.sleep(100)
    cluster.crash()
    await systemClock.sleep(200)
    cluster.start()
    await work
    for (const n of items.keys()) expect(await store.trajectory(`t${n}`)).toEqual(eventsFor(`t${n}`))
    expect(await store.counts()).toMatchObject({ done: 6 })
  })

  describe('refuses with a mend and without credentials', () => {
    const failure = async (address: string, more: object = {}) => {
      try {
        const store = await openPostgresStore(address, { access: 'create', clock: systemClock, run, ...more })
        await store.close()
      } catch (error) {
        const { message, mend, cause } = error as { message: string; mend: string; cause?: unknown }
        expect(`${message} ${mend} ${JSON.stringify(cause ?? null)}`).not.toContain(password)
        return `${message} → ${mend}`
      }
      throw new Error('it was opened')
    }

    it('a newer format', async () => {
      const store = await open()
      await store.db.rows(`UPDATE "codesteer_run_${run}".facts SET value = '99' WHERE name = 'format'`)
      expect(await failure(database)).toMatch(/format 99; this version reads up to 1 → Update codesteer/)
    })

    it('a run that is not there', async () => {
      await open()
      expect(await failure(database, { run: 'other', access: 'read' })).toMatch(/no run "other".*There are: .*shared-/)
    })

    it('no run named where there are several', async () => {
      await open()
      run = `${run}-b`
      await open()
      expect(await failure(database, { run: undefined, access: 'read' })).toMatch(/names no run → Add \?run=NAME/)
    })

    it('a server that is not there, at once', async () => {
      const began = Date.now()
      expect(await failure(`postgres://me:${password}@127.0.0.1:1/x`)).toMatch(/ECONNREFUSED.*Start the database/)
      expect(Date.now() - began).toBeLessThan(5_000)
    })

    it('a database that is not there', async () => {
      expect(await failure(database.replace(/test_\d+_\d+/, 'nowhere'))).toMatch(/does not exist → Create the database/)
    })

    it('a schema of the same name that is no run', async () => {
      const store = await open()
      await store.db.rows('CREATE SCHEMA "codesteer_run_foreign"')
      await store.db.rows('CREATE TABLE "codesteer_run_foreign".facts (name text, value text)')
      expect(await failure(database, { run: 'foreign' })).toMatch(/is no run of ours → Use another name/)
    })
  })

  it('says what to install where the driver is missing', async () => {
    const hook = join(temporaryFolder(), 'without.mjs')
    writeFileSync(
      hook,
      `import { registerHooks } from 'node:module'
       registerHooks({ resolve: (name, context, next) => {
         if (name === 'pg') throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })
         return next(name, context)
       } })`,
    )
    const { code, stderr } = await cli(['worker', database], { env: { NODE_OPTIONS: `--import=${hook}` } })
    expect(stderr).toMatch(/needs the package pg[\s\S]*npm install pg pg-boss/)
    expect(code).toBe(2)
  })
})
