import type { Rng } from '../../util/rng.ts'
import { type Clue, type ClueKind, holds, neighbour, orders } from './clues.ts'
import { themes } from './themes.ts'
import { paraphrases } from './words.ts'

export interface Rung {
  readonly objects: number
  readonly kinds: readonly ClueKind[]
  /** Probability that the options speak of different places. */
  readonly mixed?: number
}

export interface Row {
  readonly theme: number
  readonly items: readonly string[]
  readonly clues: readonly Clue[]
  /** Object and place of each option; exactly one is true. */
  readonly options: readonly (readonly [object: number, place: number])[]
}

/** A random true statement of a kind; it may come out false for kinds that the order happens to refuse. */
function candidate(rng: Rng, kind: ClueKind, positions: readonly number[]): Clue {
  const n = positions.length
  const said = rng.int(0, paraphrases(kind) - 1)
  const objects = rng.sample([...positions.keys()], kind === 'between' ? 3 : 2)
  const [a, b] = objects as [number, number]
  const written = (position: number) => (rng.chance(position < n / 2 ? 0.75 : 0.25) ? position + 1 : position - n)
  const elsewhere = () => rng.pick([...positions.keys()].filter(p => p !== positions[a]))
  if (kind === 'before') return { kind, of: objects.sort((x, y) => positions[x]! - positions[y]!), at: [], said }
  if (kind === 'between') {
    const [low, middle, high] = [...objects].sort((x, y) => positions[x]! - positions[y]!) as [number, number, number]
    return { kind, of: rng.chance(0.5) ? [low, middle, high] : [high, middle, low], at: [], said }
  }
  if (kind === 'direct' || kind === 'adjacent') {
    const at = rng.int(0, n - 2)
    const pair = [positions.indexOf(at), positions.indexOf(at + 1)]
    return { kind, of: kind === 'direct' ? pair : rng.shuffle(pair), at: [], said }
  }
  if (kind === 'apart') return { kind, of: objects, at: [Math.abs(positions[a]! - positions[b]!) - 1], said }
  if (kind === 'not-adjacent') return { kind, of: objects, at: [], said }
  if (kind === 'place') return { kind, of: [a], at: [written(positions[a]!)], said }
  if (kind === 'not-place') return { kind, of: [a], at: [written(elsewhere())], said }
  if (kind === 'either') {
    return { kind, of: [a], at: rng.shuffle([positions[a]!, elsewhere()]).map(written), said }
  }
  return { kind, of: [a], at: [], said }
}

/** Fewer than two others between are said in other words (`neighbours`) or with a plural that would be wrong. */
const sayable = ({ kind, at }: Clue) => kind !== 'apart' || at[0]! >= 2

/** A true clue that this other order breaks. */
function refuting(rng: Rng, rung: Rung, truth: readonly number[], other: readonly number[]): Clue {
  for (let tries = 0; tries < 500; tries++) {
    const clue = candidate(rng, rng.pick(rung.kinds), truth)
    if (sayable(clue) && holds(clue, truth) && !holds(clue, other)) return clue
  }
  const moved = truth.findIndex((position, i) => position !== other[i])
  return { kind: 'place', of: [moved], at: [truth[moved]! + 1], said: 0 }
}

/** Another order that fits the clues, null when there is none, `unknown` when the search grew too long. */
function otherOrder(truth: readonly number[], clues: readonly Clue[]): number[] | null | 'unknown' {
  const near = neighbour(truth, clues)
  if (near) return near
  const found = orders(clues, truth.length, 2, patience)
  if (found === null) return 'unknown'
  return found.find(order => order.some((position, i) => position !== truth[i])) ?? null
}

/** Clues that fit one order only; almost always none of them can be spared. */
function minimalClues(rng: Rng, rung: Rung, truth: readonly number[]): Clue[] | null {
  // A few to begin with save as many searches.
  let clues: Clue[] = Array.from({ length: truth.length >> 1 }, () =>
    candidate(rng, rng.pick(rung.kinds), truth),
  ).filter(clue => sayable(clue) && holds(clue, truth))
  /** Other orders met on the way: one that breaks a single clue proves that this clue is needed. */
  const others: number[][] = []
  for (;;) {
    const other = otherOrder(truth, clues)
    if (other === 'unknown') return null
    if (other === null) break
    others.push(other)
    clues.push(refuting(rng, rung, truth, other))
  }
  for (const clue of rng.shuffle(clues)) {
    const without = clues.filter(kept => kept !== clue)
    if (others.some(order => without.every(kept => holds(kept, order)))) continue
    const other = otherOrder(truth, without)
    if (other === null) clues = without
    else if (other !== 'unknown') others.push(other)
  }
  return clues
}

/** Steps of search after which a set of clues is left as it is: drawing must stay quick. */
const patience = 300

/** One place for all objects, or each object with some place; one is true, and no clue says so outright. */
function randomOptions(rng: Rng, rung: Rung, truth: readonly number[], clues: readonly Clue[]): Row['options'] | null {
  const n = truth.length
  const told = new Set(clues.flatMap(clue => (clue.kind === 'place' ? [clue.of[0]!] : [])))
  const free = [...truth.keys()].filter(i => !told.has(i))
  if (free.length === 0) return null
  const object = rng.pick(free)
  const position = truth[object]!
  const written = (at: number) => (rng.chance(at < n / 2 ? 0.75 : 0.25) ? at + 1 : at - n)
  if (!rng.chance(rung.mixed ?? 0)) {
    const place = written(position)
    return rng.shuffle([...truth.keys()]).map(i => [i, place] as const)
  }
  const others = rng.sample(
    [...truth.keys()].filter(i => i !== object),
    Math.min(n - 1, 7),
  )
  const wrong = others.map(i => {
    const near = [truth[i]! - 1, truth[i]! + 1, rng.int(0, n - 1)].filter(p => p >= 0 && p < n && p !== truth[i])
    return [i, written(rng.pick(near))] as const
  })
  return rng.shuffle([[object, written(position)] as const, ...wrong])
}

export function randomRow(rng: Rng, rung: Rung): Row {
  const at = rng.int(0, themes.length - 1)
  for (;;) {
    const items = rng.sample(themes[at]!.pool, rung.objects)
    const truth = rng.shuffle([...items.keys()])
    const clues = minimalClues(rng, rung, truth)
    const options = clues && randomOptions(rng, rung, truth, clues)
    if (options) return { theme: at, items, clues: rng.shuffle(clues), options }
  }
}
