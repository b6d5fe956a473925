import { SandboxError } from '../../errors.ts'
import { load, loadAll } from '../../registry.ts'
import type { Availability, SandboxKind } from '../../sandbox.ts'

/** A sandbox kind that can be opened here, and what its probe said. */
export interface ChosenSandbox {
  readonly kind: SandboxKind
  readonly version: string
}

/**
 * The sandbox to use: the named one, or the available kind of lowest preference when none is named. Missing isolation is
 * an error, never a fallback to something weaker that was not asked for. Throws an InputError for an unknown name and a
 * SandboxError, whose mend says what to install, when the named kind or every kind is unavailable.
 */
export async function chooseSandbox(name: string | undefined): Promise<ChosenSandbox> {
  if (name === undefined) return choosePreferred(await loadAll<SandboxKind>('sandboxes'))
  const kind = await load<SandboxKind>('sandboxes', name)
  const answer = await kind.probe()
  if (!answer.available) throw new SandboxError(`the sandbox "${name}" is not available: ${answer.why}`, answer.mend)
  return { kind, version: answer.version }
}

/** The first available of the given kinds in order of preference; kinds with preference null are never chosen. */
export async function choosePreferred(kinds: readonly SandboxKind[]): Promise<ChosenSandbox> {
  const candidates = kinds
    .filter(kind => kind.preference !== null)
    .sort((a, b) => (a.preference ?? 0) - (b.preference ?? 0))
  const missing: { name: string; answer: Availability & { available: false } }[] = []
  for (const kind of candidates) {
    const answer = await kind.probe()
    if (answer.available) return { kind, version: answer.version }
    missing.push({ name: kind.name, answer })
  }
  throw new SandboxError(
    `no sandbox is available here: ${missing.map(({ name, answer }) => `${name}: ${answer.why}`).join('; ')}`,
    `Any one of these will do. ${missing.map(({ name, answer }) => `${name}: ${answer.mend}`).join(' ')}`,
  )
}
