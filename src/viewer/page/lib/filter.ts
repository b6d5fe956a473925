import type { RowFilter, SortField } from '../../api.ts'
import type { Params } from './route.svelte.ts'

/** The filters that hold for all sections of a run, in the order in which they are shown. */
export const shared = ['split', 'task', 'level', 'label', 'model', 'verdict', 'stop'] as const
/** Those of the list alone. */
export const listed = ['only', 'text'] as const

/** Reads a filter from the address. What is unknown there is left to the server, which says what is wrong with it. */
export function filterOf(params: URLSearchParams, fields: readonly string[] = [...shared, ...listed]): RowFilter {
  const found: Record<string, string | number> = {}
  for (const field of fields) {
    const value = params.get(field)
    if (value === null || value === '') continue
    found[field] = field === 'level' ? Number(value) : value
  }
  return found as RowFilter
}

/** Only the parameters of the filter, for links to other sections. */
export function carried(params: URLSearchParams): Params {
  return Object.fromEntries(shared.map(field => [field, params.get(field)]))
}

export const sortFields: readonly SortField[] = [
  'label',
  'model',
  'task',
  'level',
  'seed',
  'verdict',
  'stop',
  'turns',
  'tokens',
  'costUsd',
  'tookMs',
]

export interface Order {
  readonly sort: SortField | null
  readonly descending: boolean
}

export function orderOf(params: URLSearchParams): Order {
  const name = params.get('sort')
  return {
    sort: sortFields.find(field => field === name) ?? null,
    descending: params.get('descending') === 'true',
  }
}
