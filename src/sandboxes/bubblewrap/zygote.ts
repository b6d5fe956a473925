import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { SandboxError } from '../../errors.ts'
import type { RunResult } from '../../sandbox.ts'
import type { RunLimits } from '../_shared/limits.ts'
import { decodeHead } from '../_shared/output.ts'
import { bwrapArguments } from './arguments.ts'
import { createMemoryGroup, type MemoryGroup } from './cgroup.ts'
import { guestSetup, guestSource, zygoteOverheadBytes } from './guest.ts'

/** What the guest says after a run, in front of the two outputs. */
interface Answer {
  readonly outcome: RunResult['outcome'] | 'stopped'
  readonly exitCode: number | null
  readonly stdoutBytes: number
  readonly stderrBytes: number
  readonly stdoutTotal: number
  readonly stderrTotal: number
  /** What failed before the program's first line; empty when it ran. */
  readonly trouble: string
}

interface Frame {
  readonly answer: Answer
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/** How long a guest may take to start; 30 ms on an idle machine. */
const startLimitMs = 15_000
/** How much later than the program's own limit we give the guest up for lost. */
const graceMs = 2_000
const unprivileged = 65_534

/** Somebody waiting for the guest's next message. */
interface Waiter {
  resolve(frame: Frame | undefined): void
}

/**
 * One warm interpreter in its sandbox, running one program at a time. When it dies, for whatever reason, `alive` turns
 * false and the pool makes another.
 */
export class Zygote {
  readonly #process: ChildProcess
  readonly #group: MemoryGroup | undefined
  readonly #gone: Promise<void>
  #guestPid: number | undefined
  #alive = true
  #pending: Buffer = Buffer.alloc(0)
  #waiter: Waiter | undefined
  #stderr = ''

  private constructor(bwrap: string) {
    this.#process = spawn(bwrap, bwrapArguments(), {
      // The last two are guestDescriptor and infoDescriptor.
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // To find bwrap; the guest's own environment is in its arguments.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
      cwd: '/',
      // As root the kernel would not count processes (RLIMIT_NPROC) for the user behind the namespace.
      ...(process.getuid?.() === 0 ? { uid: unprivileged, gid: unprivileged } : {}),
    })
    this.#group = createMemoryGroup()
    this.#gone = this.#attach()
  }

  /** Starts one and waits until it is ready. Throws a SandboxError with bubblewrap's own words. */
  static async start(bwrap = 'bwrap'): Promise<Zygote> {
    const zygote = new Zygote(bwrap)
    const setup = guestSetup()
    const ready = await zygote.#exchange(setup, startLimitMs)
    if (ready && zygote.#guestPid !== undefined) {
      zygote.#group?.add(zygote.#guestPid)
      return zygote
    }
    await zygote.kill()
    throw new SandboxError(
      `the bubblewrap sandbox did not start: ${zygote.#stderr.trim() || 'no word from the guest'}`,
      'Run `codesteer doctor` to see what is missing, or choose another sandbox with --sandbox.',
    )
  }

  get alive(): boolean {
    return this.#alive
  }

  /**
   * Runs one program. When the signal is aborted the program is stopped, everything it started is gone, and the promise
   * rejects with the signal's reason; the zygote can be used again if it is still alive.
   */
  async run(source: string, stdin: string, limits: RunLimits, signal?: AbortSignal): Promise<RunResult> {
    signal?.throwIfAborted()
    this.#group?.setLimit(limits.memoryBytes + zygoteOverheadBytes)
    const killsBefore = this.#group?.kills() ?? 0
    const stop = () => this.#send({ stop: true })
    signal?.addEventListener('abort', stop, { once: true })
    const began = performance.now()
    const frame = await this.#exchange({ source, stdin, ...limits }, limits.timeoutMs + graceMs, signal)
    signal?.removeEventListener('abort', stop)
    const tookMs = performance.now() - began
    if (!frame) await this.kill()
    if (signal?.aborted) throw signal.reason
    const starved = this.#group !== undefined && this.#group.kills() > killsBefore
    if (!frame) return this.#lost(tookMs, limits, starved)
    if (frame.answer.trouble) throw this.#broken('could not start a program', frame.answer.trouble)
    return resultOf(frame, tookMs, starved)
  }

  /** Ends the guest politely, then by force; resolves when no process of it is left. Idempotent. */
  async close(): Promise<void> {
    if (this.#alive) this.#process.stdin?.end()
    const force = setTimeout(() => this.#kill(), 500)
    await this.#gone
    clearTimeout(force)
    this.#group?.remove()
  }

  /** Ends the guest and all its processes at once; resolves when they are gone. */
  async kill(): Promise<void> {
    this.#kill()
    await this.#gone
    this.#group?.remove()
  }

  #kill(): void {
    if (!this.#alive) return
    // Killing the guest, and not bubblewrap outside it, lets bubblewrap wait until the whole namespace is gone.
    if (this.#guestPid !== undefined) {
      try {
        process.kill(this.#guestPid, 'SIGKILL')
        return
      } catch {
        // It has just ended by itself; then bubblewrap ends too, and the next line is harmless.
      }
    }
    this.#process.kill('SIGKILL')
  }

  #attach(): Promise<void> {
    const child = this.#process
    const [stdin, stdout, stderr, guest, info] = child.stdio as unknown as [
      Writable,
      Readable,
      Readable,
      Writable,
      Readable,
    ]
    // A guest that is gone shows itself by its exit; the pipes' own complaints add nothing.
    for (const pipe of [stdin, guest]) pipe.on('error', () => {})
    guest.end(guestSource())
    let told = ''
    info.on('data', (chunk: Buffer) => {
      told += chunk
      const pid = Number(/"child-pid":\s*(\d+)/.exec(told)?.[1])
      if (pid) this.#guestPid = pid
    })
    stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk).slice(-4096)
    })
    stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    return new Promise(resolve => {
      const gone = () => {
        this.#alive = false
        this.#answer(undefined)
        resolve()
      }
      child.once('error', error => {
        this.#stderr += error.message
        gone()
      })
      child.once('close', gone)
    })
  }

  /** Sends a message and waits for the answer; undefined when the guest is gone or does not answer in time. */
  #exchange(message: object, limitMs: number, signal?: AbortSignal): Promise<Frame | undefined> {
    return new Promise(resolve => {
      if (!this.#alive) return resolve(undefined)
      let timer = setTimeout(() => this.#answer(undefined), limitMs)
      const hurry = () => {
        clearTimeout(timer)
        timer = setTimeout(() => this.#answer(undefined), graceMs)
      }
      signal?.addEventListener('abort', hurry, { once: true })
      this.#waiter = {
        resolve: frame => {
          clearTimeout(timer)
          signal?.removeEventListener('abort', hurry)
          resolve(frame)
        },
      }
      this.#send(message)
    })
  }

  #send(message: object): void {
    const text = Buffer.from(JSON.stringify(message))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    this.#process.stdin?.write(Buffer.concat([length, text]))
  }

  #answer(frame: Frame | undefined): void {
    const waiter = this.#waiter
    this.#waiter = undefined
    waiter?.resolve(frame)
  }

  #receive(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    if (this.#pending.length < 4) return
    const headerEnd = 4 + this.#pending.readUInt32BE(0)
    if (this.#pending.length < headerEnd) return
    const answer = JSON.parse(this.#pending.toString('utf8', 4, headerEnd)) as Answer
    const stdoutEnd = headerEnd + (answer.stdoutBytes ?? 0)
    const end = stdoutEnd + (answer.stderrBytes ?? 0)
    if (this.#pending.length < end) return
    const stdout = this.#pending.subarray(headerEnd, stdoutEnd)
    const stderr = this.#pending.subarray(stdoutEnd, end)
    this.#pending = this.#pending.subarray(end)
    this.#answer({ answer, stdout, stderr })
  }

  /** The guest did not come back: killed for memory, or stuck past the program's limit, or broken. */
  #lost(tookMs: number, limits: RunLimits, starved: boolean): RunResult {
    const nothing = { exitCode: null, stdout: '', stderr: '', droppedBytes: 0, tookMs }
    if (starved) return { outcome: 'out-of-memory', ...nothing }
    if (tookMs >= limits.timeoutMs) return { outcome: 'timed-out', ...nothing }
    throw this.#broken('died during a run', this.#stderr)
  }

  #broken(what: string, words: string): SandboxError {
    return new SandboxError(
      `the sandbox's interpreter ${what}${words ? `: ${words.trim()}` : ''}`,
      'Run the program again; if it happens every time, report the program with the output of `codesteer doctor`.',
    )
  }
}

function resultOf({ answer, stdout, stderr }: Frame, tookMs: number, starved: boolean): RunResult {
  const out = decodeHead(stdout, answer.stdoutTotal)
  const err = decodeHead(stderr, answer.stderrTotal)
  const finished = answer.outcome === 'stopped' ? 'finished' : answer.outcome
  // The kernel's choice may have been a helper process; only when the program itself was killed was it the end.
  const killed = starved && finished === 'finished' && answer.exitCode === 137
  return {
    outcome: killed ? 'out-of-memory' : finished,
    exitCode: killed ? null : answer.exitCode,
    stdout: out.text,
    stderr: err.text,
    droppedBytes: out.droppedBytes + err.droppedBytes,
    tookMs,
  }
}
