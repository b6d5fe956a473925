import type { DatabaseSync } from 'node:sqlite'
import type { CassetteRow } from './cassette.ts'
import type { AttemptOutcome, CallFacts, StoredAnswer } from './ledger.ts'

/** One call as the file holds it. */
export interface CallRow {
  readonly state: 'started' | 'done' | 'failed'
  readonly owner: string | null
  readonly started_at_ms: number
  readonly done_at_ms: number
  readonly streamed: number
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** A call that is, or was, under way. */
export interface OpenRow {
  readonly request_hash: string
  readonly trial: string
  readonly model: string
  readonly started_at_ms: number
  readonly owner: string | null
}

/** An attempt that gave no usable answer. */
export interface FailedAttempt {
  readonly requestHash: string
  readonly trial: string
  readonly model: string
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly outcome: AttemptOutcome
  readonly status?: number | undefined
  readonly detail: string
}

type ExportRow = OpenRow & CallRow & { readonly method: string; readonly url: string }

export type LedgerRows = ReturnType<typeof ledgerRows>

/** The statements of the ledger, prepared once. Each throws what SQLite throws. */
export function ledgerRows(db: DatabaseSync) {
  const cell = 'request_hash = ? AND trial = ?'
  const find = db.prepare(`SELECT * FROM calls WHERE ${cell}`)
  const start = db.prepare(
    `INSERT INTO calls (request_hash, trial, state, owner, model, method, url, started_at_ms, streamed)
     VALUES (?, ?, 'started', ?, ?, ?, ?, ?, ?)
     ON CONFLICT (request_hash, trial) DO UPDATE SET state = 'started', owner = excluded.owner, model = excluded.model,
       started_at_ms = excluded.started_at_ms, streamed = excluded.streamed, status = NULL, headers = NULL, body = NULL`,
  )
  // The owner's name in these two: a process that was taken for gone must not write over its successor's row.
  const done = db.prepare(
    `UPDATE calls SET state = 'done', owner = NULL, started_at_ms = ?, done_at_ms = ?, status = ?, headers = ?, body = ?
     WHERE ${cell} AND owner = ? AND state = 'started'`,
  )
  const fail = db.prepare(
    `UPDATE calls SET state = 'failed', owner = NULL WHERE ${cell} AND owner = ? AND state = 'started'`,
  )
  const retract = db.prepare(`UPDATE calls SET state = 'failed' WHERE ${cell} AND state = 'done'`)
  const attempt = db.prepare(
    `INSERT INTO attempts (request_hash, trial, model, started_at_ms, ended_at_ms, outcome, status, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const open = db.prepare(`SELECT * FROM calls WHERE state = 'started' ORDER BY started_at_ms`)
  const died = db.prepare(`SELECT *, NULL AS owner FROM attempts WHERE outcome = 'died' ORDER BY id`)
  const outcomes = db.prepare('SELECT outcome, count(*) AS n FROM attempts GROUP BY outcome ORDER BY outcome')
  const count = db.prepare(`SELECT count(*) AS n FROM calls WHERE state = 'done'`)
  const finished = db.prepare(`SELECT * FROM calls WHERE state = 'done' ORDER BY started_at_ms, request_hash, trial`)
  const add = db.prepare(
    `INSERT OR IGNORE INTO calls
       (request_hash, trial, state, model, method, url, started_at_ms, done_at_ms, streamed, status, headers, body)
     VALUES (?, ?, 'done', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return {
    find: ({ requestHash, trial }: CallFacts) => find.get(requestHash, trial) as CallRow | undefined,
    start({ requestHash, trial, model, method = '', url = '', streamed }: CallFacts, owner: string, atMs: number) {
      start.run(requestHash, trial, owner, model, method, url, atMs, streamed ? 1 : 0)
    },
    done(
      { requestHash, trial }: CallFacts,
      owner: string,
      { sentAtMs, atMs }: { readonly sentAtMs: number; readonly atMs: number },
      answer: Pick<StoredAnswer, 'status' | 'headers' | 'body'>,
    ) {
      done.run(sentAtMs, atMs, answer.status, JSON.stringify(answer.headers), answer.body, requestHash, trial, owner)
    },
    fail({ requestHash, trial }: CallFacts, owner: string) {
      fail.run(requestHash, trial, owner)
    },
    /** True when there was an answer to take back. */
    retract: (requestHash: string, trial: string) => retract.run(requestHash, trial).changes > 0,
    attempt(a: FailedAttempt) {
      const detail = a.detail.slice(0, 2000)
      attempt.run(a.requestHash, a.trial, a.model, a.startedAtMs, a.endedAtMs, a.outcome, a.status ?? null, detail)
    },
    open: () => open.all() as unknown as OpenRow[],
    died: () => died.all() as unknown as OpenRow[],
    outcomes: () => outcomes.all() as unknown as { outcome: AttemptOutcome; n: number }[],
    countDone: () => (count.get() as { n: number }).n,
    finished: () => (finished.all() as unknown as ExportRow[]).map(cassetteRowOf),
    /** True when the call was not here yet. */
    add(row: CassetteRow): boolean {
      const { requestHash, trial, model, method, url, atMs, tookMs, status, body } = row
      const headers = JSON.stringify(row.headers)
      const streamed = row.streamed ? 1 : 0
      return (
        add.run(requestHash, trial, model, method, url, atMs, atMs + tookMs, streamed, status, headers, body).changes >
        0
      )
    },
  }
}

/** The recorded answer in a row that is done. */
export function answerOf(row: CallRow): StoredAnswer {
  return {
    status: row.status,
    headers: JSON.parse(row.headers),
    body: row.body,
    streamed: row.streamed === 1,
    tookMs: row.done_at_ms - row.started_at_ms,
  }
}

function cassetteRowOf(row: ExportRow): CassetteRow {
  const { request_hash: requestHash, trial, model, method, url, started_at_ms: atMs } = row
  return { requestHash, trial, model, method, url, atMs, ...answerOf(row) }
}
