// A run of many conversations against the fake server (a process of its own): wall time against what latency alone would
// take at the given concurrency, and whether memory stays flat.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { resolvePlan } from '../src/experiment/plan.ts'
import { prepareRun } from '../src/experiment/run.ts'
import type { Sandbox } from '../src/sandbox.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { systemClock } from '../src/util/clock.ts'
import { cpuMs, fakeServer } from './_shared.ts'

const noSandbox: Sandbox = {
  name: 'none',
  run: () => Promise.reject(new Error('nothing is run here')),
  close: async () => {},
}

export interface RunCost {
  readonly conversations: number
  readonly calls: number
  readonly atOnce: number
  readonly wallMs: number
  /** Milliseconds that the server really took for a call, from its arrival to the answer's last byte: timers are late. */
  readonly latencyMs: number
  /** Calls times that latency, divided by the concurrency: nobody can be faster. */
  readonly boundMs: number
  readonly ratio: number
  /** The same number of bare requests to the same server at the same concurrency, measured in the same run. */
  readonly floorMs: number
  readonly ratioToFloor: number
  /** Resident memory of this process in megabytes, after each tenth of the run. */
  readonly memoryMb: readonly number[]
  /** What is really held: the heap after a collection, in megabytes, after each tenth of the run. */
  readonly heldMb: readonly number[]
  /** The second half's mean against the first's, start-up left out. */
  readonly heldGrowth: number
  readonly bytesPerConversation: number
  readonly cpuMsPerConversation: number
}

/** What the machine, the network stack and the server alone take, in milliseconds. */
async function bareRequests(url: string, count: number, atOnce: number): Promise<number> {
  const body = JSON.stringify({ model: 'fake', messages: [{ role: 'user', content: 'word '.repeat(100) }] })
  let left = count
  const worker = async () => {
    while (left-- > 0) {
      const headers = { 'content-type': 'application/json' }
      await (await fetch(`${url}/chat/completions`, { method: 'POST', headers, body })).text()
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: atOnce }, worker))
  return performance.now() - begun
}

/** What the fake server spent on answers so far, in milliseconds of all of them together. */
async function servedMs(url: string): Promise<number> {
  const stats = (await (await fetch(`${url}/stats`)).json()) as { readonly servedMs: number }
  return stats.servedMs
}

/** The engine's own collection, without a flag on the command line. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/** One call a conversation, judged and stored; both the store and the ledger write to the disk. */
export async function measure(conversations = 2_000, atOnce = 20): Promise<RunCost> {
  const server = await fakeServer(fileURLToPath(new URL('./fifty-ms-script.ts', import.meta.url)))
  const folder = await mkdtemp(join(tmpdir(), 'bench-run-'))
  const path = join(folder, 'bench.run')
  try {
    const run = async (samples: number, seed: number, file: string) => {
      const store = openSqliteStore(file, { access: 'create', clock: systemClock })
      const prepared = await prepareRun({
        plan: await resolvePlan({
          methods: ['only-question'],
          models: ['openai-compatible/fake'],
          tasks: ['letters'],
          levels: [1],
          samples,
          seed,
          limits: { concurrency: atOnce },
        }),
        store,
        ledger: store.ledger,
        environment: {},
        clock: systemClock,
        sandbox: noSandbox,
        models: { baseUrl: server.url },
      })
      return { prepared, store }
    }
    const warm = await run(100, 1e6, join(folder, 'warm.run'))
    await warm.prepared.work()
    await warm.store.close()

    const { prepared, store } = await run(conversations, 0, path)
    const memoryMb: number[] = []
    const heldMb: number[] = []
    const collect = collector()
    let collectingMs = 0
    let tenth = 1
    const timer = setInterval(() => {
      if (prepared.snapshot().done < (conversations * tenth) / 10) return
      memoryMb.push(Math.round(process.memoryUsage().rss / 2 ** 20))
      const collecting = performance.now()
      collect()
      collectingMs += performance.now() - collecting
      heldMb.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20))
      tenth++
    }, 50)
    // Half of the bare requests before and half after, so that a machine that is busy slows both alike.
    const before = await bareRequests(server.url, conversations / 2, atOnce)
    const servedBefore = await servedMs(server.url)
    const begun = performance.now()
    const cpuBefore = cpuMs()
    const outcome = await prepared.work()
    // The forced collections are the measuring's own.
    const wallMs = performance.now() - begun - collectingMs
    const cpuMsPerConversation = (cpuMs() - cpuBefore) / conversations
    clearInterval(timer)
    await store.close()
    const served = (await servedMs(server.url)) - servedBefore
    const floorMs = before + (await bareRequests(server.url, conversations / 2, atOnce))
    const { calls } = outcome.snapshot.spent
    const boundMs = served / atOnce
    const mean = (some: readonly number[]) => some.reduce((sum, n) => sum + n, 0) / some.length
    const settled = heldMb.slice(1)
    const half = Math.floor(settled.length / 2)
    return {
      conversations: outcome.snapshot.done,
      calls,
      atOnce,
      wallMs,
      latencyMs: served / calls,
      boundMs,
      ratio: wallMs / boundMs,
      floorMs,
      ratioToFloor: wallMs / floorMs,
      memoryMb,
      heldMb,
      heldGrowth: mean(settled.slice(half)) / mean(settled.slice(0, half)),
      cpuMsPerConversation,
      bytesPerConversation: Math.round((await stat(path)).size / conversations),
    }
  } finally {
    server.stop()
    await rm(folder, { recursive: true })
  }
}

if (import.meta.main) {
  for (const atOnce of process.argv[2] ? [Number(process.argv[2])] : [4, 8, 16]) {
    const cost = await measure(2_000, atOnce)
    console.log(
      `${cost.conversations} conversations, ${cost.calls} calls of 50 ms (the server took ${cost.latencyMs.toFixed(1)}), ${atOnce} at once: ${(cost.wallMs / 1_000).toFixed(2)} s, bound ${(cost.boundMs / 1_000).toFixed(2)} s, ratio ${cost.ratio.toFixed(3)} (goal <= 1.1); bare requests ${(cost.floorMs / 1_000).toFixed(2)} s, ratio ${cost.ratioToFloor.toFixed(3)}`,
    )
    console.log(
      `memory by tenths of the run: held ${cost.heldMb.join(' ')} MB (second half to first ${cost.heldGrowth.toFixed(2)}), resident ${cost.memoryMb.join(' ')} MB; ${cost.bytesPerConversation} bytes stored and ${cost.cpuMsPerConversation.toFixed(1)} ms CPU per conversation`,
    )
  }
}
