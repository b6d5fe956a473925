// The proof of resume for trees: a synthesis is killed with SIGKILL again and again, at random points.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { requestKey } from '../../src/models/_shared/request-key.ts'
import { replay } from '../../src/replay.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { Tree, TreeNode } from '../../src/training/tree.ts'
import { treesOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { seededRng } from '../../src/util/rng.ts'
import { apprenticeReply } from '../fake-server/apprentice.ts'
import { type FakeRequest, startFakeServer } from '../fake-server/server.ts'
import { temporaryFolder } from '../util/cli.ts'

const kills = 12
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

type Counts = Map<string, number>
const total = (counts: Counts) => [...counts.values()].reduce((sum, n) => sum + n, 0)

describe('a synthesis that is killed', () => {
  it(`at ${kills} random points repeats no finished call and ends with the trees of one that nobody killed`, async () => {
    const folder = temporaryFolder()
    let counts: Counts = new Map()
    let onRequest: () => void = () => {}
    const server = await startFakeServer({
      script: async request => {
        const key = keyOf(server.url, request)
        onRequest()
        const reply = await apprenticeReply(request)
        await systemClock.sleep(15)
        counts.set(key, (counts.get(key) ?? 0) + 1)
        return reply
      },
    })
    const start = (file: string) => {
      const args = [main, 'data', 'synthesize', '--trees', '3', '--task', 'game-24,gsm-hard', '--levels', '1,2']
      const of = ['--model', 'openai-compatible/fake', '--coach', 'rules,prompted:openai-compatible/fake']
      const more = ['--branches', '3,2,2', '--out', file, '--base-url', server.url, '--yes', '--json']
      return spawn(process.execPath, [...args, ...of, ...more], {
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
      const rng = seededRng('synthesis-kill', 1)
      let done = 0
      for (; done < kills; done++) {
        const child = start('killed.run')
        const over = ended(child)
        let left = rng.int(1, Math.max(1, perStart - 2))
        onRequest = () => {
          if (--left === 0) setTimeout(() => void child.kill('SIGKILL'), rng.int(0, 40))
        }
        const { signal } = await over
        onRequest = () => {}
        if (signal === null) break
      }
      expect(done, 'kills that hit a living synthesis').toBe(kills)
      expect(await ended(start('killed.run'))).toEqual({ code: 0, signal: null })
      const spentAgain = total(counts)
      // Once more on what is whole: nothing is asked.
      expect(await ended(start('killed.run'))).toEqual({ code: 0, signal: null })
      expect(total(counts)).toBe(spentAgain)

      const killed = openSqliteStore(join(folder, 'killed.run'), { access: 'write', clock: systemClock })
      try {
        const maybePaid: Counts = new Map()
        for (const { requestHash } of killed.ledger!.maybePaid())
          maybePaid.set(requestHash, (maybePaid.get(requestHash) ?? 0) + 1)
        const repeated = [...counts].filter(([key, n]) => n > (expected.get(key) ?? 0) + (maybePaid.get(key) ?? 0))
        expect(repeated).toEqual([])
        expect(new Set(counts.keys())).toEqual(new Set(expected.keys()))
        expect(killed.ledger!.stats().done).toBe(total(expected))
        const rows = await killed.summaries({ branches: true, state: 'done' })
        for (const { trajectoryId } of rows) {
          const { divergence } = await replay(await killed.trajectory(trajectoryId))
          expect(divergence, trajectoryId).toBeNull()
        }
      } finally {
        await killed.close()
      }
      const trees = await treesIn(join(folder, 'whole.run'))
      expect(await treesIn(join(folder, 'killed.run'))).toEqual(trees)
      expect(trees).toHaveLength(3)
      process.stderr.write(
        `synthesis-kill: ${done} kills, ${total(expected)} calls, ${total(counts)} paid, 0 finished calls repeated\n`,
      )
    } finally {
      await server.close()
    }
  }, 400_000)
})

/** The trees of a file, sorted: which path was written first says nothing. */
async function treesIn(path: string): Promise<unknown[]> {
  const trees: Tree[] = []
  for await (const tree of treesOf(path)) trees.push(tree)
  const sorted = (nodes: readonly TreeNode[]): unknown[] =>
    nodes
      .map(({ children, costUsd: _, prompt, ...node }) => ({
        ...node,
        prompt: JSON.stringify(prompt).replace(/\d+\.\d+ s\b/g, 'some s'),
        children: sorted(children),
      }))
      .sort((a, b) => (a.trajectory < b.trajectory ? -1 : 1))
  return trees
    .map(({ children, id, question, promptVersion }) => ({ id, question, promptVersion, children: sorted(children) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function keyOf(url: string, { path, body }: FakeRequest): string {
  return requestKey(new URL(path, url), { method: 'POST', body: JSON.stringify(body) }).hash
}

async function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', text => (said += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const wrong = (code !== 0 && signal === null) || /is left as it stands/.test(said)
      if (wrong) reject(new Error(`the synthesis ended with ${code ?? signal}: ${said}`))
      else resolve({ code, signal })
    })
  })
}
