// `codesteer data export` as a user calls it, on a stored run of trees written down.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run as program } from '../../src/cli/main.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { type Manifest, manifestSchema } from '../../src/training/export/_shared/manifest.ts'
import { treesOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { exported } from './export-set.ts'
import { item, storeTree, workedExample } from './stored-tree.ts'

async function storedRun(task = 'game-24'): Promise<string> {
  const path = join(temporaryFolder(), 'trees.run')
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  await store.recordPlan({ name: 'worked' })
  await storeTree(store, item(1, { task }), workedExample)
  await store.close()
  return path
}

const counts = ({ sft, dpo }: Manifest) => [sft.trajectories.train, sft.examples.train, dpo.pairs.train, dpo.left.tie]

describe('codesteer data export', () => {
  it('writes what the library writes, and one JSON value about it', async () => {
    const run = await storedRun()
    const out = join(temporaryFolder(), 'set')
    const { code, stdout, stderr } = await cli(['data', 'export', run, '--out', out, '--format', 'all', '--json'])
    expect([code, stderr]).toEqual([0, ''])
    const manifest = manifestSchema.parse(JSON.parse(stdout))
    expect(JSON.parse(readFileSync(join(out, 'dataset.json'), 'utf8'))).toEqual(manifest)
    // 3 trajectories, 9 examples, 6 pairs, 2 ties: export-dataset.test.ts counts them by hand.
    expect(counts(manifest)).toEqual([3, 9, 6, 2])
    const trees = []
    for await (const tree of treesOf(run)) trees.push(tree)
    const library = await exported({ worked: trees }, { validation: 0.1 })
    expect(library.manifest).toEqual(manifest)
  })

  it('tells a person what there is and where', async () => {
    const out = join(temporaryFolder(), 'set')
    const { code, stdout } = await cli([
      'data',
      'export',
      await storedRun(),
      '-o',
      out,
      '--only',
      'dpo',
      '--scores',
      'cost-aware:5',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('simulated: ')
    expect(stdout).toMatch(/trl\/dpo-train\.jsonl +\d rows/)
    expect(stdout).toContain(`${out}/data-card.md`)
    expect(stdout).not.toContain('sft-train')
  })

  describe('bad input', () => {
    const cases: readonly [string, () => Promise<readonly string[]>, RegExp][] = [
      ['a run that is not there', async () => ['nowhere.run'], /nowhere\.run/],
      ['an unseen task', async () => [await storedRun('letters')], /letters is an unseen task[\s\S]*data synthesize/],
      [
        'the same run twice',
        async () => {
          const run = await storedRun()
          return [run, run]
        },
        /two of the runs are called "worked"/,
      ],
      [
        'an unknown format',
        async () => [await storedRun(), '--format', 'axolot'],
        /Did you mean "axolotl"\?[\s\S]*llama-factory/,
      ],
      ['an unknown score', async () => [await storedRun(), '--scores', 'publshed'], /published/],
      [
        'a share that is none',
        async () => [await storedRun(), '--validation', '0.9'],
        /--validation must lie from 0 to 0\.5/,
      ],
      ['a balance that is none', async () => [await storedRun(), '--balance', 'colour'], /task, level, turn/],
      [
        'a context too short',
        async () => [await storedRun(), '--context', '64'],
        /longer than the context of 64[\s\S]*--drop-long/,
      ],
      ['no tokenizer', async () => [await storedRun(), '--tokenizer', '/nowhere'], /no tokenizer in/],
    ]
    it.each(cases)(
      '%s ends with 2 and a mend, and writes nothing',
      async (_, args, words) => {
        const out = join(temporaryFolder(), 'set')
        const said = { out: '', err: '' }
        const output = (name: 'out' | 'err') => ({
          write: (text: string) => void (said[name] += text),
          isTTY: false,
          columns: 80,
        })
        const code = await program(['data', 'export', ...(await args()), '--out', out], {
          environment: {},
          signal: new AbortController().signal,
          stdin: process.stdin,
          out: output('out'),
          err: output('err'),
        })
        expect([code, said.out]).toEqual([2, ''])
        expect(said.err).toMatch(words)
        expect(said.err).toContain('→')
        expect(existsSync(out)).toBe(false)
      },
      120_000,
    )
  })
})
