import { fileURLToPath } from 'node:url'
import { fakeServer } from '../../bench/_shared.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { listen } from '../../src/gateway/server.ts'
import { createService } from '../../src/gateway/service.ts'
import { finished, scriptedSandbox } from '../util/scripted.ts'

/**
 * Prints the bytes of heap that one request leaves behind, whole and streamed, as JSON: run with `--expose-gc`. The
 * provider is a process of its own, so that only the gateway is measured.
 */
async function main(): Promise<void> {
  const upstream = await fakeServer(fileURLToPath(new URL('../../bench/gateway-upstream.ts', import.meta.url)))
  const service = await createService({
    steering: {
      model: 'openai-compatible/wait-0',
      sandbox: scriptedSandbox(() => finished('')),
      settings: { limits: { tokens: null, costUsd: null, timeMs: 600_000 } },
      models: { baseUrl: upstream.url, environment: {} },
    },
  })
  const gateway = createGateway({ service })
  const { url, close } = await listen(gateway, { host: '127.0.0.1', port: 0 })
  const ask = async (stream: boolean) => {
    const body = JSON.stringify({ model: 'codesteer-text', stream, messages: [{ role: 'user', content: 'x' }] })
    const headers = { 'content-type': 'application/json' }
    const text = await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })).text()
    if (!text.includes('<<<1>>>')) throw new Error(text)
  }
  const left: Record<string, number> = {}
  for (const stream of [false, true]) {
    const batch = async (size: number) => {
      for (let done = 0; done < size; done += 25) await Promise.all(Array.from({ length: 25 }, () => ask(stream)))
      return heapBytes()
    }
    const before = await batch(200)
    left[stream ? 'streamed' : 'whole'] = Math.round(((await batch(400)) - before) / 400)
  }
  process.stdout.write(JSON.stringify(left))
  await close()
  await service.close()
  upstream.stop()
}

async function heapBytes(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await new Promise(resolve => setTimeout(resolve, 100))
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

if (import.meta.main) await main()
