// Every format against a schema of what its trainer reads (docs/export.md names the sources), and against golden files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadAll, names } from '../../src/registry.ts'
import type { ExportFormat } from '../../src/training/export/_shared/format.ts'
import type { Tree } from '../../src/training/tree.ts'
import { exported } from './export-set.ts'
import { handTree } from './hand-tree.ts'
import { type Written, workedExample } from './stored-tree.ts'

const user = z.strictObject({ role: z.literal('user'), content: z.string().min(1) })
const answer = z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) })
/** User and assistant in turn, beginning with the user. */
const inTurn = <T extends { readonly role: string }>(messages: readonly T[]) =>
  messages.every(({ role }, i) => role === (i % 2 === 0 ? 'user' : 'assistant'))
const prompt = z.array(z.union([user, answer])).refine(list => inTurn(list) && list.length % 2 === 1)
const whole = <T extends z.ZodType<{ role: string }>>(message: T) =>
  z.array(message).refine(list => inTurn(list) && list.length % 2 === 0)
const one = z.tuple([answer])
const human = z.strictObject({ from: z.literal('human'), value: z.string().min(1) })
const gpt = z.strictObject({ from: z.literal('gpt'), value: z.string().min(1) })
const shares = (odd: 0 | 1) =>
  z
    .array(z.union([human, gpt]))
    .refine(list => list.every(({ from }, i) => from === (i % 2 === 0 ? 'human' : 'gpt')) && list.length % 2 === odd)

const schemas: Readonly<Record<string, { readonly sft: z.ZodType; readonly dpo: z.ZodType | null }>> = {
  trl: {
    sft: z.strictObject({ prompt, completion: one }),
    dpo: z.strictObject({ prompt, chosen: one, rejected: one }),
  },
  openrlhf: {
    sft: z.strictObject({ input: prompt, output: one }),
    dpo: z.strictObject({ prompt, chosen: one, rejected: one }),
  },
  'llama-factory': {
    sft: z.strictObject({ conversations: shares(0) }),
    dpo: z.strictObject({ conversations: shares(1), chosen: gpt, rejected: gpt }),
  },
  axolotl: {
    sft: z.strictObject({
      messages: whole(z.union([user.extend({ train: z.literal(false) }), answer.extend({ train: z.boolean() })])),
    }),
    dpo: z.strictObject({ messages: prompt, chosen: answer, rejected: answer }),
  },
  openai: {
    sft: z.strictObject({
      messages: whole(z.union([user, answer.extend({ weight: z.union([z.literal(0), z.literal(1)]) })])),
    }),
    dpo: z.strictObject({
      input: z.strictObject({ messages: prompt, tools: z.tuple([]), parallel_tool_calls: z.boolean() }),
      preferred_output: one,
      non_preferred_output: one,
    }),
  },
  verl: { sft: z.strictObject({ messages: whole(z.union([user, answer])) }), dpo: null },
}

/** What the rows of the six formats may hold; the schemas above say which holds what. */
type Said = Readonly<Record<'role' | 'content' | 'value', string>> & {
  readonly train?: boolean
  readonly weight?: number
}
type Loose = Readonly<Record<'completion' | 'output' | 'conversations' | 'messages', readonly Said[]>>

/**
 * Two small trees of the simulated model, one question held out: `codesteer data synthesize --trees 4
 * --task navigate,web-of-lies,game-24,date-understanding --branches 2,1,1 --levels 1 --seed 3`, the first and third tree.
 */
const smallTrees = (): Tree[] =>
  JSON.parse(readFileSync(new URL('../fixtures/export/trees.json', import.meta.url), 'utf8')) as Tree[]

async function rowsOf(path: string): Promise<unknown[]> {
  if (path.endsWith('.parquet')) return parquetReadObjects({ file: await asyncBufferFromFile(path) })
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

const golden = (path: string) => fileURLToPath(new URL(`../fixtures/export/golden/${path}`, import.meta.url))

describe('the folder of formats', () => {
  it('is the registry, and every format has a schema here', async () => {
    const formats = await loadAll<ExportFormat>('training/export')
    expect(formats.map(({ name }) => name)).toEqual(names('training/export'))
    expect(Object.keys(schemas).sort()).toEqual(names('training/export'))
  })
})

describe.each(names('training/export'))('%s', name => {
  it('has the rows that its trainer reads', async () => {
    const trees: Tree[] = []
    for (const seed of [0, 1, 2, 3]) trees.push(await handTree(workedExample, { seed }))
    const { folder, manifest } = await exported(trees)
    const files = manifest.files.filter(file => file.format === name && file.kind !== null)
    expect(files.map(file => `${file.kind} ${file.split}`)).toEqual(
      schemas[name]!.dpo
        ? ['dpo train', 'dpo validation', 'sft train', 'sft validation']
        : ['sft train', 'sft validation'],
    )
    for (const { path, kind, rows } of files) {
      const found = await rowsOf(join(folder, path))
      expect(found).toHaveLength(rows!)
      const schema = schemas[name]![kind!]!
      for (const row of found) expect(schema.safeParse(row).error, JSON.stringify(row)).toBeUndefined()
    }
  })

  it('writes the golden files', async () => {
    const { folder } = await exported(smallTrees(), { formats: [name] })
    for (const file of readdirSync(join(folder, name))) {
      const path = join(folder, name, file)
      const text = file.endsWith('.parquet')
        ? `${JSON.stringify(await rowsOf(path), null, 1)}\n`
        : readFileSync(path, 'utf8')
      await expect(text).toMatchFileSnapshot(golden(`${name}/${file.replace(/parquet$/, 'parquet.json')}`))
    }
    expect(readdirSync(golden(name)).map(file => file.replace('.parquet.json', '.parquet'))).toEqual(
      readdirSync(join(folder, name)),
    )
  })
})

describe('which turns are learned', () => {
  const path: readonly Written[] = [['text: one', [['code: two', [['code: three', [['return', 'right']]]]]]]]
  const tree = () => handTree(path, { notices: step => (step === 'text: one' ? ['void-turn'] : []) })
  const turns = ['<<<Code: two>>>', '<<<Code: three>>>', '<<<Return Answer>>>']
  const again = ['<<<Code: three>>>', '<<<Return Answer>>>']

  const learnedBy: Readonly<Record<string, (rows: readonly Loose[]) => string[]>> = {
    trl: rows => rows.map(row => row.completion[0]!.content),
    openrlhf: rows => rows.map(row => row.output[0]!.content),
    'llama-factory': rows => rows.map(row => row.conversations.at(-1)!.value),
    axolotl: rows => rows.flatMap(row => row.messages.filter(m => m.train).map(m => m.content)),
    openai: rows => rows.flatMap(row => row.messages.filter(m => m.weight === 1).map(m => m.content)),
    verl: rows => rows.flatMap(row => row.messages.filter(m => m.role === 'assistant').map(m => m.content)),
  }

  it.each(names('training/export').filter(name => name !== 'verl'))('%s says it, the final two twice', async name => {
    const { folder, manifest } = await exported([await tree()], { formats: [name] })
    const [file] = manifest.files.filter(one => one.kind === 'sft')
    const rows = (await rowsOf(join(folder, file!.path))) as Loose[]
    expect(learnedBy[name]!(rows).sort()).toEqual([...turns, ...again].sort())
    expect(manifest.formats[name]!.cannotSay).toEqual({ sft: 0, dpo: 0 })
  })

  it('verl cannot say it, and the manifest says so', async () => {
    const masked = await exported([await tree()], { formats: ['verl'] })
    expect(masked.manifest.files.filter(file => file.kind !== null)).toEqual([])
    expect(masked.manifest.formats.verl!.cannotSay.sft).toBe(3)
    const { folder, manifest } = await exported([await handTree(path)], { formats: ['verl'] })
    const rows = (await rowsOf(join(folder, 'verl/sft-train.parquet'))) as Loose[]
    expect(learnedBy.verl!(rows)).toEqual(['<<<Text: one>>>', ...turns])
    expect(manifest.formats.verl!.cannotSay.sft).toBe(2)
  })
})

describe('settings', () => {
  it('keep trainers from cutting rows, and put the loss where we say', async () => {
    const { folder, manifest } = await exported(smallTrees(), { context: 4096 })
    const { trl, openrlhf, verl } = manifest.formats
    expect(trl!.settings.dpo).toMatchObject({ max_length: 4096, beta: 0.1 })
    expect(trl!.settings.sft).toMatchObject({ max_length: 4096, completion_only_loss: true })
    expect(manifest.formats['llama-factory']!.settings.sft).toMatchObject({ cutoff_len: 4096, mask_history: true })
    expect(openrlhf!.settings.dpo).toMatchObject({ max_len: 4096, prompt_key: 'prompt' })
    expect(verl!.settings).toMatchObject({ sft: { 'data.truncation': 'error' }, dpo: null })
    const info = JSON.parse(readFileSync(join(folder, 'llama-factory/dataset_info.json'), 'utf8'))
    expect(Object.keys(info)).toEqual([
      'codesteer_sft_train',
      'codesteer_sft_validation',
      'codesteer_dpo_train',
      'codesteer_dpo_validation',
    ])
    for (const entry of Object.values(info) as { file_name: string }[])
      expect(readdirSync(join(folder, 'llama-factory'))).toContain(entry.file_name)
    const sft = parse(readFileSync(join(folder, 'axolotl/sft.yaml'), 'utf8'))
    expect(sft).toMatchObject({
      sequence_len: 4096,
      datasets: [{ message_field_training: 'train', path: 'sft-train.jsonl' }],
    })
  })
})
