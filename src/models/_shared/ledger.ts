import type { DatabaseSync } from 'node:sqlite'
import { CodeSteerError, messageOf, ProviderError } from '../../errors.ts'
import type { Clock } from '../../util/clock.ts'
import { readCassette, writeCassette } from './cassette.ts'
import { type GroupCommit, groupCommit } from './group-commit.ts'
import { openLedgerFile, storeError, transaction } from './ledger-file.ts'
import { type LedgerOwner, ledgerOwner } from './ledger-owner.ts'
import { answerOf, type LedgerRows, ledgerRows, type OpenRow } from './ledger-rows.ts'
import { NotSent } from './scope.ts'

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
  /** From sending to the end of the body. */
  readonly tookMs: number
}

/** Why an attempt gave no answer. All but `http-error` may have been paid for. */
export type AttemptOutcome = 'http-error' | 'connection' | 'cut' | 'aborted' | 'bad-response' | 'died'

/** The right and duty to make one call: exactly one of the three must be used. */
export interface Flight {
  /** Tells that the request goes out now, where it waited for its place since the turn was given. */
  sent(): void
  /** Writes the answer; when it resolves, the answer is on the disk. Rejects with StoreError. */
  done(answer: Omit<StoredAnswer, 'streamed' | 'tookMs'>): Promise<void>
  /** Writes that the call came to nothing; the next who asks makes it. */
  failed(outcome: AttemptOutcome, detail: string, status?: number): Promise<void>
  /** Gives the right back unused: nothing was sent. */
  unsent(): Promise<void>
}

/** What a caller gets who asks for a call: its answer, or the right to make it. */
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

/** How many calls a ledger holds. */
export interface LedgerStats {
  readonly done: number
  /** Being made right now, by any process. */
  readonly underWay: number
  readonly maybePaid: number
  /** Attempts without a usable answer, by outcome. */
  readonly failedAttempts: Readonly<Partial<Record<AttemptOutcome, number>>>
}

/** The paid calls, each kept beside the HTTP response, so that none is paid twice. */
export interface Ledger {
  readonly path: string
  /**
   * A recorded answer, or the right to make the call. While somebody else makes it, waits for them (in this process by
   * being told, in others by looking). Throws ProviderError for a maybe-paid call under the policy `refuse`, StoreError,
   * or the signal's reason.
   */
  turn(facts: CallFacts, signal?: AbortSignal | null): Promise<Turn>
  /**
   * The same for a call that is one function giving a text, such as one to a model object of the user's. The function may
   * tell by `sent` that it goes out only now.
   */
  around(
    facts: CallFacts,
    signal: AbortSignal,
    call: (sent: () => void) => Promise<string>,
  ): Promise<{ body: string; hit: StoredAnswer | null }>
  /** Takes back a recorded answer that turned out to be unusable, so that it is asked for again. */
  retract(requestHash: string, trial: string, why: string): void
  /** Calls whose process died before the answer was kept: they may have been paid for. */
  maybePaid(): readonly MaybePaid[]
  /** How many calls it holds, by how they ended. */
  stats(): LedgerStats
  /** Writes all finished calls as a cassette (JSON Lines), in a stable order; gives their number. */
  export(file: string): Promise<number>
  /** Adds a cassette's calls; those already here stay. Gives the number added. */
  import(file: string): Promise<number>
  /** Idempotent. */
  close(): void
}

/** What a model needs of a ledger; its figures come at once from a file, and later from a database. */
export type CallLedger = Pick<Ledger, 'turn' | 'around' | 'retract'>

export interface LedgerOptions {
  readonly clock: Clock
  /** What to do with a call that may have been paid for by a process that died. Default `repeat`. */
  readonly maybePaid?: 'repeat' | 'refuse'
  /** Bound on the file's size. */
  readonly maxBytes?: number
  /** How long to wait for another process's write lock. Default 5 seconds. */
  readonly lockWaitMs?: number
}

const lookEveryMs = 50

/**
 * Opens the record that stands beside the HTTP responses: `started` before a request is sent, `done` with the body before
 * anybody sees the answer. One file may be used by many processes on one machine. Throws StoreError.
 */
export function openLedger(path: string, options: LedgerOptions): Ledger {
  const db = openLedgerFile(path, options)
  const ledger = ledgerOn(db, path, groupCommit(db, path), options)
  return {
    ...ledger,
    close() {
      ledger.close()
      guarded(path, () => db.close())
    },
  }
}

/**
 * A ledger on the tables of `ledgerSchema` in an open database, which the caller closes after the ledger. Whoever hands
 * over its own writes through the same `commits` has them on the disk no later than what the ledger writes after them.
 */
export function ledgerOn(
  db: DatabaseSync,
  path: string,
  commits: GroupCommit,
  options: Pick<LedgerOptions, 'clock' | 'maybePaid'>,
): Ledger {
  const { clock } = options
  const guard = <T>(work: () => T): T => guarded(path, work)
  const rows = guard(() => ledgerRows(db))
  const owner = guard(() => ledgerOwner(db, clock))
  const tower = flightTower(rows, owner, clock, commits)
  const claim = claimer({ rows, owner, clock, refuse: options.maybePaid === 'refuse' })
  const ledger: Ledger = {
    path,
    async turn(facts, signal) {
      for (;;) {
        signal?.throwIfAborted()
        const here = tower.underWay(facts)
        if (here) {
          await untilOrAborted(here, signal)
          continue
        }
        const claimed = await commits.submit(() => claim(facts))
        if (claimed === 'claimed') return { flight: tower.launch(facts) }
        if (claimed !== 'busy') return { hit: claimed }
        if (!tower.underWay(facts)) await clock.sleep(lookEveryMs, signal ?? undefined)
      }
    },
    around: (facts, signal, call) => aroundCall(ledger, facts, signal, call),
    retract(requestHash, trial, why) {
      const nowMs = clock.nowMs()
      const attempt = { requestHash, trial, model: '', startedAtMs: nowMs, endedAtMs: nowMs, detail: why }
      guard(() => {
        if (rows.retract(requestHash, trial)) rows.attempt({ ...attempt, outcome: 'bad-response' })
      })
    },
    maybePaid: () =>
      guard(() => {
        const open = rows.open().filter(row => !owner.isAlive(row.owner))
        return [...rows.died().map(row => maybePaidOf(row, true)), ...open.map(row => maybePaidOf(row, false))]
      }),
    stats: () =>
      guard(() => ({
        done: rows.countDone(),
        underWay: rows.open().filter(row => owner.isAlive(row.owner)).length,
        maybePaid: ledger.maybePaid().length,
        failedAttempts: Object.fromEntries(rows.outcomes().map(row => [row.outcome, row.n])),
      })),
    export: file => writeCassette(file, guard(rows.finished)),
    async import(file) {
      const calls = await readCassette(file)
      return guard(() => transaction(db, () => calls.filter(rows.add).length))
    },
    close: () =>
      guard(() => {
        commits.flush()
        // What is still under way can no longer be written down: nobody owns it, so it counts as maybe paid.
        owner.leave()
      }),
  }
  return ledger
}

/** Decides, within a transaction, so that of many processes only one is told to make the call. */
function claimer(parts: { rows: LedgerRows; owner: LedgerOwner; clock: Clock; refuse: boolean }) {
  const { rows, owner, clock } = parts
  return (facts: CallFacts): 'claimed' | 'busy' | StoredAnswer => {
    const row = rows.find(facts)
    if (row?.state === 'done') return answerOf(row)
    if (row?.state === 'started') {
      if (owner.isAlive(row.owner)) return 'busy'
      if (parts.refuse) throw refused(facts, row.started_at_ms)
      const { requestHash, trial, model } = facts
      const detail = 'the process ended before the answer was written'
      const times = { startedAtMs: row.started_at_ms, endedAtMs: clock.nowMs() }
      rows.attempt({ requestHash, trial, model, ...times, outcome: 'died', detail })
    }
    owner.beginBeating()
    rows.start(facts, owner.id, clock.nowMs())
    return 'claimed'
  }
}

/** Keeps the calls of this opening that are under way, so that equal calls wait for them. */
function flightTower(rows: LedgerRows, owner: LedgerOwner, clock: Clock, commits: GroupCommit) {
  const flights = new Map<string, Promise<void>>()
  const keyOf = ({ requestHash, trial }: CallFacts) => `${requestHash} ${trial}`
  const launch = (facts: CallFacts): Flight => {
    const { requestHash, trial, model } = facts
    let startedAtMs = clock.nowMs()
    const { promise, resolve } = Promise.withResolvers<void>()
    flights.set(keyOf(facts), promise)
    const land = async (write: () => void) => {
      try {
        await commits.submit(write)
      } finally {
        flights.delete(keyOf(facts))
        if (flights.size === 0) owner.stopBeating()
        resolve()
      }
    }
    return {
      sent() {
        startedAtMs = clock.nowMs()
      },
      done: answer => land(() => rows.done(facts, owner.id, { sentAtMs: startedAtMs, atMs: clock.nowMs() }, answer)),
      failed: (outcome, detail, status) =>
        land(() => {
          rows.attempt({ requestHash, trial, model, startedAtMs, endedAtMs: clock.nowMs(), outcome, status, detail })
          rows.fail(facts, owner.id)
        }),
      unsent: () => land(() => rows.fail(facts, owner.id)),
    }
  }
  return { launch, underWay: (facts: CallFacts) => flights.get(keyOf(facts)) }
}

/** `around`, for every ledger that has turns. */
export async function aroundCall(
  ledger: { turn(facts: CallFacts, signal?: AbortSignal | null): Promise<Turn> },
  facts: CallFacts,
  signal: AbortSignal,
  call: (sent: () => void) => Promise<string>,
): Promise<{ body: string; hit: StoredAnswer | null }> {
  const turn = await ledger.turn(facts, signal)
  if ('hit' in turn) return { body: turn.hit.body, hit: turn.hit }
  let body: string
  try {
    body = await call(() => turn.flight.sent())
  } catch (error) {
    if (error instanceof NotSent) await turn.flight.unsent()
    else await turn.flight.failed(signal.aborted ? 'aborted' : 'bad-response', messageOf(error))
    throw error
  }
  await turn.flight.done({ status: 200, headers: {}, body })
  return { body, hit: null }
}

function maybePaidOf(row: OpenRow, repeated: boolean): MaybePaid {
  return { requestHash: row.request_hash, trial: row.trial, model: row.model, startedAtMs: row.started_at_ms, repeated }
}

function refused(facts: CallFacts, startedAtMs: number): ProviderError {
  const at = new Date(startedAtMs).toISOString()
  return new ProviderError(
    'bad-request',
    `a call to ${facts.model} was sent at ${at} by a process that ended before the answer came; it may have been paid for`,
    'Open the ledger with maybePaid "repeat" to send it again.',
    { retryable: false },
  )
}

/** Turns what SQLite throws into StoreError; our own errors pass. */
function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof CodeSteerError ? error : storeError(error, path)
  }
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
