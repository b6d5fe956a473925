import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAll } from '../../src/registry.ts'
import type { Sandbox, SandboxKind } from '../../src/sandbox.ts'
import { type HostileProgram, hostilePrograms } from './programs.ts'
import { descendants, Witness } from './witness.ts'

/*
 * Every hostile program on every sandbox of the registry that is available here, `unsafe-host` apart, which contains
 * nothing. What a program says of itself counts only against it: the witness on the host's side decides.
 */

const programs = hostilePrograms()
const kinds = (await loadAll<SandboxKind>('sandboxes')).filter(kind => kind.preference !== null)
const probed = await Promise.all(kinds.map(async kind => ({ kind, answer: await kind.probe() })))

/** What differs in one sandbox, and why. */
const exceptions: Record<string, Record<string, { outcomes?: string[]; why: string }>> = {}

/** What a run finds of the world around it: the same before and after any other run. */
const survey = `
import builtins, json, math, os, sys
def look(f, *a):
    try: return f(*a)
    except Exception as e: return type(e).__name__
def pages():
    f, found = sys._getframe(), []
    while f:
        found += [any(v[:]) for v in f.f_locals.values() if type(v).__name__ == "mmap"]
        f = f.f_back
    return any(found)
world = {
    "scratch": look(lambda: sorted(os.listdir("."))), "tmp": look(lambda: sorted(os.listdir("/tmp"))),
    "shm": look(lambda: sorted(os.listdir("/dev/shm"))), "environment": sorted(os.environ), "cwd": os.getcwd(),
    "processes": look(lambda: len([p for p in os.listdir("/proc") if p.isdigit()])),
    "attributes": look(lambda: [os.listxattr(d) for d in ("/tmp", "/dev/shm")]),
    "times": os.path.isdir("/proc/1") and [os.stat("/dev/shm").st_mtime_ns, os.stat("/dev/shm").st_atime_ns], "mode": look(lambda: oct(os.stat(".").st_mode)),
    "nice": look(lambda: [os.getpriority(os.PRIO_PROCESS, p) for p in (0, 1)]),
    "affinity": look(lambda: len(os.sched_getaffinity(1))), "scheduler": look(lambda: os.sched_getscheduler(1)),
    "limits": look(lambda: [l.split() for l in open("/proc/1/limits")][1:]),
    "free": look(lambda: os.statvfs("/tmp").f_bfree), "inodes": look(lambda: os.statvfs("/tmp").f_ffree),
    "ipc": look(lambda: [open("/proc/sysvipc/" + n).read().count("\\n") for n in ("shm", "sem", "msg")]),
    "builtins": len(dir(builtins)), "len": len("abc"), "pi": math.pi, "json": json.dumps([1]), "path": sys.path,
    "trace": [sys.gettrace() is None, sys.getprofile() is None], "recursion": sys.getrecursionlimit(),
    "pages": look(pages), "input": look(input), "host": look(lambda: os.uname().nodename), "state": look(lambda: __import__("random").__name__),
}
print(json.dumps(world))
`

it('there are at least 45 programs, each with its header', () => {
  expect(programs.length).toBeGreaterThanOrEqual(45)
  expect(readdirSync(new URL('programs/', import.meta.url)).length).toBe(programs.length)
})

it('the witness notices what it is there to notice', async () => {
  const witness = new Witness()
  await witness.start()
  expect(witness.complaints()).toEqual([])
  const { writeFileSync } = await import('node:fs')
  writeFileSync(witness.marker, 'x')
  const { connect } = await import('node:net')
  const socket = connect(witness.socketPath)
  await new Promise(resolve => socket.once('close', resolve))
  expect(witness.complaints()).toEqual([
    'a listener was reached: unix',
    'the marker file was written',
    'the folder holds: marker secret.txt socket',
  ])
  expect(descendants().some(({ command }) => command === 'sleep')).toBe(true)
  await witness.stop()
})

for (const { kind, answer } of probed) {
  if (answer.available) describe(`${kind.name}: ${answer.version}`, () => containment(kind))
  else describe.skip(`${kind.name} (skipped: ${answer.why})`, () => it('is not available here', () => {}))
}

function containment(kind: SandboxKind): void {
  const witness = new Witness()
  let sandbox: Sandbox
  let before = ''
  let processes = 0

  beforeAll(async () => {
    await witness.start()
    sandbox = await kind.open({ parallel: 1 })
    for (let i = 0; i < 3; i++) before = (await sandbox.run({ source: survey, timeoutMs: 20_000 })).stdout
    expect(before).toMatch(/^\{/)
    processes = Math.max(...(await settled()))
  })
  afterAll(async () => {
    await sandbox.close()
    const left = await eventually(
      () => descendants().filter(({ command }) => command !== 'sleep'),
      list => ours(list) === 0,
    )
    await witness.stop()
    expect(ours(left)).toBe(0)
  })

  for (const program of programs) {
    it(`${program.name}: ${program.tries}`, { timeout: 60_000 }, () => check(program))
  }

  async function check(program: HostileProgram): Promise<void> {
    const exception = exceptions[kind.name]?.[program.name]
    const began = performance.now()
    const result = await sandbox.run({
      source: witness.prologue() + program.source,
      timeoutMs: program.limitMs,
      stdin: 'one line of input\n',
    })
    const wallMs = performance.now() - began
    const said = `${program.observe}\n${JSON.stringify(result)}`
    expect(witness.complaints(), said).toEqual([])
    expect(result.stdout + result.stderr, said).not.toContain(witness.secret)
    expect(result.stdout, said).not.toContain('BREACH')
    // A fresh interpreter may have to boot first; beyond that the limit holds.
    expect(result.tookMs, said).toBeLessThan(program.limitMs + 3000)
    expect(wallMs, said).toBeLessThan(program.limitMs + 15_000)
    const outcomes = exception?.outcomes ?? program.outcomes
    if (outcomes.length > 0) expect(outcomes, said).toContain(result.outcome)
    if (program.stdoutHas !== undefined) expect(result.stdout, said).toContain(program.stdoutHas)
    if (program.exitCodeNot !== undefined) expect(result.exitCode, said).not.toBe(program.exitCodeNot)
    const after = await sandbox.run({ source: survey, timeoutMs: 20_000 })
    expect(after.stdout, `the next run differs; ${said}`).toBe(before)
    expect(after.stderr).toBe('')
    const left = await eventually(descendants, list => ours(list) <= processes)
    expect(ours(left), `processes are left: ${JSON.stringify(left)}`).toBeLessThanOrEqual(processes)
  }
}

/** Processes that a sandbox may have left; helpers of the test runner do not count. */
function ours(list: readonly { command: string }[]): number {
  return (
    list.filter(({ command }) => /^(bwrap|python3?|deno|docker|podman|sh|bash|node)/.test(command)).length - helpers
  )
}
let helpers = 0
helpers = ours(descendants())

async function settled(): Promise<number[]> {
  const counts: number[] = []
  for (let i = 0; i < 10; i++) {
    counts.push(ours(descendants()))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return counts
}

/** Looks again until the condition holds, for at most three seconds; the last look. */
async function eventually<T>(look: () => T, good: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 3000
  let value = look()
  while (!good(value) && performance.now() < end) {
    await new Promise(resolve => setTimeout(resolve, 20))
    value = look()
  }
  return value
}
