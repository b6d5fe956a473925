import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/util/cli.ts'
import { run } from '../main.ts'

const table = 'task,split,codesteer,plain\np,seen,90,40\nq,seen,80,30\nr,unseen,70,60\n'

/** The whole program in this process: the same arguments, streams and exit codes, without its start. */
async function report(
  args: readonly string[],
  input = table,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' }
  const output = (to: keyof typeof written) => ({
    write: (text: string) => void (written[to] += text),
    isTTY: false,
    columns: 80,
  })
  const code = await run(['report', '--resamples', '200', ...args], {
    environment: {},
    signal: new AbortController().signal,
    stdin: Readable.from([Buffer.from(input)]) as unknown as NodeJS.ReadStream,
    out: output('stdout'),
    err: output('stderr'),
  })
  return { code, ...written }
}

describe('codesteer report --scores', () => {
  it('reads a file or standard input and writes every form', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'table.csv')
    writeFileSync(path, table)
    const text = await report(['--scores', path], '')
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toMatch(/codesteer is better than plain by 36\.7 points/)
    const [json, markdown, csv] = await Promise.all(
      ['--json', '--markdown', '--csv'].map(form =>
        report(['--scores', '-', form, '--against', 'plain', '--seed', '7']),
      ),
    )
    expect(JSON.parse(json!.stdout)).toMatchObject({
      against: 'plain',
      comparisons: [{ a: 'plain', b: 'codesteer', byTask: { wins: 0, losses: 3, ties: 0 } }],
      settings: { test: 'wilcoxon', kind: 'percentile', resamples: 200, seed: 7 },
    })
    expect(markdown!.stdout).toMatch(/^## Averages/)
    expect(csv!.stdout).toMatch(/^method,seen_normalised,/)
  })

  it('takes the test and the kind of interval', async () => {
    const { stdout } = await report(['--scores', '-', '--json', '--test', 't', '--interval', 'bca', '--pairwise'])
    expect(JSON.parse(stdout)).toMatchObject({ settings: { test: 't', kind: 'bca' }, pairwise: [{ family: 1 }] })
  })

  it.each<[string, string[], string, RegExp]>([
    ['nothing', [], '', /nothing to report\n→ .*--scores table\.csv/],
    ['a run and a table', ['x.run', '--scores', '-'], table, /"x\.run" and --scores together/],
    ['a missing file', ['--scores', 'nowhere.csv'], '', /cannot read nowhere\.csv: ENOENT/],
    ['empty input', ['--scores', '-'], '', /standard input is empty\n→ The first line names/],
    [
      'an unknown method',
      ['--scores', '-', '--against', 'codester'],
      table,
      /no method "codester"[\s\S]*Did you mean "codesteer"/,
    ],
    ['two forms', ['--scores', '-', '--json', '--csv'], table, /cannot be used with/],
    ['an unknown test', ['--scores', '-', '--test', 'z'], table, /Allowed choices are wilcoxon, sign, t/],
    ['too few resamples', ['--scores', '-', '--resamples', '1'], table, /--resamples must be a whole number from 100/],
    ['a bad cell', ['--scores', '-'], 'task,a\nx,1\ny,no\n', /standard input line 3: "no" of a is no number/],
  ])('refuses %s', async (_, args, input, words) => {
    const { code, stdout, stderr } = await report(args, input)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  it('refuses a folder and what is not text', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a.csv'))
    expect((await report(['--scores', join(folder, 'a.csv')])).stderr).toMatch(/EISDIR/)
    writeFileSync(join(folder, 'b.csv'), Buffer.from([0xff, 0xfe, 0x41]))
    expect((await report(['--scores', join(folder, 'b.csv')])).stderr).toMatch(/not UTF-8/)
  })
})
