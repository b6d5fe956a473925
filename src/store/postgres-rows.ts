import type { PgRow } from './postgres-pool.ts'
import type { ItemState, Summary, SummaryFilter, WorkItem } from './run-store.ts'
import { columnOf, derivedColumns, derivedValues, itemColumns, itemOf, itemValues, summaryOf } from './sqlite-rows.ts'

const integers = new Set(['task_version', 'level', 'trial', 'simulated', 'turns', 'code_turns', 'calls', 'branch_turn'])
const longs = new Set(['seed', 'input_tokens', 'output_tokens', 'task_tokens', 'took_ms'])

const typeOf = (column: string): string =>
  integers.has(column) ? 'integer' : longs.has(column) ? 'bigint' : column === 'cost_usd' ? 'double precision' : 'text'

const mark = '\u0001'

/**
 * A text as PostgreSQL takes it: no NUL and no half of a surrogate pair, both of which models do write. A text that has
 * one, or begins with our mark, is kept as JSON behind the mark.
 */
export function safeText<T>(value: T): T | string {
  if (typeof value !== 'string') return value
  return value.includes('\0') || value.startsWith(mark) || !value.isWellFormed() ? mark + JSON.stringify(value) : value
}

export function plainText<T>(value: T): T | string {
  return typeof value === 'string' && value.startsWith(mark) ? (JSON.parse(value.slice(1)) as string) : value
}

const plainRow = (row: PgRow): PgRow => row.map(plainText)

/** Rows turned to columns, as `unnest` takes them. */
const columnsOf = (rows: readonly (readonly unknown[])[], width: number): unknown[][] =>
  Array.from({ length: width }, (_, i) => rows.map(row => safeText(row[i])))

const unnested = (columns: readonly string[], from: number) =>
  `unnest(${columns.map((name, i) => `$${i + from}::${typeOf(name)}[]`).join(', ')})`

/** SQL with its values. */
export type Statement = readonly [sql: string, values: unknown[]]

/** Statements on a run's tables in schema `s` (quoted). */
export function runStatements(s: string) {
  const derivedSet = derivedColumns.map(name => `${name} = v.${name}`).join(', ')
  const derivedNames = ['name', ...derivedColumns]
  const derivedRow = (trajectoryId: string, summary: Summary) => [trajectoryId, ...derivedValues(summary)]
  const derivedFrom = (from: number) => `${unnested(derivedNames, from)} AS v(${derivedNames.join(', ')})`
  const summaryColumns = [
    ...itemColumns.map(name => `i.${name}`),
    ...derivedColumns.map(name => `t.${name}`),
    't.name',
  ].join(', ')
  /** True of an item that `$n`, the writer, may take: nobody holds it, or whoever does is gone. */
  const free = (n: number) => `(NOT i.held OR i.owner = $${n} OR NOT EXISTS (SELECT 1 FROM ${s}.owners o
    WHERE o.id = i.owner AND o.beat_at + o.lease_ms * interval '1 millisecond' > clock_timestamp()))`
  return {
    addItems: (items: readonly WorkItem[]): Statement => [
      `INSERT INTO ${s}.items (${itemColumns.join(', ')})
       SELECT ${itemColumns.join(', ')} FROM ${unnested(itemColumns, 1)} WITH ORDINALITY
         AS v(${itemColumns.join(', ')}, place) ORDER BY place
       ON CONFLICT (key) DO NOTHING RETURNING 1`,
      columnsOf(items.map(itemValues), itemColumns.length),
    ],
    items: (state: ItemState | undefined): Statement => [
      `SELECT ${itemColumns.join(', ')} FROM ${s}.items ${state === undefined ? '' : 'WHERE state = $1'} ORDER BY id`,
      state === undefined ? [] : [state],
    ],
    item: (key: string): Statement => [
      `SELECT ${itemColumns.join(', ')} FROM ${s}.items WHERE key = $1`,
      [safeText(key)],
    ],
    /** Takes an item to work on; gives its state, or nothing when another holds it. */
    lease: (key: string, owner: string): Statement => [
      `UPDATE ${s}.items i SET owner = $2, held = true WHERE i.key = $1 AND i.state <> 'done' AND ${free(2)}
       RETURNING i.state`,
      [safeText(key), owner],
    ],
    release: (key: string | null, owner: string): Statement => [
      `UPDATE ${s}.items SET held = false WHERE owner = $1 AND held ${key === null ? '' : 'AND key = $2'}`,
      key === null ? [owner] : [owner, safeText(key)],
    ],
    begin: (key: string, name: string, owner: string): Statement => [
      `WITH taken AS (
         UPDATE ${s}.items i SET state = 'open', trajectory = $2, owner = $3, held = true
         WHERE i.key = $1 AND ${free(3)} RETURNING i.id
       ), withdrawn AS (
         UPDATE ${s}.trajectories SET state = NULL WHERE item IN (SELECT id FROM taken) AND branch_of IS NULL
       ), added AS (
         INSERT INTO ${s}.trajectories (name, item) SELECT $2, id FROM taken ON CONFLICT (name) DO NOTHING
       ) SELECT 1 FROM taken`,
      [safeText(key), name, owner],
    ],
    /** Gives the places of those that were written, or had been with the same body by an attempt whose answer was lost. */
    append: (names: string[], seqs: number[], bodies: string[], owner: string): Statement => [
      // FOR SHARE: whoever takes the item over waits for this statement, and this one sees who did.
      `WITH mine AS (
         SELECT t.id, e.seq, e.body, e.place
         FROM unnest($1::text[], $2::integer[], $3::text[]) WITH ORDINALITY AS e(name, seq, body, place)
         JOIN ${s}.trajectories t ON t.name = e.name
         JOIN ${s}.items i ON i.id = t.item
         WHERE i.owner = $4 AND i.held AND i.trajectory = t.name
         FOR SHARE OF i
       ), written AS (
         INSERT INTO ${s}.events (trajectory, seq, body) SELECT id, seq, body FROM mine ORDER BY place
         ON CONFLICT DO NOTHING RETURNING trajectory, seq
       ) SELECT m.place, w.seq IS NOT NULL FROM mine m LEFT JOIN written w ON w.trajectory = m.id AND w.seq = m.seq`,
      [names, seqs, bodies, owner],
    ],
    body: (name: string, seq: number): Statement => [
      `SELECT e.body FROM ${s}.events e JOIN ${s}.trajectories t ON t.id = e.trajectory WHERE t.name = $1 AND e.seq = $2`,
      [name, seq],
    ],
    finish: (key: string, state: 'done' | 'failed', owner: string, summary: Summary): Statement => [
      `WITH closed AS (
         UPDATE ${s}.items i SET state = $2, held = false
         WHERE i.key = $1 AND i.owner = $3 AND i.trajectory = $4
           AND EXISTS (SELECT 1 FROM ${s}.trajectories t WHERE t.name = $4 AND t.item = i.id)
         RETURNING i.id
       ), derived AS (
         UPDATE ${s}.trajectories t SET ${derivedSet} FROM ${derivedFrom(5)}
         WHERE t.name = v.name AND t.item IN (SELECT id FROM closed)
       ) SELECT 1 FROM closed`,
      [
        safeText(key),
        state,
        owner,
        summary.trajectoryId,
        ...columnsOf([derivedRow(summary.trajectoryId, summary)], derivedNames.length),
      ],
    ],
    derive: (rows: readonly { readonly trajectoryId: string; readonly summary: Summary }[]): Statement => [
      `UPDATE ${s}.trajectories t SET ${derivedSet} FROM ${derivedFrom(1)} WHERE t.name = v.name RETURNING t.name`,
      columnsOf(
        rows.map(row => derivedRow(row.trajectoryId, row.summary)),
        derivedNames.length,
      ),
    ],
    addTrajectory: (key: string, name: string): Statement => [
      `INSERT INTO ${s}.trajectories (name, item) SELECT $2, id FROM ${s}.items WHERE key = $1 RETURNING id`,
      [safeText(key), name],
    ],
    addEvents: (trajectory: number, seqs: number[], bodies: string[]): Statement => [
      `INSERT INTO ${s}.events (trajectory, seq, body) SELECT $1, seq, body
       FROM unnest($2::integer[], $3::text[]) AS e(seq, body)`,
      [trajectory, seqs, bodies],
    ],
    trajectoryOf: (key: string): Statement => [`SELECT trajectory FROM ${s}.items WHERE key = $1`, [safeText(key)]],
    knows: (name: string): Statement => [`SELECT 1 FROM ${s}.trajectories WHERE name = $1`, [safeText(name)]],
    events: (name: string): Statement => [
      `SELECT body FROM ${s}.events WHERE trajectory = (SELECT id FROM ${s}.trajectories WHERE name = $1) ORDER BY seq`,
      [safeText(name)],
    ],
    counts: (): Statement => [`SELECT state, count(*) FROM ${s}.items GROUP BY state`, []],
    summaries(filter: SummaryFilter): Statement {
      const asked = (Object.keys(columnOf) as (keyof typeof columnOf)[]).filter(name => filter[name] !== undefined)
      const where = [
        't.state IS NOT NULL',
        ...(filter.branches ? [] : ['t.branch_of IS NULL']),
        ...asked.map((name, i) => `${columnOf[name]} = $${i + 3}`),
      ]
      return [
        `SELECT ${summaryColumns} FROM ${s}.trajectories t JOIN ${s}.items i ON i.id = t.item
         WHERE ${where.join(' AND ')} ORDER BY t.id LIMIT $1 OFFSET $2`,
        [filter.limit ?? null, filter.offset ?? 0, ...asked.map(name => safeText(filter[name]))],
      ]
    },
    lastPlan: (): Statement => [`SELECT plan, id FROM ${s}.plans ORDER BY id DESC LIMIT 1`, []],
    addPlan: (plan: string): Statement => [`INSERT INTO ${s}.plans (plan) VALUES ($1)`, [plan]],
    itemOf: (row: PgRow): WorkItem => itemOf(plainRow(row) as Parameters<typeof itemOf>[0]),
    summaryOf: (row: PgRow): Summary => summaryOf(plainRow(row) as Parameters<typeof summaryOf>[0]),
  }
}
