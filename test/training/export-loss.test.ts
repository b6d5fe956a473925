// Which tokens carry loss: what we predict against what TRL's own preparation and collators make of the files.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Tokenizer } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { tokenizerCounter } from '../../src/training/export/_shared/tokens.ts'
import type { ChatMessage } from '../../src/training/select/messages.ts'
import { exported, tokenizerFolder } from './export-set.ts'
import { handTree } from './hand-tree.ts'
import { workedExample } from './stored-tree.ts'
import { pythonWith } from './with-torch.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const { python, without } = await pythonWith('torch', 'transformers', 'trl', 'datasets')

interface SftRow {
  readonly prompt: readonly ChatMessage[]
  readonly completion: readonly [ChatMessage]
}
interface DpoRow {
  readonly prompt: readonly ChatMessage[]
  readonly chosen: readonly [ChatMessage]
  readonly rejected: readonly [ChatMessage]
}

const rowsOf = <T>(folder: string, name: string): T[] =>
  readFileSync(join(folder, 'trl', `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as T)

const trees = () =>
  Promise.all([
    handTree(workedExample, { reply: step => `Ünïcode 🦊 ${step}\n\n\`\`\`python\nprint(12345)\n\`\`\`\n <<<a  b>>>` }),
    handTree(workedExample, { task: 'boxlift', seed: 2 }),
  ])

describe('tokens that carry loss', () => {
  it.skipIf(python === '')(
    `are those that TRL counts, row for row${without}`,
    async () => {
      const counter = await tokenizerCounter(tokenizerFolder)
      expect(counter.exact).toBe(true)
      const { folder, manifest } = await exported(await trees(), {}, counter)
      const { stdout } = await promisify(execFile)(
        python,
        [join(here, 'export-loss.py'), join(folder, 'trl'), tokenizerFolder, String(manifest.context)],
        { maxBuffer: 1e8 },
      )
      const byTrl = JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
      let total = 0
      for (const split of ['train', 'validation']) {
        const rows = rowsOf<SftRow>(folder, `sft-${split}`)
        expect(rows).toHaveLength(15)
        expect(byTrl[`sft-${split}`]).toEqual(
          rows.map(({ prompt, completion: [turn] }) => {
            const { tokens, learned } = counter.row(prompt, turn)
            total += learned
            return [tokens, learned, `${turn.content}<|eot_id|>`]
          }),
        )
        expect(byTrl[`dpo-${split}`]).toEqual(
          rowsOf<DpoRow>(folder, `dpo-${split}`).map(({ prompt, chosen: [better], rejected: [worse] }) => {
            const [one, other] = [counter.row(prompt, better), counter.row(prompt, worse)]
            return [one.tokens, one.learned, other.tokens, other.learned]
          }),
        )
      }
      // The manifest's sum is that of the rows, final turns counted twice.
      expect(manifest.tokens.sft!.learned).toBe(total)
    },
    300_000,
  )

  it('are the words of the turn and its end, and nothing before', async () => {
    const counter = await tokenizerCounter(join(tokenizerFolder, 'tokenizer.json'))
    const tokenizer = new Tokenizer(
      JSON.parse(readFileSync(join(tokenizerFolder, 'tokenizer.json'), 'utf8')),
      JSON.parse(readFileSync(join(tokenizerFolder, 'tokenizer_config.json'), 'utf8')),
    )
    const [tree] = await trees()
    const prompt = tree!.children[0]!.prompt as ChatMessage[]
    const completion = { role: 'assistant', content: '<<<Code: 12 tries>>>' } as const
    const whole = `<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n${prompt[0]!.content.trim()}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n${completion.content}<|eot_id|>`
    const count = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids.length
    expect(counter.row(prompt, completion)).toEqual({
      tokens: count(whole),
      learned: count(completion.content) + 1,
    })
  })

  it.each([
    ['a folder without a tokenizer', here, /tokenizer\.json/],
    ['a file that is none', join(here, 'export-loss.py.json'), /no tokenizer/],
  ])('cannot be counted by %s', async (_, path, words) => {
    await expect(tokenizerCounter(path)).rejects.toMatchObject({ kind: 'input', message: expect.stringMatching(words) })
  })
})
