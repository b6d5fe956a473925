/**
 * Node's own `fetch` gives up when no header has come for 300 seconds, which a slow local model that answers in one piece
 * easily takes, and tells no way to change that. Its connection pool has one; it is reached through the place where
 * undici, the library inside Node, keeps it. Where that place is empty, or somebody put a pool of their own there (a
 * proxy), nothing is changed. `limitMs` 0 means none: the time-out of the call decides.
 */
export function patientFetch(limitMs = 0): typeof globalThis.fetch {
  let dispatcher: Promise<object | undefined> | undefined
  return async (input, init) => {
    dispatcher ??= patientPool(limitMs)
    const pool = await dispatcher
    return globalThis.fetch(input, pool ? ({ ...init, dispatcher: pool } as RequestInit) : init)
  }
}

type PoolClass = new (limits: { headersTimeout: number; bodyTimeout: number }) => object

async function patientPool(limitMs: number): Promise<object | undefined> {
  // The pool is made by the first fetch; this one needs no network.
  await globalThis.fetch('data:,')
  const pool: unknown = Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'))
  if (typeof pool !== 'object' || pool === null || pool.constructor.name !== 'Agent') return undefined
  return new (pool.constructor as PoolClass)({ headersTimeout: limitMs, bodyTimeout: limitMs })
}
