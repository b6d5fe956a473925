// What is told of its own accord: trajectories and runs as they are made, to readers who come late, come back, or are slow.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolvePlan } from '../../src/experiment/plan.ts'
import { runPlan } from '../../src/experiment/run.ts'
import { fold } from '../../src/fold.ts'
import { type Summary, summarise } from '../../src/store/run-store.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { createTrajectoryFile } from '../../src/store/trajectory-file.ts'
import type { TrajectoryEvent } from '../../src/trajectory.ts'
import { systemClock } from '../../src/util/clock.ts'
import type { ForkStarted, LiveMessage, RowPage, RunListing, TrajectoryDetail } from '../../src/viewer/api.ts'
import { type Feed, streamOf } from '../../src/viewer/event-stream.ts'
import { eventsFor } from '../contracts/run-store.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { demo, demoRun, messages, viewerOf, writeRun } from './support.ts'

const typesOf = (all: readonly LiveMessage[]) =>
  all.map(one => (one.type === 'step' ? one.step.kind : one.type === 'delta' ? `delta ${one.text}` : one.type))

describe('a trajectory that this process makes', () => {
  it('is told from its beginning to readers who come late, and from where they were to those who come back', async () => {
    const viewer = await viewerOf([await demoRun()])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    const told = viewer.live.begin('t1', run!.id)
    const [start, guidance, ...rest] = eventsFor('t1')
    told.event(start!)
    told.event(guidance!)
    told.delta({ role: 'task', kind: 'text', text: 'The ' })
    told.delta({ role: 'task', kind: 'text', text: 'answer' })
    const late = await viewer.ask('/api/live?trajectory=t1')
    expect(late.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const first = messages<LiveMessage>(late, all => all.length >= 2)
    expect(typesOf(await first)).toEqual(['guidance', 'delta The answer'])
    expect(await viewer.get(`/api/runs/${run!.id}/trajectories/t1`)).toMatchObject({ over: false })
    for (const event of rest) told.event(event)
    const detail = await viewer.get<TrajectoryDetail>(`/api/runs/${run!.id}/trajectories/t1`)
    told.finish(async () => detail)
    const whole = await messages<LiveMessage>(await viewer.ask('/api/live?trajectory=t1'))
    expect(typesOf(whole)).toEqual(['guidance', 'reply', 'check', 'end', 'over'])
    const back = await viewer.ask('/api/live?trajectory=t1', { headers: { 'last-event-id': '2' } })
    expect(typesOf(await messages<LiveMessage>(back))).toEqual(['check', 'end', 'over'])
  })

  it('that fails says why, and what to do', async () => {
    const viewer = await viewerOf([await demoRun()])
    const told = viewer.live.begin('t9', 'x')
    told.event(eventsFor('t9')[0]!)
    told.fail('the provider is away', 'Try again.')
    const all = await messages<LiveMessage>(await viewer.ask('/api/live?trajectory=t9'))
    expect(all).toEqual([{ type: 'trouble', trajectory: 't9', message: 'the provider is away', mend: 'Try again.' }])
  })
})

describe('a trajectory that another process makes', () => {
  it('is followed in its file', async () => {
    const folder = temporaryFolder()
    const file = createTrajectoryFile(join(folder, 'trajectories', 'a.jsonl'))
    const [start, guidance, ...rest] = eventsFor('a')
    file.append(start!)
    file.append(guidance!)
    const viewer = await viewerOf([], { folder })
    const reading = messages<LiveMessage>(await viewer.ask('/api/live?trajectory=a&run=asked'))
    await new Promise(resolve => setTimeout(resolve, 150))
    for (const event of rest) file.append(event)
    file.close()
    const all = await reading
    expect(typesOf(all)).toEqual(['guidance', 'reply', 'check', 'end', 'over'])
    expect(all.at(-1)).toMatchObject({ detail: { over: true, answer: { text: '42' } } })
    expect((await viewer.ask('/api/live?trajectory=none')).status).toBe(404)
  })
})

describe('a run that another process makes', () => {
  it('is told when it changes, with how far it is', async () => {
    const path = join(temporaryFolder(), 'x.run')
    await writeRun(path, demo().slice(0, 2), 3)
    const viewer = await viewerOf([path])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    expect(run).toMatchObject({ state: 'incomplete', done: 2, planned: 5 })
    const store = openSqliteStore(path, { access: 'write', clock: systemClock })
    for (const query of [`?run=${run!.id}`, '']) {
      const reading = messages<LiveMessage>(await viewer.ask(`/api/live${query}`), all =>
        all.some(one => one.type === 'progress'),
      )
      const work = (await store.items('waiting'))[0]!
      const id = `new-${work.key}`
      await store.begin(work.key, id)
      for (const event of eventsFor(id)) await store.append(id, event)
      await store.finish(work.key, 'done', summarise(work, fold(eventsFor(id)), { verdict: 'correct' }, 'done'))
      const all = await reading
      expect(all[0]).toMatchObject({ type: 'run-changed', run: run!.id, listing: { state: 'running' } })
      expect(all.find(one => one.type === 'progress')).toMatchObject({ run: run!.id, left: expect.any(Number) })
    }
    await store.close()
    const end = (await viewer.get<RunListing[]>('/api/runs'))[0]!
    expect(end).toMatchObject({ state: 'incomplete', done: 4, planned: 5 })
    // The journal went home although somebody looked on.
    expect((await viewer.get<RowPage>(`/api/runs/${run!.id}/rows`)).total).toBe(4)
  })
})

describe('a slow reader', () => {
  it('keeps nothing waiting: it is told what is new when it can take more', async () => {
    const viewer = await viewerOf([await demoRun()])
    const told = viewer.live.begin('t1', 'x')
    told.event(eventsFor('t1')[0]!)
    const feed = told.feed()
    for (let i = 0; i < 10_000; i++) told.delta({ role: 'task', kind: 'text', text: 'word ' })
    // Ten thousand deltas are one for whoever comes by then.
    expect(await feed.take()).toMatchObject({ data: { type: 'delta', text: 'word '.repeat(10_000) } })
    expect(await feed.take()).toBeNull()
    told.event(eventsFor('t1')[1]!)
    expect(await feed.take()).toMatchObject({ data: { type: 'step' } })
  })

  it('is not read for ahead of what it reads', async () => {
    let taken = 0
    const feed: Feed = { take: async () => ({ data: 'x'.repeat(1_000), id: taken++ }), onMore: () => () => {} }
    const reader = streamOf(feed).getReader()
    for (let i = 0; i < 3; i++) await reader.read()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(taken).toBeLessThanOrEqual(3)
    await reader.cancel()
  })

  it('that reads nothing at all is let go', async () => {
    const feed: Feed = { take: async () => ({ data: 'x' }), onMore: () => () => {} }
    const reader = streamOf(feed, { stalledMs: 30 }).getReader()
    await reader.read()
    await reader.read()
    await new Promise(resolve => setTimeout(resolve, 80))
    await expect(reader.read()).rejects.toThrow(/does not read/)
  })

  it('hears that the connection lives while there is nothing to say', async () => {
    const feed: Feed = { take: async () => null, onMore: () => () => {} }
    const reader = streamOf(feed, { heartbeatMs: 20 }).getReader()
    const said = [await reader.read(), await reader.read(), await reader.read()]
    expect(said.map(one => new TextDecoder().decode(one.value)).slice(1)).toEqual([': \n\n', ': \n\n'])
    await reader.cancel()
  })

  it('does not keep the server from closing, nor does one that vanished', async () => {
    const viewer = await viewerOf([await demoRun()])
    viewer.live.begin('t1', 'x').event(eventsFor('t1')[0]!)
    const socket = connect(viewer.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(
      `GET /api/live?trajectory=t1 HTTP/1.1\r\nhost: 127.0.0.1:${viewer.port}\r\nauthorization: Bearer ${viewer.token}\r\n\r\n`,
    )
    await new Promise(resolve => socket.once('data', resolve))
    socket.pause()
    const reading = viewer.ask('/api/live').then(answer => messages(answer))
    await new Promise(resolve => setTimeout(resolve, 50))
    const begun = performance.now()
    await viewer.close()
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(await reading).toEqual([])
    socket.destroy()
  })
})

describe('fork', () => {
  let folder: string
  let path: string
  let long: Summary

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'viewer-fork-'))
    path = join(folder, 'x.run')
    const store = openSqliteStore(path, { access: 'create', clock: systemClock })
    const plan = await resolvePlan({
      name: 'forks',
      methods: ['codesteer', 'only-question'],
      models: ['simulated/apprentice?text=0.2&slips=0'],
      tasks: ['letters', 'game-24'],
      levels: [1, 2],
      samples: 2,
    })
    const environment = { PATH: process.env.PATH, HOME: process.env.HOME }
    const outcome = await runPlan({ plan, store, ledger: store.ledger, environment, clock: systemClock })
    expect(outcome.end).toBe('finished')
    long = (await store.summaries({ label: 'codesteer' })).find(row => row.turns >= 2)!
    await store.close()
  }, 180_000)
  afterAll(() => rmSync(folder, { recursive: true }))

  const post = (body: object) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

  it('runs on live beside the original, is stored, judged and listed, and can be told again', async () => {
    const viewer = await viewerOf([path])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    const at = `/api/runs/${run!.id}/trajectories`
    const answer = await viewer.ask(`${at}/${long.trajectoryId}/forks`, post({ turn: 2, action: 'code' }))
    expect(answer.status).toBe(201)
    const { trajectory } = (await answer.json()) as ForkStarted
    const told = await messages<LiveMessage>(await viewer.ask(`/api/live?trajectory=${trajectory}`))
    const steps = told.flatMap(one => (one.type === 'step' ? [one.step] : []))
    expect(steps.map(step => step.seq)).toEqual(steps.map((_, i) => i + 1))
    const over = told.at(-1)
    if (over?.type !== 'over') throw new Error(JSON.stringify(over))
    expect(over.detail).toMatchObject({
      id: trajectory,
      over: true,
      branchOf: { trajectory: long.trajectoryId, turn: 2 },
      verdict: { verdict: expect.stringMatching(/correct|incorrect|malformed|no-answer/) },
    })
    const original = await viewer.get<TrajectoryDetail>(`${at}/${long.trajectoryId}`)
    expect(original.branches).toEqual([{ id: trajectory, turn: 2, verdict: over.detail.verdict!.verdict }])
    // What lies before the turn is the same; the forced guidance begins it.
    const before = original.steps.filter(step => step.turn < 2)
    expect(over.detail.steps.slice(0, before.length).map(step => step.kind)).toEqual(before.map(step => step.kind))
    expect(over.detail.steps[before.length]).toMatchObject({
      kind: 'guidance',
      turn: 2,
      forced: true,
      guidance: { action: 'code' },
    })
    const branches = await viewer.get<RowPage>(`/api/runs/${run!.id}/rows?only=branches`)
    expect(branches.rows.map(row => row.trajectoryId)).toEqual([trajectory])
    // It is no part of the plan's results, and the file is whole and free again.
    expect((await viewer.get<RunListing[]>('/api/runs'))[0]).toMatchObject({ done: 16, state: 'finished' })
    const replayed = await cli(['replay', path, trajectory], { cwd: folder })
    expect(replayed.code, replayed.stderr).toBe(0)
    expect(viewer.defects).toEqual([])
  }, 120_000)

  it('takes words of its own, and two at a time share the file', async () => {
    const viewer = await viewerOf([path])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    const at = `/api/runs/${run!.id}/trajectories/${long.trajectoryId}/forks`
    const both = await Promise.all([
      viewer.ask(at, post({ turn: 1, words: 'Count the letters one by one.' })),
      viewer.ask(at, post({ turn: 1, action: 'text' })),
    ])
    expect(both.map(one => one.status)).toEqual([201, 201])
    for (const one of both) {
      const { trajectory } = (await one.json()) as ForkStarted
      const told = await messages<LiveMessage>(await viewer.ask(`/api/live?trajectory=${trajectory}`))
      expect(told.at(-1)?.type).toBe('over')
    }
    expect((await viewer.get<RowPage>(`/api/runs/${run!.id}/rows?only=branches`)).total).toBeGreaterThanOrEqual(2)
  }, 120_000)

  it('of what cannot be forked is refused before anything is done', async () => {
    const viewer = await viewerOf([path])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    const rows = await viewer.get<RowPage>(`/api/runs/${run!.id}/rows?label=only-question`)
    const ask = (id: string, body: object) => viewer.ask(`/api/runs/${run!.id}/trajectories/${id}/forks`, post(body))
    expect((await ask(rows.rows[0]!.trajectoryId, { turn: 1, action: 'code' })).status).toBe(400)
    expect((await ask(long.trajectoryId, { turn: 99, action: 'code' })).status).toBe(400)
    expect((await ask('none', { turn: 1, action: 'code' })).status).toBe(404)
    expect(await viewer.get(`/api/runs/${run!.id}/trajectories/${rows.rows[0]!.trajectoryId}`)).toMatchObject({
      forkable: false,
    })
    // While another process writes to the run, it says so.
    const store = openSqliteStore(path, { access: 'write', clock: systemClock })
    const taken = await ask(long.trajectoryId, { turn: 1, action: 'code' })
    expect([taken.status, ((await taken.json()) as { mend: string }).mend]).toEqual([
      409,
      expect.stringMatching(/finish/),
    ])
    await store.close()
    expect((await ask(long.trajectoryId, { turn: 1, action: 'code' })).status).toBe(201)
  }, 120_000)

  it('of a single trajectory lies in a file beside it', async () => {
    const own = temporaryFolder()
    const store = openSqliteStore(path, { access: 'read', clock: systemClock })
    const events: readonly TrajectoryEvent[] = await store.trajectory(long.trajectoryId)
    await store.close()
    const file = createTrajectoryFile(join(own, 'trajectories', `${long.trajectoryId}.jsonl`))
    for (const event of events) file.append(event)
    file.close()
    const viewer = await viewerOf([], { folder: own })
    const answer = await viewer.ask(
      `/api/runs/asked/trajectories/${long.trajectoryId}/forks`,
      post({ turn: 1, action: 'code' }),
    )
    const { trajectory } = (await answer.json()) as ForkStarted
    const told = await messages<LiveMessage>(await viewer.ask(`/api/live?trajectory=${trajectory}`))
    expect(told.at(-1)).toMatchObject({ type: 'over', detail: { id: trajectory, over: true } })
    const original = await viewer.get<TrajectoryDetail>(`/api/runs/asked/trajectories/${long.trajectoryId}`)
    expect(original.branches.map(branch => branch.id)).toEqual([trajectory])
  }, 120_000)

  it('that is under way when the viewer closes is cancelled, and stored as far as it came', async () => {
    const viewer = await viewerOf([path])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    const answer = await viewer.ask(
      `/api/runs/${run!.id}/trajectories/${long.trajectoryId}/forks`,
      post({ turn: 1, action: 'code' }),
    )
    const { trajectory } = (await answer.json()) as ForkStarted
    await viewer.close()
    const store = openSqliteStore(path, { access: 'read', clock: systemClock })
    const stored = (await store.summaries({ branches: true })).find(row => row.trajectoryId === trajectory)
    await store.close()
    expect(stored).toMatchObject({ branchOf: { trajectory: long.trajectoryId, turn: 1 } })
    expect(['cancelled', 'returned', 'terminated', 'turn-limit']).toContain(stored!.stop)
  }, 120_000)
})
