import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { SandboxError } from '../../errors.ts'
import { filterArchitecture, seccompFilter } from './seccomp.ts'

/** What the guest is told once, before its first program. */
interface GuestSetup {
  readonly seccomp: string
  readonly preload: readonly string[]
  readonly cores: number
  readonly processes: number
  readonly openFiles: number
  readonly fileBytes: number
  readonly scratchBytes: number
  readonly scratchFiles: number
  readonly sharedMemoryBytes: number
}

/** Processes and threads at once, the interpreter included. */
export const maxProcesses = 16
const scratchBytes = 64 * 2 ** 20
const sharedMemoryBytes = 2 ** 20

/** What a memory group must allow beyond the program's own limit: the interpreter, and scratch files, which are memory. */
export const zygoteOverheadBytes = scratchBytes + sharedMemoryBytes + 32 * 2 ** 20

/** What programs of models import most; each is a few hundred kilobytes at most. sympy and numpy are imported on demand. */
const preload = (
  'abc array ast base64 bisect calendar cmath collections collections.abc contextlib copy csv dataclasses datetime decimal ' +
  'enum fractions functools hashlib heapq inspect io itertools json locale math numbers operator pprint queue random re ' +
  'statistics string struct textwrap threading time traceback types typing uuid weakref zlib'
).split(' ')

/** The guest's program text. Read when the first zygote starts, not on import. */
export function guestSource(): string {
  return readFileSync(new URL('../../../python/guest.py', import.meta.url), 'utf8')
}

/** Where the guest's program text lies, for messages. */
export const guestFile = fileURLToPath(new URL('../../../python/guest.py', import.meta.url))

/** Throws a SandboxError on architectures without a filter. */
export function guestSetup(arch: string = process.arch): GuestSetup {
  const known = filterArchitecture(arch)
  if (!known) {
    throw new SandboxError(
      `the bubblewrap sandbox has no system-call filter for ${arch}`,
      'Use x64 or arm64, or choose another sandbox with --sandbox.',
    )
  }
  return {
    seccomp: seccompFilter(known).toString('hex'),
    preload,
    // Enough for a small pool of workers within the process limit.
    cores: Math.min(4, availableParallelism()),
    processes: maxProcesses,
    openFiles: 64,
    fileBytes: 16 * 2 ** 20,
    scratchBytes,
    scratchFiles: 4096,
    sharedMemoryBytes,
  }
}
