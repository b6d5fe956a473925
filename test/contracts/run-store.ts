// The contract of a run's store. Every implementation runs the same suite: call `describeRunStore` with its factory.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fold } from '../../src/fold.ts'
import { steerDefaults } from '../../src/settings.ts'
import { type RunStore, type Summary, summarise, type WorkItem } from '../../src/store/run-store.ts'
import type { Trajectory, TrajectoryEvent } from '../../src/trajectory.ts'

/** An implementation under test. `open` again after `close` must show what was written. */
export interface StoreUnderTest {
  /** Opens the one run of this test, to write. */
  open(): Promise<RunStore>
  /** Opens the same run to look on; undefined where there is no such thing. */
  openToRead?(): Promise<RunStore>
  /** Removes the run. */
  remove(): Promise<void>
}

export const item = (n: number, more: Partial<WorkItem> = {}): WorkItem => ({
  key: `key-${n}`,
  label: 'codesteer',
  method: 'codesteer',
  model: 'simulated/apprentice',
  task: 'letters',
  taskVersion: 1,
  level: 1 + (n % 3),
  seed: n,
  pool: 'test',
  trial: 0,
  ...more,
})

const usage = { inputTokens: 100, outputTokens: 20, reasoningTokens: null, cachedInputTokens: null }

/** A trajectory of one turn in words, as the loop would record it. */
export function eventsFor(id: string, answer = '42', reason: 'returned' | 'error' = 'returned'): TrajectoryEvent[] {
  const stamp = (seq: number) => ({ seq, atMs: 1_700_000_000_000 + seq * 10 })
  return [
    {
      ...stamp(0),
      type: 'trajectory-start',
      format: 1,
      id,
      question: { prompt: 'What is 6 * 7? “quotes”, \u0000 and \ud83d\ude00' },
      method: 'codesteer',
      settings: steerDefaults,
      models: { task: 'simulated/apprentice', checker: 'simulated/apprentice', coach: [] },
      coach: 'rules',
      checkers: ['self-answer'],
      sandbox: 'bubblewrap',
      simulated: true,
      prompts: {},
      build: { version: '0' },
      trial: '0',
    },
    { ...stamp(1), type: 'guidance', turn: 1, guidance: { action: 'text', prompt: 'p', reason: 'r', raw: null } },
    {
      ...stamp(2),
      type: 'model-call',
      turn: 1,
      role: 'task',
      model: 'simulated/apprentice',
      thread: 'task',
      keep: 0,
      append: [{ role: 'user', content: 'What is 6 * 7?' }],
      completion: { text: `<<<${answer}>>>`, reasoning: null, finish: 'stop' },
      options: {},
      usage,
      costUsd: 0.25,
      requestHash: 'h',
      trial: '0',
      fromLedger: false,
      attempts: 1,
      notes: [],
      tookMs: 5,
    },
    { ...stamp(3), type: 'check', turn: 1, checker: 'self-answer', report: { outcome: 'passed', told: 'ok' } as never },
    { ...stamp(4), type: 'trajectory-end', reason },
  ]
}

export const summaryOf = (of: WorkItem, events: readonly TrajectoryEvent[], more: Partial<Summary> = {}): Summary => ({
  ...summarise(of, fold(events) as Trajectory, { verdict: 'correct' }, 'done'),
  ...more,
})

/** Works an item off as the runner does. */
export async function workOff(
  store: RunStore,
  of: WorkItem,
  id: string,
  more: Partial<Summary> = {},
): Promise<Summary> {
  const events = eventsFor(id)
  await store.begin(of.key, id)
  await Promise.all(events.map(event => store.append(id, event)))
  const summary = summaryOf(of, events, more)
  await store.finish(of.key, 'done', summary)
  return summary
}

export function describeRunStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`the run store on ${name}`, () => {
    let under: StoreUnderTest
    let store: RunStore
    beforeEach(async () => {
      under = await make()
      store = await under.open()
    })
    afterEach(async () => {
      await store.close()
      await under.remove()
    })
    const again = async () => {
      await store.close()
      store = await under.open()
    }

    it('keeps the plan as it was last recorded', async () => {
      expect(await store.plan()).toBeNull()
      expect(await store.recordPlan({ name: 'a', samples: 1 })).toBe(true)
      expect(await store.recordPlan({ samples: 1, name: 'a' })).toBe(false)
      expect(await store.recordPlan({ name: 'a', samples: 2 })).toBe(true)
      await again()
      expect(await store.plan()).toEqual({ name: 'a', samples: 2 })
    })

    it('adds every item once, in order', async () => {
      expect(await store.addItems([item(2), item(1)])).toBe(2)
      expect(await store.addItems([item(1), item(3), item(2)])).toBe(1)
      await again()
      expect(await store.items()).toEqual([item(2), item(1), item(3)])
      expect(await store.items('waiting')).toHaveLength(3)
      expect(await store.items('open')).toEqual([])
      expect(await store.counts()).toEqual({ waiting: 3, open: 0, done: 0, failed: 0 })
    })

    it('gives back the events of an open trajectory, as they were', async () => {
      await store.addItems([item(1)])
      expect(await store.eventsOf('key-1')).toEqual({ trajectoryId: null, events: [] })
      await store.begin('key-1', 't1')
      expect(await store.eventsOf('key-1')).toEqual({ trajectoryId: 't1', events: [] })
      const events = eventsFor('t1')
      for (const event of events.slice(0, 3)) await store.append('t1', event)
      await again()
      expect(await store.eventsOf('key-1')).toEqual({ trajectoryId: 't1', events: events.slice(0, 3) })
      expect(JSON.stringify(await store.trajectory('t1'))).toBe(JSON.stringify(events.slice(0, 3)))
      expect(await store.counts()).toMatchObject({ open: 1, waiting: 0 })
      // Going on: the same trajectory, more events.
      await store.begin('key-1', 't1')
      for (const event of events.slice(3)) await store.append('t1', event)
      expect((await store.eventsOf('key-1')).events).toEqual(events)
    })

    it('takes events of many trajectories at once and keeps each in its order', async () => {
      const items = Array.from({ length: 20 }, (_, n) => item(n))
      await store.addItems(items)
      await Promise.all(items.map((of, n) => workOff(store, of, `t${n}`)))
      for (const n of items.keys()) expect((await store.trajectory(`t${n}`)).map(e => e.seq)).toEqual([0, 1, 2, 3, 4])
      expect(await store.counts()).toEqual({ waiting: 0, open: 0, done: 20, failed: 0 })
    })

    it('refuses an event out of place, and one of an unknown trajectory', async () => {
      await store.addItems([item(1)])
      await store.begin('key-1', 't1')
      const [start, guidance] = eventsFor('t1')
      await store.append('t1', start!)
      await expect(store.append('t1', start!)).rejects.toMatchObject({ kind: 'store' })
      await expect(store.append('nobody', guidance!)).rejects.toMatchObject({ kind: 'store' })
      await expect(store.trajectory('nobody')).rejects.toMatchObject({ kind: 'store' })
      await store.append('t1', guidance!)
      expect((await store.trajectory('t1')).map(e => e.seq)).toEqual([0, 1])
    })

    it('gives summaries back as they were stored', async () => {
      const full: Partial<Summary> = {
        verdict: 'incorrect',
        why: 'because “so”',
        error: null,
        costUsd: null,
        checks: { 'self-answer': 'passed', 'symbolic-code': 'inconclusive' },
        answerFrom: 'code-output',
      }
      await store.addItems([item(1), item(2), item(3)])
      const one = await workOff(store, item(1), 't1', full)
      const two = await workOff(store, item(2), 't2', { answer: null, answerFrom: null, verdict: null, checks: {} })
      await again()
      expect(await store.summaries()).toEqual([one, two])
    })

    it('filters summaries', async () => {
      const items = [
        item(0),
        item(1, { label: 'only-question', method: 'only-question' }),
        item(2, { task: 'game-24' }),
        item(3, { model: 'x/y' }),
      ]
      await store.addItems(items)
      for (const [n, of] of items.entries())
        await workOff(store, of, `t${n}`, n === 3 ? { verdict: 'incorrect', why: 'w', stop: 'turn-limit' } : {})
      const ids = async (filter: Parameters<RunStore['summaries']>[0]) =>
        (await store.summaries(filter)).map(s => s.trajectoryId)
      expect(await ids({ label: 'only-question' })).toEqual(['t1'])
      expect(await ids({ task: 'game-24' })).toEqual(['t2'])
      expect(await ids({ model: 'x/y' })).toEqual(['t3'])
      expect(await ids({ level: 1 })).toEqual(['t0', 't3'])
      expect(await ids({ verdict: 'correct', level: 1 })).toEqual(['t0'])
      expect(await ids({ stop: 'turn-limit' })).toEqual(['t3'])
      expect(await ids({ state: 'failed' })).toEqual([])
      expect(await ids({ limit: 2, offset: 1 })).toEqual(['t1', 't2'])
    })

    it('sets a failed item aside, shows why, and forgets that when it goes on', async () => {
      await store.addItems([item(1)])
      const events = eventsFor('t1')
      await store.begin('key-1', 't1')
      await store.append('t1', events[0]!)
      const failed = summaryOf(item(1), events, { state: 'failed', verdict: 'unscored', error: 'provider/overloaded' })
      await store.finish('key-1', 'failed', failed)
      await again()
      expect(await store.items('failed')).toEqual([item(1)])
      expect(await store.summaries({ state: 'failed' })).toEqual([failed])
      await store.begin('key-1', 't1')
      expect(await store.summaries()).toEqual([])
      expect((await store.eventsOf('key-1')).events).toHaveLength(1)
      // Or anew, under another name: the first attempt stays on record but counts no more.
      await store.finish('key-1', 'failed', failed)
      const done = await workOff(store, item(1), 't2')
      expect(await store.summaries()).toEqual([done])
      expect(await store.trajectory('t1')).toHaveLength(1)
      expect(await store.eventsOf('key-1')).toMatchObject({ trajectoryId: 't2' })
    })

    it('replaces derived rows without touching the events', async () => {
      await store.addItems([item(1)])
      const before = await workOff(store, item(1), 't1')
      const after: Summary = { ...before, verdict: 'incorrect', why: 'the verifier was mended' }
      await store.rescore([{ trajectoryId: 't1', summary: after }])
      await again()
      expect(await store.summaries()).toEqual([after])
      expect(await store.trajectory('t1')).toHaveLength(5)
    })

    it('keeps branches apart from the results', async () => {
      await store.addItems([item(1)])
      const own = await workOff(store, item(1), 't1')
      const events = eventsFor('b1')
      const branch = summaryOf(item(1), events, { branchOf: { trajectory: 't1', turn: 2 } })
      await store.addBranch('b1', events, branch)
      await again()
      expect(await store.summaries()).toEqual([own])
      expect(await store.summaries({ branches: true })).toEqual([own, branch])
      expect(await store.trajectory('b1')).toEqual(events)
      expect(await store.eventsOf('key-1')).toMatchObject({ trajectoryId: 't1' })
      expect(await store.counts()).toMatchObject({ done: 1 })
    })

    it('lets others look on while it is written to', async ctx => {
      if (!under.openToRead) return ctx.skip('there is no opening to read')
      await store.addItems([item(1), item(2)])
      await workOff(store, item(1), 't1')
      const reader = await under.openToRead()
      expect(await reader.summaries()).toHaveLength(1)
      await workOff(store, item(2), 't2')
      expect(await reader.summaries()).toHaveLength(2)
      expect(await reader.trajectory('t2')).toHaveLength(5)
      await expect(async () => reader.begin('key-1', 'x')).rejects.toMatchObject({ kind: 'store' })
      await reader.close()
    })
  })
}
