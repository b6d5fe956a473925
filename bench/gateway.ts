import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fakeServer, median } from './_shared.ts'

/** What one call costs through the gateway, beside the same call made to the provider directly. */
export interface AddedLatency {
  /** How long the provider thinks, in milliseconds. */
  readonly upstreamMs: number
  readonly directMs: number
  readonly gatewayMs: number
  /** gatewayMs / directMs; medians of calls made in turn. */
  readonly ratio: number
}

/** Streams held at once, round after round, and the gateway's memory after each. */
export interface Crowd {
  readonly streams: number
  readonly rounds: number
  readonly failed: number
  readonly wallMsPerRound: readonly number[]
  readonly cpuMsPerStream: number
  /** Resident megabytes after each round. */
  readonly residentMb: readonly number[]
  /** The last third's median over the middle third's: about 1 when memory is flat. */
  readonly growth: number
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

interface Server {
  readonly url: string
  readonly child: ChildProcess
}

/** `codesteer serve` in a process of its own. */
async function gateway(upstream: string, model: string): Promise<Server> {
  const args = [
    'serve',
    '--port',
    '0',
    '--model',
    `openai-compatible/${model}`,
    '--base-url',
    upstream,
    '--concurrency',
    '1000',
  ]
  const child = spawn(process.execPath, [path('../src/cli/main.ts'), ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    const url = /on (http:\S+)\/v1/.exec(said)?.[1]
    if (url) return { url: `${url}/v1`, child }
  }
  throw new Error(`codesteer serve ended: ${said}`)
}

async function stop({ child }: Server): Promise<void> {
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

async function ask(url: string, model: string, stream: boolean): Promise<string> {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: '9.11 or 9.9, which is larger?' }] }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 300)}`)
  return text
}

/** Calls in turn, direct and through the gateway (one turn, no checks), so that a busy machine slows both alike. */
export async function measureLatency(upstreamMs: number, calls = 60): Promise<AddedLatency> {
  const upstream = await fakeServer(path('./gateway-upstream.ts'))
  const server = await gateway(upstream.url, `wait-${upstreamMs}`)
  try {
    const timed = async (url: string, model: string) => {
      const beganMs = performance.now()
      await ask(url, model, false)
      return performance.now() - beganMs
    }
    const [direct, through]: [number[], number[]] = [[], []]
    for (let i = -10; i < calls; i++) {
      const pair = [await timed(upstream.url, `wait-${upstreamMs}`), await timed(server.url, 'codesteer-text')] as const
      if (i < 0) continue
      direct.push(pair[0])
      through.push(pair[1])
    }
    const [directMs, gatewayMs] = [median(direct), median(through)]
    return { upstreamMs, directMs, gatewayMs, ratio: gatewayMs / directMs }
  } finally {
    await stop(server)
    upstream.stop()
  }
}

/** Holds so many streams at once, round after round. */
export async function measureCrowd(streams = 200, rounds = 24): Promise<Crowd> {
  const upstream = await fakeServer(path('./gateway-upstream.ts'))
  const server = await gateway(upstream.url, 'drip-10')
  const pid = server.child.pid!
  const wallMsPerRound: number[] = []
  const residentMb: number[] = []
  let failed = 0
  try {
    const beganCpuMs = cpuMsOf(pid)
    for (let round = 0; round < rounds; round++) {
      const beganMs = performance.now()
      const texts = await Promise.all(
        Array.from({ length: streams }, () => ask(server.url, 'codesteer-text', true).catch(String)),
      )
      wallMsPerRound.push(Math.round(performance.now() - beganMs))
      failed += texts.filter(text => !text.endsWith('data: [DONE]\n\n')).length
      residentMb.push(residentMbOf(pid))
    }
    const third = Math.floor(rounds / 3)
    return {
      streams,
      rounds,
      failed,
      wallMsPerRound,
      cpuMsPerStream: (cpuMsOf(pid) - beganCpuMs) / (streams * rounds),
      residentMb,
      growth: median(residentMb.slice(-third)) / median(residentMb.slice(third, 2 * third)),
    }
  } finally {
    await stop(server)
    upstream.stop()
  }
}

const residentMbOf = (pid: number) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024)

/** User and system time of a process, in milliseconds (the kernel counts in hundredths of a second). */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

if (import.meta.main) {
  for (const upstreamMs of [0, 300])
    console.log(JSON.stringify({ latency: await measureLatency(upstreamMs, upstreamMs === 0 ? 200 : 20) }))
  console.log(JSON.stringify({ crowd: await measureCrowd() }))
}
