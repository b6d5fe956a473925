/**
 * A statement about two letters. `amount` is the difference or the sum, or for `multiple` the factor in tenths (`left` is
 * so many tenths of `right`); the three comparisons have none.
 */
export type Statement =
  | { readonly kind: 'greater' | 'less' | 'equal'; readonly left: string; readonly right: string }
  | {
      readonly kind: 'multiple' | 'difference' | 'sum'
      readonly left: string
      readonly right: string
      readonly amount: number
    }

/** Whether a statement is true of two values, in whole-number arithmetic. */
export function isTrue(statement: Statement, left: number, right: number): boolean {
  switch (statement.kind) {
    case 'greater':
      return left > right
    case 'less':
      return left < right
    case 'equal':
      return left === right
    case 'multiple':
      return 10 * left === statement.amount * right
    case 'difference':
      return left - right === statement.amount
    case 'sum':
      return left + right === statement.amount
  }
}

/** A statement as tables over bit masks of the listed numbers: which partners each number allows. */
interface Link {
  readonly left: number
  readonly right: number
  readonly partners: readonly number[]
}

/**
 * Up to `limit` assignments of the numbers to the letters A, B, … that make all statements true, in letter order;
 * complete when fewer come back, null when the search takes more than `steps`. Without `repeats` every number is used
 * once. At most 30 numbers.
 */
export function assignments(
  numbers: readonly number[],
  statements: readonly Statement[],
  options: { readonly repeats: boolean; readonly limit: number; readonly steps: number },
): number[][] | null {
  const n = numbers.length
  const indexOf = (letter: string) => letter.charCodeAt(0) - 65
  const links = statements.map((statement): Link => {
    const partners = numbers.map((x, i) =>
      numbers.reduce(
        (mask, y, j) => ((options.repeats || i !== j) && isTrue(statement, x, y) ? mask | (1 << j) : mask),
        0,
      ),
    )
    return { left: indexOf(statement.left), right: indexOf(statement.right), partners }
  })
  const found: number[][] = []
  let left = options.steps
  const search = (domains: number[]) => {
    if (--left < 0 || !narrow(domains, links, options.repeats)) return
    let best = -1
    let fewest = 99
    for (let i = 0; i < n; i++) {
      const size = bits(domains[i]!)
      if (size > 1 && size < fewest) [best, fewest] = [i, size]
    }
    if (best < 0) {
      found.push(domains.map(mask => numbers[31 - Math.clz32(mask)]!))
      return
    }
    for (let rest = domains[best]!; rest !== 0 && found.length < options.limit && left > 0; rest &= rest - 1) {
      const next = [...domains]
      next[best] = rest & -rest
      search(next)
    }
  }
  search(new Array<number>(n).fill(2 ** n - 1))
  return left < 0 ? null : found
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Drops every number without a partner until nothing changes; false when a letter has none left. */
function narrow(domains: number[], links: readonly Link[], repeats: boolean): boolean {
  let changed = true
  const keep = (i: number, mask: number) => {
    const next = domains[i]! & mask
    if (next === domains[i]) return
    domains[i] = next
    changed = true
  }
  while (changed) {
    changed = false
    for (const { left, right, partners } of links) {
      const other = domains[right]!
      let supported = 0
      let reached = 0
      for (let rest = domains[left]!; rest !== 0; rest &= rest - 1) {
        const common = partners[31 - Math.clz32(rest & -rest)]! & other
        if (common === 0) continue
        supported |= rest & -rest
        reached |= common
      }
      keep(left, supported)
      keep(right, reached)
    }
    if (!repeats && !distinct(domains, keep)) return false
    if (domains.includes(0)) return false
  }
  return true
}

/** A letter with one number takes it from the others; a number with one letter left goes there. */
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
  return true
}
