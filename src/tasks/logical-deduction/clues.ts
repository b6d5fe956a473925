export type ClueKind =
  | 'before'
  | 'direct'
  | 'place'
  | 'not-place'
  | 'either'
  | 'adjacent'
  | 'not-adjacent'
  | 'apart'
  | 'between'
  | 'end'
  | 'not-end'

/**
 * A statement about objects, given by their index. `of` are the objects: for `before` and `direct` the earlier one
 * first, for `between` the middle one second. `at` are places (1, 2 … from the front, -1, -2 … from the back), for `apart` how
 * many lie between. `said` is the paraphrase.
 */
export interface Clue {
  readonly kind: ClueKind
  readonly of: readonly number[]
  readonly at: readonly number[]
  readonly said: number
}

/** The 0-based position of a place among `n`. */
export const positionOf = (place: number, n: number): number => (place > 0 ? place - 1 : n + place)

/** Whether a clue holds when object `i` has the 0-based position `positions[i]`. */
export function holds({ kind, of, at }: Clue, positions: readonly number[]): boolean {
  const n = positions.length
  const a = positions[of[0]!]!
  // Kinds about one or two objects never look at the others.
  const b = of.length > 1 ? positions[of[1]!]! : 0
  const c = of.length > 2 ? positions[of[2]!]! : 0
  switch (kind) {
    case 'before':
      return a < b
    case 'direct':
      return a + 1 === b
    case 'place':
      return a === positionOf(at[0]!, n)
    case 'not-place':
      return a !== positionOf(at[0]!, n)
    case 'either':
      return a === positionOf(at[0]!, n) || a === positionOf(at[1]!, n)
    case 'adjacent':
      return Math.abs(a - b) === 1
    case 'not-adjacent':
      return Math.abs(a - b) > 1
    case 'apart':
      return Math.abs(a - b) === at[0]! + 1
    case 'between':
      return (a < b && b < c) || (c < b && b < a)
    case 'end':
      return a === 0 || a === n - 1
    case 'not-end':
      return a !== 0 && a !== n - 1
  }
}

/** An order other than the given one that fits all clues and is near it: two objects exchanged, or one moved; null if none. */
export function neighbour(truth: readonly number[], clues: readonly Clue[]): number[] | null {
  const n = truth.length
  const at = [...truth]
  const object = Array<number>(n)
  for (const [i, position] of truth.entries()) object[position] = i
  const fits = () => clues.every(clue => holds(clue, at))
  for (let p = 0; p < n; p++) {
    // Carried to the right step by step; each step moves the one passed a place to the left.
    for (let q = p + 1; q < n; q++) {
      at[object[p]!] = q
      at[object[q]!] = q - 1
      if (fits()) return at
    }
    for (let q = p + 1; q < n; q++) at[object[q]!] = q
    for (let q = p - 1; q >= 0; q--) {
      at[object[p]!] = q
      at[object[q]!] = q + 1
      if (fits()) return at
    }
    for (let q = p - 1; q >= 0; q--) at[object[q]!] = q
    for (let q = p + 2; q < n; q++) {
      at[object[p]!] = q
      at[object[q]!] = p
      if (fits()) return at
      at[object[q]!] = q
    }
    at[object[p]!] = p
  }
  return null
}

/** The positions that a clue about one object allows, as bits; null for other clues. */
function unaryMask({ kind, at }: Clue, n: number): number | null {
  const all = (1 << n) - 1
  const ends = 1 | (1 << (n - 1))
  const bit = (k: number) => 1 << positionOf(at[k]!, n)
  if (kind === 'place') return bit(0)
  if (kind === 'not-place') return all & ~bit(0)
  if (kind === 'either') return bit(0) | bit(1)
  if (kind === 'end') return ends
  return kind === 'not-end' ? all & ~ends : null
}

/** The positions of the second object that go with position `v` of the first (`back`: of the first with the second's). */
function partners({ kind, at }: Clue, v: number, back: boolean): number {
  const bit = 1 << v
  const above = ~(bit | (bit - 1))
  if (kind === 'before') return back ? bit - 1 : above
  if (kind === 'direct') return back ? bit >> 1 : bit << 1
  if (kind === 'adjacent') return (bit << 1) | (bit >> 1)
  if (kind === 'not-adjacent') return ~(bit | (bit << 1) | (bit >> 1))
  const far = at[0]! + 1
  return (v + far < 31 ? bit << far : 0) | (bit >> far)
}

const lowest = (mask: number) => 31 - Math.clz32(mask & -mask)
const highest = (mask: number) => 31 - Math.clz32(mask)

function supported(mask: number, test: (v: number) => boolean): number {
  let kept = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const v = lowest(rest)
    if (test(v)) kept |= 1 << v
  }
  return kept
}

/** Narrows the domains of one clue's objects. */
function revise(clue: Clue, domains: number[]): void {
  const [a, b, c] = clue.of as [number, number, number]
  if (clue.kind === 'between') {
    const [low, high] = [
      Math.min(lowest(domains[a]!), lowest(domains[c]!)),
      Math.max(highest(domains[a]!), highest(domains[c]!)),
    ]
    domains[b] = supported(domains[b]!, v => low < v && v < high)
    if (domains[b] === 0) return
    for (const [x, y] of [
      [a, c],
      [c, a],
    ] as const) {
      const middle = domains[b]!
      const [first, last] = [lowest(domains[y]!), highest(domains[y]!)]
      domains[x] = supported(
        domains[x]!,
        u =>
          (middle & ~((2 << u) - 1) & ((1 << last) - 1)) !== 0 || (middle & ((1 << u) - 1) & ~((2 << first) - 1)) !== 0,
      )
      if (domains[x] === 0) return
    }
    return
  }
  if (single(domains[a]!) && single(domains[b]!)) {
    if ((partners(clue, lowest(domains[a]!), false) & domains[b]!) === 0) domains[a] = 0
    return
  }
  domains[a] = supported(domains[a]!, v => (partners(clue, v, false) & domains[b]!) !== 0)
  domains[b] = supported(domains[b]!, v => (partners(clue, v, true) & domains[a]!) !== 0)
}

const single = (mask: number) => (mask & (mask - 1)) === 0

/** Different objects, different positions: a fixed one is taken from all others, a position with one taker is his. */
function spread(domains: number[]): boolean {
  let [fixed, once, twice] = [0, 0, 0]
  for (const mask of domains) {
    if (single(mask)) {
      if ((fixed & mask) !== 0) return false
      fixed |= mask
    }
    twice |= once & mask
    once |= mask
  }
  if (once !== 2 ** domains.length - 1) return false
  const sole = once & ~twice
  for (let i = 0; i < domains.length; i++) {
    const mask = domains[i]!
    if (single(mask)) continue
    const left = (mask & sole) !== 0 ? mask & sole : mask & ~fixed
    if (left === 0) return false
    domains[i] = left
  }
  return true
}

const total = (domains: readonly number[]) => {
  let sum = 0
  for (const mask of domains) sum += mask
  return sum
}

/** Narrows all domains to a fixed point (they only shrink, so an unchanged sum is one); false when one is empty. */
function propagate(clues: readonly Clue[], domains: number[]): boolean {
  for (;;) {
    const before = total(domains)
    for (const clue of clues) {
      revise(clue, domains)
      for (const i of clue.of) if (domains[i] === 0) return false
    }
    if (!spread(domains)) return false
    if (total(domains) === before) return true
  }
}

/** Orders that fit the clues, as positions of the objects: at most `most`; null when the search grew too long. */
export function orders(clues: readonly Clue[], n: number, most: number, patience = 3_000): number[][] | null {
  const start = Array<number>(n).fill(2 ** n - 1)
  const wide: Clue[] = []
  for (const clue of clues) {
    const mask = unaryMask(clue, n)
    if (mask === null) wide.push(clue)
    else start[clue.of[0]!]! &= mask
  }
  const found: number[][] = []
  let nodes = 0
  const search = (domains: number[]): boolean => {
    if (++nodes > patience) return false
    if (domains.includes(0) || !propagate(wide, domains)) return true
    const at = tightest(domains)
    if (at < 0) {
      found.push(domains.map(lowest))
      return true
    }
    for (let rest = domains[at]!; rest !== 0 && found.length < most; rest &= rest - 1) {
      if (!search(domains.with(at, rest & -rest))) return false
    }
    return true
  }
  return search(start) ? found : null
}

/** The object with the fewest positions left, but more than one; -1 when all are placed. */
function tightest(domains: readonly number[]): number {
  let [best, least] = [-1, 99]
  for (let i = 0; i < domains.length; i++) {
    const count = single(domains[i]!) ? 99 : ones(domains[i]!)
    if (count < least) [best, least] = [i, count]
  }
  return best
}

function ones(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
