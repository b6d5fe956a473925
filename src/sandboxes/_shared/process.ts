import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { RunResult } from '../../sandbox.ts'
import type { RunLimits } from './limits.ts'
import { OutputHead } from './output.ts'

/** A command that runs one program, for the sandboxes that start one for each run. */
export interface LimitedProcess {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly stdin: Uint8Array | string
  readonly limits: RunLimits
  readonly signal?: AbortSignal | undefined
  /** What else must be stopped when we stop the program, beyond the command's process group. */
  onStop?(): Promise<void>
}

type Stop = 'timed-out' | 'output-limit' | 'aborted'

/** How long the pipes may stay open after the command's end; only a process outside its group can hold them. */
const lingerMs = 300

/**
 * Runs the command in a process group of its own, keeps the heads of its outputs, and kills the group at the limits, on
 * abort, and at its end. Rejects with the signal's reason after an abort, and with the spawn error (`ENOENT`) when the
 * command cannot be started.
 */
export async function runLimited(job: LimitedProcess): Promise<RunResult> {
  job.signal?.throwIfAborted()
  const began = performance.now()
  const child = spawn(job.command, job.args, { detached: true, env: { ...job.env }, cwd: job.cwd, stdio: 'pipe' })
  const outputs = { stdout: new OutputHead(job.limits.outputBytes), stderr: new OutputHead(job.limits.outputBytes) }
  let stopped: Stop | undefined
  let stopping: Promise<void> | undefined
  const stop = (why: Stop) => {
    if (stopped) return
    stopped = why
    stopping = job.onStop?.()
    killGroup(child.pid)
  }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      outputs[name].push(chunk)
      if (outputs[name].tooMuch) stop('output-limit')
    })
  }
  // A program that reads no input closes the pipe early; that is its right.
  child.stdin.on('error', () => {})
  child.stdin.end(job.stdin)
  const timer = setTimeout(() => stop('timed-out'), job.limits.timeoutMs)
  const abort = () => stop('aborted')
  job.signal?.addEventListener('abort', abort, { once: true })
  try {
    const exitCode = await ended(child)
    await stopping
    if (stopped === 'aborted') throw job.signal?.reason
    const [out, err] = [outputs.stdout.decoded(), outputs.stderr.decoded()]
    return {
      outcome: stopped ?? 'finished',
      exitCode: stopped ? null : exitCode,
      stdout: out.text,
      stderr: err.text,
      droppedBytes: out.droppedBytes + err.droppedBytes,
      tookMs: performance.now() - began,
    }
  } finally {
    clearTimeout(timer)
    job.signal?.removeEventListener('abort', abort)
  }
}

/** Resolves with the exit status once the process has ended, its group is killed and its pipes are read. */
function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    let linger: NodeJS.Timeout | undefined
    child.once('error', reject)
    child.once('exit', () => {
      killGroup(child.pid)
      linger = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, lingerMs)
    })
    child.once('close', (code, signal) => {
      clearTimeout(linger)
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // ESRCH: the whole group has ended by itself.
  }
}

/** A MemoryError is told by the last line of the traceback; numpy's kind is a subclass with its own name. */
const memoryError = /^(\w+\.)*_?(Array)?MemoryError(:.*)?$/

/** Calls a finished run `out-of-memory` when its last words are an uncaught MemoryError. */
export function withMemoryOutcome(result: RunResult): RunResult {
  if (result.outcome !== 'finished' || result.exitCode !== 1) return result
  const lastLine = result.stderr.trimEnd().split('\n').at(-1) ?? ''
  return memoryError.test(lastLine) ? { ...result, outcome: 'out-of-memory' } : result
}
