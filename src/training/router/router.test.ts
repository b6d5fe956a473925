import { describe, expect, it } from 'vitest'
import { codeProbability } from '../../coaches/_shared/router-file.ts'
import { draw } from '../../draw.ts'
import { load } from '../../registry.ts'
import type { Summary } from '../../store/run-store.ts'
import type { Task } from '../../task.ts'
import { seededRng } from '../../util/rng.ts'
import { calibrationBins, crossValidate, evaluate, heldOutOf, type Predicted } from './evaluate.ts'
import { isDecisive, type Pair, pairsOf } from './pairs.ts'
import { examplesOf, foldsByTask, refuseTooFew, routerOf, trainModel } from './train.ts'

const row = (more: Partial<Summary>): Summary => ({
  key: JSON.stringify(more),
  label: more.method ?? 'all-text-cot',
  method: 'all-text-cot',
  model: 'fake/model',
  task: 'letters',
  taskVersion: 1,
  level: 1,
  seed: 0,
  pool: 'train',
  trial: 0,
  trajectoryId: 't',
  state: 'done',
  verdict: 'correct',
  why: null,
  answer: '1',
  answerFrom: 'reply',
  stop: 'returned',
  error: null,
  simulated: false,
  turns: 1,
  codeTurns: 0,
  calls: 1,
  inputTokens: 100,
  outputTokens: 20,
  taskTokens: 120,
  costUsd: 0.01,
  tookMs: 2_000,
  checks: {},
  branchOf: null,
  ...more,
})
const text = (more: Partial<Summary>) => row({ method: 'all-text-cot', ...more })
const code = (more: Partial<Summary>) => row({ method: 'all-code-cot', inputTokens: 200, ...more })
const ways = { text: 'all-text-cot', code: 'all-code-cot' }

/**
 * Made-up questions of made-up tasks in which code is right the more often the longer the question: each task has its own
 * words, so only what carries over from task to task helps on unseen ones.
 */
function madeUp(count: number, seed: number, signal: boolean): Pair[] {
  const rng = seededRng('router-made-up', seed, signal)
  return Array.from({ length: count }, (_, i) => {
    const task = `task-${i % 12}`
    const length = rng.int(1, 40)
    const question = Array.from({ length }, () => `${task.replace('-', '')}${rng.pick(['a', 'b', 'c'])}`).join(' ')
    const chance = signal ? 1 / (1 + Math.exp(-(Math.log(length) - 2.4) * 4)) : 0.6
    const codeRight = rng.chance(chance)
    const both = rng.chance(0.2)
    return {
      task,
      level: 1,
      seed: i,
      pool: 'train',
      model: 'fake/model',
      question,
      textRight: both ? codeRight : !codeRight,
      codeRight,
      textTokens: 100,
      codeTokens: 300,
      simulated: false,
    }
  })
}

describe('pairs', () => {
  it('joins answers by question, model and trial, whatever the order, and draws the question again', async () => {
    const rows = [0, 1, 2].flatMap(seed => [
      code({ seed, verdict: seed === 1 ? 'incorrect' : 'correct' }),
      text({ seed, verdict: seed === 2 ? 'no-answer' : 'correct' }),
    ])
    const { pairs } = await pairsOf([...rows, code({ model: 'other/model' })].reverse(), ways)
    expect(pairs.map(pair => [pair.seed, pair.textRight, pair.codeRight, pair.textTokens, pair.codeTokens])).toEqual([
      [0, true, true, 120, 220],
      [1, true, false, 120, 220],
      [2, false, true, 120, 220],
    ])
    const { question } = draw(await load<Task>('tasks', 'letters'), 1, 1, 'train')
    expect(pairs[1]!.question).toBe(question.prompt)
    expect(pairs.map(isDecisive)).toEqual([false, true, true])
  })

  it('leaves out, and counts, what cannot be compared', async () => {
    const found = await pairsOf(
      [
        ...[text({ seed: 1 }), code({ seed: 1, verdict: 'unscored' })],
        ...[text({ seed: 2, state: 'failed', verdict: null }), code({ seed: 2 })],
        ...[text({ seed: 3, taskVersion: 99 }), code({ seed: 3, taskVersion: 99 })],
        ...[text({ seed: 4 }), code({ seed: 5 })],
        ...[text({ seed: 6 }), code({ seed: 6 })],
        code({ seed: 6, verdict: 'incorrect', branchOf: { trajectory: 't', turn: 1 } }),
      ],
      ways,
    )
    expect(found).toMatchObject({ unscored: 2, otherVersion: 1, oneWay: 2 })
    expect(found.pairs).toMatchObject([{ seed: 6, codeRight: true }])
  })

  it('names the method that is missing and what the runs hold', async () => {
    await expect(pairsOf([text({})], ways)).rejects.toThrow(/no answers by "all-code-cot"/)
    await expect(pairsOf([text({}), code({})], { ...ways, text: 'all-txt-cot' })).rejects.toMatchObject({
      mend: expect.stringMatching(/Did you mean "all-text-cot"\?.*--text/),
    })
  })
})

describe('training', () => {
  const pairs = madeUp(600, 1, true)
  const predicted = crossValidate(pairs, { seed: 1, folds: 6 })

  it('learns what carries over to unseen tasks, and is calibrated there', () => {
    const heldOut = heldOutOf(predicted)
    const decisive = pairs.filter(isDecisive)
    const share = decisive.filter(pair => pair.codeRight).length / decisive.length
    expect(heldOut.accuracy).toBeGreaterThan(Math.max(share, 1 - share) + 0.1)
    expect(heldOut.brier).toBeLessThan(share * (1 - share) - 0.05)
    expect(heldOut.ece).toBeLessThan(0.08)
    expect([heldOut.n, heldOut.tasks]).toEqual([decisive.length, 12])
  })

  it('claims nothing where there is nothing to learn', () => {
    const nothing = crossValidate(madeUp(400, 2, false), { seed: 1, folds: 6 })
    const result = evaluate(nothing, { threshold: 0.8, seed: 1, resamples: 200 })
    expect(result.sure.share).toBeLessThan(0.05)
    expect(Math.abs(result.brierDifference.mean)).toBeLessThan(0.02)
  })

  it('never trains on a task that it is measured on', () => {
    // Every task's label is the task's own and opposite to what the rest would say: knowing it would give it away.
    const own = madeUp(240, 3, false).map(pair => ({
      ...pair,
      textRight: Number(pair.task.slice(5)) % 2 === 0,
      codeRight: Number(pair.task.slice(5)) % 2 !== 0,
    }))
    expect(heldOutOf(crossValidate(own, { seed: 1, folds: 12 })).accuracy).toBeLessThan(0.6)
    const folds = foldsByTask(['a', 'b', 'c', 'a', 'd', 'e'], 2, 7)
    expect([...folds.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(new Set(folds.values()).size).toBe(2)
    expect(predicted).toHaveLength(pairs.length)
  })

  it('is the same for the same seed, and predicts what its file predicts', () => {
    const examples = examplesOf(pairs)
    const model = trainModel(examples, { seed: 5 })
    expect(trainModel(examples, { seed: 5 })).toEqual(model)
    const facts = { runs: ['a.run'], ways, seed: 5, folds: 6, threshold: 0.8, nowMs: 0 }
    const found = { pairs, unscored: 3, oneWay: 0, otherVersion: 1 }
    const router = routerOf(model, found, heldOutOf(predicted), facts)
    const { counts, at, simulated, tasks } = router.trained
    expect([at, simulated, tasks.length]).toEqual(['1970-01-01T00:00:00.000Z', false, 12])
    expect(counts).toMatchObject({ pairs: 600, unscored: 3, otherVersion: 1 })
    expect(counts.decisive).toBe(counts.onlyCode + counts.onlyText)
    expect(counts.decisive + counts.both + counts.neither).toBe(600)
    const [short, long] = ['task1a', Array.from({ length: 40 }, () => 'task1a').join(' ')]
    expect(codeProbability(router, long)).toBeGreaterThan(0.7)
    expect(codeProbability(router, short)).toBeLessThan(0.3)
  })

  it.each([
    ['few questions', madeUp(10, 1, true), /10 questions|\d questions where one way alone/],
    ['one class', madeUp(100, 1, true).map(pair => ({ ...pair, textRight: false, codeRight: true })), /only text did/],
    ['few tasks', madeUp(100, 1, true).map(pair => ({ ...pair, task: 'one' })), /1 tasks, of at least 4/],
  ])('refuses %s, saying what is missing', (_, few, words) => {
    expect(() => refuseTooFew(examplesOf(few))).toThrow(words)
  })
})

describe('evaluation', () => {
  const pair = (
    task: string,
    textRight: boolean,
    codeRight: boolean,
    question = 'Is it so? It may be. Who knows.',
  ): Pair => ({
    task,
    level: 1,
    seed: 0,
    pool: 'test',
    model: 'm',
    question,
    textRight,
    codeRight,
    textTokens: 10,
    codeTokens: 30,
    simulated: true,
  })
  const predicted: Predicted[] = [
    { pair: pair('p', false, true), code: 0.9, base: 0.5 },
    { pair: pair('p', true, false), code: 0.6, base: 0.5 },
    { pair: pair('q', true, false), code: 0.1, base: 0.5 },
    { pair: pair('q', true, true), code: 0.7, base: 0.5 },
  ]
  const result = evaluate(predicted, { threshold: 0.8, seed: 1, resamples: 200 })
  const of = (chooser: string) => result.choosers.find(one => one.chooser === chooser)!

  it('counts right answers, decisive choices and tokens of every chooser', () => {
    expect([of('router').right.mean, of('router').decided.mean, of('router').tokens]).toEqual([75, 75, 25])
    // Unsure twice: there the rules choose words.
    expect([of('router, else rules').right.mean, of('router, else rules').tokens]).toEqual([100, 15])
    expect([of('rules').right.mean, of('always code').right.mean, of('always text').right.mean]).toEqual([75, 50, 75])
    expect(of('better of both').right.mean).toBe(100)
    expect(result).toMatchObject({
      pairs: 4,
      decisive: 3,
      tasks: 2,
      simulated: true,
      sure: { share: 0.5, n: 2, decided: 1 },
    })
    const gap = result.differences.find(({ a, b }) => a === 'router, else rules' && b === 'rules')!
    expect(gap.right.mean).toBe(25)
  })

  it('scores probabilities: Brier by task, calibration in ten bins', () => {
    // Task p: (0.1² + 0.6²) / 2 = 0.185; task q: 0.1² = 0.01.
    expect(result.brier.mean).toBeCloseTo((0.185 + 0.01) / 2, 12)
    expect(result.brierOfBaseRate).toBeCloseTo(0.25, 12)
    // Three questions in three bins: |0.9 - 1|, |0.6 - 0|, |0.1 - 0|, a third each.
    expect(result.ece).toBeCloseTo(0.8 / 3, 12)
    expect(
      calibrationBins(predicted.filter(one => isDecisive(one.pair))).map(({ from, n, was }) => [from, n, was]),
    ).toEqual([
      [0.1, 1, 0],
      [0.6, 1, 0],
      [0.9, 1, 1],
    ])
  })
})
