import { Unavailable } from './source.ts'

export interface Resource<T> {
  /** The last value that came; stays while a newer one is fetched. */
  readonly value: T | null
  readonly error: Unavailable | null
  readonly loading: boolean
  /** Fetches again, e.g. because the server said that something changed. */
  reload(): void
}

/**
 * Fetches whenever what `key` reads changes, and gives up a request that is no longer wanted. To be called while a
 * component is set up. A null key fetches nothing.
 */
export function resource<K, T>(key: () => K | null, fetcher: (key: K, signal: AbortSignal) => Promise<T>): Resource<T> {
  let value = $state.raw<T | null>(null)
  let error = $state.raw<Unavailable | null>(null)
  let loading = $state(true)
  let round = $state(0)
  const stable = $derived(JSON.stringify(key()))
  $effect(() => {
    void round
    const wanted = JSON.parse(stable) as K | null
    if (wanted === null) {
      loading = false
      return
    }
    const controller = new AbortController()
    loading = true
    fetcher(wanted, controller.signal).then(
      got => {
        if (controller.signal.aborted) return
        value = got
        error = null
        loading = false
      },
      (reason: unknown) => {
        if (controller.signal.aborted) return
        error = reason instanceof Unavailable ? reason : new Unavailable(0, String(reason), 'Load the page again.')
        loading = false
      },
    )
    return () => controller.abort()
  })
  return {
    get value() {
      return value
    },
    get error() {
      return error
    },
    get loading() {
      return loading
    },
    reload() {
      round += 1
    },
  }
}

/** Calls at most once in a while: at once, then after the pause if it was asked for meanwhile. */
export function unhurried(pauseMs: number, action: () => void): { (): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null
  let again = false
  const run = () => {
    if (timer !== null) {
      again = true
      return
    }
    action()
    timer = setTimeout(() => {
      timer = null
      if (!again) return
      again = false
      run()
    }, pauseMs)
  }
  return Object.assign(run, {
    stop() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      again = false
    },
  })
}
