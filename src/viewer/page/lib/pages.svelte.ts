import type { RowPage, Summary } from '../../api.ts'
import { Unavailable } from './source.ts'

/** Rows to a request; a screen shows about thirty. */
export const pageSize = 200

/**
 * A long list of which only the pages in sight are fetched, and the latest forty kept: a hundred thousand rows cost no
 * more than the screen shows.
 */
export function pagedRows(fetchPage: (offset: number, limit: number, signal: AbortSignal) => Promise<RowPage>) {
  const kept = 40
  let pages = $state.raw<ReadonlyMap<number, readonly Summary[]>>(new Map())
  let total = $state<number | null>(null)
  let error = $state.raw<Unavailable | null>(null)
  const asked = new Map<number, AbortController>()
  let generation = 0

  async function load(page: number): Promise<void> {
    if (asked.has(page)) return
    const controller = new AbortController()
    asked.set(page, controller)
    const mine = generation
    try {
      const got = await fetchPage(page * pageSize, pageSize, controller.signal)
      if (mine !== generation) return
      const next = new Map(pages)
      next.delete(page)
      next.set(page, got.rows)
      for (const old of next.keys()) {
        if (next.size <= kept) break
        next.delete(old)
      }
      pages = next
      total = got.total
      error = null
    } catch (reason) {
      if (controller.signal.aborted || mine !== generation) return
      error = reason instanceof Unavailable ? reason : new Unavailable(0, String(reason), 'Load the page again.')
    } finally {
      if (asked.get(page) === controller) asked.delete(page)
    }
  }

  return {
    get total() {
      return total
    },
    get error() {
      return error
    },
    row(index: number): Summary | null {
      return pages.get(Math.floor(index / pageSize))?.[index % pageSize] ?? null
    },
    /** Sees to it that the rows from one index to another are there or on their way; what is far from them is given up. */
    want(from: number, to: number): void {
      const [first, last] = [Math.floor(Math.max(from, 0) / pageSize), Math.floor(Math.max(to, 0) / pageSize)]
      for (const [page, controller] of asked) {
        if (page >= first - 1 && page <= last + 1) continue
        controller.abort()
        asked.delete(page)
      }
      for (let page = first; page <= last; page++) if (!pages.has(page)) void load(page)
    },
    /** Forgets everything: other filters, another order. */
    reset(): void {
      generation += 1
      for (const controller of asked.values()) controller.abort()
      asked.clear()
      pages = new Map()
      total = null
      error = null
      void load(0)
    },
    /** Fetches what is in sight again and keeps showing it meanwhile: the run has grown. */
    refresh(from: number, to: number): void {
      generation += 1
      for (const controller of asked.values()) controller.abort()
      asked.clear()
      const [first, last] = [Math.floor(Math.max(from, 0) / pageSize), Math.floor(Math.max(to, 0) / pageSize)]
      pages = new Map([...pages].filter(([page]) => page >= first && page <= last))
      for (let page = first; page <= last; page++) void load(page)
    },
    stop(): void {
      generation += 1
      for (const controller of asked.values()) controller.abort()
      asked.clear()
    },
  }
}
