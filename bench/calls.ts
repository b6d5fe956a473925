import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText } from 'ai'
import { openLedger } from '../src/models/_shared/ledger.ts'
import { openModel } from '../src/models/_shared/open.ts'
import { systemClock } from '../src/util/clock.ts'

/** CPU time of this process (user and system) per call, and the ratio to the bare SDK measured in the same series. */
export interface CallCost {
  readonly what: 'bare generateText' | 'ChatModel.call' | 'ChatModel.call with ledger'
  readonly cpuMsPerCall: number
  /** Median over the series of this divided by the bare SDK. */
  readonly ratio: number
}

type Ask = (words: string) => Promise<unknown>

/**
 * Measures what our call costs beside the SDK's on the same fake server, which runs in a process of its own. The ways are
 * interleaved series by series, so that a busy machine slows all of them alike; medians of `series` are given.
 */
export async function measure(options: { calls?: number; atOnce?: number; series?: number } = {}): Promise<CallCost[]> {
  const { calls = 300, atOnce = 20, series = 7 } = options
  const folder = await mkdtemp(join(tmpdir(), 'bench-calls-'))
  const server = spawn(process.execPath, [fileURLToPath(new URL('../test/fake-server/main.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ledger = openLedger(join(folder, 'ledger.sqlite'), { clock: systemClock })
  try {
    const [line] = await once(server.stdout, 'data')
    const url = String(line).trim()
    const ways = await waysOf(url, ledger)
    const names = Object.keys(ways) as (keyof typeof ways)[]
    for (const name of names) await run(ways[name], `warm-up ${name}`, 100, atOnce)
    const measured = names.map(() => [] as number[])
    for (let s = 0; s < series; s++) {
      for (const [i, name] of names.entries()) measured[i]!.push(await run(ways[name], `${s} ${name}`, calls, atOnce))
    }
    const bare = measured[0]!
    return names.map((what, i) => ({
      what,
      cpuMsPerCall: median(measured[i]!),
      ratio: median(measured[i]!.map((ms, s) => ms / bare[s]!)),
    }))
  } finally {
    ledger.close()
    server.kill()
    await rm(folder, { recursive: true })
  }
}

async function waysOf(url: string, ledger: ReturnType<typeof openLedger>): Promise<Record<CallCost['what'], Ask>> {
  const bare = createOpenAICompatible({ name: 'fake', baseURL: url }).chatModel('fake')
  const common = { environment: {}, clock: systemClock, baseUrl: url }
  const plain = await openModel('openai-compatible/fake', common)
  const kept = await openModel('openai-compatible/fake', { ...common, ledger })
  const messages = (words: string) => [{ role: 'user' as const, content: words }]
  return {
    'bare generateText': words => generateText({ model: bare, messages: messages(words), maxRetries: 0 }),
    'ChatModel.call': words => plain.call({ messages: messages(words), trial: '0' }),
    'ChatModel.call with ledger': words => kept.call({ messages: messages(words), trial: '0' }),
  }
}

/** CPU milliseconds per call. Every question is another one, so that the ledger never hits. */
async function run(ask: Ask, label: string, calls: number, atOnce: number): Promise<number> {
  const filler = 'what is the sum of these numbers? '.repeat(60)
  let next = 0
  const before = process.cpuUsage()
  const worker = async () => {
    while (next < calls) await ask(`${label} ${next++} ${filler}`)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / calls
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

if (import.meta.main) {
  for (const { what, cpuMsPerCall, ratio } of await measure()) {
    console.log(`${what.padEnd(28)} ${cpuMsPerCall.toFixed(3)} ms CPU per call   ratio to bare SDK ${ratio.toFixed(2)}`)
  }
}
