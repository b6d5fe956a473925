// The sandbox by itself: no network, no files of yours, an empty environment, and limits that hold.
import { checkSource, openSandbox, type RunRequest } from '../src/index.ts'

const programs: Record<string, Omit<RunRequest, 'signal'>> = {
  sums: { source: 'print(sum(int(n) for n in input().split()))', stdin: '1 2 3' },
  'runs for ever': { source: 'while True: pass', timeoutMs: 300 },
  'eats memory': { source: 'x = "x" * 2**31', memoryBytes: 128 * 2 ** 20 },
  'asks the network': { source: 'import socket; socket.create_connection(("192.0.2.1", 80), 1)' },
}
const sandbox = await openSandbox() // or by name: openSandbox('bubblewrap')
try {
  for (const [name, program] of Object.entries(programs)) {
    const { outcome, exitCode, stdout, stderr } = await sandbox.run(program)
    const said = stdout.trim() || stderr.trim().split('\n').at(-1)
    console.log(`${name}: ${outcome}, exit code ${exitCode}${said ? `, ${said}` : ''}`)
  }
} finally {
  await sandbox.close()
}
// Reading a program instead of running it: does it find its answer out, or only print one?
const { lazy, method } = await checkSource('print(42)')
console.log(`print(42) is ${lazy ? 'lazy' : 'honest work'}: ${method}`)
