// Two figures about the loop itself.
// 1. CPU per model turn of steer() against the bare AI SDK call with the same conversation, on the same server, interleaved.
// 2. Wall time of 1,000 conversations of 3 turns at 100 ms latency against the latency bound at the given concurrency.
import { fileURLToPath } from 'node:url'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, type ModelMessage } from 'ai'
import { createCodeSteer } from '../src/assemble.ts'
import type { Coach } from '../src/coach.ts'
import { prompts } from '../src/prompts/prompts.ts'
import type { Sandbox } from '../src/sandbox.ts'
import { cpuMs, fakeServer, median } from './_shared.ts'

const turns = 3
const filler = 'what is the sum of these numbers? '.repeat(60)

/** Asks for words `turns` times, then returns. */
const talker: Coach = {
  name: 'talker',
  models: [],
  async *guide(soFar) {
    if (soFar.turns.length >= turns) return { action: 'return', reason: 'enough', raw: null }
    return { action: 'text', prompt: prompts['task-text'], reason: 'bench', raw: null }
  },
}

const noSandbox: Sandbox = {
  name: 'none',
  run: () => Promise.reject(new Error('nothing is run here')),
  close: async () => {},
}

const systemFor = (url: string) =>
  createCodeSteer({
    model: 'openai-compatible/fake',
    models: { environment: {}, baseUrl: url },
    coach: talker,
    checkers: [],
    sandbox: noSandbox,
  })

/** Runs `count` jobs, `atOnce` of them in flight. */
async function inParallel(count: number, atOnce: number, job: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await job(next++)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker))
}

export interface LoopCost {
  readonly bareCpuMs: number
  readonly loopCpuMs: number
  readonly ratio: number
}

/** CPU milliseconds per model turn, bare and through the loop; medians of the series, ratio series by series. */
export async function measureTurns(series = 7, conversations = 100): Promise<LoopCost> {
  const server = await fakeServer()
  try {
    const steer = await systemFor(server.url)
    const bareModel = createOpenAICompatible({ name: 'fake', baseURL: server.url }).chatModel('fake')
    const bare = async (n: number) => {
      const messages: ModelMessage[] = []
      for (let turn = 0; turn < turns; turn++) {
        messages.push({ role: 'user', content: `${prompts['task-text']}\n${turn === 0 ? `${filler} bare ${n}` : ''}` })
        const { text } = await generateText({
          model: bareModel,
          messages: [...messages],
          maxRetries: 0,
          temperature: 0,
          maxOutputTokens: 8_000,
        })
        messages.push({ role: 'assistant', content: text })
      }
    }
    const loop = (n: number) => steer.ask(`${filler} loop ${n}`)
    const cost = async (job: (n: number) => Promise<unknown>) => {
      const before = cpuMs()
      await inParallel(conversations, 20, job)
      return (cpuMs() - before) / (conversations * turns)
    }
    for (const job of [bare, loop]) await cost(job)
    const [bares, loops]: [number[], number[]] = [[], []]
    for (let s = 0; s < series; s++) {
      bares.push(await cost(bare))
      loops.push(await cost(loop))
    }
    return { bareCpuMs: median(bares), loopCpuMs: median(loops), ratio: median(loops.map((ms, i) => ms / bares[i]!)) }
  } finally {
    server.stop()
  }
}

export interface Crowd {
  readonly atOnce: number
  readonly wallMs: number
  readonly boundMs: number
  readonly ratio: number
}

/** Wall time of many conversations against what latency alone would take at that concurrency. */
export async function measureCrowd(conversations = 1_000, atOnce = 50, latencyMs = 100): Promise<Crowd> {
  const server = await fakeServer(fileURLToPath(new URL('./slow-script.ts', import.meta.url)))
  try {
    const steer = await systemFor(server.url)
    await inParallel(50, 50, n => steer.ask(`warm ${n}`))
    const begun = performance.now()
    await inParallel(conversations, atOnce, n => steer.ask(`crowd ${n}`))
    const wallMs = performance.now() - begun
    const boundMs = Math.ceil(conversations / atOnce) * turns * latencyMs
    return { atOnce, wallMs, boundMs, ratio: wallMs / boundMs }
  } finally {
    server.stop()
  }
}

if (import.meta.main) {
  const cost = await measureTurns()
  console.log(
    `loop: ${cost.loopCpuMs.toFixed(3)} ms CPU per model turn, bare AI SDK call ${cost.bareCpuMs.toFixed(3)} ms, ratio ${cost.ratio.toFixed(2)} (goal <= 1.5)`,
  )
  for (const atOnce of [20, 50, 1_000]) {
    const crowd = await measureCrowd(1_000, atOnce)
    console.log(
      `1,000 conversations of ${turns} turns, ${atOnce} at once: ${(crowd.wallMs / 1_000).toFixed(2)} s, bound ${(crowd.boundMs / 1_000).toFixed(2)} s, ratio ${crowd.ratio.toFixed(2)} (goal <= 1.05)`,
    )
  }
}
