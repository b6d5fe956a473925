/** A program to run. Limits that are left out take the sandbox's defaults, which `runDefaults` states. */
export interface RunRequest {
  readonly source: string
  readonly stdin?: string
  /** Wall-clock limit in milliseconds. */
  readonly timeoutMs?: number
  /** Address-space limit in bytes. */
  readonly memoryBytes?: number
  /** Bytes of stdout and stderr kept, each; the program is stopped at four times that. */
  readonly outputBytes?: number
  /** Aborting kills the program and everything it started; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export const runDefaults = {
  timeoutMs: 10_000,
  memoryBytes: 512 * 2 ** 20,
  outputBytes: 64 * 2 ** 10,
} as const

/**
 * What happened to a program. `finished` says nothing about success: see `exitCode`. `refused` means that the sandbox
 * would not run it (too large, say), and stderr says why. Failures of the sandbox itself are thrown as SandboxError.
 */
export interface RunResult {
  readonly outcome: 'finished' | 'timed-out' | 'out-of-memory' | 'output-limit' | 'refused'
  /** The exit status; 128 + signal number after a signal; null when the program was stopped by us. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Bytes of output that the program wrote and that are not in `stdout` and `stderr`. */
  readonly droppedBytes: number
  readonly tookMs: number
}

/** What a sandbox keeps out, in words a person can weigh; each entry is tested in `test/hostile`. */
export interface Isolation {
  readonly network: string
  readonly files: string
  readonly environment: string
  readonly processes: string
  readonly memory: string
  readonly time: string
}

/** An open sandbox: runs one program after another, each in a fresh state. Safe to call concurrently. */
export interface Sandbox {
  readonly name: string
  /** Runs one program. Throws SandboxError when the sandbox itself fails, or the signal's reason when aborted. */
  run(request: RunRequest): Promise<RunResult>
  /** Kills whatever still runs and frees everything. Idempotent. */
  close(): Promise<void>
}

/** What the probe of a sandbox found: its version, or why it cannot be used and what to do. */
export type Availability =
  | { readonly available: true; readonly version: string }
  | { readonly available: false; readonly why: string; readonly mend: string }

/** A kind of sandbox: the default export of a file in `sandboxes/`. */
export interface SandboxKind {
  readonly name: string
  readonly about: string
  readonly isolates: Isolation
  /** Lower is preferred when the user names none; null: never chosen unasked. */
  readonly preference: number | null
  /** Importable beyond the standard library, e.g. `['sympy', 'numpy']`, is told by the probe's version line. */
  probe(): Promise<Availability>
  /** `parallel`: how many programs may run at once (default: the number of cores). */
  open(options?: { readonly parallel?: number }): Promise<Sandbox>
}
