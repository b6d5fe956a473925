import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkedManifest, readManifest } from '../../src/training/export/_shared/manifest.ts'
import { hashOfFile } from '../../src/training/export/_shared/sinks.ts'
import type { Tree } from '../../src/training/tree.ts'
import { temporaryFolder } from '../util/cli.ts'
import { exported } from './export-set.ts'
import { handTree } from './hand-tree.ts'
import { type Written, workedExample } from './stored-tree.ts'

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

const returns = (words: string): readonly Written[] => [
  [`text: ${words}`, [['return', 'right']]],
  [`code: ${words}`, [['return', 'wrong']]],
]

const many = (count: number, more: object = {}): Promise<Tree[]> =>
  Promise.all(Array.from({ length: count }, (_, seed) => handTree(returns('go'), { seed, ...more })))

describe('a set', () => {
  it('has the statistics of the worked example, counted by hand', async () => {
    const { manifest } = await exported([await handTree(workedExample)], { validation: 0 })
    // 3 trajectories of 2, 2 and 5 decisions; 6 pairs (export-select.test.ts names them); the two of the first decision are alike.
    expect(manifest.sft).toEqual({
      trajectories: { train: 3, validation: 0 },
      examples: { train: 9, validation: 0 },
      turnsMasked: 0,
      left: { notCorrect: 4, notReturned: 3, overLimit: 0, duplicate: 0 },
      byTask: { 'game-24': 3 },
      byLevel: { 1: 3 },
      byTurns: { 2: 2, 5: 1 },
      byAction: { code: 4, return: 3, text: 2 },
    })
    expect(manifest.dpo).toMatchObject({
      pairs: { train: 6, validation: 0 },
      left: { tie: 2, smallGap: 3, nonePositive: 0, duplicate: 0, contradicted: 0 },
      byTurn: { 2: 4, 3: 1, 4: 1 },
      byActions: { 'code > return': 2, 'code > terminate': 1, 'return > code': 2, 'text > code': 1 },
      // 18, 18, 13, 6, 14 and 15 in six.
      meanGap: 14,
    })
    const rows = Object.fromEntries(manifest.files.map(({ path, rows: count }) => [path, count]))
    expect(rows).toMatchObject({
      'trl/sft-train.jsonl': 15,
      'llama-factory/sft-train.jsonl': 15,
      'openrlhf/sft-train.jsonl': 15,
      'axolotl/sft-train.jsonl': 9,
      'openai/sft-train.jsonl': 9,
      'verl/sft-train.parquet': 3,
      'trl/dpo-train.jsonl': 6,
    })
  })

  it('is the same, byte for byte, from the same trees', async () => {
    const [one, other] = [await exported(await many(6)), await exported(await many(6))]
    expect(readFileSync(join(one.folder, 'dataset.json'), 'utf8')).toBe(
      readFileSync(join(other.folder, 'dataset.json'), 'utf8'),
    )
    expect((await exported(await many(6), { seed: 2 })).manifest.hash).not.toBe(one.manifest.hash)
  })

  it('keeps all rows of a question on one side, the same for both kinds', async () => {
    const { folder, manifest } = await exported(await many(20), { validation: 0.2 })
    expect(manifest.questions).toEqual({ train: 16, validation: 4 })
    const index = linesOf(join(folder, 'index.jsonl'))
    const splits = new Map<string, Set<string>>()
    for (const { tree, split } of index) splits.set(tree, (splits.get(tree) ?? new Set()).add(split))
    expect([...splits.values()].every(of => of.size === 1)).toBe(true)
    expect(index.filter(({ kind }) => kind === 'sft')).toHaveLength(20)
    expect(index.filter(({ kind }) => kind === 'dpo')).toHaveLength(20)
  })

  it('counts the same puzzle under another seed as the same question', async () => {
    const [tree, other] = await many(2)
    const twin = {
      ...tree!,
      id: 'hand/twin',
      question: { ...tree!.question, coordinates: { ...tree!.question.coordinates, seed: 99 } },
    }
    const { manifest } = await exported([tree!, twin, other!])
    expect(manifest.questions).toEqual({ train: 1, validation: 1 })
    // Equal rows stand in it once.
    expect(manifest.sft.left).toMatchObject({ duplicate: 1 })
    expect(manifest.dpo.left).toMatchObject({ duplicate: 1 })
  })

  it('leaves out pairs that contradict each other', async () => {
    const tree = await handTree(returns('go'))
    const opposite = await handTree([
      ['text: go', [['return', 'wrong']]],
      ['code: go', [['return', 'right']]],
    ])
    const { manifest } = await exported([tree, { ...opposite, id: 'hand/opposite' }, (await many(2))[1]!])
    expect(manifest.dpo).toMatchObject({ left: { contradicted: 2 } })
    expect(manifest.dpo.pairs.train + manifest.dpo.pairs.validation).toBe(1)
  })

  it('says in manifest and card what is simulated, and whose words it holds', async () => {
    const { folder, manifest } = await exported(await many(2))
    expect(manifest.simulated).toBe(true)
    const card = readFileSync(join(folder, 'data-card.md'), 'utf8')
    expect(card).toContain('**Simulated.**')
    expect(card).toContain('`simulated/apprentice`')
    const real = await exported(await many(2, { simulated: false }))
    expect(real.manifest.simulated).toBe(false)
    expect(readFileSync(join(real.folder, 'data-card.md'), 'utf8')).not.toContain('**Simulated.**')
    await expect(card.replace(/codesteer [0-9.]+\b/, 'codesteer VERSION')).toMatchFileSnapshot(
      '../fixtures/export/golden/data-card.md',
    )
  })

  it('can hold one kind alone, and one model that decides and answers', async () => {
    const only = await exported(await many(2), { kinds: ['dpo'] })
    expect(only.manifest.files.some(file => file.kind === 'sft')).toBe(false)
    expect(only.manifest.formats.trl!.settings.sft).toBe(null)
    const { folder, manifest } = await exported(await many(2), { unified: true, formats: ['trl'] })
    expect(manifest).toMatchObject({ unified: true, promptVersion: expect.stringMatching(/^v1\+unified-/) })
    const [row] = linesOf(join(folder, 'trl/sft-train.jsonl'))
    expect(row.completion[0].content).toBe('<<<go>>>\n\nI did text: go: <<<8>>>'.replace('<<<go>>>', '<<<Text: go>>>'))
  })

  it('is cut down by task, and to so many of a question', async () => {
    const trees = [
      ...(await many(5)),
      ...(await many(1, { task: 'navigate' })),
      ...(await many(2, { task: 'boxlift' })),
    ]
    const { manifest } = await exported(trees, { balance: 'task', formats: ['trl'] })
    expect(manifest.sft.byTask).toEqual({ boxlift: 2, 'game-24': 2, navigate: 1 })
    expect(manifest.sft.left.balance).toBe(3)
    const few = await exported([await handTree(workedExample)], { maxPerTree: 2, formats: ['trl'] })
    expect([few.manifest.sft.byTask, few.manifest.dpo.byTask]).toEqual([{ 'game-24': 2 }, { 'game-24': 2 }])
  })
})

describe('what must not be trained on', () => {
  it('stops the export: the test pool, unseen tasks, a run that lies about its pool', async () => {
    const tested = await handTree(returns('go'), { pool: 'test', seed: 1 })
    const unseen = await handTree(returns('go'), { task: 'letters' })
    const lying = {
      ...tested,
      question: { ...tested.question, coordinates: { ...tested.question.coordinates, pool: 'train' as const } },
    }
    const out = join(temporaryFolder(), 'set')
    const attempt = exported({ good: await many(1), bad: [tested, unseen, lying] }, { out })
    await expect(attempt).rejects.toMatchObject({ kind: 'input', mend: expect.stringContaining('train pool') })
    const { message } = (await attempt.catch((error: Error) => error)) as Error
    expect(message).toContain('game-24@1/1/1 (bad): of the test pool')
    expect(message).toContain('letters is an unseen task')
    expect(message).toContain('says train, but its puzzle belongs to the test pool')
    expect(existsSync(out)).toBe(false)
  })

  it('stops the export: mixed prompt versions, each with its runs', async () => {
    const attempt = exported({ old: await many(2), new: await many(3, { promptVersion: 'v2' }) })
    await expect(attempt).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/2 versions.*\n.*v1: old \(2 questions\)\n.*v2: new \(3 questions\)/),
      mend: expect.stringContaining('Export them apart'),
    })
  })

  it('stops the export: nothing right, nothing at all', async () => {
    const wrong = await handTree([['code: a', [['return', 'wrong']]]])
    await expect(exported([wrong])).rejects.toMatchObject({
      message: expect.stringContaining('of 1, 1 were not right'),
      mend: expect.stringContaining('codesteer data synthesize'),
    })
    await expect(exported([])).rejects.toThrow(/no question in these runs/)
  })
})

describe('rows that are too long', () => {
  it('are listed, the longest first, or dropped and counted', async () => {
    const trees = [...(await many(2)), await handTree(returns('long '.repeat(600)), { seed: 7 })]
    await expect(exported(trees, { context: 800 })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(
        /2 rows are longer than the context of 800 tokens.*\n {2}(sft|dpo) \w{12}: [\d,]+ tokens, game-24 level 1/,
      ),
      mend: expect.stringContaining('--drop-long'),
    })
    const { manifest } = await exported(trees, { context: 800, dropLong: true })
    expect([manifest.sft.left.tooLong, manifest.dpo.left.tooLong]).toEqual([1, 1])
    expect(manifest.tokens.sft!.max).toBeLessThanOrEqual(800)
    expect(manifest.tokens.sft!.longest[0]).toMatchObject({ tokens: manifest.tokens.sft!.max, task: 'game-24' })
  })
})

describe('the folder', () => {
  it('is replaced only when asked, and only when it is ours', async () => {
    const out = join(temporaryFolder(), 'set')
    await exported(await many(2), { out })
    await expect(exported(await many(2), { out })).rejects.toMatchObject({ mend: expect.stringContaining('--force') })
    writeFileSync(join(out, 'notes.txt'), 'mine')
    await exported(await many(3), { out, force: true, formats: ['openai'] })
    expect(readdirSync(out).sort()).toEqual(['data-card.md', 'dataset.json', 'index.jsonl', 'notes.txt', 'openai'])
    const other = temporaryFolder()
    writeFileSync(join(other, 'precious.txt'), 'mine')
    await expect(exported(await many(2), { out: other, force: true })).rejects.toThrow(/no data set of ours/)
    expect(readdirSync(other)).toEqual(['precious.txt'])
  })

  it('keeps the older set when a new one fails', async () => {
    const out = join(temporaryFolder(), 'set')
    const { manifest } = await exported(await many(2), { out })
    await expect(exported([], { out, force: true })).rejects.toThrow()
    expect(await checkedManifest(out)).toEqual(manifest)
    expect(readdirSync(out)).not.toContain('.part')
  })

  it('is found out when files are missing or changed', async () => {
    const { folder, manifest } = await exported(await many(2))
    for (const { path, sha256 } of manifest.files) expect(await hashOfFile(join(folder, path))).toBe(sha256)
    expect(await checkedManifest(folder)).toEqual(manifest)
    writeFileSync(join(folder, 'trl/sft-train.jsonl'), '{}\n')
    rmSync(join(folder, 'axolotl/sft.yaml'))
    await expect(checkedManifest(folder)).rejects.toThrow(
      /axolotl\/sft.yaml is missing; trl\/sft-train.jsonl was changed/,
    )
  })

  it.each([
    ['no manifest', null, /holds no dataset.json/],
    ['no JSON', '{', /damaged: no JSON/],
    ['another format', '{"format":99}', /format 99, this version reads up to 1/],
    ['fields missing', '{"kind":"codesteer-dataset","format":1}', /damaged: version/],
  ])('with %s is refused', (_, text, words) => {
    const folder = join(temporaryFolder(), 'set')
    mkdirSync(folder)
    if (text !== null) writeFileSync(join(folder, 'dataset.json'), text)
    expect(() => readManifest(folder)).toThrow(words)
  })
})
