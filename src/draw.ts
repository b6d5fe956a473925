import { InputError } from './errors.ts'
import type { Instance, Pool, Question, Task } from './task.ts'
import { contentHash } from './util/hash.ts'
import { seededRng } from './util/rng.ts'

/** Draws of a small level are kept apart within blocks of this many seeds. */
const blockSize = 1_000
/** Redraws before a repeat is let through: the level's pool is then used up. */
const maxRedraws = 400

interface Drawn<P> {
  readonly puzzle: P
  readonly identity: string
}

/** Blocks of small levels already drawn in this process; they may be dropped and made again at any time. */
const blocks = new WeakMap<object, Map<string, { readonly drawn: Drawn<unknown>[]; readonly seen: Set<string> }>>()

/**
 * The question with these coordinates: always the same one, whoever draws it, in whatever order. `seed` is a whole
 * number from 0. The pools never share a puzzle, since a puzzle's own hash decides which pool it belongs to.
 * Throws InputError for a level that the task does not have.
 */
export function draw<P>(task: Task<P>, level: number, seed: number, pool: Pool = 'test'): Instance<P> {
  const spec = task.levels[level - 1]
  if (!Number.isInteger(level) || spec === undefined) {
    throw new InputError(
      `${task.slug} has no level ${level}`,
      `Its levels are 1 to ${task.levels.length}: codesteer task show ${task.slug}`,
    )
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(`seed ${seed} is not a whole number from 0`, 'Give a seed such as 0 or 17.')
  }
  const { puzzle } =
    spec.instances === undefined ? drawFree(task, level, seed, pool) : drawApart(task, level, seed, pool)
  return { question: questionOf(task, puzzle, { level, seed, pool }), puzzle }
}

/** The question of a puzzle at given coordinates. */
export function questionOf<P>(
  task: Task<P>,
  puzzle: P,
  at: { readonly level: number; readonly seed: number; readonly pool: Pool },
): Question {
  const id = `${task.slug}@${task.version}/${at.level}/${at.seed}${at.pool === 'train' ? '/train' : ''}`
  return { id, task: task.slug, version: task.version, ...at, prompt: task.ask(puzzle) }
}

/** What two puzzles share when they are the same question in other clothes, as a hash. */
export function identityOf<P>(task: Task<P>, puzzle: P): string {
  return contentHash(task.identity ? task.identity(puzzle) : puzzle)
}

/** The pool that a puzzle belongs to, by its own hash. */
export function poolOf(slug: string, identity: string): Pool {
  return Number.parseInt(contentHash([slug, identity]).slice(0, 2), 16) % 2 === 0 ? 'test' : 'train'
}

function drawFree<P>(task: Task<P>, level: number, seed: number, pool: Pool, seen?: Set<string>): Drawn<P> {
  let repeat: Drawn<P> | undefined
  for (let attempt = 0; attempt < maxRedraws; attempt++) {
    const rng = seededRng(task.slug, task.version, level, seed, pool, attempt)
    const puzzle = task.generate(rng, level)
    const identity = identityOf(task, puzzle)
    if (poolOf(task.slug, identity) !== pool) continue
    if (!seen?.has(identity)) return { puzzle, identity }
    repeat = { puzzle, identity }
  }
  if (repeat) return repeat
  throw new Error(`${task.slug} level ${level}: no puzzle of the ${pool} pool in ${maxRedraws} draws`)
}

/** Draws in order within the seed's block, each different from those before it. */
function drawApart<P>(task: Task<P>, level: number, seed: number, pool: Pool): Drawn<P> {
  const ofTask = blocks.get(task) ?? new Map()
  blocks.set(task, ofTask)
  const first = Math.floor(seed / blockSize) * blockSize
  const key = `${level}/${pool}/${first}`
  const block = ofTask.get(key) ?? { drawn: [], seen: new Set<string>() }
  ofTask.set(key, block)
  while (block.drawn.length <= seed - first) {
    const drawn = drawFree(task, level, first + block.drawn.length, pool, block.seen)
    block.drawn.push(drawn)
    block.seen.add(drawn.identity)
  }
  return block.drawn[seed - first] as Drawn<P>
}
