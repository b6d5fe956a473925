// `codesteer task draw --out`: a data set as it is given to others.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { durationText, progressLine, progressOf } from '../../src/cli/_shared/progress.ts'
import { cardLicense, sizeCategory } from '../../src/cli/commands/task/data-card.ts'
import { draw } from '../../src/draw.ts'
import { load } from '../../src/registry.ts'
import type { Task } from '../../src/task.ts'
import { cli, temporaryFolder } from '../util/cli.ts'

const rowsOf = (out: string) =>
  readFileSync(join(out, 'questions.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)

describe('task draw --out', () => {
  it('writes questions without keys, and a card that loads and tells how to draw them again', async () => {
    const out = join(temporaryFolder(), 'a', 'set')
    const run = await cli(['task', 'draw', 'letters', '--count', '2', '--seed', '3', '--out', out])
    expect([run.code, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toMatch(/^\d+ questions without keys in .*: questions\.jsonl, README\.md\n$/)
    expect(readdirSync(out).sort()).toEqual(['README.md', 'questions.jsonl'])
    const letters = await load<Task>('tasks', 'letters')
    const rows = rowsOf(out)
    const expected = letters.levels.flatMap((_, i) => [3, 4].map(seed => draw(letters, i + 1, seed).question))
    expect(rows).toEqual(expected)
    for (const row of rows) expect(Object.keys(row)).not.toContain('solution')
    const card = readFileSync(join(out, 'README.md'), 'utf8')
    const front = /^---\n([\s\S]*?)\n---\n/.exec(card)![1]!
    expect(front).toContain(`license: ${cardLicense}\n`)
    expect(front).toContain('  - split: test\n    path: questions.jsonl')
    const fields = [...front.matchAll(/- name: (\w+)\n {4}dtype: (\w+)/g)].map(([, name]) => name)
    expect(fields).toEqual(Object.keys(rows[0]!))
    expect(card).toContain('codesteer task draw letters --seed 3 --count 2 --pool test --format jsonl --out DIR')
    expect(card).toContain(`| \`letters\` | ${letters.title} | ${letters.split} | ${letters.version} |`)
    expect(card).toContain('without answers')
  })

  it('writes parquet with the same rows, and keys where they are asked for', async () => {
    const folder = temporaryFolder()
    const [lines, table] = [join(folder, 'lines'), join(folder, 'table')]
    const args = ['task', 'draw', 'game-24', '--level', '2', '--count', '3', '--pool', 'train', '--keys']
    const runs = [
      await cli([...args, '--out', lines]),
      await cli([...args, '--out', table, '--format', 'parquet', '--json']),
    ]
    expect(runs.map(run => run.code)).toEqual([0, 0])
    expect(JSON.parse(runs[1]!.stdout)).toEqual({
      folder: table,
      files: ['questions.parquet', 'README.md'],
      questions: 3,
      tasks: 1,
      keys: true,
    })
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(join(table, 'questions.parquet')) })
    expect(read.map(row => ({ ...row, seed: Number(row.seed) }))).toEqual(rowsOf(lines))
    const task = await load<Task>('tasks', 'game-24')
    for (const row of rowsOf(lines)) {
      expect(task.verify(task.read(String(row.prompt)), String(row.solution))).toEqual({ verdict: 'correct' })
      expect(JSON.parse(String(row.puzzle))).toEqual(task.read(String(row.prompt)))
    }
    const card = readFileSync(join(table, 'README.md'), 'utf8')
    expect(card).toContain('  - split: train\n    path: questions.parquet')
    expect(card).toContain('This copy holds the answers')
  })

  it('replaces nothing unasked; with --force the whole older set goes, keys too', async () => {
    const out = temporaryFolder()
    const args = ['task', 'draw', 'letters', '--level', '1', '--out', out]
    expect((await cli([...args, '--keys'])).code).toBe(0)
    const before = readFileSync(join(out, 'questions.jsonl'), 'utf8')
    const refused = await cli([...args, '--format', 'parquet'])
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/already holds questions\.jsonl and README\.md\n→ .*--force/),
    ])
    expect(readFileSync(join(out, 'questions.jsonl'), 'utf8')).toBe(before)
    expect((await cli([...args, '--format', 'parquet', '--force'])).code).toBe(0)
    expect(readdirSync(out).sort()).toEqual(['README.md', 'questions.parquet'])
  })

  it('never removes a README that is not its own', async () => {
    const out = temporaryFolder()
    writeFileSync(join(out, 'README.md'), '# my project\n')
    const run = await cli(['task', 'draw', 'letters', '--level', '1', '--out', out, '--force'])
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('not a data card of ours')])
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toBe('# my project\n')
  })

  it('leaves nothing half-written after Ctrl-C', async () => {
    const out = temporaryFolder()
    const run = await cli(['task', 'draw', 'letters', '--count', '100000', '--out', out], {
      onSpawn: child => {
        const timer = setInterval(() => {
          if (!existsSync(join(out, 'questions.jsonl.part'))) return
          clearInterval(timer)
          child.kill('SIGINT')
        }, 20)
        child.on('close', () => clearInterval(timer))
      },
    })
    expect(run.code).toBe(130)
    expect(readdirSync(out)).toEqual([])
  })

  it.each([
    [['--format', 'parquet'], '--out DIR'],
    [['--force'], '--out DIR'],
    [['--out', 'x', '--format', 'csv'], 'jsonl and parquet'],
    [['--out', 'x', '--pool', 'dev'], 'test and train'],
    [['--out', 'x', '--level', '9'], 'codesteer task show letters'],
  ])('refuses %j with the way out', async (flags, mend) => {
    const cwd = temporaryFolder()
    const run = await cli(['task', 'draw', 'letters', ...flags], { cwd })
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toContain(mend)
    expect(readdirSync(cwd)).toEqual([])
  })

  it('says so when the folder cannot be written', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const run = await cli(['task', 'draw', 'letters', '--out', join(folder, 'file', 'set')])
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('cannot write the data set')])
    mkdirSync(join(folder, 'set', 'questions.jsonl.part'), { recursive: true })
    expect((await cli(['task', 'draw', 'letters', '--out', join(folder, 'set')])).code).toBe(2)
  })
})

describe('the card', () => {
  it('has the licence of the package and the size classes of the Hub', () => {
    const { license } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(cardLicense).toBe(license.toLowerCase())
    expect([999, 1_000, 99_999, 5e8].map(sizeCategory)).toEqual(['n<1K', '1K<n<10K', '10K<n<100K', '100M<n<1B'])
  })
})

describe('progress', () => {
  it('says how far it is and what time is left', () => {
    expect(progressLine(1_200, 4_000, 9_000, 'boxnet')).toBe('1,200 of 4,000 (30 %), about 21 s left: boxnet')
    expect(progressLine(0, 4_000, 50, 'boxnet')).toBe('0 of 4,000 (0 %): boxnet')
    expect([1, 99_000, 600_000, 9_000_000].map(durationText)).toEqual(['1 s', '99 s', '10 min', '2.5 h'])
  })

  it('redraws one line on a terminal and writes a line now and then into a log', () => {
    for (const isTTY of [true, false]) {
      let [now, written] = [0, '']
      const progress = progressOf({ write: text => (written += text), isTTY, columns: 60 }, 100, () => now)
      for (let done = 1; done <= 100; done++) {
        now += 250
        progress.done(done, 'letters')
      }
      progress.close()
      const lines = written.split(isTTY ? '\r' : '\n').filter(line => line.includes('letters'))
      expect(lines).toHaveLength(isTTY ? 100 : 2)
      expect(lines.at(-1)).toContain(isTTY ? '100 of 100 (100 %)' : '80 of 100 (80 %), about 5 s left')
    }
  })
})
