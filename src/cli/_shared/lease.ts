import { InputError } from '../../errors.ts'
import { parseDuration } from '../../util/units.ts'

/** The shortest lease that the queue engine knows. */
const shortestMs = 10_000

/** Milliseconds of `--lease`. Throws InputError. */
export function parseLease(text: string): number {
  const ms = parseDuration(text)
  if (ms >= shortestMs) return ms
  throw new InputError(`--lease ${text} is too short`, 'The queue knows leases of 10s and more.')
}
