// A thousand trees, and what is learned from them, counted a second time from the rows alone.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { diagnose } from '../../src/training/diagnostics.ts'
import { openScore } from '../../src/training/score.ts'
import { examplesOf, lessonsOf } from '../../src/training/select/sft.ts'
import { treesOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { temporaryFolder } from '../util/cli.ts'
import { grown } from './grown.ts'
import { item, storeTree, workedExample } from './stored-tree.ts'

const policy = await openScore('published')
const every = { maxPerTree: null, unified: false, seed: 0 }

/** Sibling scores of a decision, worked out from names, ends and verdicts of the paths, without a tree. */
function recount(
  rows: readonly { readonly trajectoryId: string; readonly turns: number; stop: unknown; verdict: unknown }[],
) {
  // The decisions of a path by name: `key-0`, then `-2b` where it parts. A path has one decision more than turns unless it ran out of them.
  const paths = rows.map(({ trajectoryId, turns, stop, verdict }) => {
    const [key, ...rest] = trajectoryId.split('-')
    const points = rest.filter(part => part !== '0').map(part => ({ turn: Number.parseInt(part, 10), part }))
    const count = turns + (stop === 'turn-limit' ? 0 : 1)
    const names = Array.from({ length: count }, (_, i) => {
      const before = points.filter(({ turn }) => turn <= i + 1).map(({ part }) => part)
      return `${key}/${before.join('-')}@${i + 1}`
    })
    return { names, score: (verdict === 'correct' ? 15 : 0) - count }
  })
  const parents = new Map<string, string>()
  const leafScores = new Map<string, number>()
  for (const { names, score } of paths) {
    for (const [i, name] of names.entries()) parents.set(name, names[i - 1] ?? name.split('/')[0]!)
    leafScores.set(names.at(-1)!, score)
  }
  const children = new Map<string, string[]>()
  for (const [name, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), name])
  const scoreOf = (name: string): number => {
    const below = children.get(name)
    return below ? below.reduce((sum, child) => sum + scoreOf(child), 0) / below.length : leafScores.get(name)!
  }
  const counts = { kept: 0, tie: 0, smallGap: 0, nonePositive: 0 }
  for (const siblings of children.values())
    for (const [i, one] of siblings.entries())
      for (const other of siblings.slice(i + 1)) {
        const [a, b] = [scoreOf(one), scoreOf(other)]
        const gap = Math.abs(a - b)
        if (a === b) counts.tie++
        else if (gap <= 2 + 1e-9) counts.smallGap++
        else if (Math.max(a, b) <= 0) counts.nonePositive++
        else counts.kept++
      }
  return { ...counts, decisions: parents.size }
}

describe('a thousand trees', () => {
  it('yield the pairs and rows that their paths say', async () => {
    const folder = temporaryFolder()
    const { snapshot } = await grown({ folder, plan: { trees: 1_000, branches: [2, 2, 1], levels: 'all' } })
    expect(snapshot.trees).toEqual({ total: 1_000, done: 1_000 })
    const store = openSqliteStore(join(folder, 'trees.run'), { access: 'read', clock: systemClock })
    const rows = await store.summaries({ branches: true, state: 'done' })
    const found = await diagnose(treesOf(store), { policy, minGap: 2 })
    const counted = recount(rows)
    const { tie, smallGap, nonePositive, ...none } = found.pairs.left
    expect({ kept: found.pairs.kept, tie, smallGap, nonePositive, decisions: found.decisions.total }).toEqual(counted)
    expect(Object.values(none).every(n => n === 0)).toBe(true)
    expect(found.pairs.kept).toBeGreaterThan(300)
    expect(found.paths).toEqual({
      total: rows.length,
      judged: rows.length,
      right: rows.filter(({ verdict }) => verdict === 'correct').length,
      returnedRight: rows.filter(({ verdict, stop }) => verdict === 'correct' && stop === 'returned').length,
    })
    let lessons = 0
    let examples = 0
    let twoTurns = 0
    for await (const tree of treesOf(store))
      for (const lesson of lessonsOf(tree, every).lessons) {
        lessons++
        examples += examplesOf(lesson).length
        twoTurns += lesson.learned.length >= 2 ? 1 : 0
      }
    expect(lessons).toBe(found.paths.returnedRight)
    // The whole, and one more for each of the last two turns.
    expect(examples).toBe(2 * lessons + twoTurns)
    await store.close()
  }, 300_000)
})

describe('what trees hold', () => {
  it('is counted as by hand for the worked example of the paper', async () => {
    const store = openSqliteStore(join(temporaryFolder(), 'a.run'), { access: 'create', clock: systemClock })
    await storeTree(store, item(1), workedExample)
    const found = await diagnose(treesOf(store), { policy, minGap: 2 })
    await store.close()
    expect(found).toMatchObject({
      trees: 1,
      // 13, -5, 13 | 13, 10, 10, -4, -3 | 13, -2
      paths: { total: 10, judged: 10, right: 6, returnedRight: 3 },
      decisions: { total: 19, forced: 0 },
      pairs: {
        // Two of 13 > -5, 13 > 0, 3 > -3, 10 > -4, 13 > -2; at the first level 7, 6.5 and 5.5 lie too near.
        kept: 6,
        left: { tie: 2, smallGap: 3, unscored: 0, nonePositive: 0, sameWords: 0 },
        byTurn: { '2': 4, '3': 1, '4': 1 },
        byGap: { '4 to 8': 1, 'above 12': 5 },
        byTask: { letters: 6 },
      },
      noContrast: { trees: 0, allAlike: 0 },
      guard: { returnFirst: 0, terminatePreferred: 0 },
    })
  })

  it('warns where length tells, giving up is preferred, and nothing comes out right', async () => {
    const store = openSqliteStore(join(temporaryFolder(), 'a.run'), { access: 'create', clock: systemClock })
    for (let n = 1; n <= 60; n++)
      await storeTree(store, item(n), [
        [`code: ${'search '.repeat(10)}${n}`, 'right'],
        [
          `text: ${n}`,
          [
            ['terminate', n % 2 ? 'right' : 'wrong'],
            ['text: and on', 'wrong'],
          ],
        ],
      ])
    const { warnings, length, guard, noContrast } = await diagnose(treesOf(store), { policy, minGap: 2 })
    expect(length.longerPreferred).toBeGreaterThan(0.6)
    expect(guard.terminatePreferred).toBe(30)
    expect(noContrast.trees).toBe(0)
    expect(warnings).toEqual([
      expect.stringContaining('the longer words are preferred'),
      expect.stringContaining('30 of 90 pairs prefer to give up'),
    ])
    await storeTree(store, item(61), [
      ['code: x', 'wrong'],
      ['text: y', 'unscored'],
    ])
    const one = await diagnose([(await Array.fromAsync(treesOf(store))).at(-1)!], { policy, minGap: 2 })
    await store.close()
    expect(one.warnings.join()).toMatch(/no pair.*no path came out right/)
    expect(one.noContrast).toEqual({ trees: 1, allAlike: 1, share: 1 })
    expect(one.pairs.left.unscored).toBe(1)
  })
})
