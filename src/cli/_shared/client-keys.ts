import { readFileSync } from 'node:fs'
import { InputError, messageOf } from '../../errors.ts'
import type { CliContext } from './context.ts'

/** Who may ask a server that a command opens. */
export interface DoorFlags {
  readonly host: string
  readonly apiKey?: readonly string[]
  readonly apiKeyFile?: string
  readonly auth: boolean
}

const keysVariable = 'CODESTEER_SERVE_KEYS'

/** The keys from flags, file and environment. Throws InputError. */
export function keysOf(flags: DoorFlags, { environment }: CliContext): string[] {
  const fromEnvironment = (environment[keysVariable] ?? '').split(',')
  const keys = [...(flags.apiKey ?? []), ...fromEnvironment, ...fileKeys(flags.apiKeyFile)]
    .map(key => key.trim())
    .filter(key => key !== '')
  if (keys.length > 0 && !flags.auth)
    throw new InputError(
      'keys and --no-auth were given',
      `Leave out one of them (keys may also come from $${keysVariable}).`,
    )
  if (flags.apiKeyFile !== undefined && keys.length === 0)
    throw new InputError(`${flags.apiKeyFile} holds no key`, 'Write one key a line: openssl rand -hex 24 makes one.')
  return keys
}

function fileKeys(path: string | undefined): string[] {
  if (path === undefined) return []
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? messageOf(error)
    throw new InputError(`cannot read ${path}: ${code}`, 'Give a file with one key a line.', { cause: error })
  }
}

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/i.test(host)

/** An open door to somebody's paid models is never the default. Throws InputError naming the command's mend. */
export function guardAddress({ host, auth }: DoorFlags, keys: readonly string[], command: string): void {
  if (isLoopback(host) || keys.length > 0 || !auth) return
  throw new InputError(
    `${host} can be reached from outside, and no API key is set`,
    `Set one (CODESTEER_SERVE_KEYS=$(openssl rand -hex 24) codesteer ${command} …), or say --no-auth to let everybody in.`,
  )
}
