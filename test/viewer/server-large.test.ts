// A hundred thousand trajectories: listed, sorted, filtered and reported without anybody waiting.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import type { RowPage, RunListing, RunReport } from '../../src/viewer/api.ts'
import { cli } from '../util/cli.ts'
import { largeRun, openViewer, type TestViewer } from './support.ts'

const rows = 100_000
let folder: string
let path: string
let viewer: TestViewer
let at: string
/** What it costs to read the rows once, the floor of everything here. */
let readMs: number

const timed = async <T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> => {
  const begun = performance.now()
  const value = await work()
  return { ms: performance.now() - begun, value }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-large-'))
  path = await largeRun(join(folder, 'large.run'), rows)
  const store = openSqliteStore(path, { access: 'read', clock: systemClock })
  readMs = (await timed(() => store.summaries())).ms
  await store.close()
  viewer = await openViewer([path], { folder })
  const [run] = await viewer.get<RunListing[]>('/api/runs')
  expect(run).toMatchObject({ done: rows, planned: rows, state: 'finished' })
  at = `/api/runs/${run!.id}`
}, 120_000)
afterAll(async () => {
  await viewer.close()
  rmSync(folder, { recursive: true })
})

describe('rows', () => {
  it.each([
    'sort=tokens&descending=1',
    'sort=task',
    'only=failures&sort=tookMs',
    'text=wrong by 77',
    'task=letters&level=3&verdict=correct',
    'only=checker-wrong',
  ])('%s: no longer than reading the rows twice, and the next page a twentieth of that', async query => {
    const first = await timed(() => viewer.get<RowPage>(`${at}/rows?${query}`))
    expect(first.value.total).toBeGreaterThan(0)
    expect(first.ms).toBeLessThan(2 * readMs)
    const next: number[] = []
    for (let page = 1; page <= 3; page++)
      next.push((await timed(() => viewer.get<RowPage>(`${at}/rows?${query}&offset=${100 * page}`))).ms)
    expect(Math.min(...next)).toBeLessThan(Math.max(20, readMs / 20))
  })

  it('are in their order all along', async () => {
    let last = Number.POSITIVE_INFINITY
    for (let offset = 0; offset < rows; offset += 20_000) {
      const page = await viewer.get<RowPage>(`${at}/rows?sort=tokens&descending=1&offset=${offset}&limit=1000`)
      expect(page).toMatchObject({ total: rows, offset })
      for (const row of page.rows) {
        expect(row.inputTokens + row.outputTokens).toBeLessThanOrEqual(last)
        last = row.inputTokens + row.outputTokens
      }
    }
  })
})

describe('the report', () => {
  it('without comparisons is there in the time of four readings', async () => {
    const { ms, value } = await timed(() => viewer.get<RunReport>(`${at}/report?comparisons=no`))
    expect([value.counts.done, value.comparisons]).toEqual([rows, []])
    expect(ms).toBeLessThan(4 * readMs)
  })

  it('with comparisons keeps nobody waiting, and is the one of the command line', async () => {
    // Large enough for a thread, small enough for the resampling to be done twice in a test.
    const middle = await largeRun(join(folder, 'middle.run'), 12_000)
    const other = await openViewer([middle], { folder })
    try {
      const [run] = await other.get<RunListing[]>('/api/runs')
      const whole = other.get<RunReport>(`/api/runs/${run!.id}/report`)
      const meanwhile: number[] = []
      let over = false
      void whole.finally(() => {
        over = true
      })
      while (!over) {
        const page = () => other.get<RowPage>(`/api/runs/${run!.id}/rows?offset=${meanwhile.length}`)
        meanwhile.push((await timed(page)).ms)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      expect(meanwhile.length).toBeGreaterThan(3)
      expect(meanwhile.sort((a, b) => a - b)[Math.floor(meanwhile.length / 2)]).toBeLessThan(readMs / 2)
      const { stdout } = await cli(['report', middle, '--json'])
      expect(await whole).toEqual(JSON.parse(stdout))
    } finally {
      await other.close()
    }
  }, 180_000)
})
