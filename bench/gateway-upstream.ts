import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeScript } from '../test/fake-server/server.ts'

/** Waits as many milliseconds as the model's name says (`wait-300`), or drips a text where it says so (`drip-5`). */
const script: FakeScript = async ({ body }) => {
  const [kind, ms] = (body.model ?? '').split('-')
  if (kind === 'wait') await sleep(Number(ms))
  const text = 'a few words and then an answer, '.repeat(20)
  return { text: `${text}<<<1>>>`, ...(kind === 'drip' ? { dripMs: Number(ms), pieceLength: 16 } : {}) }
}

export default script
