// A small exported set, as the tests of formats, tokens and loss use it.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { names } from '../../src/registry.ts'
import { type DatasetOptions, exportDataset } from '../../src/training/export/_shared/dataset.ts'
import { kinds } from '../../src/training/export/_shared/format.ts'
import type { Manifest } from '../../src/training/export/_shared/manifest.ts'
import { estimatingCounter, type TokenCounter } from '../../src/training/export/_shared/tokens.ts'
import { openScore } from '../../src/training/score.ts'
import type { Tree } from '../../src/training/tree.ts'
import { temporaryFolder } from '../util/cli.ts'
import { treesFrom } from './hand-tree.ts'

/** A small tokenizer with the marks of a Llama 3 chat template, trained on our own prompts and programs. */
export const tokenizerFolder = fileURLToPath(new URL('../fixtures/export/tokenizer', import.meta.url))

export interface Exported {
  readonly folder: string
  readonly manifest: Manifest
}

/** Exports trees to all formats in a folder of the test's own. */
export async function exported(
  trees: readonly Tree[] | Readonly<Record<string, readonly Tree[]>>,
  more: Partial<DatasetOptions> = {},
  counter?: TokenCounter,
): Promise<Exported> {
  const policy = await openScore(more.scores ?? 'published')
  const folder = more.out ?? join(temporaryFolder(), 'set')
  const runs = Array.isArray(trees) ? { hand: trees as readonly Tree[] } : (trees as Record<string, readonly Tree[]>)
  const manifest = await exportDataset(
    Object.entries(runs).map(([name, list]) => ({ name, trees: treesFrom(list) })),
    {
      formats: names('training/export'),
      kinds,
      out: folder,
      force: false,
      unified: false,
      context: 8192,
      dropLong: false,
      validation: 0.5,
      seed: 0,
      minGap: 2,
      maxPerTree: null,
      balance: null,
      scores: policy.name,
      scoresOf: tree => {
        const scores = policy.score(tree)
        return node => scores.get(node) ?? null
      },
      ...more,
    },
    { counter: counter ?? (await estimatingCounter()), signal: new AbortController().signal },
  )
  return { folder, manifest }
}
