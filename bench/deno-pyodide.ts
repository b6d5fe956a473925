/** What a run in the sandbox deno-pyodide costs: from a waiting guest, against one that is booted for the run. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openDenoPyodide } from '../src/sandboxes/deno-pyodide/deno-pyodide.ts'

export interface DenoPyodideFigures {
  readonly n: number
  /** Medians, in milliseconds. `warm`: `print(1)` given to a waiting guest, from the call of run to its result. */
  readonly warmMs: number
  readonly warmWorstMs: number
  /** The same when no guest waits: one boots for it. */
  readonly coldMs: number
  /** Opening the sandbox with the snapshot in the cache: reading and hashing it. */
  readonly openMs: number
}

/** Runs `print(1)` `n` times from a waiting pool and `n` times without one. Takes about a second per run. */
export async function measure(n = 9): Promise<DenoPyodideFigures> {
  const openings: number[] = []
  const colds: number[] = []
  const warms: number[] = []
  for (let i = 0; i < n; i++) {
    const openedMs = performance.now()
    const sandbox = await openDenoPyodide({ parallel: 1 })
    openings.push(performance.now() - openedMs)
    const calledMs = performance.now()
    await sandbox.run({ source: 'print(1)' })
    colds.push(performance.now() - calledMs)
    while (sandbox.census().waiting === 0) await sleep(20)
    await sleep(200)
    const againMs = performance.now()
    const { stdout } = await sandbox.run({ source: 'print(1)' })
    warms.push(performance.now() - againMs)
    if (stdout !== '1\n') throw new Error(`print(1) gave ${JSON.stringify(stdout)}`)
    await sandbox.close()
  }
  // The first opening may have made the snapshot.
  const openMs = median(openings.slice(1))
  return { n, warmMs: median(warms), warmWorstMs: Math.max(...warms), coldMs: median(colds), openMs }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

if (import.meta.main) {
  const { n, warmMs, warmWorstMs, coldMs, openMs } = await measure()
  const ratio = (coldMs / warmMs).toFixed(1)
  console.log(`print(1), n=${n}: ${warmMs.toFixed(1)} ms from a waiting guest (worst ${warmWorstMs.toFixed(1)} ms),`)
  console.log(`${coldMs.toFixed(0)} ms when one must boot (${ratio} times as long); opening ${openMs.toFixed(0)} ms`)
}
