/**
 * One sentence of the story. About one person: `odd` says "lies", else "tells the truth". About two: `odd` says that
 * they are of different kinds, else of the same kind. `by` is who says it; null is the narrator, who states facts.
 * `voice` and `said` are the paraphrases.
 */
export interface Statement {
  readonly by: string | null
  readonly about: readonly string[]
  readonly odd: boolean
  readonly voice: number
  readonly said: number
}

/** A statement as an equation over truth values (1 truthful): the XOR of those in `people` is `sum`. */
export interface Equation {
  readonly people: readonly string[]
  readonly sum: 0 | 1
}

/** A person who occurs twice drops out of the sum. */
export function equationOf({ by, about, odd }: Statement): Equation {
  const all = by === null ? [...about] : [by, ...about]
  const people = all.filter(person => all.indexOf(person) === all.lastIndexOf(person))
  // One person: t(by) = t(about) xor odd; two: t(by) = t(a) xor t(b) xor odd xor 1. The narrator's words are true.
  const spoken = (about.length === 1) === odd ? 1 : 0
  return { people, sum: by === null ? (spoken === 1 ? 0 : 1) : spoken }
}

/**
 * Whether a person tells the truth, by elimination over GF(2); null when the statements leave it open or contradict each
 * other.
 */
export function truthOf(statements: readonly Statement[], person: string): boolean | null {
  const equations = statements.map(equationOf)
  const people = [...new Set([person, ...equations.flatMap(equation => equation.people)])]
  const column = new Map(people.map((name, i) => [name, i + 1]))
  const words = (people.length >> 5) + 1
  /** Rows reduced so far by their leading column; column 0 is the right side, column 1 the asked person. */
  const rows: (Uint32Array | undefined)[] = []
  for (const { people: names, sum } of equations) {
    const row = new Uint32Array(words)
    row[0] = sum
    for (const name of names) row[column.get(name)! >> 5]! ^= 1 << (column.get(name)! & 31)
    const lead = reduce(row, rows)
    if (lead === 0 && row[0] === 1) return null
    if (lead > 0) rows[lead] = row
  }
  // The asked person holds the lowest column, so that a row of that person alone remains where the value is fixed.
  const left = rows[1]
  return left === undefined ? null : (left[0]! & 1) === 1
}

/** Clears a row's leading columns by the rows that begin there; returns the first one left, 0 when only the right side is. */
function reduce(row: Uint32Array, rows: readonly (Uint32Array | undefined)[]): number {
  for (let word = row.length - 1; word >= 0; word--) {
    while (row[word]! > (word === 0 ? 1 : 0)) {
      const lead = word * 32 + 31 - Math.clz32(row[word]!)
      const pivot = rows[lead]
      if (pivot === undefined) return lead
      for (let i = 0; i <= word; i++) row[i]! ^= pivot[i]!
    }
  }
  return 0
}

/**
 * What stays when people are renamed and statements are put in another order: colours of the statements after some
 * rounds of refinement, each person's colour made from those of the statements in which they occur.
 */
export function shapeOf(statements: readonly Statement[], asked: string): number[] {
  const people = [...new Set([asked, ...statements.flatMap(({ by, about }) => (by === null ? about : [by, ...about]))])]
  let colour = new Map(people.map(person => [person, person === asked ? 2 : 1]))
  const sign = ({ by, about, odd }: Statement, role: number) =>
    mix([
      role,
      odd ? 3 : 5,
      by === null ? 7 : colour.get(by)!,
      by !== null && about.includes(by) ? 11 : 13,
      ...about.map(person => colour.get(person)!).sort((a, b) => a - b),
    ])
  // Of many people few rounds tell apart enough.
  const rounds = people.length > 30 ? 2 : 4
  for (let round = 0; round < rounds; round++) {
    const gathered = new Map(people.map(person => [person, [] as number[]]))
    for (const statement of statements) {
      if (statement.by !== null) gathered.get(statement.by)!.push(sign(statement, 1))
      for (const person of statement.about) gathered.get(person)!.push(sign(statement, 2))
    }
    colour = new Map(
      people.map(person => [person, mix([colour.get(person)!, ...gathered.get(person)!.sort((a, b) => a - b)])]),
    )
  }
  return statements.map(statement => sign(statement, 0)).sort((a, b) => a - b)
}

/** A 32-bit hash of a list of numbers (FNV-1a over whole words, with a final avalanche). */
function mix(values: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const value of values) {
    hash = Math.imul(hash ^ value, 0x01000193)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
