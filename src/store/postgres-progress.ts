import type { Database } from './postgres-pool.ts'
import { plainText } from './postgres-rows.ts'

/** One method on one model in a run, as the database counts it. */
export interface CellCount {
  readonly label: string
  readonly model: string
  readonly simulated: boolean
  readonly total: number
  readonly done: number
  readonly failed: number
  /** Held by a worker that beats. */
  readonly underWay: number
  readonly correct: number
  readonly scored: number
  readonly tokens: number
  /** Null when a price is unknown. */
  readonly costUsd: number | null
}

export interface RunCount {
  readonly cells: readonly CellCount[]
  /** Of all trajectories with a derived row, branches and earlier plans included. */
  readonly spent: {
    readonly calls: number
    readonly inputTokens: number
    readonly outputTokens: number
    readonly costUsd: number | null
  }
  /** Failures by kind. */
  readonly errors: Readonly<Record<string, number>>
}

/** How far a run is, counted by the database: the current plan's items by method and model. */
export async function countRun(db: Database, s: string): Promise<RunCount> {
  const cells = await db.rows(
    `SELECT i.label, i.model, coalesce(bool_or(t.simulated = 1), false), count(*),
       count(*) FILTER (WHERE i.state = 'done'), count(*) FILTER (WHERE i.state = 'failed'),
       count(*) FILTER (WHERE i.held AND o.id IS NOT NULL), count(*) FILTER (WHERE t.verdict = 'correct'),
       count(*) FILTER (WHERE i.state = 'done' AND t.verdict <> 'unscored'),
       coalesce(sum(t.input_tokens + t.output_tokens) FILTER (WHERE i.state = 'done'), 0)::bigint,
       coalesce(sum(t.cost_usd) FILTER (WHERE i.state = 'done'), 0),
       count(*) FILTER (WHERE i.state = 'done' AND t.cost_usd IS NULL)
     FROM ${s}.items i
     LEFT JOIN ${s}.trajectories t ON t.name = i.trajectory AND t.state IS NOT NULL
     LEFT JOIN ${s}.owners o ON o.id = i.owner AND o.beat_at + o.lease_ms * interval '1 millisecond' > clock_timestamp()
     WHERE i.current GROUP BY i.label, i.model ORDER BY min(i.id)`,
  )
  const errors = await db.rows(
    `SELECT t.error, count(*) FROM ${s}.items i JOIN ${s}.trajectories t ON t.name = i.trajectory AND t.state IS NOT NULL
     WHERE i.current AND t.error IS NOT NULL GROUP BY t.error ORDER BY t.error`,
  )
  return { cells: cells.map(cellOf), errors: Object.fromEntries(errors), spent: await spentOf(db, s) }
}

/** What stored trajectories used; `but` leaves out those that this owner worked on last. */
export async function spentOf(db: Database, s: string, but: string | null = null): Promise<RunCount['spent']> {
  const [row] = await db.rows(
    `SELECT coalesce(sum(t.calls), 0)::bigint, coalesce(sum(t.input_tokens), 0)::bigint,
       coalesce(sum(t.output_tokens), 0)::bigint, coalesce(sum(t.cost_usd), 0), count(*) FILTER (WHERE t.cost_usd IS NULL)
     FROM ${s}.trajectories t JOIN ${s}.items i ON i.id = t.item
     WHERE t.state IS NOT NULL AND ($1::text IS NULL OR i.owner IS DISTINCT FROM $1)`,
    [but],
  )
  const [calls, inputTokens, outputTokens, costUsd, unpriced] = row as [number, number, number, number, number]
  return { calls, inputTokens, outputTokens, costUsd: unpriced > 0 ? null : costUsd }
}

function cellOf(row: readonly unknown[]): CellCount {
  const [label, model] = row.map(plainText) as [string, string]
  const [simulated, ...counts] = row.slice(2) as [boolean, ...number[]]
  const [total, done, failed, underWay, correct, scored, tokens, costUsd, unpriced] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return {
    label,
    model,
    simulated: simulated || model.startsWith('simulated/'),
    total,
    done,
    failed,
    underWay,
    correct,
    scored,
    tokens,
    costUsd: unpriced > 0 ? null : costUsd,
  }
}
