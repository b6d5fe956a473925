// What is derived from a stored run: replay, rescore and fork, on the command line.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Summary } from '../../src/store/run-store.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { TrajectoryEvent } from '../../src/trajectory.ts'
import { systemClock } from '../../src/util/clock.ts'
import { cli } from '../util/cli.ts'

let folder: string
let rows: Summary[]
/** A trajectory of codesteer with at least two turns. */
let long: Summary

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'run-derived-'))
  const args = ['--methods', 'codesteer,only-question', '--models', 'simulated/apprentice?text=0.2&slips=0']
  const run = await cli(
    ['run', ...args, '--tasks', 'letters,game-24', '--levels', '1,2', '--samples', '2', '-o', 'x.run'],
    {
      cwd: folder,
    },
  )
  expect(run.code, run.stderr).toBe(0)
  rows = await summaries('x.run')
  long = rows.find(row => row.method === 'codesteer' && row.turns >= 2)!
})
afterAll(() => rmSync(folder, { recursive: true }))

async function summaries(name: string): Promise<Summary[]> {
  const store = openSqliteStore(join(folder, name), { access: 'read', clock: systemClock })
  const found = await store.summaries({ branches: true })
  await store.close()
  return found
}

/** A copy of the run that a test may change. */
function copy(name: string, sql?: string): string {
  copyFileSync(join(folder, 'x.run'), join(folder, name))
  if (sql) {
    const db = new DatabaseSync(join(folder, name))
    db.exec(sql)
    db.close()
  }
  return name
}

describe('replay of a run', () => {
  it('runs every trajectory again, byte for byte', async () => {
    const { code, stdout } = await cli(['replay', 'x.run'], { cwd: folder })
    expect(stdout).toBe('16 of 16 trajectories replayed byte for byte\n')
    expect(code).toBe(0)
  })

  it('runs one of them, and shows it', async () => {
    const { code, stdout } = await cli(['replay', 'x.run', long.trajectoryId, '--show'], { cwd: folder })
    expect(code).toBe(0)
    expect(stdout).toMatch(/Turn 2[\s\S]*same {2}\d+ events replayed/)
  })

  it('names what differs, whether all or one are asked for', async () => {
    const name = copy(
      'changed.run',
      `UPDATE events SET body = replace(body, '"temperature":0', '"temperature":1') WHERE seq = 2 AND trajectory = 1`,
    )
    const all = await cli(['replay', name, '--json'], { cwd: folder })
    expect(all.code).toBe(1)
    const { trajectories, same, different } = JSON.parse(all.stdout)
    expect({ trajectories, same }).toEqual({ trajectories: 16, same: 15 })
    expect(different).toMatchObject([{ divergence: { seq: 2 } }])
    const one = await cli(['replay', name, different[0].trajectory], { cwd: folder })
    expect(one.code).toBe(1)
    expect(one.stdout).toMatch(/different.*event 2 \(recorded model-call, replayed model-call\)/)
  })

  it('refuses a name that is not there', async () => {
    const { code, stderr } = await cli(['replay', 'x.run', 'nobody'], { cwd: folder })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/no trajectory nobody/)])
  })
})

describe('rescore', () => {
  it('changes nothing while the verifiers are the same', async () => {
    const { code, stdout } = await cli(['rescore', copy('same.run')], { cwd: folder })
    expect([code, stdout]).toEqual([0, '16 judged again, 0 changed\n'])
  })

  it('puts right what a former verifier got wrong, tells before and after, and leaves the events alone', async () => {
    const right = rows.filter(row => row.verdict === 'correct')[0]!
    const wrong = `UPDATE trajectories SET verdict = 'incorrect', why = 'an old bug', answer = 'x'
      WHERE name = '${right.trajectoryId}'`
    const name = copy('wrong.run', wrong)
    const dry = await cli(['rescore', name, '--dry-run', '--json'], { cwd: folder })
    expect(JSON.parse(dry.stdout)).toMatchObject({
      checked: 16,
      changed: [
        {
          trajectoryId: right.trajectoryId,
          before: { verdict: 'incorrect', why: 'an old bug', answer: 'x' },
          after: { verdict: 'correct', why: null, answer: right.answer },
        },
      ],
    })
    const { stdout } = await cli(['rescore', name], { cwd: folder })
    expect(stdout).toMatch(/: incorrect → correct\n16 judged again, 1 changed: 1 × incorrect → correct\n$/)
    expect(await summaries(name)).toEqual(rows)
    expect((await cli(['replay', name], { cwd: folder })).code).toBe(0)
  })

  it('reads the puzzle from the question where the task draws others by now', async () => {
    const name = copy('older.run', 'UPDATE items SET task_version = 99')
    const { stdout } = await cli(['rescore', name], { cwd: folder })
    expect(stdout).toBe('16 judged again, 0 changed\n')
  })
})

describe('fork', () => {
  const fork = async (name: string, ...args: string[]) =>
    cli(['fork', name, long.trajectoryId, ...args, '--json'], { cwd: folder })

  it('keeps what lies before the turn, forces the guidance, runs on live, and stores the branch', async () => {
    const name = copy('fork.run')
    const words = 'Answer in words, without any program.'
    const { stdout, stderr, code } = await fork(name, '--turn', '2', '--force', 'text', '--guidance', words)
    expect([0, 1], stderr).toContain(code)
    const events = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as TrajectoryEvent)
    const store = openSqliteStore(join(folder, name), { access: 'read', clock: systemClock })
    const before = await store.trajectory(long.trajectoryId)
    const at = events.findIndex(event => event.type === 'guidance' && event.turn === 2)
    expect(events[at]).toMatchObject({ guidance: { action: 'text', prompt: words, reason: 'forced by a fork' } })
    const kept = (list: readonly TrajectoryEvent[]) => list.slice(1, at).map(event => ({ ...event, trial: '' }))
    expect(kept(events)).toEqual(kept(before))
    expect(events.length).toBeGreaterThan(at + 2)
    expect(await store.summaries()).toEqual(rows)
    const branch = (await store.summaries({ branches: true })).find(row => row.branchOf)!
    expect(branch.branchOf).toEqual({ trajectory: long.trajectoryId, turn: 2 })
    expect(await store.trajectory(branch.trajectoryId)).toEqual(events)
    await store.close()
    const replayed = await cli(['replay', name], { cwd: folder })
    expect(replayed.stdout).toBe('17 of 17 trajectories replayed byte for byte\n')
    expect((await cli(['rescore', name], { cwd: folder })).stdout).toBe('17 judged again, 0 changed\n')
  })

  it.each<[string, string[], RegExp]>([
    ['nothing to force', ['--turn', '2'], /--force code, --force text, or --guidance/],
    ['a turn that is not there', ['--turn', '40', '--force', 'code'], /cannot be forked at turn 40[\s\S]*--turn 1 to/],
    ['an unknown action', ['--turn', '1', '--force', 'dance'], /Allowed choices are text, code/],
    ['an unknown model', ['--turn', '1', '--force', 'code', '-m', 'opnai/x'], /Did you mean "openai"/],
  ])('refuses %s', async (_, args, words) => {
    const { code, stderr } = await fork('x.run', ...args)
    expect(code, stderr).toBe(2)
    expect(stderr).toMatch(words)
  })

  it('refuses an unknown name, and a method that asks no coach', async () => {
    const unknown = await cli(['fork', 'x.run', 'zzz', '--turn', '1', '--force', 'code'], { cwd: folder })
    expect(unknown.stderr).toMatch(/no trajectory "zzz"[\s\S]*There is, for example/)
    const plain = rows.find(row => row.method === 'only-question')!
    const args = ['fork', 'x.run', plain.trajectoryId, '--turn', '1', '--force', 'code']
    expect((await cli(args, { cwd: folder })).stderr).toMatch(/only-question asks no coach/)
  })
})
