import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openings } from '../../src/coaches/_shared/varied-name.ts'
import { ProviderError } from '../../src/errors.ts'
import { names } from '../../src/registry.ts'
import { replay } from '../../src/replay.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { expandSynthesis, resolveSynthesis } from '../../src/training/synthesis/plan.ts'
import { oddsOf } from '../../src/training/synthesis/schemes.ts'
import { decisionsOf } from '../../src/training/trees.ts'
import { systemClock } from '../../src/util/clock.ts'
import { temporaryFolder } from '../util/cli.ts'
import { allBare, grown, luckyModel } from './grown.ts'

describe('grown trees', () => {
  it.each([
    ['published', {}],
    ['uncertain', { paths: 6 }],
    ['published', { coaches: ['rules', 'prompted:simulated/coach', 'tuned:simulated/coach'] }],
  ])('%s %j: are the same for the same seed, however many at once and whoever is faster', async (scheme, more) => {
    const plan = { scheme, seed: 3, ...more }
    const calm = await grown({ folder: temporaryFolder(), plan: { ...plan, limits: { concurrency: 1 } } })
    const model = luckyModel('simulated/apprentice', { delayed: true })
    const hasty = await grown({ folder: temporaryFolder(), plan: { ...plan, limits: { concurrency: 7 } }, model })
    expect(calm.end).toBe('finished')
    expect(calm.trees).toHaveLength(6)
    expect(allBare(hasty.trees)).toEqual(allBare(calm.trees))
    const other = await grown({ folder: temporaryFolder(), plan: { ...plan, seed: 4 } })
    expect(allBare(other.trees)).not.toEqual(allBare(calm.trees))
  })

  it('have three first decisions and two later ones, five deep, no two siblings the same', async () => {
    const { trees, snapshot } = await grown({ folder: temporaryFolder(), plan: { trees: 12 } })
    let leaves = 0
    let twice = 0
    for (const tree of trees) {
      expect(tree.children).toHaveLength(3)
      for (const { node, before, siblings } of decisionsOf(tree)) {
        expect(node.turn).toBe(before.length + 1)
        expect(node.turn).toBeLessThanOrEqual(5)
        if (node.turn > 1) expect(siblings.length).toBeLessThanOrEqual(2)
        if (node.turn > 1 && siblings.length === 2) twice++
        expect(new Set(siblings.map(({ completion }) => completion)).size).toBe(siblings.length)
        if (node.children.length === 0) leaves++
      }
    }
    expect(snapshot.paths.done).toBe(leaves)
    expect(twice).toBeGreaterThan(leaves / 2)
  })

  it('begin in several ways, forced ones among them, and force the other way after a way that was not confirmed', async () => {
    const { trees } = await grown({ folder: temporaryFolder(), plan: { trees: 12 } })
    for (const tree of trees) {
      const forced = [...decisionsOf(tree)].filter(({ node }) => node.forced)
      expect(forced.length).toBeGreaterThan(0)
      for (const { node, before } of forced) {
        expect(node.turn).toBeLessThanOrEqual(2)
        if (node.turn === 2) expect(node.guidance.action).not.toBe(before[0]!.guidance.action)
      }
    }
    const free = await grown({ folder: temporaryFolder(), plan: { prompts: ['free'] } })
    for (const tree of free.trees) for (const { node } of decisionsOf(tree)) expect(node.forced).toBe(false)
    expect(openings).toContain('free')
  })

  it('replay path by path, byte for byte', async () => {
    const folder = temporaryFolder()
    const coaches = ['rules', 'prompted:simulated/coach', 'tuned:simulated/coach']
    await grown({ folder, plan: { trees: 2, coaches } })
    const store = openSqliteStore(join(folder, 'trees.run'), { access: 'read', clock: systemClock })
    const rows = await store.summaries({ branches: true, state: 'done' })
    expect(rows.length).toBeGreaterThan(10)
    for (const { trajectoryId } of rows)
      expect((await replay(await store.trajectory(trajectoryId))).divergence, trajectoryId).toBeNull()
    await store.close()
  })

  it('ask a coach with a model at the temperature, and again when it says the same', async () => {
    const model = luckyModel()
    const plan = { trees: 4, coaches: ['tuned:simulated/apprentice'], temperature: 1.3 }
    const { trees, snapshot } = await grown({ folder: temporaryFolder(), plan, model })
    const asked = model.requests.filter(({ messages }) => /guide another/.test(String(messages[0]!.content)))
    expect(asked.length).toBeGreaterThan(20)
    expect(new Set(asked.map(({ temperature }) => temperature))).toEqual(new Set([1.3]))
    // Another sample of the same request is another trial.
    const keys = asked.map(({ messages, trial }) => JSON.stringify([messages, trial]))
    expect(new Set(keys).size).toBe(keys.length)
    for (const tree of trees)
      for (const { siblings } of decisionsOf(tree))
        expect(new Set(siblings.map(({ completion }) => completion)).size).toBe(siblings.length)
    expect(snapshot.paths.done).toBeGreaterThan(20)
  })

  it('branch off nothing behind a turn in which the solver said nothing', async () => {
    const model = luckyModel()
    const silent = { ...model, call: async (request: never) => ({ ...(await model.call(request)), text: 'Hm.' }) }
    const { trees } = await grown({ folder: temporaryFolder(), plan: { trees: 1 }, model: silent })
    expect(trees[0]!.children).toHaveLength(3)
    for (const { node } of decisionsOf(trees[0]!)) expect(node.children.length).toBeLessThanOrEqual(1)
  })
})

describe('a synthesis that was stopped', () => {
  it('goes on where it stood, at a cap, again and again, and comes to the same trees without a call twice', async () => {
    let expected = 0
    const whole = await grown({
      folder: temporaryFolder(),
      model: luckyModel('simulated/apprentice', { onCall: () => expected++ }),
    })
    const folder = temporaryFolder()
    let calls = 0
    const model = luckyModel('simulated/apprentice', { onCall: () => calls++ })
    let starts = 0
    let outcome = await grown({ folder, model, plan: { limits: { tokens: 300 } } })
    expect(outcome).toMatchObject({ end: 'stopped', why: expect.stringContaining('300 tokens') })
    for (; outcome.end !== 'finished' && starts < 100; starts++)
      outcome = await grown({ folder, model, plan: { limits: { tokens: 300 + 300 * (starts + 1) } } })
    expect(starts).toBeGreaterThan(3)
    expect(allBare(outcome.trees)).toEqual(allBare(whole.trees))
    expect(calls).toBe(expected)
    expect(outcome.snapshot.spent.calls).toBe(expected)
    expect(outcome.snapshot.spentNow.calls).toBeLessThan(expected)
  })

  it('grows on with more branches, and with more trees', async () => {
    const folder = temporaryFolder()
    const thin = await grown({ folder, plan: { trees: 2, branches: [2, 1, 1, 1, 1] } })
    const bushy = await grown({ folder, plan: { trees: 3 } })
    expect(bushy.trees).toHaveLength(3)
    const paths = (trees: typeof thin.trees) =>
      new Set(trees.flatMap(tree => [...decisionsOf(tree)].map(({ node }) => `${node.trajectory} ${node.turn}`)))
    const [before, after] = [paths(thin.trees), paths(bushy.trees)]
    for (const path of before) expect(after).toContain(path)
    expect(allBare(bushy.trees)).toEqual(
      allBare((await grown({ folder: temporaryFolder(), plan: { trees: 3 } })).trees),
    )
  })

  it('sets aside what a provider failed at, says so, and mends it at the next start', async () => {
    const folder = temporaryFolder()
    const model = luckyModel()
    let broken = 0
    const away = new ProviderError('overloaded', 'too many', 'Wait.', { retryable: true })
    const failing = {
      ...model,
      call: async (request: Parameters<typeof model.call>[0]) => {
        if (++broken % 9 === 0) throw away
        return model.call(request)
      },
    }
    const first = await grown({ folder, model: failing })
    expect(first).toMatchObject({ end: 'incomplete', failure: { fault: 'overloaded' } })
    const second = await grown({ folder, model })
    expect(second.end).toBe('finished')
    expect(allBare(second.trees)).toEqual(allBare((await grown({ folder: temporaryFolder() })).trees))
  })

  it('stops at once when the key is wrong', async () => {
    const wrong = new ProviderError('authentication', 'the key is wrong', 'Set it.', { retryable: false })
    let calls = 0
    const model = {
      ...luckyModel(),
      call: async () => {
        calls++
        throw wrong
      },
    }
    const outcome = await grown({ folder: temporaryFolder(), model, plan: { trees: 50, limits: { concurrency: 2 } } })
    expect(outcome).toMatchObject({ end: 'stopped', why: 'the key is wrong', failure: { fault: 'authentication' } })
    expect(calls).toBeLessThan(6)
  })

  it('stops when asked to', async () => {
    const cancel = new AbortController()
    let calls = 0
    const model = luckyModel('simulated/apprentice', {
      onCall: () => {
        if (++calls === 20) cancel.abort(new DOMException('stop', 'AbortError'))
      },
    })
    const outcome = await grown({ folder: temporaryFolder(), model, signal: cancel.signal })
    expect(outcome).toMatchObject({ end: 'stopped', why: 'stopped by you' })
    expect(calls).toBeLessThan(30)
  })
})

describe('leakage', () => {
  const refused = (plan: object) => expect(resolveSynthesis({ model: 'simulated/apprentice', ...plan })).rejects

  it('is refused by construction: no unseen task, no other pool than train', async () => {
    await refused({ tasks: ['game-24', 'letters'] }).toMatchObject({
      message: expect.stringContaining('letters is kept unseen'),
    })
    await refused({ tasks: 'all' }).toMatchObject({ kind: 'input' })
    await refused({ tasks: 'unseen' }).toMatchObject({ kind: 'input' })
    await refused({ pool: 'test' }).toMatchObject({ message: expect.stringContaining('train pool only') })
    await refused({ allowUnseen: true }).toMatchObject({ message: expect.stringContaining('allowUnseen') })
  })

  it('draws train questions of seen tasks only, over all of them', async () => {
    const items = expandSynthesis(await resolveSynthesis({ model: 'simulated/apprentice', trees: 300 }))
    expect(new Set(items.map(({ pool }) => pool))).toEqual(new Set(['train']))
    const tasks = new Set(items.map(({ task }) => task))
    expect(tasks.size).toBe(28)
    expect(names('tasks').length - tasks.size).toBe(9)
    expect(new Set(items.map(({ key }) => key)).size).toBe(300)
  })
})

describe('a plan of synthesis', () => {
  it.each([
    [{ model: 'simulated/apprentice', tasks: ['game24'] }, /game-24/],
    [{ model: 'simulated/apprentice', coaches: ['rule'] }, /rules/],
    [{ model: 'simulated/apprentice', coaches: ['varied:rules'] }, /it varies/],
    [{ model: 'simulated/apprentice', branches: [] }, /trees\.json/],
    [{ model: 'simulated/apprentice', temperature: 3 }, /trees\.json/],
    [{ tasks: 'seen' }, /trees\.json/],
  ])('%j is refused with its mend', async (plan, mend) => {
    await expect(resolveSynthesis(plan)).rejects.toMatchObject({ kind: 'input', mend: expect.stringMatching(mend) })
  })
})

describe('the odds of a place', () => {
  it('shrink from all questions to the task, the level and the place', () => {
    const item = (level: number) => ({ key: `k${level}`, task: 'game-24', level }) as never
    const path = (level: number, verdict: 'correct' | 'incorrect', points: readonly object[] = []) =>
      ({ item: item(level), points, decisions: [{}, {}], verdict }) as never
    const paths = [path(1, 'correct'), path(1, 'correct', [{ turn: 2, sibling: 1 }]), path(2, 'incorrect')]
    const odds = oddsOf(paths)
    // All: 2 of 3 and a prior of 1 of 2: 0.6. Task: (2 + 2 * 0.6) / 5 = 0.64.
    const cell = (2 + 2 * 0.64) / 4
    expect(odds.below({ path: paths[0]!, turn: 1 })).toBeCloseTo((2 + 2 * cell) / 4, 12)
    const other = (0 + 2 * 0.64) / 3
    expect(odds.below({ path: paths[2]!, turn: 2 })).toBeCloseTo((0 + 2 * other) / 3, 12)
  })
})
