import { availableParallelism } from 'node:os'
import { SandboxError } from '../../errors.ts'
import type { RunRequest, RunResult, Sandbox, SandboxKind } from '../../sandbox.ts'
import { limitsOf, refusalOf } from '../_shared/limits.ts'
import { maxProcesses } from './guest.ts'
import { Pool } from './pool.ts'
import { probeBubblewrap } from './probe.ts'
import { Zygote } from './zygote.ts'

const name = 'bubblewrap'

class BubblewrapSandbox implements Sandbox {
  readonly name = name
  readonly #pool: Pool<Zygote>

  constructor(parallel: number) {
    this.#pool = new Pool(parallel, () => Zygote.start(), closed)
  }

  async run(request: RunRequest): Promise<RunResult> {
    const limits = limitsOf(request)
    request.signal?.throwIfAborted()
    const refusal = refusalOf(request.source)
    if (refusal) return refusal
    const source = request.source.toWellFormed()
    const stdin = (request.stdin ?? '').toWellFormed()
    return this.#pool.use(zygote => zygote.run(source, stdin, limits, request.signal), request.signal)
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}

function closed(): SandboxError {
  return new SandboxError('the sandbox was closed', 'Open another one, or close it after the last run has ended.')
}

/** CPython of the system in Linux namespaces, kept warm: a run is one fork. */
const bubblewrap: SandboxKind = {
  name,
  about: 'the system’s Python in Linux namespaces (bubblewrap), kept warm; a run is one fork',
  isolates: {
    network: 'own network namespace without any route, and no sockets at all (system-call filter)',
    files: 'read-only /usr; 64 MB of scratch in /tmp, emptied after each run; nothing else of the host',
    environment: 'empty but for PATH, HOME, LANG, TZ and interpreter settings',
    processes: `own process namespace, unprivileged user, no capabilities, at most ${maxProcesses} processes and threads`,
    memory: `address-space limit per process; a memory control group over all of them where one can be made, otherwise at most ${maxProcesses} times the limit`,
    time: 'killed with everything it started at the wall-clock limit; CPU-time limit behind it',
  },
  preference: 1,
  probe: () => probeBubblewrap(),
  open: async (options = {}) => new BubblewrapSandbox(Math.max(1, options.parallel ?? availableParallelism())),
}

export default bubblewrap
