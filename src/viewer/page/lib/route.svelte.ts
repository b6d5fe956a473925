/** Where the page is: the part of the address behind `#`, which also works in a file without a server. */
export interface Route {
  readonly path: readonly string[]
  readonly params: URLSearchParams
}

export type Params = Readonly<Record<string, string | number | undefined | null>>

/** Reads `#/runs/smoke/rows?task=game-24`. What cannot be decoded is taken as it stands. */
export function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s)
  return {
    path: path
      .split('/')
      .filter(part => part !== '')
      .map(decoded),
    params: new URLSearchParams(query),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The address of a place within the page; parameters without a value are left out. */
export function href(path: readonly string[], params: Params | URLSearchParams = {}): string {
  const query = params instanceof URLSearchParams ? params : new URLSearchParams()
  if (!(params instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(params))
      if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`
}

let current = $state.raw<Route>(parseHash(location.hash))
addEventListener('hashchange', () => {
  current = parseHash(location.hash)
})

export const route = {
  get path() {
    return current.path
  },
  get params() {
    return current.params
  },
}

/** Goes to a place; `replace` leaves no entry in the history (a filter being typed). */
export function go(to: string, options: { readonly replace?: boolean } = {}): void {
  if (to === location.hash) return
  if (!options.replace) location.hash = to
  else {
    history.replaceState(null, '', to)
    current = parseHash(to)
  }
}

/** The current place with some parameters changed; null or '' removes one. */
export function withParams(changes: Params): string {
  const params = new URLSearchParams(current.params)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === '') params.delete(name)
    else params.set(name, String(value))
  }
  return href(current.path, params)
}
