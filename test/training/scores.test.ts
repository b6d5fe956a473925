import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadAll, names } from '../../src/registry.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { openScore, type ScoreKind } from '../../src/training/score.ts'
import type { Tree, TreeNode } from '../../src/training/tree.ts'
import { treesOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { temporaryFolder } from '../util/cli.ts'
import { item, storeTree, type Written, workedExample } from './stored-tree.ts'

async function treeFrom(nodes: readonly Written[]): Promise<Tree> {
  const store = openSqliteStore(join(temporaryFolder(), 'a.run'), { access: 'create', clock: systemClock })
  await storeTree(store, item(1), nodes)
  const { value } = await treesOf(store).next()
  await store.close()
  return value
}

/** Scores in the shape of the tree. */
async function scored(nodes: readonly Written[], policy: string) {
  const tree = await treeFrom(nodes)
  const scores = (await openScore(policy)).score(tree)
  const rounded = (node: TreeNode) => {
    const score = scores.get(node)!
    return score === null ? null : Number(score.toFixed(9))
  }
  const shape = (node: TreeNode): unknown =>
    node.children.length === 0 ? rounded(node) : [rounded(node), ...node.children.map(shape)]
  return tree.children.map(shape)
}

describe('the published score', () => {
  it('is that of the worked example', async () => {
    expect(await scored(workedExample, 'published')).toEqual([
      [7, 13, [-5, [-5, [-5, -5]]], 13],
      // 13 > 0; 3 > -3; 10 > -4; 10 = 10.
      [6.5, 13, [0, [3, [10, 10, 10], -4], -3]],
      // 13 > -2; the figure shows -2 for their parent, whose children have the mean 5.5.
      [5.5, 13, -2],
    ])
  })

  it('knows nothing of what could not be judged, and means what is left', async () => {
    const nodes: Written[] = [
      [
        'code: a',
        [
          ['return', 'unscored'],
          ['terminate', 'wrong'],
        ],
      ],
      ['code: b', [['return', 'unscored']]],
      ['code: c', 'right'],
    ]
    expect(await scored(nodes, 'published')).toEqual([[-2, null, -2], [null, null], 14])
  })
})

describe('other scores', () => {
  // Every instruction uses 120 tokens, a return none.
  const nodes: Written[] = [
    ['code: a', [['return', 'right']]],
    [
      'text: b',
      [
        [
          'code: b2',
          [
            ['return', 'right'],
            ['terminate', 'wrong'],
          ],
        ],
        ['return', 'wrong'],
      ],
    ],
  ]

  it('cost-aware takes a price for every 1,000 tokens of the path', async () => {
    expect(await scored(nodes, 'cost-aware:5')).toEqual([
      [14.4, 14.4],
      [2.85, [6.3, 13.8, -1.2], -0.6],
    ])
    expect((await openScore('cost-aware')).name).toBe('cost-aware:1')
  })

  it('win-probability counts leaves, with a prior', async () => {
    const of = (right: number, judged: number) => Number((15 * ((right + 1) / (judged + 2) - 0.5)).toFixed(9))
    expect(await scored(nodes, 'win-probability')).toEqual([
      [of(1, 1), of(1, 1)],
      [of(1, 3), [of(1, 2), of(1, 1), of(0, 1)], of(0, 1)],
    ])
  })

  it('are files of a folder, each under its own name', async () => {
    const kinds = await loadAll<ScoreKind>('training/scores')
    expect(kinds.map(({ name }) => name)).toEqual(names('training/scores'))
    expect(names('training/scores')).toContain('published')
  })

  it.each([
    ['publshed', 'published'],
    ['published:3', 'Write published.'],
    ['cost-aware:much', 'cost-aware:1'],
  ])('%s is refused with its mend', async (name, mend) => {
    await expect(openScore(name)).rejects.toMatchObject({ kind: 'input', mend: expect.stringContaining(mend) })
  })
})
