// Everything a person gets wrong: one clear line, its mend, exit code 2, and no stack trace.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, temporaryFolder } from '../util/cli.ts'

const question = 'Which is larger, 9.11 or 9.9?'

async function refused(args: readonly string[], options: Parameters<typeof cli>[1] = {}): Promise<string> {
  const run = await cli(args, { cwd: temporaryFolder(), ...options })
  expect(run.stderr, run.stdout).not.toMatch(/^\s+at /m)
  expect(run.code, run.stderr).toBe(2)
  expect(run.stderr).toMatch(/^(error: |error: unknown)/m)
  return run.stderr
}

describe('ask refuses', () => {
  it.each<[string, string[], string | Buffer | undefined, RegExp]>([
    ['an empty question', ['ask', '   '], undefined, /empty[\s\S]*Ask for example/],
    ['empty standard input', ['ask', '-'], '', /standard input is empty/],
    ['a question of 1 MB', ['ask'], 'x'.repeat(2 ** 20), /longer than 512 KiB/],
    ['binary input', ['ask', '-'], Buffer.from([0xff, 0xfe, 0x00, 0x80]), /not UTF-8/],
    ['a NUL', ['ask', '-'], 'a\0b', /binary/],
    ['a missing file', ['ask', '-f', 'nowhere.txt'], undefined, /cannot read nowhere.txt: ENOENT/],
    ['an unknown provider', ['ask', '-m', 'opnai/gpt-4o', question], undefined, /Did you mean "openai"/],
    ['a model without provider', ['ask', '-m', 'gpt-4o', question], undefined, /provider\/model/],
    ['a missing key', ['ask', '-m', 'openai/gpt-4.1-mini', question], undefined, /OPENAI_API_KEY/],
    [
      'an unknown simulated setting',
      ['ask', '-m', 'simulated/apprentice?sed=1', question],
      undefined,
      /Did you mean "seed"/,
    ],
    ['an unknown coach', ['ask', '--coach', 'rulez', question], undefined, /Did you mean "rules"/],
    ['a coach without its model', ['ask', '--coach', 'prompted', question], undefined, /prompted:/],
    ['an unknown sandbox', ['ask', '--sandbox', 'bublewrap', question], undefined, /Did you mean "bubblewrap"/],
    [
      'a sandbox that is not allowed',
      ['ask', '--sandbox', 'unsafe-host', question],
      undefined,
      /CODESTEER_ALLOW_UNSAFE/,
    ],
    ['an unknown checker', ['ask', '--checkers', 'symbolic', question], undefined, /symbolic-code/],
    ['an unknown task', ['ask', '--task', 'game24'], undefined, /Did you mean "game-24"[\s\S]*codesteer task list/],
    ['an unknown level', ['ask', '--task', 'game-24', '--level', '77'], undefined, /no level 77[\s\S]*1 to 8/],
    ['a task and a question', ['ask', '--task', 'game-24', question], undefined, /Give one of them/],
    ['a bad number', ['ask', '--turns', 'many', question], undefined, /--turns must be a whole number/],
    ['a bad duration', ['ask', '--code-timeout', 'soon', question], undefined, /500ms, 3s or 2m/],
    ['an unknown option', ['ask', '--modell', 'x', question], undefined, /unknown option '--modell'[\s\S]*--model/],
    ['an unknown command', ['aks', question], undefined, /Did you mean "ask"/],
  ])('%s', async (_, args, input, words) => {
    expect(await refused(args, input === undefined ? {} : { input })).toMatch(words)
  })
})

describe('the folder for trajectories', () => {
  it('may be a file, or a device', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(await refused(['ask', '--out', join(folder, 'file'), question])).toMatch(/ENOTDIR|EEXIST[\s\S]*--out DIR/)
  })

  it.skipIf(process.getuid?.() === 0 ? 'root may write anywhere; the small-disk test covers the same path' : false)(
    'may be read-only',
    async () => {
      const folder = temporaryFolder()
      mkdirSync(join(folder, 'locked'))
      chmodSync(join(folder, 'locked'), 0o500)
      expect(await refused(['ask', '--out', join(folder, 'locked', 'x'), question])).toMatch(/may not write/)
    },
  )

  const bubblewrap = ['bwrap', '--dev-bind', '/', '/']
  it('may be on a read-only disk, or full: what was written stays readable', async () => {
    const folder = temporaryFolder()
    const readOnly = await refused(['ask', '--sandbox', 'bubblewrap', '--out', folder, question], {
      wrap: [...bubblewrap, '--ro-bind', folder, folder],
    })
    expect(readOnly).toMatch(/EROFS[\s\S]*read-only/)
    const full = await refused(
      ['ask', '--sandbox', 'bubblewrap', '--out', folder, '--task', 'letters', '--level', '8'],
      {
        wrap: [...bubblewrap, '--size', '16384', '--tmpfs', folder],
      },
    )
    expect(full).toMatch(/ENOSPC[\s\S]*disk is full/)
  })
})

describe('exec, replay and task refuse', () => {
  it.each<[string, string[], RegExp]>([
    ['a missing program', ['exec', 'nowhere.py'], /cannot read nowhere.py/],
    ['an unknown sandbox', ['exec', '--sandbox', 'x', 'a.py'], /sandbox|cannot read/],
    ['a bad memory size', ['exec', '--memory', 'lots', 'a.py'], /512M or 1G/],
    ['a missing record', ['replay', 'nowhere.jsonl'], /cannot read nowhere.jsonl/],
    ['an unknown slug', ['task', 'draw', 'sudoku'], /no task "sudoku"/],
    ['an unknown pool', ['task', 'draw', 'letters', '--pool', 'dev'], /test and train/],
    ['an unknown sub-command', ['task', 'darw'], /Did you mean draw/],
    ['missing options', ['task', 'judge'], /--samples/],
    ['a missing samples file', ['task', 'judge', '--samples', 'no.jsonl', '--answers', '-'], /cannot read no.jsonl/],
  ])('%s', async (_, args, words) => expect(await refused(args)).toMatch(words))

  it('a record that is none', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a.jsonl'), '{"type":"other"}\n')
    writeFileSync(join(folder, 'b.jsonl'), 'hello\n')
    expect(await refused(['replay', join(folder, 'a.jsonl')])).toMatch(/not a trajectory/)
    expect(await refused(['replay', join(folder, 'b.jsonl')])).toMatch(/line 1/)
  })

  it('malformed lines of a judge, by number; --skip-bad goes on and counts', async () => {
    const folder = temporaryFolder()
    const samples = join(folder, 's.jsonl')
    const answers = join(folder, 'a.jsonl')
    writeFileSync(samples, '{"task":"letters","sample":"x","question":null,"solution":"banana","letter":"a"}\n')
    writeFileSync(
      answers,
      '{"task":"letters","sample":"x","answer":"Count: 3, Positions: [2, 4, 6]"}\n{oops\n{"task":"letters","sample":"x"}\n{"task":"leters","sample":"x","answer":"1"}\n',
    )
    expect(await refused(['task', 'judge', '--samples', samples, '--answers', answers, '--json'])).toMatch(/line 2/)
    const run = await cli(['task', 'judge', '--samples', samples, '--answers', answers, '--json', '--skip-bad'])
    expect(run.code).toBe(0)
    expect(
      run.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).verdict),
    ).toEqual(['correct', 'unscored'])
    expect(run.stderr).toContain('2 malformed lines skipped')
  })
})
