import { InputError } from '../errors.ts'

/** Where a run lives in PostgreSQL. The address as it was given may hold a password: it is for the driver alone. */
export interface PostgresAddress {
  /** For the driver; never to be shown. */
  readonly connection: string
  /** The run's name; null where the address names only the database. */
  readonly run: string | null
  /** Without user and password. */
  readonly shown: string
  /** Texts that must not come out in any message. */
  readonly secrets: readonly string[]
}

export const isPostgresAddress = (address: string) => /^postgres(ql)?:\/\//i.test(address)

const runName = /^[a-z0-9][a-z0-9-]{0,39}$/

/**
 * Reads `postgres://user:password@host:port/database?run=name`. A unix socket is named by its folder:
 * `postgres:///database?host=/run/postgresql`. Throws InputError, never with the address in its words.
 */
export function parsePostgresAddress(address: string, run?: string): PostgresAddress {
  const url = parsed(address)
  const inAddress = url.searchParams.get('run') ?? undefined
  if (inAddress !== undefined && run !== undefined && inAddress !== run) {
    throw new InputError(`the address names the run "${inAddress}", --run names "${run}"`, 'Give one of them.')
  }
  const name = run ?? inAddress ?? null
  if (name !== null) checkRunName(name)
  const password = decoded(url.password) || (url.searchParams.get('password') ?? '')
  return {
    connection: withoutRun(address),
    run: name,
    shown: shown(url, name),
    secrets: [password, url.password].filter(secret => secret !== ''),
  }
}

/** Throws InputError for a name that cannot be a run's: it becomes part of a schema's name. */
export function checkRunName(name: string): void {
  if (runName.test(name)) return
  throw new InputError(
    `"${name.slice(0, 60)}" is no name for a run`,
    'Use lower-case letters, digits and hyphens, at most 40, for example --run table-1.',
  )
}

/** A run's name made of a plan's: `Table 1 (draft)` becomes `table-1-draft`. */
export function runNameOf(planName: string): string {
  const name = planName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '')
  return name === '' ? 'run' : name
}

/** The schema that holds a run's tables. */
export const schemaOf = (run: string) => `codesteer_run_${run}`
export const runOfSchema = (schema: string) => schema.slice('codesteer_run_'.length)

function parsed(address: string): URL {
  for (const text of [address, address.replace('@/', '@socket/')]) {
    if (URL.canParse(text)) return new URL(text)
  }
  // The address itself must not be repeated: it may hold a password.
  throw new InputError(
    'the database address cannot be read',
    'Write postgres://user:password@host:5432/database?run=name; special characters in the password as %40 and the like.',
  )
}

const withoutRun = (address: string) =>
  address.replace(/([?&])run=[^&#]*(&|(?=#)|$)/, (_, before: string, after: string) => (after === '&' ? before : ''))

function shown(url: URL, run: string | null): string {
  const socket = url.searchParams.get('host')
  const host = socket !== null || url.hostname === 'socket' ? '' : url.host
  const more = [socket === null ? '' : `host=${socket}`, run === null ? '' : `run=${run}`].filter(part => part !== '')
  return `postgres://${host}${url.pathname}${more.length > 0 ? `?${more.join('&')}` : ''}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A stray per cent sign: the driver takes the text as it is, and so do we.
    return text
  }
}
