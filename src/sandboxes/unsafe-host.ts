import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { SandboxError } from '../errors.ts'
import type { Availability, RunRequest, RunResult, Sandbox, SandboxKind } from '../sandbox.ts'
import { limitsOf, refusalOf } from './_shared/limits.ts'
import { runLimited, withMemoryOutcome } from './_shared/process.ts'
import { Turns } from './_shared/turns.ts'

const name = 'unsafe-host'
const consent = 'CODESTEER_ALLOW_UNSAFE'

/** Sets the address-space limit, then becomes the program. The limit is best effort: macOS does not know it. */
const launcher = `
import os, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
except (ImportError, ValueError, OSError):
    pass
os.execv(sys.executable, [sys.executable, "-I", sys.argv[2]])
`

class UnsafeHost implements Sandbox {
  readonly name = name
  readonly #turns: Turns
  readonly #closing = new AbortController()

  constructor(parallel: number) {
    this.#turns = new Turns(parallel)
  }

  async run(request: RunRequest): Promise<RunResult> {
    const limits = limitsOf(request)
    const signal = request.signal ? AbortSignal.any([request.signal, this.#closing.signal]) : this.#closing.signal
    signal.throwIfAborted()
    const refusal = refusalOf(request.source)
    if (refusal) return refusal
    return this.#turns.take(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'codesteer-unsafe-'))
      try {
        const program = join(folder, 'main.py')
        await writeFile(program, request.source)
        const result = await runLimited({
          command: 'python3',
          args: ['-I', '-c', launcher, String(limits.memoryBytes), program],
          env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' },
          cwd: folder,
          stdin: request.stdin ?? '',
          limits,
          signal,
        })
        return withMemoryOutcome(result)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }, signal)
  }

  async close(): Promise<void> {
    this.#closing.abort(new SandboxError('the sandbox was closed', 'Open another one.'))
    await this.#turns.quiet()
  }
}

/** Available only to who has said that no isolation is what they want. `environment`: of this process, for tests. */
export async function probeUnsafeHost(environment: NodeJS.ProcessEnv = process.env): Promise<Availability> {
  if (environment[consent] !== '1') {
    return {
      available: false,
      why: 'it isolates nothing, so it must be allowed explicitly',
      mend: `Only for programs that you would run yourself: set ${consent}=1.`,
    }
  }
  return new Promise(resolve => {
    execFile('python3', ['--version'], { timeout: 10_000 }, (error, stdout) => {
      if (error) resolve({ available: false, why: 'there is no python3 on PATH', mend: 'Install Python 3.' })
      else resolve({ available: true, version: `${stdout.trim()}, NOT ISOLATED` })
    })
  })
}

/** No sandbox at all: the bare interpreter of the host, as the user who runs us. */
const unsafeHost: SandboxKind = {
  name,
  about: 'NO ISOLATION: the bare python3 of this machine, with all rights of the user who runs it',
  isolates: {
    network: 'nothing: the whole network',
    files: 'nothing: every file of the user',
    environment: 'emptied but for PATH, HOME, TMPDIR, LANG; other processes’ environments can be read',
    processes: 'nothing; the process group is killed at the end, what leaves it survives',
    memory: 'address-space limit per process (not on macOS)',
    time: 'the process group is killed at the wall-clock limit',
  },
  preference: null,
  probe: () => probeUnsafeHost(),
  open: async (options = {}) => {
    const answer = await probeUnsafeHost()
    if (!answer.available) throw new SandboxError(`the sandbox "${name}" is not available: ${answer.why}`, answer.mend)
    return new UnsafeHost(Math.max(1, options.parallel ?? availableParallelism()))
  },
}

export default unsafeHost
