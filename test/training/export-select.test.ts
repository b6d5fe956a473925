import { describe, expect, it } from 'vitest'
import { openScore } from '../../src/training/score.ts'
import { balanced } from '../../src/training/select/balance.ts'
import { fingerprint, nearReport, similarity } from '../../src/training/select/near.ts'
import { preferencesOf } from '../../src/training/select/pairs.ts'
import { examplesOf, lessonsOf } from '../../src/training/select/sft.ts'
import { heldOut } from '../../src/training/select/split.ts'
import type { Tree } from '../../src/training/tree.ts'
import { seededRng } from '../../src/util/rng.ts'
import { handTree } from './hand-tree.ts'
import { type Written, workedExample } from './stored-tree.ts'

const sft = (tree: Tree, more: object = {}) => lessonsOf(tree, { maxPerTree: null, unified: false, seed: 0, ...more })

async function pairs(tree: Tree, more: object = {}) {
  const scores = (await openScore('published')).score(tree)
  const scoreOf = (node: Parameters<typeof scores.get>[0]) => scores.get(node) ?? null
  return preferencesOf(tree, { scoreOf, minGap: 2, maxPerTree: null, unified: false, seed: 0, ...more })
}

const words = (messages: readonly { readonly content: unknown }[]) => messages.map(({ content }) => content)

describe('the published worked example', () => {
  it('gives the pairs of the figure, ties dropped', async () => {
    const found = await pairs(await handTree(workedExample))
    // 7, 6.5 and 5.5 at the first level lie within 2 of each other (the figure shows 5.5 as -2).
    expect(found.pairs.map(pair => [pair.turn, pair.chosenScore, pair.rejectedScore])).toEqual([
      [2, 13, -5],
      [2, 13, -5],
      [2, 13, 0],
      [3, 3, -3],
      [4, 10, -4],
      [2, 13, -2],
    ])
    expect(found.left).toMatchObject({ tie: 2, smallGap: 3, nonePositive: 0, unscored: 0 })
    expect(found.pairs[2]).toMatchObject({ chosen: '<<<Return Answer>>>', rejected: '<<<Code: b2>>>' })
    expect(words(found.pairs[2]!.prompt).slice(1)).toEqual([
      '<<<Text: b>>>',
      expect.stringContaining('checked text: b'),
    ])
  })

  it('gives the trajectories that were right and returned', async () => {
    const { lessons, left } = sft(await handTree(workedExample))
    expect(lessons.map(lesson => lesson.actions)).toEqual([
      ['code', 'return'],
      ['text', 'return'],
      ['text', 'code', 'code', 'code', 'return'],
    ])
    expect(left).toEqual({ notCorrect: 4, notReturned: 3, overLimit: 0 })
    // 3 whole rows and two more each: the final two turns weigh double.
    const examples = lessons.flatMap(examplesOf)
    expect(examples.map(({ part, learned, messages }) => [part, learned, messages.length])).toEqual([
      ['whole', [1, 3], 4],
      ['last-turn', [1], 2],
      ['last-turn', [3], 4],
      ['whole', [1, 3], 4],
      ['last-turn', [1], 2],
      ['last-turn', [3], 4],
      ['whole', [1, 3, 5, 7, 9], 10],
      ['last-turn', [7], 8],
      ['last-turn', [9], 10],
    ])
    expect(new Set(examples.map(({ id }) => id)).size).toBe(9)
  })
})

describe('trajectories', () => {
  const path: readonly Written[] = [['text: one', [['code: two', [['code: three', [['return', 'right']]]]]]]]

  it('are user and assistant in turn, every assistant turn the coach’s', async () => {
    const [lesson] = sft(await handTree(path)).lessons
    expect(lesson!.messages.map(({ role }) => role)).toEqual(
      Array.from({ length: 4 }, () => ['user', 'assistant']).flat(),
    )
    expect(words(lesson!.messages).filter((_, i) => i % 2 === 1)).toEqual([
      '<<<Text: one>>>',
      '<<<Code: two>>>',
      '<<<Code: three>>>',
      '<<<Return Answer>>>',
    ])
  })

  it.each([
    ['void-turn', 'code: two', [5, 7]],
    ['repeated-failure', 'code: three', [7]],
    ['repeated-code', 'code: two', [1, 3, 5, 7]],
  ] as const)('with %s after %s learn the way out alone', async (notice, step, learned) => {
    const tree = await handTree(path, { notices: at => (at === step ? [notice] : []) })
    const { lessons, turnsMasked } = sft(tree)
    expect(lessons[0]!.learned).toEqual(learned)
    expect(turnsMasked).toBe(4 - learned.length)
    expect(
      examplesOf(lessons[0]!)
        .slice(1)
        .every(({ learned: [at] }) => learned.includes(at as never)),
    ).toBe(true)
  })

  it('are drawn by the seed where a question has too many', async () => {
    const tree = await handTree(workedExample)
    const ids = (seed: number) => sft(tree, { maxPerTree: 1, seed }).lessons.map(({ id }) => id)
    expect(ids(3)).toEqual(ids(3))
    expect(sft(tree, { maxPerTree: 1 })).toMatchObject({ lessons: [{}], left: { overLimit: 2 } })
    expect(new Set(Array.from({ length: 20 }, (_, seed) => ids(seed)[0])).size).toBe(3)
  })

  it('in the unified form hold decision and answer, the feedback without the answer again', async () => {
    const tree = await handTree(path, { reply: step => `MY ANSWER TO ${step}\n\n` })
    const [lesson] = sft(tree, { unified: true }).lessons
    const said = words(lesson!.messages)
    expect(said[0]).toContain(tree.question.prompt)
    expect(said[0]).not.toContain('You guide another')
    expect(said[1]).toBe('<<<Text: one>>>\n\nMY ANSWER TO text: one')
    expect(said[2]).toContain('checked text: one')
    expect(said[2]).not.toContain('MY ANSWER')
    expect(said.at(-1)).toBe('<<<Return Answer>>>')
    expect(lesson!.learned).toEqual([1, 3, 5, 7])
    const { pairs: found } = await pairs(await handTree(workedExample), { unified: true })
    expect(found[5]!.chosen).toBe('<<<Code: c2>>>\n\nI did code: c2: <<<8>>>')
  })
})

describe('pairs', () => {
  it('want a positive score, words that differ, and a better side that did not go wrong', async () => {
    const nodes: readonly Written[] = [
      ['code: same', [['return', 'right']]],
      ['code: same', [['return', 'wrong']]],
      ['code: hopeless', [['code: more', [['code: yet', [['return', 'wrong']]]]]]],
      ['text: void', [['return', 'right']]],
    ]
    const tree = await handTree(nodes, { notices: step => (step === 'text: void' ? ['void-turn'] : []) })
    const found = await pairs(tree)
    expect(found.pairs.map(pair => [pair.chosen, pair.rejected])).toEqual([
      ['<<<Code: same>>>', '<<<Code: hopeless>>>'],
    ])
    // -2 and -4 differ by exactly 2; 13 and 13 are a tie.
    expect(found.left).toEqual({
      unscored: 0,
      tie: 1,
      smallGap: 1,
      nonePositive: 0,
      betterWentWrong: 2,
      sameWords: 1,
      overLimit: 0,
    })
    expect((await pairs(tree, { minGap: 1 })).left).toMatchObject({ nonePositive: 1, smallGap: 0 })
  })

  it('leave out what could not be judged', async () => {
    const tree = await handTree([
      ['code: a', 'unscored'],
      ['code: b', 'right'],
    ])
    expect(await pairs(tree)).toMatchObject({ pairs: [], left: { unscored: 1 } })
  })
})

describe('the validation split', () => {
  const many = Array.from({ length: 200 }, (_, i) => `question ${i}`)

  it('holds the asked share out, by question and seed', () => {
    const held = heldOut([...many, ...many], 0.1, 1)
    expect(held.size).toBe(20)
    expect(heldOut([...many].reverse(), 0.1, 1)).toEqual(held)
    expect(heldOut(many, 0.1, 2)).not.toEqual(held)
  })

  it.each([
    [many, 0, 0],
    [['one'], 0.5, 0],
    [['one', 'two'], 0.1, 1],
    [['one', 'two'], 0.5, 1],
  ] as const)('never takes all, and at least one when asked for any', (names, share, count) => {
    expect(heldOut(names, share, 1).size).toBe(count)
  })
})

describe('balancing', () => {
  it('cuts large groups to the median one, by the seed', () => {
    const items = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c'].map(task => ({ task, level: 1, turn: 1 }))
    const kept = balanced(items, 'task', 1)
    expect(kept.map(i => items[i]!.task)).toEqual(['a', 'a', 'b', 'b', 'c'])
    expect(balanced(items, 'task', 1)).toEqual(kept)
    expect(balanced(items, 'turn', 1)).toHaveLength(8)
  })
})

describe('near twins', () => {
  const rng = seededRng('near', 1)
  const sentence = (n: number) => Array.from({ length: n }, () => `w${rng.int(0, 5_000)}`).join(' ')

  it('estimate the share of common words in fives', () => {
    const text = sentence(800)
    const [half, other] = [text.split(' ').slice(0, 400).join(' '), sentence(800)]
    const of = (a: string, b: string) => similarity(fingerprint(a).signature, fingerprint(b).signature)
    expect(of(text, text)).toBe(1)
    expect(of(text, other)).toBeLessThan(0.1)
    expect(Math.abs(of(text, half) - 0.5)).toBeLessThan(0.2)
    expect(of('', '')).toBe(1)
  })

  it('are counted, with those that cross into validation', () => {
    const base = Array.from({ length: 40 }, () => sentence(300))
    const item = (text: string, id: string, validation = false, question?: string) => ({
      id,
      task: 'x',
      identity: question ?? id,
      validation,
      ...fingerprint(text),
    })
    const report = nearReport([
      ...base.map((text, i) => item(text, `b${i}`)),
      item(`${base[0]} end`, 'twin of 0', true),
      item(base[1]!.replace(/w\d/g, 'W7'), 'digits of 1'),
      item(sentence(300), 'alone', true),
    ])
    expect(report).toMatchObject({ texts: 43, validation: 2, validationNearTraining: 1 })
    expect(report.near).toBeGreaterThanOrEqual(2)
    expect(report.near).toBeLessThanOrEqual(4)
    expect(report.examples[0]).toMatchObject({ a: 'b0', b: 'twin of 0' })
    const branches = nearReport([item(base[0]!, 'one', false, 'q'), item(`${base[0]} more`, 'other', false, 'q')])
    expect(branches).toMatchObject({ near: 0, nearOfSameQuestion: 2, examples: [] })
    expect(nearReport([item('1 a', 'p'), item('2  A', 'q')]).sameButForDigits).toBe(1)
  })
})
