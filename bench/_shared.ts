import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** The fake server in a process of its own, so that its work is not counted as ours. */
export async function fakeServer(script?: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const main = fileURLToPath(new URL('../test/fake-server/main.ts', import.meta.url))
  const server = spawn(process.execPath, [main, ...(script ? ['--script', script] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(server.stdout, 'data')
  return { url: String(line).trim(), stop: () => void server.kill() }
}

/** User and system time of this process so far, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
