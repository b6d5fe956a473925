import { distance } from 'fastest-levenshtein'

/** The candidate closest to what was typed, or undefined when none is near enough to be a slip of the keyboard. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const squash = (s: string) => s.toLowerCase().replace(/[^a-z0-9]/g, '')
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const d = distance(squash(typed), squash(candidate))
    if (d < bestDistance) [best, bestDistance] = [candidate, d]
  }
  if (best === undefined) return undefined
  return bestDistance <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined
}
