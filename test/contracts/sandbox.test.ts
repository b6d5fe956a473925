import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAll, names } from '../../src/registry.ts'
import type { RunRequest, RunResult, Sandbox, SandboxKind } from '../../src/sandbox.ts'

/*
 * What every sandbox promises, tried on each kind of the registry that is available on this machine. The time limits
 * are loose: other tests run beside these, and the slowest kind boots an interpreter for each run.
 */

const kinds = await loadAll<SandboxKind>('sandboxes')
const probed = await Promise.all(kinds.map(async kind => ({ kind, answer: await kind.probe() })))

it('the registry has the three sandboxes of the design and the unsafe one', () => {
  expect(names('sandboxes')).toEqual(expect.arrayContaining(['bubblewrap', 'docker', 'unsafe-host']))
  for (const { kind } of probed) expect(names('sandboxes')).toContain(kind.name)
  expect(kinds.find(kind => kind.name === 'unsafe-host')?.preference).toBeNull()
})

it('a kind that is not available says why and what to do', () => {
  for (const { answer } of probed) {
    if (answer.available) expect(answer.version).not.toBe('')
    else expect([answer.why, answer.mend].map(text => text.length > 10)).toEqual([true, true])
  }
})

for (const { kind, answer } of probed) {
  if (answer.available) describe(`${kind.name}: ${answer.version}`, () => promises(kind))
  else describe.skip(`${kind.name} (skipped: ${answer.why})`, () => it('is not available here', () => {}))
}

function promises(kind: SandboxKind): void {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await kind.open({ parallel: 2 })
  })
  afterAll(() => sandbox.close())

  const run = (source: string, rest: Omit<RunRequest, 'source'> = {}): Promise<RunResult> =>
    sandbox.run({ source, ...rest })

  it('gives back what the program prints, on both streams', async () => {
    const result = await run('import sys\nprint(1 + 1)\nprint("oh", file=sys.stderr)')
    expect(result).toMatchObject({ outcome: 'finished', exitCode: 0, stdout: '2\n', stderr: 'oh\n', droppedBytes: 0 })
  })

  it('feeds stdin, and ends it', async () => {
    const source = 'import sys\nprint(input())\nprint(repr(sys.stdin.read()))'
    expect((await run(source, { stdin: 'ünö\ntwo\nthree' })).stdout).toBe("ünö\n'two\\nthree'\n")
    const none = await run('input()')
    expect(none).toMatchObject({ outcome: 'finished', exitCode: 1 })
    expect(none.stderr).toContain('EOFError')
  })

  it('takes an input larger than a pipe', async () => {
    const result = await run('import sys\nprint(len(sys.stdin.read()))', { stdin: 'line\n'.repeat(60_000) })
    expect(result).toMatchObject({ exitCode: 0, stdout: '300000\n' })
    const unread = await run('print("no thanks")', { stdin: 'x'.repeat(300_000) })
    expect(unread).toMatchObject({ outcome: 'finished', exitCode: 0, stdout: 'no thanks\n' })
  })

  it.each([
    ['import sys\nsys.exit(7)', 7, ''],
    ['import sys\nsys.exit()', 0, ''],
    ['import sys\nsys.exit("why")', 1, 'why\n'],
    ['raise SystemExit(3)', 3, ''],
    ['pass', 0, ''],
  ])('exit status of %j', async (source, exitCode, stderr) => {
    expect(await run(source)).toMatchObject({ outcome: 'finished', exitCode, stderr })
  })

  it('keeps unicode whole', async () => {
    const text = 'ä€😀\u2028日本'
    expect((await run(`print(${JSON.stringify(text)})`)).stdout).toBe(`${text}\n`)
    const cut = await run('print("€" * 100, end="")', { outputBytes: 100 })
    expect(cut).toMatchObject({ outcome: 'finished', stdout: '€'.repeat(33), droppedBytes: 201 })
    const raw = await run('import sys\nsys.stdout.buffer.write(b"a\\xffb")\nsys.stdout.flush()')
    expect(raw.stdout).toBe('a\ufffdb')
  })

  it('shows the line in a traceback, and nothing of our own machinery', async () => {
    const { stderr, exitCode, outcome } = await run('def f(x):\n    return 1 / x\n\nf(0)\n')
    expect({ exitCode, outcome }).toEqual({ exitCode: 1, outcome: 'finished' })
    expect(stderr).toMatch(/main\.py", line 4, in <module>\n {4}f\(0\)/)
    expect(stderr).toMatch(/main\.py", line 2, in f\n {4}return 1 \/ x/)
    expect(stderr).toMatch(/ZeroDivisionError: division by zero\n$/)
    expect(stderr.match(/File "/g)).toHaveLength(2)
  })

  it('shows a syntax error', async () => {
    const { stderr, exitCode } = await run('x = 1\nif x\n    print(2)')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/main\.py", line 2\n/)
    expect(stderr).toContain('SyntaxError')
  })

  it('runs the program as __main__', async () => {
    const source =
      'import pickle\nclass A: pass\nif __name__ == "__main__": print(type(pickle.loads(pickle.dumps(A()))) is A)'
    expect(await run(source)).toMatchObject({ stdout: 'True\n', stderr: '' })
  })

  it('runs atexit functions and waits for threads’ output where there are threads', async () => {
    const result = await run('import atexit\natexit.register(print, "last")\nprint("first")')
    expect(result.stdout).toBe('first\nlast\n')
  })

  it('survives the end of its interpreter', async () => {
    const crashed = await run('import os\nos.abort()', { timeoutMs: 8000 })
    expect([crashed.outcome, crashed.exitCode]).not.toEqual(['finished', 0])
    expect(await run('print("still here")')).toMatchObject({ exitCode: 0, stdout: 'still here\n' })
  })

  it.each([
    ['an endless loop', 'print("before", flush=True)\nwhile True: pass'],
    [
      'a loop that swallows everything',
      'print("before", flush=True)\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass',
    ],
    ['a sleep', 'print("before", flush=True)\nimport time\ntime.sleep(60)'],
  ])('stops %s in time and keeps what was printed', async (_name, source) => {
    const result = await run(source, { timeoutMs: 1000 })
    expect(result).toMatchObject({ outcome: 'timed-out', exitCode: null, stdout: 'before\n' })
    expect(result.tookMs).toBeGreaterThanOrEqual(990)
    expect(result.tookMs).toBeLessThan(4000)
  })

  it('bounds memory, at once and by and by', async () => {
    const limit = { memoryBytes: 300 * 2 ** 20, timeoutMs: 15_000 }
    const atOnce = await run('x = bytearray(15 * 10**8)', limit)
    expect(atOnce.outcome).toBe('out-of-memory')
    const creep = await run('x = []\nwhile True: x.append("y" * 10**6)', limit)
    expect(creep.outcome).toBe('out-of-memory')
    const caught = await run('try:\n    x = bytearray(15 * 10**8)\nexcept MemoryError:\n    print("caught")', limit)
    expect(caught).toMatchObject({ outcome: 'finished', exitCode: 0, stdout: 'caught\n' })
  })

  it.each(['stdout', 'stderr'] as const)('cuts a flood of %s', async stream => {
    const source = `import sys\nwhile True: print("z" * 99, file=sys.${stream})`
    const result = await run(source, { outputBytes: 10_000 })
    expect(result).toMatchObject({ outcome: 'output-limit', exitCode: null })
    expect(result[stream]).toBe(`${'z'.repeat(99)}\n`.repeat(100))
    expect(result.droppedBytes).toBeGreaterThan(30_000)
  })

  it('keeps the head of much output and counts the rest', async () => {
    const result = await run('print("z" * 199_999)', { outputBytes: 65_536 })
    expect(result).toMatchObject({ outcome: 'finished', exitCode: 0, droppedBytes: 200_000 - 65_536 })
    expect(result.stdout).toHaveLength(65_536)
  })

  it('leaves nothing behind for the next run', async () => {
    const leave = [
      'import builtins, math, sys, os',
      'builtins.print = None; math.pi = 3; sys.path.clear(); os.environ["LEFT"] = "1"',
      'sys.modules["json"] = None; left = 1; random = 2',
      'open("left.txt", "w").write("x"); os.makedirs("a/b"); os.chmod("a", 0)',
    ].join('\n')
    const look = [
      'import math, sys, os, json',
      'print(math.pi > 3.1, "left" in globals(), len(sys.path) > 0, os.environ.get("LEFT"), sorted(os.listdir(".")))',
    ].join('\n')
    const before = await run(look)
    for (let i = 0; i < 3; i++) expect(await run(leave)).toMatchObject({ exitCode: 0 })
    for (let i = 0; i < 3; i++) expect((await run(look)).stdout).toBe(before.stdout)
    expect(before.stdout).toMatch(/^True False True None /)
  })

  it('runs several at once, apart from each other', async () => {
    const source =
      'import sys, time\nn = input()\nopen("mine.txt", "w").write(n)\ntime.sleep(0.05)\nprint(n, open("mine.txt").read())'
    const results = await Promise.all(Array.from({ length: 6 }, (_, n) => run(source, { stdin: `${n}\n` })))
    expect(results.map(result => result.stdout)).toEqual(Array.from({ length: 6 }, (_, n) => `${n} ${n}\n`))
  })

  it('refuses what is too large or holds NUL, and runs a program of one megabyte', async () => {
    const large = `x = "${'y'.repeat(2 ** 20 - 30)}"\nprint(len(x))`
    expect(await run(large)).toMatchObject({ exitCode: 0, stdout: `${2 ** 20 - 30}\n` })
    const tooLarge = await run(`#${'y'.repeat(2 ** 20)}`)
    expect(tooLarge).toMatchObject({ outcome: 'refused', exitCode: null, stdout: '' })
    expect(tooLarge.stderr).toContain('bytes')
    expect((await run('print("\0")')).outcome).toBe('refused')
  })

  it('stops on abort, also while waiting in line, and works on', async () => {
    const stop = new AbortController()
    const reason = new Error('no longer needed')
    const runs = Array.from({ length: 4 }, () => run('while True: pass', { signal: stop.signal, timeoutMs: 15_000 }))
    const began = performance.now()
    setTimeout(() => stop.abort(reason), 300)
    const ends = await Promise.allSettled(runs)
    expect(ends.map(end => end.status === 'rejected' && end.reason === reason)).toEqual([true, true, true, true])
    expect(performance.now() - began).toBeLessThan(5000)
    await expect(run('1', { signal: stop.signal })).rejects.toBe(reason)
    expect(await run('print("on")')).toMatchObject({ stdout: 'on\n' })
  })

  it('tells a plausible time', async () => {
    const began = performance.now()
    const { tookMs } = await run('import time\ntime.sleep(0.2)')
    expect(tookMs).toBeGreaterThanOrEqual(195)
    expect(tookMs).toBeLessThanOrEqual(performance.now() - began + 1)
  })

  it('closes twice, ends what runs, and refuses what comes after', async () => {
    const other = await kind.open({ parallel: 1 })
    expect(await other.run({ source: 'print(1)' })).toMatchObject({ stdout: '1\n' })
    const running = other.run({ source: 'while True: pass', timeoutMs: 15_000 })
    const waiting = other.run({ source: 'print(2)' })
    const ends = Promise.allSettled([running, waiting])
    await new Promise(resolve => setTimeout(resolve, 200))
    await Promise.all([other.close(), other.close()])
    for (const end of await ends) {
      expect(end).toMatchObject({ status: 'rejected', reason: { name: 'SandboxError' } })
    }
    await expect(other.run({ source: 'print(3)' })).rejects.toMatchObject({ name: 'SandboxError' })
  })
}
