import type { Pool as PgPool, PoolClient } from 'pg'
import { CodeSteerError, InputError, messageOf, StoreError } from '../errors.ts'
import type { Clock } from '../util/clock.ts'
import type { PostgresAddress } from './postgres-address.ts'

/** One row as it comes, by position. */
export type PgRow = readonly unknown[]

/** Runs a statement and gives its rows. */
export type Rows = (sql: string, values?: readonly unknown[]) => Promise<PgRow[]>

/** A pool of connections whose errors are ours, without credentials, and which waits for a database that is away. */
export interface Database {
  readonly address: PostgresAddress
  /**
   * Runs one statement. Where the connection breaks, it is run again for a while: only for statements that may be
   * repeated. Throws StoreError.
   */
  readonly rows: Rows
  /** The same, and whether it was run more than once: then it may have found its own work done. */
  attempts(sql: string, values?: readonly unknown[]): Promise<{ readonly rows: PgRow[]; readonly again: boolean }>
  /** The same, for a foreign library: rows as objects, and results of several statements. Not repeated. */
  raw(sql: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  /** All of it or nothing. Not repeated when the connection breaks. */
  transaction<T>(work: (rows: Rows) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly clock: Clock
  /** Connections at most. Default 4. */
  readonly connections?: number
  /** How long a database that is away is waited for, in milliseconds. Default one minute. */
  readonly patienceMs?: number
}

/** Opens connections as they are needed. Throws InputError where the driver is not installed. */
export async function openDatabase(address: PostgresAddress, options: DatabaseOptions): Promise<Database> {
  const { clock, connections = 4, patienceMs = 60_000 } = options
  const { Pool, types } = await driver()
  const pool: PgPool = new Pool({
    connectionString: address.connection,
    max: connections,
    application_name: 'codesteer',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    // What was committed must survive the loss of power, whatever the server's default is.
    options: '-c synchronous_commit=on',
    types: { getTypeParser: (oid, format) => (oid === 20 ? Number : types.getTypeParser(oid, format)) as never },
  })
  // A connection that breaks while idle is replaced when the next one is needed; without a listener it would end us.
  pool.on('error', () => undefined)
  const failed = (error: unknown) => databaseError(error, address)
  /** A wrong address is told at once; only a database that was there is waited for, and only until it was given up. */
  let worthWaiting = false
  const once = async (sql: string, values: readonly unknown[]): Promise<PgRow[]> => {
    const { rows } = await pool.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' })
    worthWaiting = true
    return rows
  }
  const attempts: Database['attempts'] = async (sql, values = []) => {
    const triedUntil = clock.nowMs() + patienceMs
    for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 2_000)) {
      try {
        return { rows: await once(sql, values), again: waitMs > 100 }
      } catch (error) {
        if (isAway(error) && clock.nowMs() + waitMs > triedUntil) worthWaiting = false
        if (!worthWaiting || !isAway(error)) throw failed(error)
        await clock.sleep(waitMs)
      }
    }
  }
  return {
    address,
    attempts,
    rows: async (sql, values) => (await attempts(sql, values)).rows,
    async raw(sql, values) {
      try {
        return await pool.query(sql, values === undefined ? undefined : [...values])
      } catch (error) {
        throw failed(error)
      }
    },
    async transaction(work) {
      let client: PoolClient | undefined
      let broken = false
      try {
        const own = (client = await pool.connect())
        await own.query('BEGIN')
        const result = await work(async (sql, values = []) => {
          const found = await own.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' })
          return found.rows
        })
        await own.query('COMMIT')
        return result
      } catch (error) {
        await client?.query('ROLLBACK').catch(() => {
          // The connection itself is gone, and the transaction with it.
          broken = true
        })
        throw failed(error)
      } finally {
        client?.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

async function driver() {
  try {
    return (await import('pg')).default
  } catch (error) {
    throw missingPackage('pg', error)
  }
}

/** The mend for an optional package that is not there. */
export function missingPackage(name: string, cause: unknown): InputError {
  return new InputError(
    `a run on PostgreSQL needs the package ${name}, which is not installed`,
    'Install both: npm install pg pg-boss (with Node 22.12 or newer). Runs in a file (--out FILE) need neither.',
    { cause },
  )
}

const codeOf = (error: unknown): string => {
  const first = error instanceof AggregateError ? error.errors[0] : error
  const code: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'code') : undefined
  return typeof code === 'string' ? code : ''
}

const away = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', '57P01', '57P02', '57P03'])

/** Whether the database is gone for the moment, so that waiting may help. */
function isAway(error: unknown): boolean {
  const code = codeOf(error)
  return (
    away.has(code) || code.startsWith('08') || (code === '' && /connection terminated|timeout/i.test(messageOf(error)))
  )
}

const mends: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Check the host name in the address.',
  '28P01': 'Check user and password in the address, or set PGPASSWORD.',
  '28000': 'Check the user in the address and the rules of pg_hba.conf.',
  '3D000': 'Create the database first: createdb NAME.',
  '42501': 'Give the user the right to make schemas: GRANT CREATE ON DATABASE name TO user.',
  '53100': 'Make room on the disk of the database, then run the same command again.',
  '53300': 'Start fewer workers, or raise max_connections of the database.',
  '25006': 'This server only reads (a standby): give the address of the primary.',
}

/** What the driver threw, as an error with its mend and without credentials; our own errors pass. */
export function databaseError(error: unknown, { shown, secrets }: PostgresAddress): CodeSteerError {
  if (error instanceof CodeSteerError) return error
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  let words = messageOf(first)
  for (const secret of secrets) words = words.replaceAll(secret, '[password]')
  const mend =
    mends[codeOf(error)] ??
    (isAway(error)
      ? 'Start the database, or check host and port; then run the same command again: it goes on where it stopped.'
      : 'Run the same command again; if it stays, look into the log of the database.')
  // The driver's own error is not kept as the cause: it may carry the statement's values, and those a question's words.
  return new StoreError(`${shown} cannot be used: ${words}`, mend)
}
