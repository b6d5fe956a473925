// How far the questions of one pool are from those of the other.
import { draw } from '../src/draw.ts'
import type { Pool, Task } from '../src/task.ts'
import { canonicalJson } from '../src/util/hash.ts'
import { spread } from './spread.ts'

/** From this similarity on two puzzles are called near. */
export const nearFrom = 0.9

export interface Pair {
  readonly similarity: number
  readonly id: string
  readonly other: string
}

/** Similarities are Jaccard indices of character 5-grams, unless said otherwise, 0 to 1, of puzzles of the same level. */
export interface LeakageResult {
  readonly task: string
  readonly perPool: number
  /** Puzzles that stand in both pools by their identity; must be 0. */
  readonly identical: number
  /** Prompts that stand in both pools; must be 0. */
  readonly samePrompt: number
  /** Test draws that repeat an earlier test draw's puzzle. */
  readonly repeated: number
  /** Of the nearest train puzzle of each test puzzle. */
  readonly medianNearest: number
  /** Share of the test puzzles whose nearest train puzzle is near. */
  readonly nearShare: number
  /** The same against the other test puzzles of as many draws: what is in the nature of the task. */
  readonly nearShareWithin: number
  /** As `nearShare`, by 12-grams: long texts of few characters hold nearly all 5-grams, but not nearly all 12-grams. */
  readonly nearShareLong: number
  /** The nearest pair of all. */
  readonly nearest: Pair
  /** Levels with near puzzles, and the share there. */
  readonly nearLevels: readonly { readonly level: number; readonly share: number }[]
}

interface Drawn {
  readonly id: string
  readonly level: number
  readonly prompt: string
  /** Canonical JSON of the puzzle's identity: its own data without the question's fixed words. */
  readonly identity: string
  /** Canonical JSON of the puzzle itself: some identities hold hashes, which are far apart for puzzles that are near. */
  readonly puzzle: string
}

/** Draws `perPool` questions of each pool, evenly over the levels, and compares them. */
export function leakageOf(task: Task, perPool: number): LeakageResult {
  const [test, train] = [drawPool(task, perPool, 'test'), drawPool(task, perPool, 'train')]
  const trainIdentities = new Set(train.map(({ identity }) => identity))
  const trainPrompts = new Set(train.map(({ prompt }) => prompt))
  const nearest: { level: number; toTrain: Pair; within: number; long: number }[] = []
  for (let level = 1; level <= task.levels.length; level++) {
    const ofLevel = (pool: readonly Drawn[]) => pool.filter(one => one.level === level)
    const [own, other] = [ofLevel(test), ofLevel(train)]
    const [toTrain, toTest, byLong] = [new Similar(own, other), new Similar(own, own), new Similar(own, other, 12)]
    for (const [i, one] of own.entries()) {
      const { similarity, at } = toTrain.nearest(i)
      nearest.push({
        level,
        toTrain: { similarity, id: one.id, other: other[at]?.id ?? '' },
        within: toTest.nearest(i, i).similarity,
        long: byLong.nearest(i).similarity,
      })
    }
  }
  const similarities = nearest.map(({ toTrain }) => toTrain.similarity).sort((a, b) => a - b)
  const share = (of: readonly { readonly near: boolean }[]) => of.filter(({ near }) => near).length / of.length
  const near = nearest.map(({ level, toTrain }) => ({ level, near: toTrain.similarity >= nearFrom }))
  return {
    task: task.slug,
    perPool,
    identical: test.filter(({ identity }) => trainIdentities.has(identity)).length,
    samePrompt: test.filter(({ prompt }) => trainPrompts.has(prompt)).length,
    repeated: test.length - new Set(test.map(({ identity }) => identity)).size,
    medianNearest: similarities[Math.floor(similarities.length / 2)]!,
    nearShare: share(near),
    nearShareWithin: share(nearest.map(({ within }) => ({ near: within >= nearFrom }))),
    nearShareLong: share(nearest.map(({ long }) => ({ near: long >= nearFrom }))),
    nearest: nearest.map(({ toTrain }) => toTrain).reduce((a, b) => (b.similarity > a.similarity ? b : a)),
    nearLevels: task.levels
      .map((_, i) => ({ level: i + 1, share: share(near.filter(({ level }) => level === i + 1)) }))
      .filter(one => one.share > 0),
  }
}

function drawPool(task: Task, count: number, pool: Pool): Drawn[] {
  return spread(count, task.levels.length).flatMap((n, i) =>
    Array.from({ length: n }, (_, seed) => {
      const { question, puzzle } = draw(task, i + 1, seed, pool)
      const json = canonicalJson(puzzle)
      const identity = task.identity ? canonicalJson(task.identity(puzzle)) : json
      return { id: question.id, level: i + 1, prompt: question.prompt, identity, puzzle: json }
    }),
  )
}

/** The puzzles of a level, compared with others by identity and by puzzle; the higher of the two similarities counts. */
class Similar {
  readonly #sides: readonly { readonly sets: readonly (readonly number[])[]; readonly others: Neighbours }[]

  constructor(own: readonly Drawn[], others: readonly Drawn[], length = 5) {
    this.#sides = (['identity', 'puzzle'] as const).map(side => {
      const grams = new Map<string, number>()
      const setsOf = (pool: readonly Drawn[]) => pool.map(one => gramsOf(one[side], grams, length))
      return { sets: setsOf(own), others: new Neighbours(setsOf(others)) }
    })
  }

  nearest(at: number, without?: number) {
    const found = this.#sides.map(({ sets, others }) => others.nearest(sets[at]!, without))
    return found.reduce((a, b) => (b.similarity > a.similarity ? b : a))
  }
}

/** The set of a text's character n-grams as numbers; a shorter text is its own only gram. */
export function gramsOf(text: string, known: Map<string, number>, length = 5): readonly number[] {
  const found = new Set<number>()
  for (let i = 0; i <= Math.max(0, text.length - length); i++) {
    const gram = text.slice(i, i + length)
    const number = known.get(gram) ?? known.size
    known.set(gram, number)
    found.add(number)
  }
  return [...found]
}

/** Finds the set most similar to a given one, exactly: shared grams are counted through an index from gram to sets. */
export class Neighbours {
  readonly #sizes: readonly number[]
  readonly #holding = new Map<number, number[]>()

  constructor(sets: readonly (readonly number[])[]) {
    this.#sizes = sets.map(set => set.length)
    for (const [i, set] of sets.entries()) {
      for (const gram of set) {
        const holders = this.#holding.get(gram)
        if (holders) holders.push(i)
        else this.#holding.set(gram, [i])
      }
    }
  }

  /** The highest Jaccard index and where it is, leaving one set out; 0 and -1 when there is no other set. */
  nearest(set: readonly number[], without = -1): { readonly similarity: number; readonly at: number } {
    const shared = new Int32Array(this.#sizes.length)
    for (const gram of set) for (const i of this.#holding.get(gram) ?? []) shared[i]!++
    let best = { similarity: 0, at: -1 }
    for (const [i, size] of this.#sizes.entries()) {
      const similarity = shared[i]! / (set.length + size - shared[i]!)
      if (i !== without && (best.at < 0 || similarity > best.similarity)) best = { similarity, at: i }
    }
    return best
  }
}
