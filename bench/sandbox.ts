import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, names } from '../src/registry.ts'
import type { Sandbox, SandboxKind } from '../src/sandbox.ts'

/** One way of running `print(1)`, measured in turn with the others. Times in milliseconds. */
export interface SandboxTiming {
  readonly name: string
  readonly count: number
  readonly medianMs: number
  readonly p95Ms: number
  /** Against bare `python3 file` of the same interleaved series. */
  readonly ratioToBare: number
  /** What we want, and whether it holds. */
  readonly goal: string
  readonly reached: boolean
}

const program = 'print(1)\n'

/**
 * Runs `print(1)` in each available sandbox and in the bare interpreter, one after the other, `count` rounds after a few
 * that do not count, so that all suffer the same neighbours.
 */
export async function measure(options: { count?: number } = {}): Promise<SandboxTiming[]> {
  const count = options.count ?? 60
  const folder = mkdtempSync(join(tmpdir(), 'codesteer-bench-'))
  const file = join(folder, 'main.py')
  writeFileSync(file, program)
  const ways = new Map<string, () => Promise<void>>([['bare python3 file', () => bare(file)]])
  const open: Sandbox[] = []
  // A sandbox may let go of the event loop while it waits or closes; the measurement must not end with it.
  const awake = setInterval(() => {}, 1000)
  try {
    for (const name of ['bubblewrap', 'deno-pyodide']) {
      const sandbox = await openIfAvailable(name)
      if (!sandbox) continue
      open.push(sandbox)
      ways.set(name, async () => {
        const { stdout, outcome } = await sandbox.run({ source: program })
        if (stdout !== '1\n') throw new Error(`${name} answered ${outcome}: ${JSON.stringify(stdout)}`)
      })
    }
    return summarize(await interleave(ways, count))
  } finally {
    await Promise.all(open.map(sandbox => sandbox.close()))
    clearInterval(awake)
    rmSync(folder, { recursive: true })
  }
}

async function openIfAvailable(name: string): Promise<Sandbox | undefined> {
  if (!names('sandboxes').includes(name)) return undefined
  const kind = await load<SandboxKind>('sandboxes', name)
  return (await kind.probe()).available ? kind.open({ parallel: 1 }) : undefined
}

async function interleave(ways: Map<string, () => Promise<void>>, count: number): Promise<Map<string, number[]>> {
  const times = new Map([...ways.keys()].map(name => [name, [] as number[]]))
  for (let round = -5; round < count; round++) {
    for (const [name, run] of ways) {
      const began = performance.now()
      await run()
      if (round >= 0) times.get(name)?.push(performance.now() - began)
      // A pool of interpreters that serve once needs a moment to refill; what we time is a run from a waiting pool.
      if (name === 'deno-pyodide') await new Promise(resolve => setTimeout(resolve, 1500))
    }
  }
  return times
}

function bare(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/python3', [file], { stdio: ['ignore', 'pipe', 'ignore'], env: {} })
    let out = ''
    child.stdout.on('data', chunk => (out += chunk))
    child.once('error', reject)
    child.once('close', () => (out === '1\n' ? resolve() : reject(new Error(`python3 answered ${out}`))))
  })
}

function summarize(times: Map<string, number[]>): SandboxTiming[] {
  const bareMedian = quantile(times.get('bare python3 file') ?? [], 0.5)
  return [...times].map(([name, values]) => {
    const medianMs = quantile(values, 0.5)
    const ratioToBare = medianMs / bareMedian
    const [goal, reached] =
      name === 'bubblewrap'
        ? ['ratio to bare <= 0.5', ratioToBare <= 0.5]
        : name === 'deno-pyodide'
          ? ['median <= 25 ms from a waiting pool', medianMs <= 25]
          : ['the yardstick', true]
    return { name, count: values.length, medianMs, p95Ms: quantile(values, 0.95), ratioToBare, goal, reached }
  })
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

if (import.meta.main) {
  const count = Number(process.argv[2] ?? 60)
  for (const row of await measure({ count })) {
    const figures = `median ${row.medianMs.toFixed(2)} ms, p95 ${row.p95Ms.toFixed(2)} ms, n=${row.count}`
    const verdict = `${row.ratioToBare.toFixed(3)} of bare; ${row.goal}: ${row.reached ? 'yes' : 'NO'}`
    console.log(`${row.name.padEnd(18)} ${figures}; ${verdict}`)
  }
}
