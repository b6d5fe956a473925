import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SandboxError } from '../../errors.ts'
import kind, { type DenoPyodideSandbox, openDenoPyodide } from './deno-pyodide.ts'
import { launch } from './launch.ts'
import { findParts } from './parts.ts'
import { prepareSnapshot } from './snapshot.ts'

const availability = await kind.probe()
const why = availability.available ? '' : ` (skipped: ${availability.why})`

/** Deno processes that run our guest, as seen from outside. */
function guests(): number {
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  return lines.filter(line => line.includes(cacheFolder) && line.includes(' serve ')).length
}

async function until(condition: () => boolean, timeoutMs = 8000): Promise<void> {
  for (const endMs = Date.now() + timeoutMs; !condition() && Date.now() < endMs; ) await sleep(20)
  expect(condition()).toBe(true)
}

const cacheFolder = mkdtempSync(join(tmpdir(), 'codesteer-test-'))
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }))

test('a missing package is said by its name, with the mend', () => {
  const look = () => findParts('file:///nowhere/at/all.js')
  expect(look).toThrow(SandboxError)
  expect(look).toThrow(/the package deno is not installed/)
})

test('the probe names the versions', () => {
  if (!availability.available) return expect(availability.mend).toContain('npm i deno pyodide')
  expect(availability.version).toMatch(/^deno [\d.]+, pyodide [\d.]+, Python 3\.\d+; standard library only$/)
})

describe.skipIf(!availability.available)(`deno-pyodide${why}`, () => {
  let sandbox: DenoPyodideSandbox
  beforeAll(async () => {
    sandbox = await openDenoPyodide({ parallel: 1, cacheFolder })
  })
  afterAll(() => sandbox?.close())

  test('runs a program as __main__ from /tmp/main.py, in a fresh state', async () => {
    const source = 'import sys, os\nprint(__name__, __file__, sys.argv, os.getcwd(), os.listdir("."), input(), "é")'
    const first = await sandbox.run({ source, stdin: 'ü\n' })
    expect(first).toMatchObject({ outcome: 'finished', exitCode: 0, stderr: '', droppedBytes: 0 })
    expect(first.stdout).toBe("__main__ /tmp/main.py ['/tmp/main.py'] /tmp ['main.py'] ü é\n")
    const draw = 'import random; print(random.random()); open("left", "w"); import os; os.environ["LEFT"] = "1"'
    const [a, b] = [
      await sandbox.run({ source: draw }),
      await sandbox.run({ source: `import os; print(os.environ, os.listdir("."))\n${draw}` }),
    ]
    expect(b.stdout).not.toContain('LEFT')
    expect(b.stdout).toContain("['main.py']")
    // The generator lies in the snapshot: without a new seed every run would draw the same.
    expect(b.stdout).not.toContain(a.stdout.trim())
  })

  test('exit statuses and tracebacks are those of CPython', async () => {
    const cases: [string, number, RegExp][] = [
      [
        'def f():\n    return 1 / 0\nf()',
        1,
        /^Traceback .*\n {2}File "\/tmp\/main.py", line 3, in <module>\n {4}f\(\)\n/,
      ],
      ['import sys; sys.exit(7)', 7, /^$/],
      ['raise SystemExit("why")', 1, /^why\n$/],
      ['import os; os._exit(9)', 9, /^$/],
      ['f(', 1, /SyntaxError: '\(' was never closed\n$/],
      ['input()', 1, /EOFError: EOF when reading a line\n$/],
      ['import numpy', 1, /\nModuleNotFoundError: No module named 'numpy'\n$/],
      ['import os; os.abort()', 139, /Fatal Python error/],
      [
        'import sys\nsys.setrecursionlimit(10**7)\ndef f(x): return repr([x]) if 0 else [*map(f, [x])]\nf(1)',
        1,
        /RecursionError/,
      ],
    ]
    for (const [source, exitCode, stderr] of cases) {
      const result = await sandbox.run({ source })
      expect(result, source).toMatchObject({ outcome: 'finished', exitCode, stdout: '' })
      expect(result.stderr, source).toMatch(stderr)
      expect(result.stderr, source).not.toMatch(/_pyodide|<sandbox>.*in|wasm/)
    }
  }, 60_000)

  test('asyncio and sleep work without JavaScript', async () => {
    const source = `
import asyncio, time
async def one(i):
    await asyncio.sleep(0.02)
    return i
async def main():
    try:
        async with asyncio.timeout(0.05):
            await asyncio.sleep(5)
    except TimeoutError:
        print('late', await asyncio.gather(*map(one, range(3))))
asyncio.run(main())
time.sleep(0.01)`
    expect(await sandbox.run({ source })).toMatchObject({ exitCode: 0, stdout: 'late [0, 1, 2]\n' })
  })

  test('the memory ceiling makes a MemoryError, and an uncaught one is out-of-memory', async () => {
    const creep = 'kept = []\nwhile True: kept.append(bytearray(10**6))'
    const memoryBytes = 128 * 2 ** 20
    const result = await sandbox.run({ source: creep, memoryBytes })
    expect(result).toMatchObject({ outcome: 'out-of-memory', exitCode: 1 })
    expect(result.stderr).toContain('MemoryError')
    const caught = `kept = []\ntry:\n    while True: kept.append(bytearray(10**6))\nexcept MemoryError:\n    count = len(kept); kept.clear(); print(count)`
    const survived = await sandbox.run({ source: caught, memoryBytes })
    expect(survived).toMatchObject({ outcome: 'finished', exitCode: 0 })
    expect(Number(survived.stdout)).toBeGreaterThan(50)
    expect(Number(survived.stdout)).toBeLessThan(128)
    expect(await sandbox.run({ source: 'x = bytearray(4 << 30)' })).toMatchObject({ outcome: 'out-of-memory' })
    const refused = await sandbox.run({ source: 'print(1)', memoryBytes: 2 ** 20 })
    expect(refused).toMatchObject({ outcome: 'refused', exitCode: null })
    expect(refused.stderr).toContain('at least')
  }, 60_000)

  test('memory taken beside the ceiling ends the process', async () => {
    if (process.platform !== 'linux') return expect(kind.isolates.memory).toContain('on Linux')
    // A pipe that nobody reads lies in JavaScript's memory.
    const source = 'import os\nr, w = os.pipe()\nwhile True: os.write(w, b"x" * 65536)'
    const result = await sandbox.run({ source, memoryBytes: 64 * 2 ** 20, timeoutMs: 20_000 })
    expect(result).toMatchObject({ outcome: 'out-of-memory' })
  }, 30_000)

  test('files are limited in all', async () => {
    const source = 'f = open("big", "wb")\nfor i in range(300): f.write(b"x" * 10**6)'
    const result = await sandbox.run({ source })
    expect(result).toMatchObject({ outcome: 'finished', exitCode: 1 })
    expect(result.stderr).toContain('No space left on device')
  }, 30_000)

  test('endless loops and endless output are stopped, and what was printed is kept', async () => {
    const loop = await sandbox.run({ source: 'print("before")\nwhile True: pass', timeoutMs: 300 })
    expect(loop).toMatchObject({ outcome: 'timed-out', exitCode: null, stdout: 'before\n' })
    expect(loop.tookMs).toBeGreaterThanOrEqual(295)
    expect(loop.tookMs).toBeLessThan(2000)
    const flood = await sandbox.run({ source: 'while True: print("x" * 99)', outputBytes: 1000 })
    expect(flood).toMatchObject({ outcome: 'output-limit', exitCode: null })
    expect(flood.stdout).toHaveLength(1000)
    expect(flood.droppedBytes).toBeGreaterThan(3000)
    const some = await sandbox.run({ source: 'print("é" * 1000)', outputBytes: 1001 })
    expect(some).toMatchObject({ outcome: 'finished', exitCode: 0, stdout: 'é'.repeat(500), droppedBytes: 1001 })
  }, 30_000)

  test('what is not run is refused', async () => {
    expect(await sandbox.run({ source: `#${'x'.repeat(2 ** 20)}` })).toMatchObject({ outcome: 'refused' })
    expect(await sandbox.run({ source: 'print("\0")' })).toMatchObject({ outcome: 'refused' })
  })

  test('a program cannot forge a result', async () => {
    const source = `
import os, sys
for stream in (1, 2):
    for code in range(3):
        os.write(stream, b'A' * 16 + bytes([code, 0]))
        os.write(stream, bytes(18))
frame = sys._getframe()
while frame:
    assert 'nonce' not in frame.f_globals and 'nonce' not in frame.f_locals
    frame = frame.f_back
sys.exit(5)`
    const result = await sandbox.run({ source })
    expect(result).toMatchObject({ outcome: 'finished', exitCode: 5 })
    expect(result.stdout).toHaveLength(3 * 36)
  })

  test('the ways to JavaScript that we know lead nowhere', async () => {
    const server = createServer(() => expect.unreachable('a program reached the network'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const source = `
import sys, gc
for name in ('js', 'pyodide_js', 'pyodide', 'pyodide.code', '_pyodide_core', 'pyodide.ffi'):
    try:
        __import__(name)
        print('imported', name)
    except ImportError:
        pass
# What the second line does not close: the walk from any object that JavaScript left in Python's heap.
functions = [o for o in gc.get_objects() if getattr(o, '__name__', '') in ('run_js', 'to_js') and callable(o)]
cores = [o for o in gc.get_objects() if type(o).__name__ == 'JsProxy']
sources = ['''Deno.readTextFileSync('/etc/passwd')''', '''Deno.env.toObject()''', '''process.env''',
    '''new Worker('data:text/javascript,1')''']
code = ['''return (async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8'))()''',
    '''return (async () => (await import('node:child_process')).execSync('id'))()''',
    '''return (async () => (await import('node:net')).connect(${port}, '127.0.0.1'))()''']
for f in functions:
    for text in sources + code:
        try:
            print('GOT', f(text) if f.__name__ == 'run_js' else f([1]).constructor.constructor(text)())
        except BaseException as e:
            pass
print('end', len(functions) >= 0)`
    const result = await sandbox.run({ source })
    server.close()
    expect(result.stdout).not.toContain('imported')
    expect(result.stdout).not.toMatch(/GOT (?!None|\[object Promise\])/)
    expect(result.stdout + result.stderr).not.toContain('root:')
  })
})

describe.skipIf(!availability.available)(`deno-pyodide's own JavaScript${why}`, () => {
  test('an attacker with all of JavaScript reaches nothing of the host, and in the end not even the snapshot', async () => {
    const folder = mkdtempSync(join(cacheFolder, 'attacker-'))
    const snapshot = join(folder, 'snapshot')
    writeFileSync(snapshot, 'x'.repeat(64))
    // In Pyodide's place, loaded by the real guest under the real flags, and served by it to the end.
    writeFileSync(join(folder, 'pyodide.mjs'), attacker(snapshot))
    const parts = { ...findParts(), pyodideFolder: folder }
    const child = launch(parts, ['serve', folder, snapshot], { readable: [snapshot] })
    const request = Buffer.from(JSON.stringify({ source: '', stdin: '', memoryBytes: 1, nonce: '00'.repeat(16) }))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(request.length)
    child.stdin.end(Buffer.concat([length, request]))
    let text = ''
    child.stdout.on('data', chunk => (text += chunk))
    child.stderr.on('data', chunk => (text += chunk))
    await new Promise(resolve => child.once('close', resolve))
    expect(text).toContain('\nallowed control')
    expect(text).toContain('\nheld itself')
    expect(text.match(/GOT .*/g)).toBeNull()
    expect(text.match(/held /g)).toHaveLength(21)
    expect(existsSync('/tmp/codesteer-attack')).toBe(false)
  }, 30_000)

  const attacker = (snapshot: string) => `
const D = globalThis.Deno
const print = D.stdout.writeSync.bind(D.stdout)
const say = text => print(new TextEncoder().encode(text + '\\n'))
const attempts = {
  file: () => D.readTextFileSync('/etc/passwd'),
  environment: () => D.env.get('DENO_DIR'),
  nodeEnvironment: () => process.env.DENO_DIR ?? D.env.toObject(),
  write: () => D.writeTextFileSync('/tmp/codesteer-attack', 'x'),
  command: () => new D.Command('id').outputSync(),
  kill: () => D.kill(1, 'SIGCONT'),
  connect: () => D.connect({ hostname: '127.0.0.1', port: 22 }),
  listen: () => D.listen({ port: 0 }),
  dns: () => D.resolveDns('localhost', 'A'),
  host: () => D.hostname(),
  library: () => D.dlopen('libc.so.6', {}),
  fetch: () => fetch('http://127.0.0.1:22'),
  fs: async () => (await import('node:fs')).readFileSync('/etc/passwd'),
  child: async () => (await import('node:child_process')).execSync('id'),
  url: () => import('https://example.com/x.js'),
  npm: () => import('npm:left-pad'),
  local: () => import('file:///etc/hostname'),
  storage: () => { localStorage.setItem('a', 'b'); return localStorage.getItem('a') },
  cache: async () => { await (await caches.open('x')).put('http://a/', new Response('b')); return 'kept' },
  permission: async () => { if ((await D.permissions.request({ name: 'net' })).state !== 'granted') throw new Error('no') },
}
export async function loadPyodide() {
  say('\\nallowed control ' + D.readTextFileSync(${JSON.stringify(snapshot)}).length)
  for (const [name, attempt] of Object.entries(attempts)) {
    try { say('GOT ' + name + ' ' + String(await attempt()).slice(0, 40)) } catch (e) { say('held ' + name + ' ' + e.name) }
  }
  const run = () => {
    try { say('\\nGOT ' + D.readTextFileSync(${JSON.stringify(snapshot)})) } catch (e) { say('\\nheld itself ' + e.name) }
    return 0
  }
  return {
    FS: { filesystems: { MEMFS: { expandFileStorage() {}, resizeFileStorage() {} } } }, ERRNO_CODES: {},
    setStdin() {}, setStdout() {}, setStderr() {}, runPython: () => run,
  }
}`
})

describe.skipIf(!availability.available)(`the pool of deno-pyodide${why}`, () => {
  test('a used guest is replaced; calls above `parallel` wait their turn; close leaves nothing', async () => {
    const sandbox = await openDenoPyodide({ parallel: 2, cacheFolder })
    await until(() => sandbox.census().waiting === 2)
    expect(guests()).toBe(2)
    const results = await Promise.all([1, 2, 3, 4].map(n => sandbox.run({ source: `print(${n})` })))
    expect(results.map(result => result.stdout)).toEqual(['1\n', '2\n', '3\n', '4\n'])
    expect(sandbox.census().alive).toBeLessThanOrEqual(2)
    await until(() => sandbox.census().waiting === 2)
    const hanging = sandbox.run({ source: 'while True: pass' }).catch(error => error)
    const queued = [1, 2].map(() => sandbox.run({ source: 'while True: pass' }).catch(error => error))
    await sleep(100)
    await Promise.all([sandbox.close(), sandbox.close()])
    expect(guests()).toBe(0)
    for (const error of await Promise.all([hanging, ...queued])) expect(error).toBeInstanceOf(SandboxError)
    await expect(sandbox.run({ source: 'print(1)' })).rejects.toThrow(/closed/)
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('codesteer-deno-'))).toEqual([])
  }, 40_000)

  test('an abort kills a running program and takes a waiting one out of the queue', async () => {
    const sandbox = await openDenoPyodide({ parallel: 1, cacheFolder })
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const { signal } = controller
    const running = sandbox.run({ source: 'while True: pass', signal }).catch(error => error)
    const queued = sandbox.run({ source: 'print(2)', signal }).catch(error => error)
    await sleep(1500)
    controller.abort(reason)
    expect(await running).toBe(reason)
    expect(await queued).toBe(reason)
    await expect(sandbox.run({ source: 'print(3)', signal })).rejects.toBe(reason)
    expect(await sandbox.run({ source: 'print(4)' })).toMatchObject({ stdout: '4\n' })
    await sandbox.close()
    expect(guests()).toBe(0)
  }, 30_000)

  test('a host that forgets to close still ends, and so do its guests', async () => {
    const url = new URL('./deno-pyodide.ts', import.meta.url).href
    const script = `
      const { openDenoPyodide } = await import(${JSON.stringify(url)})
      const sandbox = await openDenoPyodide({ parallel: 1, cacheFolder: ${JSON.stringify(cacheFolder)} })
      console.log((await sandbox.run({ source: 'print(6 * 7)' })).stdout)`
    const args = ['--input-type=module', '-e', script]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 10_000 })).toBe('42\n\n')
    await until(() => guests() === 0, 3000)
  }, 20_000)

  test('when we are killed, waiting guests and running ones end', async () => {
    const url = new URL('./deno-pyodide.ts', import.meta.url).href
    const script = `
      const { openDenoPyodide } = await import(${JSON.stringify(url)})
      const sandbox = await openDenoPyodide({ parallel: 2, cacheFolder: ${JSON.stringify(cacheFolder)} })
      while (sandbox.census().waiting < 2) await new Promise(resolve => setTimeout(resolve, 20))
      sandbox.run({ source: 'while True: pass', timeoutMs: 60000 })
      setTimeout(() => console.log('go'), 200)`
    const host = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise(resolve => host.stdout.once('data', resolve))
    expect(guests()).toBe(2)
    host.kill('SIGKILL')
    await until(() => guests() === 0, 3000)
  }, 30_000)
})

describe.skipIf(!availability.available)(`the snapshot of deno-pyodide${why}`, () => {
  test('a broken one is made again, and one broken after its check too', async () => {
    const parts = findParts()
    const { path } = await prepareSnapshot(parts, cacheFolder)
    const whole = readFileSync(path)
    expect(whole.length).toBeGreaterThan(20 * 2 ** 20)
    writeFileSync(path, whole.subarray(0, whole.length / 2))
    await prepareSnapshot(parts, cacheFolder)
    expect(readFileSync(path).length).toBe(whole.length)

    const sandbox = await openDenoPyodide({ parallel: 1, cacheFolder })
    await until(() => sandbox.census().waiting === 1)
    writeFileSync(path, 'nonsense')
    const [, second] = [await sandbox.run({ source: 'print(1)' }), await sandbox.run({ source: 'print(2)' })]
    expect(second).toMatchObject({ outcome: 'finished', stdout: '2\n' })
    expect(readFileSync(path).length).toBe(whole.length)
    await sandbox.close()
  }, 60_000)

  test('a folder with a strange name is read; one with a comma, at which Deno would split, is refused', async () => {
    const parts = findParts()
    const pyodideFolder = join(cacheFolder, 'a b#c%20ü')
    cpSync(parts.pyodideFolder, pyodideFolder, { recursive: true })
    const sandbox = await openDenoPyodide({ parallel: 1, cacheFolder, parts: { ...parts, pyodideFolder } })
    expect(await sandbox.run({ source: 'print(1)' })).toMatchObject({ outcome: 'finished', stdout: '1\n' })
    await sandbox.close()
    const split = { ...parts, pyodideFolder: join(cacheFolder, 'a,b') }
    expect(() => launch(split, [], { readable: [] })).toThrow(/holds a comma/)
    const passing = await prepareSnapshot(parts, join(cacheFolder, 'c,d'))
    expect(passing.path).not.toContain(',')
    await passing.dispose()
  }, 30_000)

  test('where the cache folder cannot be made, a passing one serves and is removed', async () => {
    const file = join(cacheFolder, 'a-file')
    writeFileSync(file, '')
    const snapshot = await prepareSnapshot(findParts(), join(file, 'folder'))
    expect(snapshot.path.startsWith(tmpdir())).toBe(true)
    expect(readFileSync(snapshot.path).length).toBeGreaterThan(20 * 2 ** 20)
    await snapshot.dispose()
    expect(() => readFileSync(snapshot.path)).toThrow(/ENOENT/)
  }, 30_000)
})
