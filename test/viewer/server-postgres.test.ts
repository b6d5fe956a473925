// A run in PostgreSQL is looked at and branched like one in a file.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fold } from '../../src/fold.ts'
import { openPostgresStore } from '../../src/store/postgres-store.ts'
import { summarise } from '../../src/store/run-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import type { ApiError, RowPage, RunListing, TrajectoryDetail } from '../../src/viewer/api.ts'
import { type Cluster, missingPostgres, password, startCluster } from '../postgres/cluster.ts'
import { demo, viewerOf } from './support.ts'

const missing = missingPostgres()
describe.skipIf(missing !== null)(`a run in PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: Cluster
  beforeAll(() => {
    cluster = startCluster()
  })
  afterAll(() => cluster.stop())

  it('is listed, its rows and trajectories read, and its address shows no password', async () => {
    const database = cluster.database()
    const store = await openPostgresStore(database, { run: 'shown', access: 'create', clock: systemClock })
    await store.recordPlan({ name: 'shown' })
    const made = demo().slice(0, 6)
    await store.addItems(made.map(one => one.item))
    for (const { item, events, verdict } of made) {
      const id = `t-${item.key}`
      await store.lease(item.key)
      await store.begin(item.key, id)
      for (const event of events) await store.append(id, event)
      const [start, ...rest] = events
      if (start?.type !== 'trajectory-start') throw new Error('no start')
      const summary = summarise(item, fold([{ ...start, id }, ...rest]), verdict, 'done')
      await store.finish(item.key, 'done', summary)
    }
    await store.close()
    const viewer = await viewerOf([`${database}?run=shown`])
    const [run] = await viewer.get<RunListing[]>('/api/runs')
    expect(run).toMatchObject({ name: 'shown', done: 6, planned: 6, state: 'finished' })
    expect(JSON.stringify(run)).not.toContain(password)
    const page = await viewer.get<RowPage>(`/api/runs/${run!.id}/rows?only=failures`)
    expect(page.total).toBe(made.filter(one => one.verdict.verdict !== 'correct').length)
    const at = `/api/runs/${run!.id}/trajectories/${page.rows[0]!.trajectoryId}`
    const detail = await viewer.get<TrajectoryDetail>(at)
    expect(detail.steps.map(step => step.kind)).toEqual(['guidance', 'reply', 'check', 'end'])
    const none = await viewer.ask(`/api/runs/${run!.id}/trajectories/none`)
    expect([none.status, JSON.stringify((await none.json()) as ApiError).includes(password)]).toEqual([404, false])
    expect(viewer.defects).toEqual([])
  })
})
