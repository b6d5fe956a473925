import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { descendants } from '../../../test/hostile/witness.ts'
import type { Sandbox } from '../../sandbox.ts'
import bubblewrap from './bubblewrap.ts'
import { createMemoryGroup } from './cgroup.ts'
import { Pool } from './pool.ts'
import { probeBubblewrap } from './probe.ts'
import { Zygote } from './zygote.ts'

const answer = await bubblewrap.probe()
const skipped = answer.available ? '' : ` (skipped: ${answer.why})`

describe('probeBubblewrap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'codesteer-probe-'))
  chmodSync(folder, 0o755)
  afterAll(() => rmSync(folder, { recursive: true }))
  const fake = (name: string, body: string) => {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\n${body}\n`)
    chmodSync(path, 0o755)
    return path
  }

  it.skipIf(process.platform !== 'linux')('says what is missing and how to get it', async () => {
    const missing = await probeBubblewrap('/nowhere/bwrap')
    expect(missing).toMatchObject({
      available: false,
      mend: expect.stringContaining('apt-get install bubblewrap python3'),
    })
    const works = fake('bwrap', 'echo bubblewrap 9')
    expect(await probeBubblewrap(works, '/nowhere/python3')).toMatchObject({ why: expect.stringContaining('python3') })
    const old = fake('python3', 'echo 3.6.1')
    expect(await probeBubblewrap(works, old)).toMatchObject({ why: expect.stringContaining('is 3.6.1; 3.9 or newer') })
    const blocked = fake(
      'bwrap-blocked',
      '[ "$1" = --version ] && exit 0; echo "setting up uid map: denied" >&2; exit 1',
    )
    const why = await probeBubblewrap(blocked, fake('python-new', 'echo 3.12.0 sympy'))
    expect(why).toMatchObject({
      available: false,
      why: 'bubblewrap cannot make namespaces: setting up uid map: denied',
    })
  })
})

describe('Pool', () => {
  it('starts no more members than asked, serves in order, and replaces the dead', async () => {
    const events: string[] = []
    let made = 0
    const start = async () => {
      const id = ++made
      return {
        id,
        alive: true,
        async close() {
          events.push(`closed ${id}`)
        },
        async kill() {
          events.push(`killed ${id}`)
        },
      }
    }
    const pool = new Pool(1, start, () => new Error('closed'))
    const jobs = ['a', 'b', 'c'].map(name =>
      pool.use(async member => {
        events.push(`${name} on ${member.id}`)
        await new Promise(resolve => setTimeout(resolve, 5))
        if (name === 'b') member.alive = false
      }),
    )
    await Promise.all(jobs)
    await pool.close()
    await pool.close()
    expect(events).toEqual(['a on 1', 'b on 1', 'closed 1', 'c on 2', 'closed 2'])
    await expect(pool.use(async () => 1)).rejects.toThrow('closed')
  })

  it('lets the next one try after a failed start', async () => {
    let attempts = 0
    const start = async () => {
      attempts += 1
      if (attempts === 1) throw new Error('no luck')
      return { alive: true, close: async () => {}, kill: async () => {} }
    }
    const pool = new Pool(1, start, () => new Error('closed'))
    await expect(pool.use(async () => 1)).rejects.toThrow('no luck')
    expect(await pool.use(async () => 2)).toBe(2)
    await pool.close()
  })
})

describe.skipIf(!answer.available)(`bubblewrap${skipped}`, () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await bubblewrap.open({ parallel: 1 })
  })
  afterAll(() => sandbox.close())

  const zygotes = () => descendants().filter(({ command }) => command === 'python3')
  const out = async (source: string, rest: { memoryBytes?: number; timeoutMs?: number } = {}) => {
    const result = await sandbox.run({ source, ...rest })
    return result.stdout + result.stderr
  }

  it('keeps one interpreter warm and forks for each run', async () => {
    await out('print(1)')
    const before = zygotes()
    expect(before).toHaveLength(1)
    for (let i = 0; i < 5; i++) await out('print(1)')
    expect(zygotes()).toEqual(before)
  })

  it('keeps the interpreter after a program was stopped or aborted', async () => {
    await out('print(1)')
    const before = zygotes()
    await out('while True: pass', { timeoutMs: 200 })
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('stop')), 100)
    await expect(sandbox.run({ source: 'while True: pass', signal: stop.signal })).rejects.toThrow('stop')
    expect(await out('print(2)')).toBe('2\n')
    expect(zygotes()).toEqual(before)
  })

  it('makes a new interpreter when the old one was killed, between runs or within one', async () => {
    await out('print(1)')
    process.kill(zygotes()[0]!.pid, 'SIGKILL')
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(await out('print(2)')).toBe('2\n')
    const running = sandbox.run({ source: 'while True: pass', timeoutMs: 8000 })
    setTimeout(() => {
      for (const { pid } of zygotes()) process.kill(pid, 'SIGKILL')
    }, 300)
    await expect(running).rejects.toMatchObject({
      name: 'SandboxError',
      message: expect.stringContaining('died during a run'),
    })
    expect(await out('print(3)')).toBe('3\n')
  })

  it('says in bubblewrap’s words why it did not start', async () => {
    await expect(Zygote.start('/nowhere/bwrap')).rejects.toThrow(/did not start: .*ENOENT/)
    await expect(Zygote.start('/bin/false')).rejects.toThrow('did not start: no word from the guest')
  })

  it('leaves no process behind when our own process is killed', { timeout: 30_000 }, async () => {
    const script = `
      const { default: kind } = await import(${JSON.stringify(new URL('bubblewrap.ts', import.meta.url).href)})
      const sandbox = await kind.open({ parallel: 1 })
      const source = 'import os, time\\nos.fork()\\nprint(1, flush=True)\\ntime.sleep(60)'
      sandbox.run({ source, timeoutMs: 60000 })
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
    const inside = () => descendants().filter(({ command }) => command === 'python3' || command === 'bwrap')
    const idle = new Set(inside().map(({ pid }) => pid))
    const others = () => inside().filter(({ pid }) => !idle.has(pid))
    // bwrap, the interpreter, the program and its child.
    await until(() => others().length >= 4)
    const started = others()
    child.kill('SIGKILL')
    // Orphans leave our tree, so each is looked up by its number.
    await until(() => started.every(({ pid }) => stateOf(pid) === 'gone'))
    expect(started.map(({ pid }) => stateOf(pid))).toEqual(started.map(() => 'gone'))
  })

  it('does not import sympy beforehand, and has it where the system has it', async () => {
    const found = await out('import sys\nprint("sympy" in sys.modules, "numpy" in sys.modules)')
    expect(found).toBe('False False\n')
    const version = answer.available ? answer.version : ''
    for (const name of ['sympy', 'numpy'].filter(name => version.includes(name))) {
      expect(await out(`import ${name}\nprint(${name}.__name__)`)).toBe(`${name}\n`)
    }
  })

  it('runs what ordinary programs use: a process pool, threads, asyncio, subprocess, temporary files', async () => {
    const pool =
      'import multiprocessing as m\nif __name__ == "__main__":\n  with m.Pool(2) as p: print(p.map(abs, [-1, 2]))'
    expect(await out(pool)).toBe('[1, 2]\n')
    const threads =
      'from concurrent.futures import ThreadPoolExecutor as E\nprint(list(E().map(abs, range(-20, 0)))[:2])'
    expect(await out(threads)).toBe('[20, 19]\n')
    expect(await out('import asyncio\nasync def f(): return 3\nprint(asyncio.run(f()))')).toBe('3\n')
    expect(await out('import subprocess\nprint(subprocess.run(["echo", "hi"], capture_output=True).stdout)')).toBe(
      "b'hi\\n'\n",
    )
    expect(await out('import tempfile\nprint(tempfile.mkdtemp()[:4])')).toBe('/tmp\n')
    expect(await out('import inspect\ndef f(): return 1\nprint(inspect.getsource(f), end="")')).toContain('return 1')
  })

  it('gives a crash the status of its signal', async () => {
    expect((await sandbox.run({ source: 'import ctypes\nctypes.string_at(0)' })).exitCode).toBe(139)
    expect((await sandbox.run({ source: 'import os, signal\nos.kill(os.getpid(), signal.SIGTERM)' })).exitCode).toBe(
      143,
    )
    expect((await sandbox.run({ source: 'raise KeyboardInterrupt' })).exitCode).toBe(130)
  })

  it('has few processes to give: fifteen beside the interpreter', async () => {
    const source =
      'import os, time\nn = 0\ntry:\n  while True:\n    if os.fork() == 0: time.sleep(9)\n    n += 1\nexcept OSError: print(n)'
    expect(await out(source)).toBe('14\n')
  })

  const group = createMemoryGroup()
  group?.remove()
  const reason = group ? '' : ' (skipped: no memory control group can be made here)'
  it.skipIf(!group)(`bounds the memory of all processes together${reason}`, async () => {
    const source = [
      'import os',
      'r, w = os.pipe()',
      'for _ in range(4):',
      '    if os.fork() == 0:',
      '        hoard = b"x" * (150 << 20)',
      '        os.write(w, b".")',
      '        import time; time.sleep(9)',
      'ends = []',
      'import time; time.sleep(1.5)',
      'while True:',
      '    pid, status = os.waitpid(-1, os.WNOHANG)',
      '    if not pid: break',
      '    ends.append(os.waitstatus_to_exitcode(status))',
      'print(ends)',
    ].join('\n')
    expect(await out(source, { memoryBytes: 200 * 2 ** 20 })).toMatch(/-9/)
  })
})

function stateOf(pid: number): string {
  if (!existsSync(`/proc/${pid}/stat`)) return 'gone'
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) ? 'gone' : 'alive'
  } catch {
    return 'gone'
  }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not come about in ten seconds')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}
