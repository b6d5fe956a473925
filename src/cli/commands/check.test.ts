import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../errors.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import checkCommand from './check.ts'

let folder: string
/** What stands on standard input. */
const typed = 'x = 3\nprint(x)\n'

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  let out = ''
  let err = ''
  const output = (take: (text: string) => void) => ({ write: take, isTTY: false, columns: 80 })
  const context: CliContext = {
    environment: {},
    signal: new AbortController().signal,
    stdin: Readable.from([typed]) as unknown as NodeJS.ReadStream,
    out: output(text => {
      out += text
    }),
    err: output(text => {
      err += text
    }),
  }
  try {
    await checkCommand(context).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof Exit) return { out, err, code: error.code }
    throw error
  }
  return { out, err, code: 0 }
}

describe('codesteer check', () => {
  it('shows findings with their lines', async () => {
    const { out, code } = await run(file('typed.py', 'x = 3\nprint("<<<42>>>")\n'))
    expect(out).toContain('typed.py: lazy')
    expect(out).toContain('    2 | print("<<<42>>>")')
    expect(out).not.toContain('\u001b[')
    expect(code).toBe(0)
  })

  it('gives one JSON value', async () => {
    const { out } = await run(file('sum.py', 'print(sum(n for n in range(99) if n % 7 == 0))'), '--json')
    expect(JSON.parse(out)).toMatchObject({ error: null, lazy: false, method: 'computation', searching: true })
    const legacy = await run(join(folder, 'sum.py'), '--json', '--legacy')
    expect(JSON.parse(legacy.out)).toMatchObject({ score: 2.25, searching: false, numerical: true })
  })

  it('reads standard input', async () => {
    const { out } = await run('-', '--json')
    expect(JSON.parse(out)).toMatchObject({ lazy: true, method: 'hard-coded' })
  })

  it('streams rows in order', async () => {
    const rows = ['print(1)', 'for', 'print(2 ** 90)'].map(code => JSON.stringify({ code })).join('\n')
    const { out } = await run('--jsonl', file('rows.jsonl', `${rows}\n`))
    const errors = out
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { error: string | null }).error === null)
    expect(errors).toEqual([true, false, true])
  })

  it('names a bad line and what was expected, or passes over it', async () => {
    const path = file('bad.jsonl', '{"code": "print(1)"}\n{"cod": 2}\nnope\n')
    await expect(run('--jsonl', path)).rejects.toThrow(/line 2: its "code" is not a string/)
    await expect(run('--jsonl', path)).rejects.toMatchObject({
      kind: 'input',
      mend: expect.stringContaining('--skip-bad'),
    })
    const { out, err } = await run('--jsonl', path, '--skip-bad')
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(err).toContain('2 of 3 lines')
  })

  it('exits 1 only when asked to', async () => {
    const lazy = file('lazy.py', 'print("<<<1>>>")')
    expect((await run(lazy)).code).toBe(0)
    expect((await run(lazy, '--fail-on-lazy')).code).toBe(1)
    expect((await run(file('little.py', 'a = 2\nprint(a + 2)'), '--max-score', '2')).code).toBe(1)
  })

  it('refuses input it cannot use, with the way out', async () => {
    await expect(run()).rejects.toThrow(InputError)
    await expect(run(join(folder, 'absent.py'))).rejects.toThrow(/cannot read .*absent\.py/)
    await expect(run('--jsonl', join(folder, 'absent.jsonl'))).rejects.toThrow(/cannot read .*absent\.jsonl/)
    await expect(run(join(folder, 'lazy.py'), '--jsonl', 'x')).rejects.toThrow(/together/)
    await expect(run(join(folder, 'lazy.py'), '--max-score', 'high')).rejects.toThrow(/is no number/)
  })
})
