import { ProviderError } from '../errors.ts'
import { readCassette, writeCassette } from '../models/_shared/cassette.ts'
import {
  type AttemptOutcome,
  aroundCall,
  type CallFacts,
  type Flight,
  type Ledger,
  type LedgerStats,
  type MaybePaid,
  type StoredAnswer,
} from '../models/_shared/ledger.ts'
import type { Clock } from '../util/clock.ts'
import type { Database, PgRow } from './postgres-pool.ts'
import { plainText, safeText } from './postgres-rows.ts'
import type { WriteQueue } from './postgres-writes.ts'

/** The ledger of many machines: what models need of one, and its figures when the database has given them. */
export interface PostgresLedger extends Pick<Ledger, 'path' | 'turn' | 'around' | 'retract' | 'export' | 'import'> {
  maybePaid(): Promise<readonly MaybePaid[]>
  stats(): Promise<LedgerStats>
}

interface LedgerParts {
  readonly db: Database
  /** The schema, quoted. */
  readonly s: string
  /** The store's owner: alive while it beats. */
  readonly owner: string
  readonly where: string
  readonly writes: WriteQueue
  readonly clock: Clock
  readonly maybePaid?: 'repeat' | 'refuse'
}

const firstLookMs = 50
const lastLookMs = 500

/**
 * The ledger of `models/_shared/ledger.ts` on PostgreSQL, with the same promises: `started` is committed before a request
 * is sent, `done` with the body before anybody sees the answer, and of all workers one makes a call while the others wait
 * for its answer. An owner that no longer beats is dead; what it had sent is maybe paid.
 */
export function postgresLedger(parts: LedgerParts): PostgresLedger {
  const { db, s, writes, clock, where } = parts
  const flights = new Map<string, Promise<void>>()
  const claim = claimer(parts, flights)
  const launch = launcher(parts, flights)
  const ledger: PostgresLedger = {
    path: where,
    async turn(facts, signal) {
      for (let waitMs = firstLookMs; ; waitMs = Math.min(2 * waitMs, lastLookMs)) {
        signal?.throwIfAborted()
        const here = flights.get(keyOf(facts))
        if (here) {
          await untilOrAborted(here, signal)
          continue
        }
        // After what was handed over before it, so that the record is never behind what was sent.
        const claimed = await writes.run(() => claim(facts))
        if (claimed === 'claimed') return { flight: launch(facts) }
        if (claimed !== 'busy') return { hit: claimed }
        await clock.sleep(waitMs, signal ?? undefined)
      }
    },
    around: (facts, signal, call) => aroundCall(ledger, facts, signal, call),
    retract(requestHash, trial, why) {
      // Written before the next turn is taken, which goes through the same queue; a failure comes out there as well.
      writes.run(() => retract(parts, requestHash, trial, why)).catch(() => undefined)
    },
    async maybePaid() {
      const died = await db.rows(
        `SELECT request_hash, trial, model, started_at_ms, true FROM ${s}.attempts WHERE outcome = 'died' ORDER BY id`,
      )
      const open = await db.rows(
        `SELECT request_hash, trial, model, started_at_ms, false FROM ${s}.calls c
         WHERE state = 'started' AND NOT ${alive(s)} ORDER BY started_at_ms`,
      )
      return [...died, ...open].map(maybePaidOf)
    },
    async stats() {
      const [row] = await db.rows(
        `SELECT count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'started' AND ${alive(s)})
         FROM ${s}.calls c`,
      )
      const outcomes = await db.rows(`SELECT outcome, count(*) FROM ${s}.attempts GROUP BY outcome ORDER BY outcome`)
      return {
        done: row![0] as number,
        underWay: row![1] as number,
        maybePaid: (await ledger.maybePaid()).length,
        failedAttempts: Object.fromEntries(outcomes) as LedgerStats['failedAttempts'],
      }
    },
    async export(file) {
      const rows = await db.rows(
        `SELECT request_hash, trial, model, method, url, started_at_ms, ${answerColumns} FROM ${s}.calls
         WHERE state = 'done' ORDER BY started_at_ms, request_hash, trial`,
      )
      return writeCassette(
        file,
        rows.map(row => {
          const [requestHash, trial, model, method, url] = row.map(plainText) as string[]
          const atMs = row[5] as number
          return {
            requestHash: requestHash!,
            trial: trial!,
            model: model!,
            method: method!,
            url: url!,
            atMs,
            ...answerOf(row, 6),
          }
        }),
      )
    },
    async import(file) {
      let added = 0
      for (const call of await readCassette(file)) {
        const { requestHash, trial, model, method, url, atMs, tookMs, streamed, status, headers, body } = call
        const values = [requestHash, trial, model, method, url, atMs, atMs + tookMs, streamed ? 1 : 0, status]
        const found = await db.rows(
          `INSERT INTO ${s}.calls (request_hash, trial, state, model, method, url, started_at_ms, done_at_ms, streamed,
             status, headers, body)
           VALUES ($1, $2, 'done', $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING 1`,
          [...values, JSON.stringify(headers), body].map(safeText),
        )
        added += found.length
      }
      return added
    },
  }
  return ledger
}

const keyOf = ({ requestHash, trial }: CallFacts) => `${requestHash} ${trial}`

/** True of a call `c` whose maker still beats. */
const alive = (s: string) => `EXISTS (SELECT 1 FROM ${s}.owners o
  WHERE o.id = c.owner AND o.beat_at + o.lease_ms * interval '1 millisecond' > clock_timestamp())`

const answerColumns = 'started_at_ms, done_at_ms, streamed, status, headers, body'

function answerOf(row: PgRow, from: number): StoredAnswer {
  const [startedAtMs, doneAtMs, streamed, status, headers, body] = row.slice(from).map(plainText)
  return {
    status: status as number,
    headers: JSON.parse(headers as string) as Record<string, string>,
    body: body as string,
    streamed: streamed === 1,
    tookMs: (doneAtMs as number) - (startedAtMs as number),
  }
}

/** Decides in the database, so that of many workers only one is told to make the call. */
function claimer(parts: LedgerParts, flights: ReadonlyMap<string, unknown>) {
  const { db, s, owner, clock } = parts
  const first = async ({ requestHash, trial, model, method = '', url = '', streamed }: CallFacts) => {
    const values = [requestHash, trial, owner, model, method, url, clock.nowMs(), streamed ? 1 : 0].map(safeText)
    const added = await db.rows(
      `INSERT INTO ${s}.calls (request_hash, trial, state, owner, model, method, url, started_at_ms, streamed)
       VALUES ($1, $2, 'started', $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING 1`,
      values,
    )
    return added.length > 0
  }
  return async (facts: CallFacts): Promise<'claimed' | 'busy' | StoredAnswer> => {
    if (await first(facts)) return 'claimed'
    const key = [facts.requestHash, safeText(facts.trial)]
    const [row] = await db.rows(
      `SELECT state, owner, ${alive(s)}, ${answerColumns} FROM ${s}.calls c WHERE request_hash = $1 AND trial = $2`,
      key,
    )
    const [state, holder, lives, startedAtMs] = row as [string, string | null, boolean, number]
    if (state === 'done') return answerOf(row!, 3)
    // Ours, and not under way: the database went away between writing it and saying so.
    if (state === 'started' && holder === owner && !flights.has(keyOf(facts))) return 'claimed'
    if (state === 'started' && lives) return 'busy'
    if (state === 'started' && parts.maybePaid === 'refuse') throw refused(facts, startedAtMs)
    // Only from the state that was seen: if another worker was quicker, the next look finds its call.
    const taken = await db.rows(
      `WITH taken AS (
         UPDATE ${s}.calls c SET state = 'started', owner = $3, model = $4, started_at_ms = $5, streamed = $6,
           status = NULL, headers = NULL, body = NULL
         WHERE request_hash = $1 AND trial = $2 AND state = $7 AND owner IS NOT DISTINCT FROM $8 RETURNING 1
       ), died AS (
         INSERT INTO ${s}.attempts (request_hash, trial, model, started_at_ms, ended_at_ms, outcome, detail)
         SELECT $1, $2, $4, $9, $5, 'died', 'the worker ended before the answer was written' FROM taken WHERE $7 = 'started'
       ) SELECT 1 FROM taken`,
      [...key, owner, safeText(facts.model), clock.nowMs(), facts.streamed ? 1 : 0, state, holder, startedAtMs],
    )
    return taken.length > 0 ? 'claimed' : 'busy'
  }
}

/** The right to make one call, and the record of how it went. */
function launcher({ db, s, owner, writes, clock }: LedgerParts, flights: Map<string, Promise<void>>) {
  return (facts: CallFacts): Flight => {
    const key = [facts.requestHash, safeText(facts.trial)]
    let startedAtMs = clock.nowMs()
    const { promise, resolve } = Promise.withResolvers<void>()
    flights.set(keyOf(facts), promise)
    const land = async (sql: string, values: unknown[]) => {
      try {
        await writes.run(() => db.rows(sql, values))
      } finally {
        flights.delete(keyOf(facts))
        resolve()
      }
    }
    // The owner's name in these two: one that was taken for gone must not write over its successor's row.
    const mine = `request_hash = $1 AND trial = $2 AND owner = $3 AND state = 'started'`
    return {
      sent() {
        startedAtMs = clock.nowMs()
      },
      done: ({ status, headers, body }) =>
        land(
          `UPDATE ${s}.calls SET state = 'done', owner = NULL, started_at_ms = $8, done_at_ms = $4, status = $5,
             headers = $6, body = $7
           WHERE ${mine}`,
          [...key, owner, clock.nowMs(), status, safeText(JSON.stringify(headers)), safeText(body), startedAtMs],
        ),
      unsent: () => land(`UPDATE ${s}.calls SET state = 'failed', owner = NULL WHERE ${mine}`, [...key, owner]),
      failed: (outcome: AttemptOutcome, detail, status) =>
        land(
          `WITH noted AS (
             INSERT INTO ${s}.attempts (request_hash, trial, model, started_at_ms, ended_at_ms, outcome, status, detail)
             VALUES ($1, $2, $4, $5, $6, $7, $8, $9)
           ) UPDATE ${s}.calls SET state = 'failed', owner = NULL WHERE ${mine}`,
          [
            ...key,
            owner,
            safeText(facts.model),
            startedAtMs,
            clock.nowMs(),
            outcome,
            status ?? null,
            safeText(detail.slice(0, 2_000)),
          ],
        ),
    }
  }
}

async function retract({ db, s, clock }: LedgerParts, requestHash: string, trial: string, why: string): Promise<void> {
  await db.rows(
    `WITH taken AS (
       UPDATE ${s}.calls SET state = 'failed' WHERE request_hash = $1 AND trial = $2 AND state = 'done' RETURNING model
     ) INSERT INTO ${s}.attempts (request_hash, trial, model, started_at_ms, ended_at_ms, outcome, detail)
       SELECT $1, $2, model, $3, $3, 'bad-response', $4 FROM taken`,
    [requestHash, safeText(trial), clock.nowMs(), safeText(why.slice(0, 2_000))],
  )
}

function maybePaidOf(row: PgRow): MaybePaid {
  const [requestHash, trial, model, startedAtMs, repeated] = row.map(plainText) as [
    string,
    string,
    string,
    number,
    boolean,
  ]
  return { requestHash, trial, model, startedAtMs, repeated }
}

function refused(facts: CallFacts, startedAtMs: number): ProviderError {
  const at = new Date(startedAtMs).toISOString()
  return new ProviderError(
    'bad-request',
    `a call to ${facts.model} was sent at ${at} by a worker that ended before the answer came; it may have been paid for`,
    'Open the run with maybePaid "repeat" to send it again.',
    { retryable: false },
  )
}

async function untilOrAborted(promise: Promise<void>, signal: AbortSignal | null | undefined): Promise<void> {
  if (!signal) return promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
