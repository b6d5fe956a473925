// Which tokens carry loss: what we predict against what LLaMA-Factory's own loader and collators make of the files, with the
// settings that the manifest prescribes.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type TokenCounter, tokenizerCounter } from '../../src/training/export/_shared/tokens.ts'
import type { ChatMessage } from '../../src/training/select/messages.ts'
import { exported, tokenizerFolder } from './export-set.ts'
import { handTree } from './hand-tree.ts'
import { workedExample } from './stored-tree.ts'
import { pythonWith } from './with-torch.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const { python, without } = await pythonWith('torch', 'transformers', 'datasets', 'llamafactory')

interface Said {
  readonly from: 'human' | 'gpt'
  readonly value: string
}
interface Row {
  readonly conversations: readonly Said[]
  readonly chosen?: Said
  readonly rejected?: Said
}

const message = ({ from, value }: Said): ChatMessage => ({
  role: from === 'human' ? 'user' : 'assistant',
  content: value,
})

/** A row as we count it: tokens, tokens with loss and the words that are learned; for each answer of a pair. */
function predicted({ conversations, chosen, rejected }: Row, counter: TokenCounter): (number | string)[] {
  const turns = chosen && rejected ? [chosen, rejected] : [conversations.at(-1)!]
  const before = (chosen ? conversations : conversations.slice(0, -1)).map(message)
  return turns.flatMap(turn => {
    const { tokens, learned } = counter.row(before, message(turn))
    return [tokens, learned, `${turn.value}<|eot_id|>`]
  })
}

interface Told {
  readonly sets: Readonly<Record<string, unknown>>
  readonly batches: Readonly<Record<string, unknown>>
}

const trees = () =>
  Promise.all([
    handTree(workedExample, { reply: step => `Ünïcode 🦊 ${step}\n\n\`\`\`python\nprint(12345)\n\`\`\`\n <<<a  b>>>` }),
    handTree(workedExample, { task: 'boxlift', seed: 2 }),
  ])

describe('tokens that carry loss', () => {
  it.skipIf(python === '')(
    `are those that LLaMA-Factory counts, row for row${without}`,
    async () => {
      const counter = await tokenizerCounter(tokenizerFolder)
      const { folder, manifest } = await exported(await trees(), {}, counter)
      const ours = join(folder, 'llama-factory')
      const { stdout } = await promisify(execFile)(
        python,
        [join(here, 'export-llama-factory.py'), ours, tokenizerFolder, 'llama3'],
        { maxBuffer: 1e8 },
      )
      const told = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Told
      const sets = JSON.parse(readFileSync(join(ours, 'dataset_info.json'), 'utf8')) as Record<
        string,
        { readonly file_name: string }
      >
      expect(Object.keys(told.sets).sort()).toEqual(Object.keys(sets).sort())
      let learned = 0
      for (const [name, { file_name }] of Object.entries(sets)) {
        const rows = readFileSync(join(ours, file_name), 'utf8')
          .trimEnd()
          .split('\n')
          .map(line => predicted(JSON.parse(line) as Row, counter))
        expect(told.sets[name], name).toEqual(rows)
        if (name.includes('_sft_')) {
          expect(rows).toHaveLength(15)
          learned += rows.reduce((sum, row) => sum + Number(row[1]), 0)
        }
        // A collator pads, and lays a pair's answers in two halves.
        const first = rows.slice(0, 8)
        expect(told.batches[name], name).toEqual(
          [0, 3].flatMap(at => first.filter(row => row.length > at).map(row => row.slice(at, at + 2))),
        )
      }
      expect(manifest.tokens.sft!.learned).toBe(learned)
    },
    300_000,
  )
})
