import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Guidance } from '../../src/coach.ts'
import { readDecision } from '../../src/coaches/_shared/decision.ts'
import { tunedHistory } from '../../src/coaches/tuned.ts'
import { fold } from '../../src/fold.ts'
import { fill, prompts } from '../../src/prompts/prompts.ts'
import { openSqliteStore, type SqliteRunStore } from '../../src/store/sqlite-store.ts'
import type { Tree, TreeNode } from '../../src/training/tree.ts'
import { completionOf, decisionsOf, treesOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { temporaryFolder } from '../util/cli.ts'
import { item, pathEvents, storeTree, workedExample } from './stored-tree.ts'

const tell = (action: 'text' | 'code', prompt: string, raw: string | null = null): Guidance => ({
  action,
  prompt,
  reason: 'because',
  raw,
})
const bare = (guidance: Guidance) => ('prompt' in guidance ? [guidance.action, guidance.prompt] : [guidance.action])

async function withStore<T>(work: (store: SqliteRunStore, path: string) => Promise<T>): Promise<T> {
  const path = join(temporaryFolder(), 'trees.run')
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  try {
    return await work(store, path)
  } finally {
    await store.close()
  }
}

async function collect(source: SqliteRunStore | string): Promise<Tree[]> {
  const trees: Tree[] = []
  for await (const tree of treesOf(source)) trees.push(tree)
  return trees
}

describe('a decision in the training form', () => {
  it.each([
    [{ action: 'return', reason: 'a check confirmed it', raw: null }, '<<<Return Answer>>>'],
    [{ action: 'terminate', reason: '', raw: '{"decision":"terminate"}' }, '<<<Terminate>>>'],
    [tell('code', prompts['task-code']), '<<<Code>>>'],
    [tell('text', prompts['task-text']), '<<<Text>>>'],
    [
      tell('code', 'Write a Python program with backtracking.', '{"decision": "code", …}'),
      '<<<Write a Python program with backtracking.>>>',
    ],
    [tell('text', 'Look at the second row.'), '<<<Text: Look at the second row.>>>'],
    [tell('code', 'Terminate'), '<<<Code: Terminate>>>'],
  ] satisfies [Guidance, string][])('%j is %j', (guidance, words) => expect(completionOf(guidance)).toBe(words))

  it('keeps the markers that a guidance speaks of', () => {
    const guidance = tell('code', prompts['rules-confirm-by-code'])
    expect(completionOf(guidance)).toBe(`<<<${prompts['rules-confirm-by-code']}>>>`)
    expect(bare(readDecision(completionOf(guidance), 'text'))).toEqual(bare(guidance))
  })

  it('is read back to the same decision for every prompt that we send', () => {
    for (const prompt of Object.values(prompts))
      for (const action of ['text', 'code'] as const)
        for (const fallback of ['text', 'code'] as const)
          expect(bare(readDecision(completionOf(tell(action, prompt)), fallback))).toEqual([action, prompt])
  })

  it('is read back to the same decision whatever the guidance says', () => {
    const piece = fc.constantFrom(
      '<<<',
      '>>>',
      '<',
      '>',
      'Code',
      'Text: ',
      'code',
      'Return Answer',
      'terminate',
      '{"decision": "return"}',
      ' ',
      '\n',
      'step by step',
      'and',
      'print it between <<< and >>>',
    )
    const words = fc
      .array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 8 })
      .map(parts => parts.join('').trim())
      .filter(text => text !== '')
    const way = fc.constantFrom('text' as const, 'code' as const)
    fc.assert(
      fc.property(way, way, words, (action, fallback, prompt) => {
        expect(bare(readDecision(completionOf(tell(action, prompt)), fallback))).toEqual([action, prompt])
      }),
      { numRuns: 5_000 },
    )
  })

  it('stays itself when what was read is written again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), raw => {
        const first = completionOf(readDecision(raw, 'code'))
        expect(completionOf(readDecision(first, 'text'))).toBe(first)
      }),
    )
  })
})

describe('trees of a run', () => {
  it('fold trajectories and branches, each decision once', () =>
    withStore(async (store, path) => {
      await storeTree(store, item(1), workedExample)
      const [tree, ...more] = await collect(store)
      expect(more).toEqual([])
      const shape = (nodes: readonly TreeNode[]): unknown[] =>
        nodes.map(node => [
          node.turn,
          node.guidance.action,
          node.outcome === null ? shape(node.children) : `${node.outcome.stop} ${node.outcome.verdict}`,
        ])
      expect(shape(tree!.children.slice(1))).toEqual([
        [
          1,
          'text',
          [
            [2, 'return', 'returned correct'],
            [
              2,
              'code',
              [
                [
                  3,
                  'code',
                  [
                    [
                      4,
                      'code',
                      [
                        [5, 'return', 'returned correct'],
                        [5, 'text', 'turn-limit correct'],
                      ],
                    ],
                    [4, 'terminate', 'terminated incorrect'],
                  ],
                ],
                [3, 'return', 'returned incorrect'],
              ],
            ],
          ],
        ],
        [
          1,
          'code',
          [
            [2, 'code', 'turn-limit correct'],
            [2, 'return', 'returned incorrect'],
          ],
        ],
      ])
      expect(tree).toMatchObject({
        id: 'trees.run/key-1-0',
        simulated: true,
        coach: 'rules',
        models: { task: 'simulated/apprentice', coach: [] },
        question: { coordinates: { task: 'letters', level: 2, seed: 1, pool: 'train' } },
      })
      // The same from the file, while it is open elsewhere.
      expect(await collect(path)).toEqual([tree])
    }))

  it('give each decision the very input that the tuned coach has in use, and its price', () =>
    withStore(async store => {
      await storeTree(store, item(1), workedExample)
      const [tree] = await collect(store)
      for (const { node, before } of decisionsOf(tree!)) {
        const steps = [...before, node].map(({ guidance }) =>
          'prompt' in guidance ? `${guidance.action}: ${guidance.prompt}` : guidance.action,
        )
        const soFar = fold(pathEvents('again', steps.slice(0, -1)))
        expect(node.prompt).toEqual(await tunedHistory('What is 6 * 7?', soFar, soFar.start.settings))
        expect(node.prompt.length).toBe(2 * node.turn - 1)
        expect(node.prompt[0]!.content).toBe(fill('coach-first', { question: 'What is 6 * 7?' }))
        const asks = 'prompt' in node.guidance
        expect([node.tokens, node.costUsd]).toEqual(asks ? [120, 0.01] : [0, 0])
        expect(node.reply === null).toBe(!asks)
      }
    }))

  it('say which decisions were forced, and what loop safety notices', () =>
    withStore(async store => {
      const work = item(1)
      await storeTree(store, work, [['text: first', 'wrong']])
      const events = pathEvents('forced', ['text: first', 'code: second'], {
        branchOf: { trajectory: 'key-1-0', turn: 2 },
        replies: ['reply to text: first <<<1>>>', 'nothing at all'],
        forced: 2,
      })
      const [row] = await store.summaries()
      await store.addBranch('forced', events, {
        ...row!,
        trajectoryId: 'forced',
        branchOf: { trajectory: 'key-1-0', turn: 2 },
      })
      const [tree] = await collect(store)
      const [first] = tree!.children
      expect(tree!.children).toHaveLength(1)
      expect(first!.outcome).toBeNull()
      expect(first!.children[0]).toMatchObject({ turn: 2, forced: true, notices: ['void-turn'], trajectory: 'forced' })
      expect(first).toMatchObject({ forced: false, notices: [], trajectory: 'key-1-0' })
    }))

  it('leave out what is not over and what no coach guides', () =>
    withStore(async store => {
      await storeTree(store, item(1, { method: 'all-code-cot' }), [['code: x', 'right']])
      await store.addItems([item(2)])
      await store.begin('key-2', 'open')
      for (const event of pathEvents('open', ['code: x']).slice(0, 2)) await store.append('open', event)
      await storeTree(store, item(3), [['code: x', 'right']])
      expect((await collect(store)).map(({ id }) => id)).toEqual(['trees.run/key-3-0'])
    }))

  it('tells versions of the prompts apart', () =>
    withStore(async store => {
      await storeTree(store, item(1), [['code: x', 'right']])
      const [start, ...rest] = pathEvents('old', ['code: x'])
      const old = [{ ...start, prompts: { 'coach-first': 'other' } } as never, ...rest]
      await store.addItems([item(2)])
      await store.begin('key-2', 'old')
      for (const event of old) await store.append('old', event)
      const [row] = await store.summaries()
      await store.finish('key-2', 'done', { ...row!, key: 'key-2', trajectoryId: 'old' })
      const versions = (await collect(store)).map(({ promptVersion }) => promptVersion)
      expect(new Set(versions).size).toBe(2)
    }))
})
