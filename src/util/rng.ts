import { createHash } from 'node:crypto'
import { uniformBigInt } from 'pure-rand/distribution/uniformBigInt'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { canonicalJson } from './hash.ts'

/** A seeded source of randomness. Every draw advances it; the same seed gives the same draws on every machine. */
export interface Rng {
  /** A whole number, both ends included. */
  int(from: number, to: number): number
  /** A big integer, both ends included. */
  bigint(from: bigint, to: bigint): bigint
  /** A real number in [0, 1). */
  real(): number
  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean
  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T
  /** `count` different elements, in random order; throws if the list is shorter. */
  sample<T>(items: readonly T[], count: number): T[]
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[]
}

/**
 * Makes a generator from coordinates, e.g. `seededRng('game-24', 1, 3, 17)`. The coordinates are hashed together
 * (SHA-256 to the 128-bit state of xoroshiro128+), so neighbours share nothing.
 */
export function seededRng(...coordinates: readonly (string | number | boolean)[]): Rng {
  const digest = createHash('sha256').update(canonicalJson(coordinates)).digest()
  const state = [0, 4, 8, 12].map(offset => digest.readInt32BE(offset))
  const source = xoroshiro128plusFromState(state)
  const rng: Rng = {
    int: (from, to) => uniformInt(source, from, to),
    bigint: (from, to) => uniformBigInt(source, from, to),
    real: () => uniformInt(source, 0, 2 ** 48 - 1) / 2 ** 48,
    chance: probability => rng.real() < probability,
    pick: items => {
      if (items.length === 0) throw new RangeError('pick: the list is empty')
      return items[uniformInt(source, 0, items.length - 1)]!
    },
    sample: (items, count) => {
      if (count > items.length) throw new RangeError(`sample: ${count} of ${items.length}`)
      const copy = [...items]
      for (let i = 0; i < count; i++) {
        const j = uniformInt(source, i, copy.length - 1)
        ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
      }
      return copy.slice(0, count)
    },
    shuffle: items => rng.sample(items, items.length),
  }
  return rng
}
