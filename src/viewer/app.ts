import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { compareRuns, disagreements, type OpenRun, type ReportAsk, reportOf } from './comparisons.ts'
import { answerTo, notFound, ViewerError } from './errors.ts'
import { eventStream } from './event-stream.ts'
import { type Forks, readForkRequest } from './forks.ts'
import type { Guard } from './guard.ts'
import { detailOf, type Live } from './live.ts'
import type { PageFile } from './page-files.ts'
import { readFilter, readSort, whole } from './row-filter.ts'
import { mostRows } from './run-index.ts'
import type { Shelf } from './shelf.ts'
import type { Source } from './sources.ts'
import type { Trainings } from './trainings.ts'

/** What the routes work with. */
export interface ViewerParts {
  readonly guard: Guard
  readonly shelf: Shelf
  readonly live: Live
  readonly forks: Forks
  readonly trainings: Trainings
  readonly files: ReadonlyMap<string, PageFile>
  /** Ends every stream. */
  readonly closing: AbortSignal
  /** Defects of ours, for the log. */
  readonly onDefect: (error: unknown) => void
}

const longestBody = 64 * 2 ** 10

/** The viewer's routes: what `api.ts` lists, and the page's files. */
export function viewerApp(parts: ViewerParts): Hono {
  const { guard, shelf, live, forks, trainings, files, closing } = parts
  const app = new Hono()
  app.onError((error, c) => {
    const { status, body } = answerTo(error)
    if (status === 500) parts.onDefect(error)
    return c.json(body, status as ContentfulStatusCode)
  })
  app.use('*', guard.check)
  app.use('/api/*', async (c, next) => {
    c.header('cache-control', 'no-store')
    await next()
  })

  app.get('/api/runs', async c => c.json(await shelf.listings()))
  app.get('/api/runs/:run', async c => c.json(await shelf.detail(await shelf.source(c.req.param('run')))))
  app.get('/api/runs/:run/report', async c => {
    const { query, ...run } = await opened(shelf, c.req.param('run'), c.req.url)
    return c.json(await reportOf(run, askOf(query, AbortSignal.any([closing, c.req.raw.signal])), shelf.splits))
  })
  app.get('/api/runs/:run/rows', async c => {
    const { index, query } = await opened(shelf, c.req.param('run'), c.req.url)
    return c.json(
      index.page(readFilter(query), {
        sort: readSort(query.get('sort')),
        descending: /^(1|true)$/.test(query.get('descending') ?? ''),
        offset: whole('offset', query.get('offset') || '0'),
        limit: Math.min(mostRows, whole('limit', query.get('limit') || '100')),
      }),
    )
  })
  app.get('/api/runs/:run/disagreements', async c => {
    const { index, query } = await opened(shelf, c.req.param('run'), c.req.url)
    return c.json(disagreements(index, readFilter(query), query.get('a') ?? '', query.get('b') ?? ''))
  })
  app.get('/api/compare', async c => {
    const query = new URL(c.req.url).searchParams
    const ids = (query.get('runs') ?? '').split(',').filter(id => id !== '')
    const runs: OpenRun[] = []
    for (const id of ids) {
      const source = await shelf.source(id)
      runs.push({ source, index: await shelf.index(source) })
    }
    return c.json(await compareRuns(runs, askOf(query, AbortSignal.any([closing, c.req.raw.signal])), shelf.splits))
  })
  app.get('/api/runs/:run/trajectories/:id', async c => {
    const id = c.req.param('id')
    const source = await shelf.source(c.req.param('run'))
    const one = live.made(id)
    if (one && !one.ended && one.events.length > 0) return c.json(await forks.detailOfLive(one))
    return c.json(await detailOf(shelf, source, await known(shelf, source, id)))
  })
  app.post(
    '/api/runs/:run/trajectories/:id/forks',
    bodyLimit({
      maxSize: longestBody,
      onError: () => {
        throw new ViewerError(413, `the body is longer than ${longestBody} bytes`, 'Shorten the guidance.')
      },
    }),
    async c => {
      const source = await shelf.source(c.req.param('run'))
      const request = readForkRequest(await jsonBody(c.req))
      return c.json(await forks.start(source, c.req.param('id'), request), 201)
    },
  )
  app.get('/api/trainings', c => c.json(trainings.listings()))
  app.get('/api/trainings/:id', c => c.json(trainings.detail(c.req.param('id'))))
  app.get('/api/live', async c => {
    const query = new URL(c.req.url).searchParams
    const [run, trajectory] = [query.get('run'), query.get('trajectory')]
    if (trajectory === null) return eventStream(live.runs(run ? await shelf.source(run) : null), { signal: closing })
    const after = Number(c.req.header('last-event-id') ?? query.get('after') ?? -1)
    const one = live.made(trajectory) ?? (await live.follow(...(await placeOf(shelf, run, trajectory))))
    return eventStream(one.feed(Number.isSafeInteger(after) ? after : -1), { signal: closing })
  })
  app.all('/api/*', c => {
    throw notFound(`there is no ${c.req.method} ${new URL(c.req.url).pathname}`)
  })

  app.get('*', c => {
    // A look-up among the files that the page consists of, not a path.
    const file = files.get(new URL(c.req.url).pathname)
    if (!file) throw notFound('there is no such page', 'Open the address that `codesteer view` printed.')
    const lasting = new URL(c.req.url).pathname.startsWith('/assets/')
    return c.body(file.body, 200, {
      'content-type': file.type,
      'cache-control': lasting ? 'private, max-age=31536000, immutable' : 'no-store',
    })
  })
  return app
}

/** `comparisons=no` leaves out what takes long. A name that the filter leaves nothing of is not held against anybody. */
const askOf = (query: URLSearchParams, signal: AbortSignal): ReportAsk => ({
  filter: readFilter(query),
  against: query.get('against') || null,
  compare: query.get('comparisons') !== 'no',
  signal,
})

async function opened(shelf: Shelf, run: string, url: string) {
  const source = await shelf.source(run)
  return { source, index: await shelf.index(source), query: new URL(url).searchParams }
}

/** The trajectory's name when it is one of this run's. */
async function known(shelf: Shelf, source: Source, id: string): Promise<string> {
  if ((await shelf.index(source)).row(id)) return id
  // It may have been finished a moment ago, or not be over yet.
  try {
    await source.events(id)
  } catch (error) {
    throw error instanceof ViewerError ? error : notFound(`there is no trajectory ${id} in ${source.where}`)
  }
  return id
}

async function placeOf(shelf: Shelf, run: string | null, id: string): Promise<[Source, string]> {
  if (run) {
    const source = await shelf.source(run)
    return [source, await known(shelf, source, id)]
  }
  for (const source of await shelf.sources()) {
    const index = await shelf.index(source).catch(() => null)
    if (index?.row(id)) return [source, id]
  }
  throw notFound(`there is no trajectory ${id}`)
}

async function jsonBody(request: {
  header(name: string): string | undefined
  text(): Promise<string>
}): Promise<unknown> {
  // A form of a stranger's page can send anything but this without being asked first.
  if (!/^application\/json\b/i.test(request.header('content-type') ?? ''))
    throw new ViewerError(415, 'the body must be JSON', 'Send it with content-type: application/json.')
  try {
    return JSON.parse(await request.text())
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ViewerError(400, `the body is not JSON: ${error.message}`, 'Send {"turn": 1, "action": "code"}.')
  }
}
