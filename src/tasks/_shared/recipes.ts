/** So many of the kind with this index. */
export type Amount = readonly [kind: number, count: number]

/** One method: what it uses up and what it makes. */
export interface Method {
  readonly uses: readonly Amount[]
  readonly makes: readonly Amount[]
}

/** What came out, by how many applications of which method. */
export interface Outcome {
  readonly counts: readonly number[]
  readonly steps: number
  /** Applications of each method. */
  readonly uses: readonly number[]
  /** Applications counted once where one method was applied several times in a row. */
  readonly batches: number
}

/** Applications after which a recipe from elsewhere is given up; drawn ones provably end, long before. */
const patience = 2_000_000

type Order = (start: readonly number[], methods: readonly Method[], most?: number) => Outcome | null

export const timesPossible = (counts: readonly number[], { uses }: Method): number => {
  let times = Number.POSITIVE_INFINITY
  for (const [kind, count] of uses) times = Math.min(times, Math.floor(counts[kind]! / count))
  return times
}

export function isPossible(counts: readonly number[], { uses }: Method): boolean {
  for (const [kind, count] of uses) if (counts[kind]! < count) return false
  return true
}

export const carryOut = (counts: number[], { uses, makes }: Method, times: number): void => {
  for (const [kind, count] of uses) counts[kind]! -= count * times
  for (const [kind, count] of makes) counts[kind]! += count * times
}

/** Visits the methods round and round; a visited method is applied once if it can be. Null when that does not end. */
export const inTurn: Order = (start, methods, most = patience) => {
  const counts = [...start]
  const uses = methods.map(() => 0)
  let steps = 0
  let idle = 0
  for (let at = 0; idle < methods.length; at = (at + 1) % methods.length) {
    const method = methods[at]!
    if (!isPossible(counts, method)) {
      idle++
      continue
    }
    if (steps === most) return null
    carryOut(counts, method, 1)
    uses[at]! += 1
    steps++
    idle = 0
  }
  return { counts, steps, uses, batches: steps }
}

/** Visits the methods round and round; a visited method is applied as often as it can be. Null when that does not end. */
export const exhausting: Order = (start, methods, most = patience) => {
  const counts = [...start]
  const uses = methods.map(() => 0)
  let batches = 0
  for (let idle = 0, at = 0; idle < methods.length; at = (at + 1) % methods.length) {
    // A method that makes what it uses can be applied again after a first batch.
    let again = 0
    for (let times = timesPossible(counts, methods[at]!); times > 0; times = timesPossible(counts, methods[at]!)) {
      if (batches === most || times > Number.MAX_SAFE_INTEGER) return null
      carryOut(counts, methods[at]!, times)
      uses[at]! += times
      batches++
      again++
    }
    idle = again > 0 ? 1 : idle + 1
  }
  return { counts, steps: uses.reduce((a, b) => a + b, 0), uses, batches }
}

/** Applies the first possible method of the list once, then begins at the top again. Null when that does not end. */
export const fromTop: Order = (start, methods, most = patience) => {
  const counts = [...start]
  const uses = methods.map(() => 0)
  for (let steps = 0; ; steps++) {
    const at = methods.findIndex(method => isPossible(counts, method))
    if (at < 0) return { counts, steps, uses, batches: steps }
    if (steps === most) return null
    carryOut(counts, methods[at]!, 1)
    uses[at]! += 1
  }
}

/** One pass down the list, each method applied at most once. */
export function onePass(start: readonly number[], methods: readonly Method[]): number[] {
  const counts = [...start]
  for (const method of methods) if (isPossible(counts, method)) carryOut(counts, method, 1)
  return counts
}

/**
 * What a question is when its kinds are renamed: per kind its place in the methods and its start, sorted. The order of the
 * methods matters and stays.
 */
export function columns(start: readonly number[], methods: readonly Method[]): string[] {
  const of = (amounts: readonly Amount[], kind: number) => amounts.find(([other]) => other === kind)?.[1] ?? 0
  return start.map((count, kind) => [count, ...methods.map(m => of(m.makes, kind) - of(m.uses, kind))].join(' ')).sort()
}
