import { type ChildProcess, spawn } from 'node:child_process'

/**
 * A shell that holds the list of running guests and a pipe from us. When the pipe ends without notice (we were killed)
 * it kills every group on the list and removes the working folder. A waiting guest ends by itself at the end of its
 * stdin, but a running one is deaf: Python inside WebAssembly does not return to read it.
 */
export interface Reaper {
  watch(pid: number): void
  forget(pid: number): void
  /** Ends the shell. Kills whatever is still on the list. */
  close(): Promise<void>
}

const script = `
folder=$1
pids=
while read -r sign pid; do
  rest=
  for known in $pids; do [ "$known" = "$pid" ] || rest="$rest $known"; done
  pids=$rest
  if [ "$sign" = + ]; then pids="$pids $pid"; fi
done
for pid in $pids; do kill -9 "-$pid" 2>/dev/null; done
rmdir "$folder" 2>/dev/null
exit 0`

/** On Windows there is neither this shell nor a process group; guests that wait still end with us, a running one does not. */
const none: Reaper = { watch: () => undefined, forget: () => undefined, close: async () => undefined }

export function startReaper(folder: string): Reaper {
  if (process.platform === 'win32') return none
  const shell: ChildProcess = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = new Promise<void>(resolve => {
    shell.once('close', () => resolve())
    shell.once('error', () => resolve())
  })
  // If the shell is missing or was killed, only this second line is lost: nothing to report from here.
  shell.stdin?.on('error', () => undefined)
  shell.unref()
  const pipe = shell.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null
  pipe?.unref?.()
  return {
    watch: pid => void shell.stdin?.write(`+ ${pid}\n`),
    forget: pid => void shell.stdin?.write(`- ${pid}\n`),
    close: () => {
      shell.ref()
      shell.stdin?.end()
      return gone
    },
  }
}
