// The training scripts, tested from the inside by scripts_test.py in one process.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { python, without } from '../training/with-torch.ts'

const script = fileURLToPath(new URL('./scripts_test.py', import.meta.url))

describe('the training scripts', () => {
  it.skipIf(!python)(
    `learn, stop, go on, refuse and serve as they say${without}`,
    async () => {
      const child = spawn(python, [script], {
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr.setEncoding('utf8').on('data', text => (said += text))
      const code = await new Promise(resolve => child.on('close', resolve))
      const failures = said.slice(said.indexOf('====='))
      expect(code, failures).toBe(0)
      expect(said).toMatch(/Ran \d\d tests/)
    },
    10 * 60_000,
  )
})
