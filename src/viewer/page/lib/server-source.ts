import type { ApiError, LiveMessage, RowFilter } from '../../api.ts'
import type { Order } from './filter.ts'
import { type Asked, type Source, Unavailable } from './source.ts'

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** The server that sent the page. Addresses are relative, so nothing else can be asked. */
export function serverSource(): Source {
  const of = (run: string) => `runs/${encodeURIComponent(run)}`
  return {
    kind: 'server',
    home: null,
    held: null,
    runs: signal => get('runs', {}, signal),
    run: (id, signal) => get(of(id), {}, signal),
    report: (id, filter, asked, signal) =>
      get(`${of(id)}/report`, { ...asQuery(filter), ...askedQuery(asked) }, signal),
    rows: (id, filter, order, page, signal) =>
      get(`${of(id)}/rows`, { ...asQuery(filter), ...orderQuery(order), ...page }, signal),
    disagreements: (id, a, b, filter, signal) => get(`${of(id)}/disagreements`, { ...asQuery(filter), a, b }, signal),
    compare: (ids, filter, asked, signal) =>
      get('compare', { ...asQuery(filter), runs: ids.join(','), ...askedQuery(asked) }, signal),
    trajectory: (run, id, signal) => get(`${of(run)}/trajectories/${encodeURIComponent(id)}`, {}, signal),
    fork: (run, id, request) =>
      ask(`${of(run)}/trajectories/${encodeURIComponent(id)}/forks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      }),
    trainings: signal => get('trainings', {}, signal),
    training: (id, signal) => get(`trainings/${encodeURIComponent(id)}`, {}, signal),
    listen,
  }
}

const asQuery = (filter: RowFilter): Query => ({ ...filter })

const askedQuery = ({ comparisons, against }: Asked): Query => ({ against, comparisons: comparisons ? null : 'no' })

const orderQuery = ({ sort, descending }: Order): Query =>
  sort === null ? {} : { sort, descending: descending ? 'true' : null }

function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value))
  const text = params.toString()
  return ask(`${path}${text === '' ? '' : `?${text}`}`, signal ? { signal } : {})
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(`./api/${path}`, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Unavailable(
      0,
      'the server does not answer',
      'Is `codesteer view` still running? Start it again and use its address.',
    )
  }
  const body: unknown = await response.json().catch(() => null)
  if (response.ok && body !== null) return body as T
  const said = body as Partial<ApiError> | null
  throw new Unavailable(
    response.status,
    said?.error ?? `the server answered ${response.status}`,
    said?.mend ?? 'Load the page again.',
  )
}

function listen(
  about: { readonly run?: string; readonly trajectory?: string },
  onMessage: (message: LiveMessage) => void,
  onState?: (state: 'open' | 'lost') => void,
): () => void {
  const params = new URLSearchParams(Object.entries(about).filter(entry => entry[1] !== undefined))
  const text = params.toString()
  const stream = new EventSource(`./api/live${text === '' ? '' : `?${text}`}`)
  stream.addEventListener('message', event => onMessage(JSON.parse(event.data) as LiveMessage))
  stream.addEventListener('open', () => onState?.('open'))
  stream.addEventListener('error', () => onState?.('lost'))
  return () => stream.close()
}
