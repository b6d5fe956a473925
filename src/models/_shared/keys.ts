import { InputError } from '../../errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Whether the variable with the key is set; the answer of a hosted provider's `ready`. */
export function keyReady(environment: Environment, variable: string): { ready: true } | { ready: false; mend: string } {
  if (environment[variable]?.trim()) return { ready: true }
  return { ready: false, mend: `Set ${variable} to your key: export ${variable}=…` }
}

/** The key in the variable. Throws InputError naming it when it is not set. */
export function requireKey(environment: Environment, variable: string, provider: string): string {
  const state = keyReady(environment, variable)
  if (!state.ready) throw new InputError(`${provider} needs a key and ${variable} is not set`, state.mend)
  return environment[variable]!.trim()
}

/** The address to use: the one given for this model, else the variable's, else the provider's own. */
export function addressOf(given: string | undefined, environment: Environment, variable: string, own: string): string {
  return checkedAddress(given || environment[variable]?.trim() || own)
}

/** The address without a slash at its end. Throws InputError when it is none, or carries a password. */
export function checkedAddress(address: string): string {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new InputError(`"${address}" is no address of a server`, 'Give an address like http://localhost:8000/v1')
  }
  if (url.username || url.password) {
    throw new InputError(
      'the server address carries a user or password',
      'Put the key into CODESTEER_API_KEY instead: addresses are recorded.',
    )
  }
  return address.replace(/\/+$/, '')
}
