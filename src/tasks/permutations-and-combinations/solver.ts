/** One constraint on a shelf; places count from 1. */
export type Rule =
  | { readonly kind: 'fixed' | 'not'; readonly book: string; readonly place: number }
  | { readonly kind: 'left' | 'right' | 'adjacent'; readonly book: string; readonly other: string }

/** Whether an arrangement (book to place, from 1) keeps a rule. */
export function keeps(places: ReadonlyMap<string, number>, rule: Rule): boolean {
  const at = places.get(rule.book) ?? Number.NaN
  switch (rule.kind) {
    case 'fixed':
      return at === rule.place
    case 'not':
      return at !== rule.place
    case 'left':
      return at < (places.get(rule.other) ?? Number.NaN)
    case 'right':
      return at > (places.get(rule.other) ?? Number.NaN)
    case 'adjacent':
      return Math.abs(at - (places.get(rule.other) ?? Number.NaN)) === 1
  }
}

export const placesOf = (order: readonly string[]): Map<string, number> =>
  new Map(order.map((book, i) => [book, i + 1]))

interface Pair {
  readonly kind: 'before' | 'adjacent'
  readonly a: number
  readonly b: number
}

const lowest = (mask: number) => 31 - Math.clz32(mask & -mask)
const highest = (mask: number) => 31 - Math.clz32(mask)

/**
 * Up to `limit` arrangements that keep all rules, each as the books from left to right; complete when fewer come back.
 * Places are bit masks (at most 30 books), narrowed by every rule until nothing changes, then the book with the fewest
 * places is tried.
 */
export function arrangements(books: readonly string[], rules: readonly Rule[], limit: number): string[][] {
  return arrangementsWithin(books, rules, limit, Number.POSITIVE_INFINITY)!
}

/** As `arrangements`, but null when more than so many steps of the search would be needed. */
export function arrangementsWithin(
  books: readonly string[],
  rules: readonly Rule[],
  limit: number,
  steps: number,
): string[][] | null {
  let left = steps
  const n = books.length
  const index = new Map(books.map((book, i) => [book, i]))
  const start = new Array<number>(n).fill(2 ** n - 1)
  const pairs: Pair[] = []
  for (const rule of rules) {
    const a = index.get(rule.book)!
    if ('place' in rule) {
      const here = 1 << (rule.place - 1)
      start[a]! &= rule.kind === 'fixed' ? here : ~here
    } else {
      const b = index.get(rule.other)!
      pairs.push(
        rule.kind === 'right'
          ? { kind: 'before', a: b, b: a }
          : { kind: rule.kind === 'left' ? 'before' : 'adjacent', a, b },
      )
    }
  }
  const found: string[][] = []
  const search = (domains: number[]) => {
    if (--left < 0 || !narrow(domains, pairs)) return
    let best = -1
    let fewest = 99
    for (let i = 0; i < n; i++) {
      const size = bits(domains[i]!)
      if (size > 1 && size < fewest) [best, fewest] = [i, size]
    }
    if (best < 0) {
      const order: string[] = []
      for (let i = 0; i < n; i++) order[lowest(domains[i]!)] = books[i]!
      found.push(order)
      return
    }
    for (let rest = domains[best]!; rest !== 0 && found.length < limit; rest &= rest - 1) {
      const next = [...domains]
      next[best] = rest & -rest
      search(next)
    }
  }
  search(start)
  return left < 0 ? null : found
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Narrows the places of every book until nothing changes; false when some book has none left. */
function narrow(domains: number[], pairs: readonly Pair[]): boolean {
  let changed = true
  const keep = (i: number, mask: number) => {
    const next = domains[i]! & mask
    if (next === domains[i]) return
    domains[i] = next
    changed = true
  }
  while (changed) {
    changed = false
    for (const { kind, a, b } of pairs) {
      if (domains[a] === 0 || domains[b] === 0) return false
      if (kind === 'before') {
        keep(b, -2 << lowest(domains[a]!))
        if (domains[b] === 0) return false
        keep(a, (1 << highest(domains[b]!)) - 1)
      } else {
        keep(a, (domains[b]! << 1) | (domains[b]! >> 1))
        keep(b, (domains[a]! << 1) | (domains[a]! >> 1))
      }
    }
    if (!distinct(domains, keep)) return false
  }
  return true
}

/** A book with one place takes it from the others; a place with one book left is that book's. */
function distinct(domains: readonly number[], keep: (i: number, mask: number) => void): boolean {
  let once = 0
  let twice = 0
  for (let i = 0; i < domains.length; i++) {
    const own = domains[i]!
    if (own === 0) return false
    if ((own & (own - 1)) === 0) for (let j = 0; j < domains.length; j++) if (j !== i) keep(j, ~own)
  }
  for (const own of domains) {
    twice |= once & own
    once |= own
  }
  if (once !== 2 ** domains.length - 1) return false
  const single = once & ~twice
  if (single !== 0) {
    for (let i = 0; i < domains.length; i++) if ((domains[i]! & single) !== 0) keep(i, domains[i]! & single)
  }
  return domains.every(own => own !== 0)
}
