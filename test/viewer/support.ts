import { request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import { fold } from '../../src/fold.ts'
import { type Summary, summarise, type WorkItem } from '../../src/store/run-store.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { Verdict } from '../../src/task.ts'
import type { TrajectoryEvent } from '../../src/trajectory.ts'
import { systemClock } from '../../src/util/clock.ts'
import type { ApiError } from '../../src/viewer/api.ts'
import { startViewer, type Viewer, type ViewerOptions } from '../../src/viewer/server.ts'
import { eventsFor, item } from '../contracts/run-store.ts'
import { temporaryFolder } from '../util/cli.ts'

export interface TestViewer extends Viewer {
  readonly defects: unknown[]
  get<T>(path: string): Promise<T>
  /** The answer whatever its status, with the token unless `headers` say otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>
}

/** A viewer on a free port with a page of one line, closed when the test ends. */
export async function viewerOf(runs: readonly string[], more: Partial<ViewerOptions> = {}): Promise<TestViewer> {
  const viewer = await openViewer(runs, { ...more, folder: more.folder ?? temporaryFolder() })
  onTestFinished(() => viewer.close())
  return viewer
}

/** The same for several tests; the caller closes it. */
export async function openViewer(
  runs: readonly string[],
  more: Partial<ViewerOptions> & { readonly folder: string },
): Promise<TestViewer> {
  const defects: unknown[] = []
  const page = { body: Buffer.from('<!doctype html><title>page</title>'), type: 'text/html; charset=utf-8' }
  const script = { body: Buffer.from('export {}'), type: 'text/javascript; charset=utf-8' }
  const viewer = await startViewer({
    runs,
    port: 0,
    environment: { PATH: process.env.PATH, HOME: process.env.HOME },
    lookMs: 50,
    files: new Map([
      ['/', page],
      ['/assets/page.js', script],
    ]),
    onDefect: error => defects.push(error),
    ...more,
  })
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(viewer.url + path, { ...init, headers: { authorization: `Bearer ${viewer.token}`, ...init.headers } })
  return {
    ...viewer,
    defects,
    ask,
    async get<T>(path: string) {
      const response = await ask(path)
      const body = (await response.json()) as T | ApiError
      if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`)
      return body as T
    },
  }
}

/** A request as bytes: nothing of the path or the headers is put right on the way. */
export function raw(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, answer => {
      let body = ''
      answer.setEncoding('utf8').on('data', text => (body += text))
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

export interface Made {
  readonly item: WorkItem
  readonly events: readonly TrajectoryEvent[]
  readonly verdict: Verdict
  /** Changes to the derived row, for what the events of a test do not say. */
  readonly row?: Partial<Summary>
}

/** A run with these trajectories, without a model or a sandbox. */
export async function writeRun(path: string, made: readonly Made[], waiting = 0): Promise<string> {
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  await store.recordPlan({ name: 'demo', methods: ['codesteer'] })
  await store.addItems([...made.map(one => one.item), ...Array.from({ length: waiting }, (_, i) => item(10_000 + i))])
  for (const { item: work, events, verdict, row } of made) {
    const [start] = events
    if (start?.type !== 'trajectory-start') throw new Error('no start')
    await store.begin(work.key, start.id)
    for (const event of events) void store.append(start.id, event)
    await store.finish(work.key, 'done', { ...summarise(work, fold(events), verdict, 'done'), ...row })
  }
  await store.close()
  return path
}

const wrong: Verdict = { verdict: 'incorrect', why: '41 was expected' }

/** Two methods on two tasks, four seeds each: codesteer is right more often. */
export function demo(): Made[] {
  let n = 0
  return (['letters', 'game-24'] as const).flatMap(task =>
    [0, 1, 2, 3].flatMap(seed =>
      (['codesteer', 'only-question'] as const).map(method => {
        n++
        const right = method === 'codesteer' ? seed > 0 : seed > 2
        return {
          item: item(n, { task, seed, level: 1 + (seed % 2), label: method, method }),
          events: eventsFor(`t${n}`, `answer ${n}`),
          verdict: right ? ({ verdict: 'correct' } as const) : wrong,
          row: {
            tookMs: 1_000 - n,
            checks: { 'self-answer': seed === 0 ? 'passed' : right ? 'passed' : 'failed' } as const,
          },
        }
      }),
    ),
  )
}

export async function demoRun(folder = temporaryFolder()): Promise<string> {
  return writeRun(join(folder, 'demo.run'), demo())
}

/** A run of so many finished rows without events, written past the store: making them one by one would take minutes. */
export async function largeRun(path: string, rows: number): Promise<string> {
  const methods = ['codesteer', 'only-question', 'all-code-cot', 'all-text-cot']
  const tasks = ['letters', 'game-24', 'reversi', 'pooling', 'navigate', 'boxnet', '2048', 'web-of-lies']
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  await store.recordPlan({ name: 'large' })
  await store.addItems(
    Array.from({ length: rows }, (_, i) =>
      item(i, {
        label: methods[i % 4]!,
        method: methods[i % 4]!,
        task: tasks[Math.floor(i / 4) % tasks.length]!,
        level: 1 + (Math.floor(i / 32) % 5),
        seed: Math.floor(i / 160),
      }),
    ),
  )
  await store.close()
  const db = new DatabaseSync(path)
  db.exec(`
    BEGIN;
    INSERT INTO trajectories (name, item, state, verdict, why, answer, answer_from, stop, simulated, turns, code_turns, calls,
      input_tokens, output_tokens, task_tokens, cost_usd, took_ms, checks)
    SELECT 't-' || id, id, 'done', iif(id * 2654435761 % 7 < 4, 'correct', 'incorrect'), iif(id * 2654435761 % 7 < 4, NULL, 'wrong by ' || id),
      'answer ' || id % 1000, 'code-output', 'returned', 1, 1 + id % 5, 1, 3, id * 7919 % 5003, id % 907, 500, 0.001, id * 104729 % 60013,
      'symbolic-code=passed self-answer=' || iif(id % 3 = 0, 'failed', 'passed') FROM items;
    UPDATE items SET state = 'done', trajectory = 't-' || id;
    COMMIT`)
  db.close()
  return path
}

/** The messages of a stream of server-sent events until it ends or `enough` says so. */
export async function messages<T>(
  response: Response,
  enough: (all: readonly T[]) => boolean = () => false,
): Promise<T[]> {
  const found: T[] = []
  let rest = ''
  const decoder = new TextDecoder()
  const reader = response.body!.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    rest += decoder.decode(chunk.value, { stream: true })
    const frames = rest.split('\n\n')
    rest = frames.pop()!
    for (const frame of frames) {
      const data = frame.split('\n').find(line => line.startsWith('data: '))
      if (data) found.push(JSON.parse(data.slice(6)) as T)
    }
    if (enough(found)) {
      await reader.cancel()
      break
    }
  }
  return found
}
