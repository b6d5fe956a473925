import { sha256 } from '../../util/hash.ts'

/**
 * Which questions are held out for validation: the `share` of them whose hash with the seed comes first, at least one and
 * never all, none when the share is 0. All rows of a question go the same way, or the validation would test memory.
 */
export function heldOut(identities: Iterable<string>, share: number, seed: number): ReadonlySet<string> {
  const different = [...new Set(identities)]
  if (share === 0 || different.length < 2) return new Set()
  const count = Math.min(different.length - 1, Math.max(1, Math.round(different.length * share)))
  const ranked = different.map(identity => [sha256(`${seed}/${identity}`), identity] as const)
  ranked.sort(([a], [b]) => (a < b ? -1 : 1))
  return new Set(ranked.slice(0, count).map(([, identity]) => identity))
}
