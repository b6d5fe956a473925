import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { SandboxError } from '../../errors.ts'
import type { RunRequest, RunResult } from '../../sandbox.ts'
import { limitsOf, outputFactor } from '../_shared/limits.ts'
import { Capture } from './capture.ts'
import { launch } from './launch.ts'
import type { Parts } from './parts.ts'
import { endings, type GuestRequest, ready } from './protocol.ts'

/** One Deno process: boots, waits, runs one program, is killed. */
export interface GuestProcess {
  readonly pid: number
  /** Resolves when it waits for a program; rejects with a SandboxError when it could not boot. */
  readonly booted: Promise<void>
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  /** Somebody waits for it now: no more politeness. */
  hurry(): void
  /** To be called once, when booted. Kills the process at the end. */
  run(request: RunRequest): Promise<RunResult>
  /** Kills it; a program that still runs in it rejects with `why`. */
  close(why: Error): void
}

interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const bootTimeoutMs = 60_000
const watchMs = 50
/** What the interpreter itself, V8 and full scratch files may hold beside the program's memory. */
const besideBytes = 512 * 2 ** 20

/**
 * Starts a guest. `lowPriority` boots it politely; only where we may raise the priority again when it gets a program,
 * which on POSIX is root's privilege.
 */
export function startGuest(
  parts: Parts,
  options: { readonly snapshotPath: string; readonly cwd: string; readonly lowPriority: boolean },
): GuestProcess {
  const { snapshotPath, cwd } = options
  const child = launch(parts, ['serve', parts.pyodideFolder, snapshotPath], { readable: [snapshotPath], cwd })
  const pid = child.pid ?? -1
  const polite =
    options.lowPriority && pid > 0 && process.geteuid?.() === 0 && prioritize(pid, Math.min(19, getPriority() + 10))
  let alive = true
  let closedBecause: Error | undefined
  const gone = new Promise<End>(resolve => {
    child.once('error', () => resolve({ code: null, signal: null }))
    child.once('close', (code, signal) => resolve({ code, signal }))
  }).then(end => {
    alive = false
    return end
  })
  const kill = () => {
    if (alive) killGroup(pid, child)
  }
  child.stdin.on('error', () => undefined)
  const booted = boot()
  // A guest that nobody waits for yet may fail; the pool asks again and reports it then.
  booted.catch(() => undefined)

  async function boot(): Promise<void> {
    let complaint = ''
    const hear = (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000))
    child.stderr.on('data', hear)
    const timer = setTimeout(kill, bootTimeoutMs)
    const first = new Promise<Buffer>(resolve => child.stdout.once('data', resolve))
    const chunk = await Promise.race([first, gone.then(() => undefined)])
    clearTimeout(timer)
    child.stderr.off('data', hear)
    if (chunk?.length === 1 && chunk[0] === ready) return setWaiting(true)
    kill()
    const fact = `the Deno guest did not boot: ${complaint.trim() || 'it ended without a word'}`
    throw new SandboxError(fact, 'Try: codesteer doctor. If it stays, reinstall the two packages: npm i deno pyodide')
  }

  /** A guest that waits does not keep our own process alive; one that boots or runs does. */
  function setWaiting(waiting: boolean): void {
    const handles = [child, child.stdin, child.stdout, child.stderr] as { ref?(): void; unref?(): void }[]
    for (const handle of handles) waiting ? handle.unref?.() : handle.ref?.()
  }

  function hurry(): void {
    if (polite) prioritize(pid, getPriority())
  }

  function run(request: RunRequest): Promise<RunResult> {
    setWaiting(false)
    hurry()
    const { timeoutMs, memoryBytes, outputBytes } = limitsOf(request)
    const nonce = randomBytes(16)
    const stdout = new Capture(nonce, outputBytes)
    const stderr = new Capture(nonce, outputBytes)
    const startMs = performance.now()
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>()
    let running = true

    const stop = () => {
      running = false
      clearTimeout(timer)
      clearInterval(watch)
      request.signal?.removeEventListener('abort', onAbort)
      kill()
    }
    const finish = (outcome: RunResult['outcome'], exitCode: number | null) => {
      if (!running) return
      const tookMs = performance.now() - startMs
      stop()
      const [out, err] = [stdout.decoded(), stderr.decoded()]
      const droppedBytes = out.droppedBytes + err.droppedBytes
      resolve({ outcome, exitCode, stdout: out.text, stderr: err.text, droppedBytes, tookMs })
    }
    const onAbort = () => {
      stop()
      reject(request.signal?.reason)
    }
    const receive = (capture: Capture) => (chunk: Buffer) => {
      if (!running) return
      capture.push(chunk)
      if (capture.bytes > outputFactor * outputBytes) return finish('output-limit', null)
      const end = stdout.trailer
      if (!end || !stderr.trailer) return
      finish(end.ending === endings.outOfMemory ? 'out-of-memory' : 'finished', end.exitCode)
    }
    /** The process ended without a trailer: we closed it, V8 ran out of memory or crashed, or the kernel killed it. */
    const onGone = ({ code, signal }: End) => {
      if (!running) return
      if (closedBecause) {
        stop()
        return reject(closedBecause)
      }
      const starved = signal === 'SIGKILL' || /out of memory/i.test(stderr.decoded().text)
      finish(starved ? 'out-of-memory' : 'finished', code ?? 128 + (signal ? constants.signals[signal] : 0))
    }

    const timer = setTimeout(() => finish('timed-out', null), timeoutMs)
    const watch = watchMemory(pid, memoryBytes + besideBytes, () => finish('out-of-memory', null))
    child.stdout.on('data', receive(stdout))
    child.stderr.on('data', receive(stderr))
    request.signal?.addEventListener('abort', onAbort, { once: true })
    gone.then(onGone)
    const { source, stdin = '' } = request
    child.stdin.write(frame({ source, stdin, memoryBytes, nonce: nonce.toString('hex') }))
    return promise
  }

  const close = (why: Error) => {
    closedBecause = why
    // Whoever waits for the end must be kept alive until it comes.
    setWaiting(false)
    kill()
  }
  return { pid, booted, gone: gone.then(() => undefined), hurry, run, close }
}

function frame(request: GuestRequest): Buffer {
  const body = Buffer.from(JSON.stringify(request))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([length, body])
}

function prioritize(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice)
    return true
  } catch {
    // Already gone, or not ours to raise: speed is affected, nothing else.
    return false
  }
}

/** Kills the guest's whole group; on Windows, which has none, the process. */
function killGroup(pid: number, child: ChildProcess): void {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else if (pid > 1) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself between our look and our shot.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Looks at the process's resident memory and reports when it exceeds the limit: the line that holds where memory is
 * taken past WebAssembly's ceiling (pipes, JavaScript). Linux only; elsewhere there is no /proc to look at.
 */
function watchMemory(pid: number, limitBytes: number, onExceeded: () => void): NodeJS.Timeout | undefined {
  if (process.platform !== 'linux') return undefined
  return setInterval(() => {
    if (residentBytes(pid) > limitBytes) onExceeded()
  }, watchMs)
}

function residentBytes(pid: number): number {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    // It has just ended.
    return 0
  }
}
