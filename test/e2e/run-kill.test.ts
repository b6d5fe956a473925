// The proof of resume: a run is killed with SIGKILL again and again, at random points, and started again each time.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { requestKey } from '../../src/models/_shared/request-key.ts'
import { replay } from '../../src/replay.ts'
import type { Summary } from '../../src/store/run-store.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { seededRng } from '../../src/util/rng.ts'
import { apprenticeReply } from '../fake-server/apprentice.ts'
import { type FakeRequest, startFakeServer } from '../fake-server/server.ts'
import { temporaryFolder } from '../util/cli.ts'

const kills = 32
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const plan = {
  name: 'killed',
  methods: ['codesteer', 'only-question', 'code-text-sum-1', 'symbolic-agent', 'code-interpreter'],
  models: ['openai-compatible/fake'],
  tasks: ['letters', 'game-24', 'number-multiply'],
  levels: [1, 2],
  samples: 2,
  limits: { concurrency: 4 },
}

/** Completions by the hash that the ledger knows them by. */
type Counts = Map<string, number>

const total = (counts: Counts) => [...counts.values()].reduce((sum, n) => sum + n, 0)

describe('a run that is killed', () => {
  it(`at ${kills} random points repeats no finished call, loses no trajectory, and ends as if nothing had happened`, async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
    let counts: Counts = new Map()
    let onRequest: () => void = () => {}
    const server = await startFakeServer({
      script: async request => {
        const key = keyOf(server.url, request)
        onRequest()
        const reply = await apprenticeReply(request)
        await systemClock.sleep(15)
        // As a provider does: what was produced is charged, whether or not anybody is there to take it.
        counts.set(key, (counts.get(key) ?? 0) + 1)
        return reply
      },
    })
    const start = (file: string) => {
      const args = [main, 'run', 'plan.json', '--out', file, '--base-url', server.url, '--yes', '--json']
      return spawn(process.execPath, args, {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CODESTEER_API_KEY: 'sk-test-0123456789' },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    }
    try {
      expect(await ended(start('whole.run'))).toEqual({ code: 0, signal: null })
      const expected = counts
      counts = new Map()
      const perStart = Math.floor(total(expected) / kills)
      expect(perStart, 'enough work for so many kills').toBeGreaterThanOrEqual(3)

      const rng = seededRng('run-kill', 1)
      let done = 0
      for (; done < kills; done++) {
        const child = start('killed.run')
        const over = ended(child)
        // Mostly in the midst of calls, now and then while it starts.
        const kill = () => void child.kill('SIGKILL')
        if (done % 8 === 7) setTimeout(kill, rng.int(50, 1_200))
        else {
          let left = rng.int(1, Math.max(1, perStart - 2))
          onRequest = () => {
            if (--left === 0) setTimeout(kill, rng.int(0, 40))
          }
        }
        const { signal } = await over
        onRequest = () => {}
        if (signal === null) break
      }
      expect(done, 'kills that hit a living run').toBe(kills)
      expect(await ended(start('killed.run'))).toEqual({ code: 0, signal: null })

      const [whole, killed] = [
        openSqliteStore(join(folder, 'whole.run'), write),
        openSqliteStore(join(folder, 'killed.run'), write),
      ]
      try {
        // 1. No finished call was made again. What was in flight at a kill may have been, and is told.
        const maybePaid: Counts = new Map()
        for (const { requestHash } of killed.ledger!.maybePaid())
          maybePaid.set(requestHash, (maybePaid.get(requestHash) ?? 0) + 1)
        const repeated = [...counts].filter(([key, n]) => n > (expected.get(key) ?? 0) + (maybePaid.get(key) ?? 0))
        expect(repeated).toEqual([])
        expect(new Set(counts.keys())).toEqual(new Set(expected.keys()))
        expect(killed.ledger!.stats().done).toBe(total(expected))
        expect(total(maybePaid), 'kills did hit calls in flight').toBeGreaterThan(0)
        expect(total(counts)).toBeLessThanOrEqual(total(expected) + total(maybePaid))
        // 2. No trajectory is lost, and each is one that the loop makes from its record.
        expect(await killed.counts()).toEqual({ waiting: 0, open: 0, done: 60, failed: 0 })
        const rows = await killed.summaries()
        for (const { trajectoryId } of rows) {
          const { divergence } = await replay(await killed.trajectory(trajectoryId))
          expect(divergence, trajectoryId).toBeNull()
        }
        // 3. The results are those of the run that nobody killed.
        expect(bare(rows)).toEqual(bare(await whole.summaries()))
        process.stderr.write(
          `run-kill: ${done} kills, ${total(expected)} calls, ${total(counts)} paid, ${total(maybePaid)} in flight at a kill, 0 finished calls repeated\n`,
        )
      } finally {
        await whole.close()
        await killed.close()
      }
    } finally {
      await server.close()
    }
  }, 400_000)
})

const write = { access: 'write', clock: systemClock } as const

function keyOf(url: string, { path, body }: FakeRequest): string {
  return requestKey(new URL(path, url), { method: 'POST', body: JSON.stringify(body) }).hash
}

/** Summaries without what differs from one run to the next: names and times. */
const bare = (rows: readonly Summary[]) =>
  rows.map(row => ({ ...row, trajectoryId: '', tookMs: 0 })).sort((a, b) => a.key.localeCompare(b.key))

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', text => (said += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      // Going on means going on: the record is continued, not begun again.
      const wrong = (code !== 0 && signal === null) || /begins anew/.test(said)
      if (wrong) reject(new Error(`the run ended with ${code ?? signal}: ${said}`))
      else resolve({ code, signal })
    })
  })
}
