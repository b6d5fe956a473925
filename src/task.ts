import type { Rng } from './util/rng.ts'

/** Draws of the two pools never meet: `train` may feed a coach's training, `test` is what results are reported on. */
export type Pool = 'test' | 'train'

/** All that a loop may see of a task's instance. There is no field for the key, so no coach can leak it. */
export interface Question {
  /** `<slug>@<version>/<level>/<seed>`, with `/train` behind it for the train pool. */
  readonly id: string
  readonly task: string
  readonly version: number
  /** 1 is the easiest. */
  readonly level: number
  readonly seed: number
  readonly pool: Pool
  readonly prompt: string
}

/** A question together with what the verifier needs. The puzzle is plain JSON (big integers as decimal strings). */
export interface Instance<P = unknown> {
  readonly question: Question
  readonly puzzle: P
}

/**
 * What the verifier decides. `incorrect` was understood and is wrong; `malformed` could not be read as an answer;
 * `unscored` is our own failure and is never counted as a zero. `why` is a sentence for a person.
 */
export type Verdict =
  | { readonly verdict: 'correct' }
  | { readonly verdict: 'incorrect'; readonly why: string }
  | { readonly verdict: 'malformed'; readonly why: string }
  | { readonly verdict: 'no-answer'; readonly why: string }
  | { readonly verdict: 'unscored'; readonly why: string }

export const correct: Verdict = { verdict: 'correct' }
export const incorrect = (why: string): Verdict => ({ verdict: 'incorrect', why })
export const malformed = (why: string): Verdict => ({ verdict: 'malformed', why })

/** One step of a task's difficulty ladder. */
export interface Level {
  /** The knob's value in words, e.g. `4 numbers, 1 to 13`. */
  readonly knob: string
  /**
   * How many different puzzles (by `identity`) the level holds, roughly, when that is under ten million. Draws of such
   * a level are kept apart block-wise by `draw`; larger levels need no such care.
   */
  readonly instances?: number
}

/** A row of the published benchmark as `codesteer task import` hands it to a task. */
export interface PublishedSample {
  readonly task: string
  /** Path below the data set's root. */
  readonly sample: string
  readonly question: string | null
  readonly solution: unknown
  /** Present in the uniform rows where the puzzle is stored beside the question. */
  readonly instance?: unknown
  readonly complexity?: unknown
  readonly [field: string]: unknown
}

/**
 * One of the 37 SymBench tasks. `P` is the puzzle: plain JSON, at most tens of kilobytes. Every function is pure;
 * `verify` and `read` never throw, whatever the string.
 */
export interface Task<P = unknown> {
  readonly slug: string
  /** The published name, e.g. `Game 24`. */
  readonly title: string
  /** Whether the published coach was trained on this task. */
  readonly split: 'seen' | 'unseen'
  /** Raised when the same coordinates would give another question. */
  readonly version: number
  /** One sentence: what is asked. */
  readonly about: string
  /** At least five, each harder than the one before. */
  readonly levels: readonly Level[]
  /** Draws a puzzle of a level (1-based): solvable, non-degenerate. Takes all its randomness from `rng`. */
  generate(rng: Rng, level: number): P
  /** The question in words: every rule, index base, tie rule and the answer format, with an example that is not the answer. */
  ask(puzzle: P): string
  /** The puzzle back from the question's own text, or null when it is no question of this task. `read(ask(p))` equals `p`. */
  read(prompt: string): P | null
  /** Judges the text of an answer (with or without its `<<<>>>`): total, exact, fast. */
  verify(puzzle: P, answer: string): Verdict
  /** A correct answer in the asked format, without the `<<<>>>`. Exact, deterministic. */
  solve(puzzle: P): string
  /**
   * The literals that the task's Python programs (`<slug>.py`, `<slug>.lazy.py`) begin with: name to JSON value.
   * Whole numbers too large for a double are given as bigint.
   */
  pythonData(puzzle: P): Readonly<Record<string, PythonValue>>
  /** Wrong answers that look right, most tempting first: what the simulated model says when it errs, and what tests must see refused. */
  nearMisses(puzzle: P, rng: Rng): string[]
  /** What makes two puzzles the same question in other clothes (sorted numbers, renamed symbols). Default: the puzzle. */
  identity?(puzzle: P): unknown
  /** How much work an exact solution takes, in units of the task's own choice; must grow with the level. */
  effort(puzzle: P): number
  /** The puzzle drawn for a person's eyes (grid, board), plain text. Default: the question. */
  show?(puzzle: P): string
  /** The puzzle of a published sample, or null when it cannot be recovered without guessing. */
  fromPublished(sample: PublishedSample): P | null
  /**
   * How many different answers are right, counted up to `limit`, for tasks in which more than one may be. Exhaustive, so
   * that 0 and every number below the limit are proofs; null when a bounded search did not finish.
   */
  countSolutions?(puzzle: P, limit: number): number | null
  /** What the published benchmark stores as the key of this sample, as an answer text; null when it stores none. */
  publishedKey?(sample: PublishedSample): string | null
}

/** A value that can be written as a literal of Python. */
export type PythonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue }

/** Names for `defineTask`'s check of the type parameter; returns its argument. */
export function defineTask<P>(task: Task<P>): Task<P> {
  return task
}
