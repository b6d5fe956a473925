import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const expected: Readonly<Record<string, RegExp>> = {
  '01-ask.ts': /^9\.9 after \d turn/,
  '02-watch.ts': /turn 1: code[\s\S]*self-answer: failed[\s\S]*turn 2: code[\s\S]*self-answer: passed/,
  '03-judge.ts': / correct\n$/,
  '04-own-coach.ts': /^3\.14\n$/,
  '05-replay.ts': /^\d+ events, the same again\n$/,
  '06-own-server.ts': /^42, \d+ tokens in \d calls\n$/,
  '07-own-checker.ts': /^failed - We cannot order 9\.9 units\.\n$/,
  '08-sandbox.ts':
    /^sums: finished, exit code 0, 6\nruns for ever: timed-out, exit code null\neats memory: (out-of-memory|finished), [\s\S]*MemoryError\nasks the network: finished, exit code 1, .*Error.*\nprint\(42\) is lazy: hard-coded\n$/,
  '09-limits.ts': /^token-limit after 1 turn\(s\)\ncancelled with an answer of turn 1\n$/,
  '10-ai-sdk.ts':
    /^\[turn 1: text\][\s\S]*\[return the answer\][\s\S]*Answer: 9\.9\n\d+ tokens, stopped: returned, simulated: true\n$/,
  '11-fork.ts': /^first: text, 9\.9\nbranch: code, 9\.9\n$/,
  '12-compare.ts':
    /^finished: \d+ trajectories\nSIMULATED: [\s\S]*codesteer is better than all-text-cot by [\d.]+ points/,
}

describe('examples', () => {
  const names = readdirSync(folder).filter(name => name.endsWith('.ts'))
  it.each(names)(
    '%s runs, prints what it says, and stays under 40 lines',
    async name => {
      const { stdout } = await promisify(execFile)(process.execPath, [folder + name], { timeout: 90_000 })
      expect(expected, 'say what it prints').toHaveProperty([name])
      expect(stdout).toMatch(expected[name]!)
      expect(readFileSync(folder + name, 'utf8').split('\n').length).toBeLessThan(40)
    },
    90_000,
  )
})
