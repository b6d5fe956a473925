/**
 * Python without any system package: CPython compiled to WebAssembly (Pyodide) inside Deno, both from npm. One Deno
 * process per run, booted beforehand from a memory snapshot, used once, killed.
 *
 * Which line holds what:
 *
 * 1. Deno's permissions (launch.ts) hold the host: nothing is allowed but to read Pyodide, our files and the snapshot,
 *    and that is revoked before a program starts (guest.ts). Files, network, processes, environment, FFI are refused to
 *    JavaScript just as to Python, so a program that walks from Python to JavaScript gains nothing. Pyodide alone is no
 *    boundary; this is.
 * 2. The host (guest-process.ts) holds time, output and, on Linux, the process's memory: it counts, and kills the group.
 *    A shell (reaper.ts) does so when the host itself was killed.
 * 3. WebAssembly holds the program's memory: the ceiling on growth turns excess into MemoryError. Files have their own.
 * 4. rlimits (launch.ts) hold the disk: no regular file may grow, whatever web storage or cache is asked to.
 * 5. What the guest deletes (`js`, `pyodide_js`, Deno's and the web's globals) holds nothing by itself. It makes the way
 *    longer and gives honest programs clear errors.
 *
 * A program's result comes in band: its own bytes, then a trailer that begins with a nonce it does not know.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { SandboxError } from '../../errors.ts'
import type { Availability, RunRequest, RunResult, Sandbox, SandboxKind } from '../../sandbox.ts'
import { limitsOf, refusalOf } from '../_shared/limits.ts'
import { startGuest } from './guest-process.ts'
import { asPermission } from './launch.ts'
import { findParts, ownFiles, type Parts } from './parts.ts'
import { type GuestPool, makePool } from './pool.ts'
import { scratchBytes } from './protocol.ts'
import { startReaper } from './reaper.ts'
import { prepareSnapshot } from './snapshot.ts'

const name = 'deno-pyodide'
/** The booted interpreter takes 30 MiB of its memory; below this no program of any use would run. */
const leastMemoryBytes = 48 * 2 ** 20
/** What one waiting guest holds, rounded up (measured: 220 MB resident). */
const guestBytes = 256 * 2 ** 20

const kind: SandboxKind = {
  name,
  about: 'Python in WebAssembly inside Deno, both from npm; needs no system package; standard library only',
  isolates: {
    network: 'none: Deno refuses every connection and every import from elsewhere; Python has no working sockets',
    files: `none of the host: a fresh file system in memory, ${scratchBytes / 2 ** 20} MiB of writing in all`,
    environment: 'empty: three fixed names; the process itself is started without ours',
    processes: 'one process with its own group per program; it can start no other, and is killed afterwards',
    memory: 'a ceiling on the WebAssembly memory; on Linux the resident memory of the whole process is watched too',
    time: 'wall clock; the group is killed, also (but on Windows) when our own process was killed',
  },
  preference: 2,
  probe,
  open: options => openDenoPyodide(options),
}
export default kind

/** Looks whether both packages are in place. Starts nothing. */
async function probe(): Promise<Availability> {
  try {
    const { denoVersion, pyodideVersion, pythonVersion, pyodideFolder } = findParts()
    for (const path of [pyodideFolder, ...Object.values(ownFiles)]) asPermission(path)
    const python = pythonVersion.split('.').slice(0, 2).join('.')
    const version = `deno ${denoVersion}, pyodide ${pyodideVersion}, Python ${python}; standard library only`
    return { available: true, version }
  } catch (error) {
    if (error instanceof SandboxError) return { available: false, why: error.message, mend: error.mend }
    throw error
  }
}

export interface DenoPyodideOptions {
  /** Programs that may run at once, and guests held ready (about 220 MB each). Default: 2, fewer on small machines. */
  readonly parallel?: number
  /** Where the memory snapshot (31 MB) is kept. Default: $XDG_CACHE_HOME/codesteer or ~/.cache/codesteer. */
  readonly cacheFolder?: string
  readonly parts?: Parts
}

export interface DenoPyodideSandbox extends Sandbox {
  /** How many guests wait, and how many processes live in all. */
  census: GuestPool['census']
}

/**
 * Opens the sandbox: makes or verifies the snapshot (2 to 5 s the first time) and begins to boot guests. Throws a
 * SandboxError when a package is missing or Deno cannot boot Pyodide.
 */
export async function openDenoPyodide(options: DenoPyodideOptions = {}): Promise<DenoPyodideSandbox> {
  const parts = options.parts ?? findParts()
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder(process.env)
  let snapshot = await prepareSnapshot(parts, cacheFolder)
  const cwd = await mkdtemp(join(tmpdir(), 'codesteer-deno-'))
  await chmod(cwd, 0o500)
  const reaper = startReaper(cwd)
  const pool = makePool({
    parallel: Math.max(1, Math.floor(options.parallel ?? defaultParallel())),
    start: lowPriority => {
      const guest = startGuest(parts, { snapshotPath: snapshot.path, cwd, lowPriority })
      reaper.watch(guest.pid)
      guest.gone.then(() => reaper.forget(guest.pid))
      return guest
    },
    // The likeliest cause that we can mend: the snapshot was changed after it was verified.
    onFailure: async () => {
      const old = snapshot
      snapshot = await prepareSnapshot(parts, cacheFolder, { fresh: true })
      await old.dispose()
    },
  })
  let closing: Promise<void> | undefined
  return {
    name,
    census: pool.census,
    run: request => run(pool, request),
    close: () => {
      closing ??= (async () => {
        await pool.close()
        await reaper.close()
        await snapshot.dispose()
        await rm(cwd, { recursive: true, force: true })
      })()
      return closing
    },
  }
}

async function run(pool: GuestPool, request: RunRequest): Promise<RunResult> {
  request.signal?.throwIfAborted()
  const { memoryBytes } = limitsOf(request)
  const refused = refusalOf(request.source) ?? refusalOfMemory(memoryBytes)
  if (refused) return refused
  const guest = await pool.take(request.signal)
  return guest.run(request)
}

function refusalOfMemory(memoryBytes: number): RunResult | undefined {
  if (memoryBytes >= leastMemoryBytes) return undefined
  const stderr = `this sandbox cannot hold a program to ${memoryBytes} bytes of memory; at least ${leastMemoryBytes}\n`
  return { outcome: 'refused', exitCode: null, stdout: '', stderr, droppedBytes: 0, tookMs: 0 }
}

/** Two guests keep a conversation's answer and its check from waiting for each other; more only where asked. */
function defaultParallel(): number {
  const fitting = Math.floor(process.availableMemory() / 4 / guestBytes)
  return Math.max(1, Math.min(2, availableParallelism(), fitting))
}

function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'codesteer')
}
