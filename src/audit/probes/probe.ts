import type { PublishedSample, Task } from '../../task.ts'

/**
 * A question put to every sample of one task besides those put to all: the answer is why the sample is counted, null when
 * it is not, undefined when it could not be asked. It is computed from puzzle and sample, never looked up.
 */
export interface Probe {
  readonly name: string
  /** What a count means, in words. */
  readonly about: string
  readonly test: (puzzle: unknown, sample: PublishedSample, task: Task) => string | null | undefined
}

/** A probe of a task whose puzzles have the shape `P`. */
export const probe = <P>(
  name: string,
  about: string,
  test: (puzzle: P, sample: PublishedSample, task: Task) => string | null | undefined,
): Probe => ({ name, about, test: (puzzle, sample, task) => test(puzzle as P, sample, task) })

/** The stored side of a sample, as the object that it is in most sets. */
export const stored = (sample: PublishedSample): Readonly<Record<string, unknown>> =>
  (sample.solution ?? {}) as Readonly<Record<string, unknown>>
