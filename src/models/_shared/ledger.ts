import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { ProviderError } from '../../errors.ts'
import type { Clock } from '../../util/clock.ts'
import { type CassetteRow, readCassette, writeCassette } from './cassette.ts'
import { openLedgerFile, storeError, transaction } from './ledger-file.ts'

/** What is known of a request before it is sent. */
export interface CallFacts {
  readonly requestHash: string
  readonly trial: string
  /** `provider/model` as the user named it. */
  readonly model: string
  readonly method?: string
  readonly url?: string
  readonly streamed?: boolean
}

/** A whole answer as it was recorded; `streamed` says that the body is a stream of events. */
export interface StoredAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly streamed: boolean
}

/** Why an attempt gave no answer. All but `http-error` may have been paid for. */
export type AttemptOutcome = 'http-error' | 'connection' | 'cut' | 'aborted' | 'bad-response' | 'died'

/** The right and duty to make one call: exactly one of the two must be used. */
export interface Flight {
  /** Writes the answer; when it returns, the answer is on the disk. Throws StoreError. */
  done(answer: Omit<StoredAnswer, 'streamed'>): void
  failed(outcome: AttemptOutcome, detail: string, status?: number): void
}

export type Turn = { readonly hit: StoredAnswer } | { readonly flight: Flight }

/** A call that was sent by a process that ended before the answer was written. */
export interface MaybePaid {
  readonly requestHash: string
  readonly trial: string
  readonly model: string
  readonly startedAtMs: number
  /** True when it has been sent again since. */
  readonly repeated: boolean
}

export interface LedgerStats {
  readonly done: number
  /** Being made right now, by any process. */
  readonly underWay: number
  readonly maybePaid: number
  /** Attempts without a usable answer, by outcome. */
  readonly failedAttempts: Readonly<Partial<Record<AttemptOutcome, number>>>
}

export interface Ledger {
  readonly path: string
  /**
   * A recorded answer, or the right to make the call. While somebody else makes it, waits for them (in this process by
   * being told, in others by looking). Throws ProviderError for a maybe-paid call under the policy `refuse`, StoreError,
   * or the signal's reason.
   */
  turn(facts: CallFacts, signal?: AbortSignal | null): Promise<Turn>
  /** The same for a call that is one function giving a text, such as one to a model object of the user's. */
  around(
    facts: CallFacts,
    signal: AbortSignal,
    call: () => Promise<string>,
  ): Promise<{ body: string; fromLedger: boolean }>
  /** Takes back a recorded answer that turned out to be unusable, so that it is asked for again. */
  retract(requestHash: string, trial: string, why: string): void
  maybePaid(): readonly MaybePaid[]
  stats(): LedgerStats
  /** Writes all finished calls as a cassette (JSON Lines), in a stable order; gives their number. */
  export(file: string): Promise<number>
  /** Adds a cassette's calls; those already here stay. Gives the number added. */
  import(file: string): Promise<number>
  close(): void
}

export interface LedgerOptions {
  readonly clock: Clock
  /** What to do with a call that may have been paid for by a process that died. Default `repeat`. */
  readonly maybePaid?: 'repeat' | 'refuse'
  /** Bound on the file's size. */
  readonly maxBytes?: number
}

const beatEveryMs = 5000
/** A living process beats every five seconds; one this late is taken for gone even if something has its number. */
const deadAfterMs = 60_000
const lookEveryMs = 50

interface CallRow {
  state: 'started' | 'done' | 'failed'
  owner: string | null
  started_at_ms: number
  streamed: number
  status: number
  headers: string
  body: string
}

/** Owners living in this very process; more than one when a file is opened twice. */
const livingHere = new Set<string>()

/**
 * Opens the record that stands beside the HTTP responses: `started` before a request is sent, `done` with the body before
 * anybody sees the answer. One file may be used by many processes on one machine. Throws StoreError.
 */
export function openLedger(path: string, options: LedgerOptions): Ledger {
  const db = openLedgerFile(path, options.maxBytes)
  const { clock } = options
  const owner = randomUUID()
  const host = hostname()
  const flights = new Map<string, Promise<void>>()
  let beat: NodeJS.Timeout | undefined
  livingHere.add(owner)

  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw storeError(error, path)
    }
  }
  const prepared = guard(() => statements(db))

  const isAlive = (id: string | null): boolean => {
    if (id === null) return false
    if (livingHere.has(id)) return true
    const row = prepared.owner.get(id) as OwnerRow | undefined
    if (!row || clock.nowMs() - row.beat_at_ms > deadAfterMs) return false
    return row.host !== host || processLives(row)
  }

  const keepBeating = () => {
    if (beat) return
    prepared.iAm.run(owner, host, process.pid, bornAtMs(), clock.nowMs())
    beat = setInterval(() => {
      try {
        prepared.beat.run(clock.nowMs(), owner)
      } catch {
        // A beat that the disk or a lock swallowed is made good by the next; twelve in a row may be missed.
      }
    }, beatEveryMs).unref()
  }

  /** Reads and claims in one transaction, so that of many processes only one is told to make the call. */
  const claim = (facts: CallFacts): 'claimed' | 'busy' | StoredAnswer => {
    return transaction(db, () => {
      const row = prepared.find.get(facts.requestHash, facts.trial) as CallRow | undefined
      if (row?.state === 'done') return answerOf(row)
      if (row?.state === 'started') {
        if (isAlive(row.owner)) return 'busy'
        if (options.maybePaid === 'refuse') throw refused(facts, row.started_at_ms)
        prepared.attempt.run(
          facts.requestHash,
          facts.trial,
          facts.model,
          row.started_at_ms,
          clock.nowMs(),
          'died',
          null,
          'the process ended before the answer was written',
        )
      }
      keepBeating()
      prepared.start.run(
        facts.requestHash,
        facts.trial,
        owner,
        facts.model,
        facts.method ?? '',
        facts.url ?? '',
        clock.nowMs(),
        facts.streamed ? 1 : 0,
      )
      return 'claimed'
    })
  }

  const flightOf = (facts: CallFacts, key: string): Flight => {
    const startedMs = clock.nowMs()
    const { promise, resolve } = Promise.withResolvers<void>()
    flights.set(key, promise)
    const land = (write: () => void) => {
      try {
        guard(write)
      } finally {
        flights.delete(key)
        if (flights.size === 0) {
          clearInterval(beat)
          beat = undefined
        }
        resolve()
      }
    }
    return {
      done: answer =>
        land(() =>
          prepared.done.run(
            clock.nowMs(),
            answer.status,
            JSON.stringify(answer.headers),
            answer.body,
            facts.requestHash,
            facts.trial,
            owner,
          ),
        ),
      failed: (outcome, detail, status) =>
        land(() => {
          prepared.attempt.run(
            facts.requestHash,
            facts.trial,
            facts.model,
            startedMs,
            clock.nowMs(),
            outcome,
            status ?? null,
            detail.slice(0, 2000),
          )
          prepared.fail.run(facts.requestHash, facts.trial, owner)
        }),
    }
  }

  const ledger: Ledger = {
    path,
    async turn(facts, signal) {
      const key = `${facts.requestHash} ${facts.trial}`
      for (;;) {
        signal?.throwIfAborted()
        const here = flights.get(key)
        if (here) {
          await untilOrAborted(here, signal)
          continue
        }
        const claimed = guardOwn(() => claim(facts), guard)
        if (claimed === 'claimed') return { flight: flightOf(facts, key) }
        if (claimed !== 'busy') return { hit: claimed }
        await clock.sleep(lookEveryMs, signal ?? undefined)
      }
    },
    async around(facts, signal, call) {
      const turn = await ledger.turn(facts, signal)
      if ('hit' in turn) return { body: turn.hit.body, fromLedger: true }
      let body: string
      try {
        body = await call()
      } catch (error) {
        turn.flight.failed(signal.aborted ? 'aborted' : 'bad-response', String(error))
        throw error
      }
      turn.flight.done({ status: 200, headers: {}, body })
      return { body, fromLedger: false }
    },
    retract(requestHash, trial, why) {
      guard(() => {
        const now = clock.nowMs()
        const changed = prepared.retract.run(requestHash, trial)
        if (changed.changes > 0)
          prepared.attempt.run(requestHash, trial, '', now, now, 'bad-response', null, why.slice(0, 2000))
      })
    },
    maybePaid() {
      return guard(() => {
        const open = (prepared.open.all() as unknown as OpenRow[]).filter(row => !isAlive(row.owner))
        const repeated = prepared.died.all() as unknown as OpenRow[]
        return [...repeated.map(row => maybePaidOf(row, true)), ...open.map(row => maybePaidOf(row, false))]
      })
    },
    stats() {
      return guard(() => {
        const open = prepared.open.all() as unknown as OpenRow[]
        const alive = open.filter(row => isAlive(row.owner)).length
        const outcomes = prepared.outcomes.all() as { outcome: AttemptOutcome; n: number }[]
        return {
          done: (prepared.countDone.get() as { n: number }).n,
          underWay: alive,
          maybePaid: ledger.maybePaid().length,
          failedAttempts: Object.fromEntries(outcomes.map(row => [row.outcome, row.n])),
        }
      })
    },
    export: file =>
      writeCassette(file, guard(() => prepared.allDone.all() as unknown as ExportRow[]).map(cassetteRowOf)),
    async import(file) {
      const rows = await readCassette(file)
      return guard(() => {
        const add = (row: CassetteRow) => Number(prepared.add.run(...columnsOf(row)).changes)
        return transaction(db, () => rows.reduce((added, row) => added + add(row), 0))
      })
    },
    close() {
      clearInterval(beat)
      livingHere.delete(owner)
      // What is still under way can no longer be written down: nobody owns it, so it counts as maybe paid.
      guard(() => {
        prepared.leave.run(owner)
        db.close()
      })
    },
  }
  return ledger
}

type OpenRow = { request_hash: string; trial: string; model: string; started_at_ms: number; owner: string | null }
type ExportRow = OpenRow & {
  method: string
  url: string
  streamed: number
  status: number
  headers: string
  body: string
}

function statements(db: ReturnType<typeof openLedgerFile>) {
  const cell = 'request_hash = ? AND trial = ?'
  return {
    find: db.prepare(`SELECT state, owner, started_at_ms, streamed, status, headers, body FROM calls WHERE ${cell}`),
    start: db.prepare(
      `INSERT INTO calls (request_hash, trial, state, owner, model, method, url, started_at_ms, streamed)
       VALUES (?, ?, 'started', ?, ?, ?, ?, ?, ?)
       ON CONFLICT (request_hash, trial) DO UPDATE SET state = 'started', owner = excluded.owner, model = excluded.model,
         started_at_ms = excluded.started_at_ms, streamed = excluded.streamed, status = NULL, headers = NULL, body = NULL`,
    ),
    done: db.prepare(
      `UPDATE calls SET state = 'done', owner = NULL, done_at_ms = ?, status = ?, headers = ?, body = ?
       WHERE ${cell} AND owner = ? AND state = 'started'`,
    ),
    fail: db.prepare(
      `UPDATE calls SET state = 'failed', owner = NULL WHERE ${cell} AND owner = ? AND state = 'started'`,
    ),
    retract: db.prepare(`UPDATE calls SET state = 'failed' WHERE ${cell} AND state = 'done'`),
    attempt: db.prepare(
      `INSERT INTO attempts (request_hash, trial, model, started_at_ms, ended_at_ms, outcome, status, detail)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    owner: db.prepare('SELECT host, pid, born_at_ms, beat_at_ms FROM owners WHERE id = ?'),
    iAm: db.prepare('INSERT OR REPLACE INTO owners (id, host, pid, born_at_ms, beat_at_ms) VALUES (?, ?, ?, ?, ?)'),
    beat: db.prepare('UPDATE owners SET beat_at_ms = ? WHERE id = ?'),
    leave: db.prepare('DELETE FROM owners WHERE id = ?'),
    open: db.prepare(`SELECT request_hash, trial, model, started_at_ms, owner FROM calls WHERE state = 'started'`),
    died: db.prepare(
      `SELECT request_hash, trial, model, started_at_ms, NULL AS owner FROM attempts WHERE outcome = 'died' ORDER BY id`,
    ),
    outcomes: db.prepare('SELECT outcome, count(*) AS n FROM attempts GROUP BY outcome ORDER BY outcome'),
    countDone: db.prepare(`SELECT count(*) AS n FROM calls WHERE state = 'done'`),
    allDone: db.prepare(
      `SELECT request_hash, trial, model, method, url, started_at_ms, streamed, status, headers, body, owner
       FROM calls WHERE state = 'done' ORDER BY started_at_ms, request_hash, trial`,
    ),
    add: db.prepare(
      `INSERT OR IGNORE INTO calls (request_hash, trial, state, model, method, url, started_at_ms, done_at_ms, streamed, status, headers, body)
       VALUES (?, ?, 'done', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
  }
}

function answerOf(row: CallRow): StoredAnswer {
  return { status: row.status, headers: JSON.parse(row.headers), body: row.body, streamed: row.streamed === 1 }
}

function columnsOf(row: CassetteRow) {
  const headers = JSON.stringify(row.headers)
  const { requestHash, trial, model, method, url, atMs, status, body } = row
  return [requestHash, trial, model, method, url, atMs, atMs, row.streamed ? 1 : 0, status, headers, body] as const
}

function cassetteRowOf(row: ExportRow): CassetteRow {
  return {
    requestHash: row.request_hash,
    trial: row.trial,
    model: row.model,
    method: row.method,
    url: row.url,
    atMs: row.started_at_ms,
    streamed: row.streamed === 1,
    status: row.status,
    headers: JSON.parse(row.headers),
    body: row.body,
  }
}

function maybePaidOf(row: OpenRow, repeated: boolean): MaybePaid {
  return { requestHash: row.request_hash, trial: row.trial, model: row.model, startedAtMs: row.started_at_ms, repeated }
}

function refused(facts: CallFacts, startedAtMs: number): ProviderError {
  return new ProviderError(
    'bad-request',
    `a call to ${facts.model} was sent at ${new Date(startedAtMs).toISOString()} by a process that ended before the answer came; it may have been paid for`,
    'Open the ledger with maybePaid "repeat" to send it again.',
    { retryable: false },
  )
}

interface OwnerRow {
  host: string
  pid: number
  born_at_ms: number
  beat_at_ms: number
}

/** When this process began, by the system's clock. */
function bornAtMs(): number {
  return Math.round(Date.now() - process.uptime() * 1000)
}

function processLives({ pid, born_at_ms }: OwnerRow): boolean {
  // A restarted container often has the same process number again; the owner was another process all the same.
  if (pid === process.pid) return Math.abs(born_at_ms - bornAtMs()) < 2000
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists but is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Lets our own typed errors through unchanged and turns SQLite's into StoreError. */
function guardOwn<T>(work: () => T, guard: <U>(inner: () => U) => U): T {
  let refusal: ProviderError | undefined
  const result = guard(() => {
    try {
      return { value: work() }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      refusal = error
      return undefined
    }
  })
  if (refusal) throw refusal
  return result!.value
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
