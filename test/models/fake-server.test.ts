import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { openModel } from '../../src/models/_shared/open.ts'
import { systemClock } from '../../src/util/clock.ts'
import { startFakeServer } from '../fake-server/server.ts'
import { ask } from './support.ts'

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

it('runs as a process of its own, by a script file, and counts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fake-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const script = join(folder, 'script.json')
  await writeFile(script, '[{"status": 400}, {"text": "scripted"}]')
  const main = fileURLToPath(new URL('../fake-server/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--script', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  cleanups.push(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  const url = String(line).trim()
  const model = await openModel(`openai-compatible/${url}#m`, { environment: {}, clock: systemClock })
  await expect(model.call(ask())).rejects.toThrow('400')
  expect((await model.call(ask())).text).toBe('scripted')
  const stats = await fetch(url.replace('/v1', '/stats'))
  expect(await stats.json()).toMatchObject({ requests: 2, paid: 1, closedEarly: 0 })
  child.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
})

it('counts a completion as paid even when the client never got it', async () => {
  const server = await startFakeServer({ script: [{ text: 'lost on the way', cutAfter: 2 }] })
  cleanups.push(() => server.close())
  const options = { environment: {}, clock: systemClock, retry: { maxAttempts: 1 } }
  const model = await openModel(`openai-compatible/${server.url}#m`, options)
  await expect(model.call(ask())).rejects.toThrow()
  expect([server.requests.length, server.paid, server.closedEarly]).toEqual([1, 1, 0])
})

it('answers by a function of the request', async () => {
  const server = await startFakeServer({ script: ({ index, body }) => ({ text: `${index} ${body.model}` }) })
  cleanups.push(() => server.close())
  const model = await openModel(`openai-compatible/${server.url}#m`, { environment: {}, clock: systemClock })
  expect((await model.call(ask())).text).toBe('0 m')
  expect((await model.call(ask())).text).toBe('1 m')
})
