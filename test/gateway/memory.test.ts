import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('a request leaves next to nothing in memory when it is over', async () => {
  const child = fileURLToPath(new URL('./memory-child.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child], { timeout: 60_000 })
  const left = JSON.parse(stdout) as { whole: number; streamed: number }
  // The time-outs of ten minutes that are still running hold about 2 kB each; a request that is held whole is 20 kB and more.
  expect(left.whole).toBeLessThan(8_000)
  expect(left.streamed).toBeLessThan(8_000)
}, 60_000)
