import { InputError, StoreError } from '../errors.ts'
import { ledgerFormat } from '../models/_shared/ledger-file.ts'
import { runOfSchema, schemaOf } from './postgres-address.ts'
import type { Database } from './postgres-pool.ts'
import { storeFormat } from './run-store.ts'

/** A name as SQL takes it whatever its letters are. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/**
 * The tables of `sqlite-file.ts` and `ledger-file.ts`, and what several writers need: who holds an item, who is
 * alive by the database's own clock, and which items are the latest plan's.
 */
const tables = (s: string) => `
CREATE TABLE ${s}.facts (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE ${s}.plans (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, plan text NOT NULL);
CREATE TABLE ${s}.owners (
  id text PRIMARY KEY, host text NOT NULL, pid integer NOT NULL, lease_ms integer NOT NULL,
  beat_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE ${s}.items (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key text NOT NULL UNIQUE, label text NOT NULL,
  method text NOT NULL, model text NOT NULL, task text NOT NULL, task_version integer NOT NULL, level integer NOT NULL,
  seed bigint NOT NULL, pool text NOT NULL, trial integer NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'open', 'done', 'failed')),
  trajectory text, owner text, held boolean NOT NULL DEFAULT false, current boolean NOT NULL DEFAULT true
);
CREATE INDEX items_state ON ${s}.items (state);
CREATE INDEX items_held ON ${s}.items (owner) WHERE held;
CREATE TABLE ${s}.trajectories (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE,
  item bigint NOT NULL REFERENCES ${s}.items (id),
  state text, verdict text, why text, answer text, answer_from text, stop text, error text,
  simulated integer, turns integer, code_turns integer, calls integer, input_tokens bigint, output_tokens bigint,
  task_tokens bigint, cost_usd double precision, took_ms bigint, checks text, branch_of text, branch_turn integer
);
CREATE INDEX trajectories_item ON ${s}.trajectories (item);
CREATE TABLE ${s}.events (
  trajectory bigint NOT NULL, seq integer NOT NULL, body text NOT NULL, PRIMARY KEY (trajectory, seq)
);
CREATE TABLE ${s}.calls (
  request_hash text NOT NULL, trial text NOT NULL,
  state text NOT NULL CHECK (state IN ('started', 'done', 'failed')),
  owner text, model text NOT NULL, method text NOT NULL, url text NOT NULL,
  started_at_ms bigint NOT NULL, done_at_ms bigint, streamed integer NOT NULL, status integer, headers text, body text,
  PRIMARY KEY (request_hash, trial)
);
CREATE INDEX calls_open ON ${s}.calls (state) WHERE state = 'started';
CREATE TABLE ${s}.attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, request_hash text NOT NULL, trial text NOT NULL,
  model text NOT NULL, started_at_ms bigint NOT NULL, ended_at_ms bigint NOT NULL,
  outcome text NOT NULL, status integer, detail text NOT NULL
);
INSERT INTO ${s}.facts VALUES ('format', '${storeFormat}'), ('ledger-format', '${ledgerFormat}');
`

/** Names of the runs in a database, sorted. */
export async function runsIn(db: Database): Promise<string[]> {
  const found = await db.rows(
    `SELECT table_schema FROM information_schema.tables
     WHERE table_name = 'facts' AND starts_with(table_schema, $1) ORDER BY table_schema`,
    [schemaOf('')],
  )
  return found.map(row => runOfSchema(row[0] as string))
}

/** Makes a run's tables where they are missing. Throws InputError where there is no such run and none may be made. */
export async function prepareSchema(db: Database, run: string, create: boolean): Promise<void> {
  const schema = schemaOf(run)
  if (!(await runsIn(db)).includes(run)) {
    if (!create) throw await noSuchRun(db, run)
    await db.transaction(async rows => {
      // Two processes may come to make it at the same moment.
      await rows(`SELECT pg_advisory_xact_lock(hashtext($1))`, [schema])
      const there = await rows('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])
      if (there.length > 0) return
      await rows(`CREATE SCHEMA ${quoted(schema)}`)
      for (const statement of tables(quoted(schema)).split(';\n')) if (statement.trim() !== '') await rows(statement)
    })
  }
  await checkFormat(db, run)
}

async function checkFormat(db: Database, run: string): Promise<void> {
  const rows = await db.rows(`SELECT name, value FROM ${quoted(schemaOf(run))}.facts`)
  const facts = new Map(rows.map(row => [row[0] as string, Number(row[1])]))
  for (const [name, ours] of [
    ['format', storeFormat],
    ['ledger-format', ledgerFormat],
  ] as const) {
    const theirs = facts.get(name)
    if (theirs !== undefined && theirs <= ours) continue
    throw new StoreError(
      theirs === undefined
        ? `${db.address.shown}: the schema ${schemaOf(run)} is no run of ours`
        : `the run ${db.address.shown} has ${name} ${theirs}; this version reads up to ${ours}`,
      theirs === undefined ? 'Use another name: --run NAME.' : 'Update codesteer: npm i -g codesteer@latest',
    )
  }
}

async function noSuchRun(db: Database, run: string): Promise<InputError> {
  const runs = await runsIn(db)
  return new InputError(
    `there is no run "${run}" in ${db.address.shown}`,
    runs.length > 0 ? `There are: ${runs.join(', ')}` : 'Make one: codesteer run plan.json --queue postgres://…',
  )
}
