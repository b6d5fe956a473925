import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { SandboxError } from '../../errors.ts'
import { ownFiles, type Parts } from './parts.ts'

/**
 * The outermost limits, set before Deno starts: no core files, no regular file may grow (whatever API is asked), and a
 * deep stack where the system allows it, so that Python's own RecursionError comes before the end of V8's stack.
 * `$0` is Deno, `$1` the options of V8, the rest its arguments.
 */
const limits = `
ulimit -c 0
ulimit -f 0
stack=900
ulimit -s 65500 2>/dev/null && stack=30000
flags=$1
shift
exec "$0" run "$flags,--stack-size=$stack" "$@"`

/** V8's own heap, apart from Python's memory: the guest needs little of it. Megabytes. */
const v8Options = '--v8-flags=--max-old-space-size=256'

/** Deno splits the list at commas and knows no escape: a path with one would allow a folder that was not meant. */
export function asPermission(path: string): string {
  if (!path.includes(',')) return path
  throw new SandboxError(
    `Deno cannot be allowed to read ${path}: its name holds a comma`,
    'Move it: no commas in folders.',
  )
}

/**
 * Starts Deno with our guest and nothing allowed but to read Pyodide, our files and `readable`. The environment holds
 * one name, which the guest may not read: DENO_DIR points where nothing can be made, so that neither Deno's caches nor
 * web storage reach a disk. Its own process group: `kill(-pid)` takes everything.
 */
export function launch(
  parts: Parts,
  args: readonly string[],
  options: { readonly readable: readonly string[]; readonly cwd?: string },
): ChildProcessWithoutNullStreams {
  const readable = [parts.pyodideFolder, ownFiles.guest, ownFiles.protocol, ...options.readable]
  const allowRead = `--allow-read=${readable.map(asPermission).join(',')}`
  const flags = ['--quiet', '--no-prompt', '--no-remote', '--no-npm', '--no-config', '--no-lock', allowRead]
  const rest = [...flags, ownFiles.guest, ...args]
  const windows = process.platform === 'win32'
  const [command, ...argv] = windows
    ? [parts.deno, 'run', v8Options, ...rest]
    : ['/bin/sh', '-c', limits, parts.deno, v8Options, ...rest]
  return spawn(command!, argv, {
    cwd: options.cwd ?? (windows ? undefined : '/'),
    env: { DENO_DIR: windows ? 'NUL\\none' : '/dev/null/none' },
    detached: !windows,
    stdio: 'pipe',
    windowsHide: true,
  })
}
