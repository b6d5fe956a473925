import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Pool, Verdict } from '../task.ts'
import type { StopReason } from '../trajectory.ts'
import type { ItemState, Summary, SummaryFilter, WorkItem } from './run-store.ts'

/** Columns of an item, in the order in which they are written and read. */
export const itemColumns = ['key', 'label', 'method', 'model', 'task', 'task_version', 'level', 'seed', 'pool', 'trial']
export const derivedColumns =
  'state verdict why answer answer_from stop error simulated turns code_turns calls input_tokens output_tokens task_tokens cost_usd took_ms checks branch_of branch_turn'.split(
    ' ',
  )

/** One row as SQLite gives it, by position. */
type Row = readonly SQLInputValue[]

export const itemValues = (item: WorkItem): SQLInputValue[] => [
  item.key,
  item.label,
  item.method,
  item.model,
  item.task,
  item.taskVersion,
  item.level,
  item.seed,
  item.pool,
  item.trial,
]

export function itemOf(row: Row): WorkItem {
  return {
    key: row[0] as string,
    label: row[1] as string,
    method: row[2] as string,
    model: row[3] as string,
    task: row[4] as string,
    taskVersion: row[5] as number,
    level: row[6] as number,
    seed: row[7] as number,
    pool: row[8] as Pool,
    trial: row[9] as number,
  }
}

export const derivedValues = (summary: Summary): SQLInputValue[] => [
  summary.state,
  summary.verdict,
  summary.why,
  summary.answer,
  summary.answerFrom,
  summary.stop,
  summary.error,
  summary.simulated ? 1 : 0,
  summary.turns,
  summary.codeTurns,
  summary.calls,
  summary.inputTokens,
  summary.outputTokens,
  summary.taskTokens,
  summary.costUsd,
  Math.round(summary.tookMs),
  checksText(summary.checks),
  summary.branchOf?.trajectory ?? null,
  summary.branchOf?.turn ?? null,
]

const first = itemColumns.length

export function summaryOf(row: Row): Summary {
  const at = (i: number) => row[first + i] as never
  return {
    ...itemOf(row),
    state: at(0),
    verdict: at(1) as Verdict['verdict'] | null,
    why: at(2),
    answer: at(3),
    answerFrom: at(4),
    stop: at(5) as StopReason | null,
    error: at(6),
    simulated: (at(7) as number) === 1,
    turns: at(8),
    codeTurns: at(9),
    calls: at(10),
    inputTokens: at(11),
    outputTokens: at(12),
    taskTokens: at(13),
    costUsd: at(14),
    tookMs: at(15),
    checks: checksOf(at(16)),
    branchOf: at(17) === null ? null : { trajectory: at(17), turn: at(18) },
    trajectoryId: at(19),
  }
}

/** `symbolic-code=passed self-answer=failed`: short enough to list a hundred thousand, and readable in any SQLite tool. */
const checksText = (checks: Summary['checks']) =>
  Object.entries(checks)
    .map(([checker, outcome]) => `${checker}=${outcome}`)
    .join(' ')

/** Few different texts occur, however many rows: each is read once. */
const readChecks = new Map<string, Summary['checks']>()

function checksOf(text: string): Summary['checks'] {
  const known = readChecks.get(text)
  if (known) return known
  const checks = Object.fromEntries(text.split(' ').flatMap(part => (part === '' ? [] : [part.split('=')])))
  if (readChecks.size < 1_000) readChecks.set(text, checks)
  return checks
}

export const columnOf: Readonly<Record<Exclude<keyof SummaryFilter, 'branches' | 'limit' | 'offset'>, string>> = {
  label: 'i.label',
  model: 'i.model',
  task: 'i.task',
  level: 'i.level',
  verdict: 't.verdict',
  stop: 't.stop',
  state: 't.state',
}

/** The statements of a run's file. Each throws what SQLite throws. */
export function runRows(db: DatabaseSync) {
  const columns = [...itemColumns.map(name => `i.${name}`), ...derivedColumns.map(name => `t.${name}`), 't.name'].join(
    ', ',
  )
  const derivedSet = derivedColumns.map(name => `${name} = ?`).join(', ')
  const arrays = (sql: string) => {
    const statement = db.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }
  const lazy = <T>(make: () => T) => {
    let made: T | undefined
    return () => (made ??= make())
  }
  const addItem = lazy(() =>
    db.prepare(`INSERT INTO items (${itemColumns.join(', ')}) VALUES (${itemColumns.map(() => '?').join(', ')})
      ON CONFLICT (key) DO NOTHING`),
  )
  const begin = lazy(() => db.prepare(`UPDATE items SET state = 'open', trajectory = ? WHERE key = ?`))
  const withdraw = lazy(() =>
    db.prepare(`UPDATE trajectories SET state = NULL
      WHERE item = (SELECT id FROM items WHERE key = ?) AND branch_of IS NULL`),
  )
  const beginTrajectory = lazy(() =>
    db.prepare(`INSERT INTO trajectories (name, item) SELECT ?, id FROM items WHERE key = ?
      ON CONFLICT (name) DO NOTHING`),
  )
  const addTrajectory = lazy(() =>
    db.prepare(`INSERT INTO trajectories (name, item) SELECT ?, id FROM items WHERE key = ?`),
  )
  const append = lazy(() =>
    db.prepare(`INSERT INTO events (trajectory, seq, body) SELECT id, ?, ? FROM trajectories WHERE name = ?`),
  )
  const derive = lazy(() => db.prepare(`UPDATE trajectories SET ${derivedSet} WHERE name = ?`))
  const setState = lazy(() => db.prepare('UPDATE items SET state = ? WHERE key = ?'))
  const trajectoryOf = lazy(() => arrays('SELECT trajectory FROM items WHERE key = ?'))
  const events = lazy(() =>
    arrays('SELECT body FROM events WHERE trajectory = (SELECT id FROM trajectories WHERE name = ?) ORDER BY seq'),
  )
  const known = lazy(() => arrays('SELECT 1 FROM trajectories WHERE name = ?'))
  return {
    addItem: (item: WorkItem) => addItem().run(...itemValues(item)).changes > 0,
    items(state: ItemState | undefined): WorkItem[] {
      const where = state === undefined ? '' : 'WHERE state = ?'
      const statement = arrays(`SELECT ${itemColumns.join(', ')} FROM items ${where} ORDER BY id`)
      return (statement.all(...(state === undefined ? [] : [state])) as unknown as Row[]).map(itemOf)
    },
    /** True when there is such an item. */
    begin(key: string, name: string): boolean {
      if (begin().run(name, key).changes === 0) return false
      // What an earlier attempt left as its derived row is superseded by this one.
      withdraw().run(key)
      beginTrajectory().run(name, key)
      return true
    },
    addTrajectory: (key: string, name: string) => addTrajectory().run(name, key).changes > 0,
    /** True when there is such a trajectory. */
    append: (name: string, seq: number, body: string) => append().run(seq, body, name).changes > 0,
    derive: (name: string, summary: Summary) => derive().run(...derivedValues(summary), name).changes > 0,
    setState: (key: string, state: ItemState) => setState().run(state, key).changes > 0,
    trajectoryOf: (key: string) => (trajectoryOf().get(key) as unknown as [string | null] | undefined)?.[0] ?? null,
    events: (name: string) => (events().all(name) as unknown as [string][]).map(([body]) => body),
    knows: (name: string) => known().get(name) !== undefined,
    counts(): [ItemState, number][] {
      return arrays('SELECT state, count(*) FROM items GROUP BY state').all() as unknown as [ItemState, number][]
    },
    summaries(filter: SummaryFilter): Summary[] {
      const asked = Object.entries(columnOf).filter(([name]) => filter[name as keyof typeof columnOf] !== undefined)
      const where = [
        't.state IS NOT NULL',
        ...(filter.branches ? [] : ['t.branch_of IS NULL']),
        ...asked.map(([, column]) => `${column} = ?`),
      ]
      const sql = `SELECT ${columns} FROM trajectories t JOIN items i ON i.id = t.item WHERE ${where.join(' AND ')}
        ORDER BY t.id LIMIT ? OFFSET ?`
      const values = asked.map(([name]) => filter[name as keyof typeof columnOf] as SQLInputValue)
      const rows = arrays(sql).iterate(...values, filter.limit ?? -1, filter.offset ?? 0) as unknown as Iterable<Row>
      const summaries: Summary[] = []
      for (const row of rows) summaries.push(summaryOf(row))
      return summaries
    },
    lastPlan: () => (arrays('SELECT plan FROM plans ORDER BY id DESC LIMIT 1').get() as [string] | undefined)?.[0],
    addPlan: (plan: string) => void db.prepare('INSERT INTO plans (plan) VALUES (?)').run(plan),
  }
}
