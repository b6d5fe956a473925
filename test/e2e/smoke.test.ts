// experiments/smoke.json as a person runs it: plan, run, kill -9, resume, report.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/util/clock.ts'
import { cli, temporaryFolder } from '../util/cli.ts'

const plan = fileURLToPath(new URL('../../experiments/smoke.json', import.meta.url))

it('the smoke experiment survives a kill and reports ten methods on 37 tasks, labelled simulated', async () => {
  const folder = temporaryFolder()
  const out = join(folder, 'smoke.run')
  const page = join(folder, 'smoke.html')
  // Some seconds after its file is there, however long a busy machine takes to begin.
  const kill = async (child: { kill(signal: 'SIGKILL'): unknown }) => {
    while (!existsSync(out)) await systemClock.sleep(50)
    await systemClock.sleep(3_000)
    child.kill('SIGKILL')
  }
  const killed = await cli(['run', plan, '--out', out, '--yes'], { onSpawn: child => void kill(child) })
  expect(killed.signal ?? killed.code).toSatisfy(end => end === 'SIGKILL' || end === 0)
  expect(existsSync(out)).toBe(true)
  const resumed = await cli(['run', plan, '--out', out, '--yes'])
  expect(resumed.code, resumed.stderr.slice(-2_000)).toBe(0)
  const report = await cli(['report', out, '--json', '--html', page])
  expect(report.code, report.stderr).toBe(0)
  const data = JSON.parse(report.stdout)
  expect(data.counts).toEqual({ planned: 370, done: 370, left: 0, unscored: 0 })
  expect([data.columns.length, data.rows.length, data.simulated]).toEqual([10, 37, true])
  expect(data.comparisons).toHaveLength(9)
  expect(readFileSync(page, 'utf8')).toContain('SIMULATED')
}, 240_000)
