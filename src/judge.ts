import { load, names } from './registry.ts'
import type { PublishedSample, Task, Verdict } from './task.ts'
import { nearest } from './util/nearest.ts'

/**
 * Judges answers to published samples by our verifiers. Puzzles are recovered once per sample. A row that we cannot
 * judge (unknown task or sample, instance not recoverable) is `unscored` with the reason, never guessed.
 */
export class Judge {
  readonly #samples = new Map<string, PublishedSample>()
  readonly #puzzles = new Map<string, unknown>()
  readonly #tasks = new Map<string, Task>()

  addSample(sample: PublishedSample): void {
    this.#samples.set(keyOf(sample.task, sample.sample), sample)
  }

  async verdict(slug: string, sample: string, answer: string): Promise<Verdict> {
    const task = await this.#task(slug)
    if (!task) {
      const near = nearest(slug, names('tasks'))
      return { verdict: 'unscored', why: `no task "${slug}"${near ? `; did you mean "${near}"?` : ''}` }
    }
    const key = keyOf(slug, sample)
    if (!this.#puzzles.has(key)) {
      const row = this.#samples.get(key)
      if (!row) return { verdict: 'unscored', why: `no sample "${sample}" among the samples given` }
      this.#puzzles.set(key, task.fromPublished(row))
    }
    const puzzle = this.#puzzles.get(key)
    if (puzzle === null) return { verdict: 'unscored', why: 'the instance cannot be recovered from the sample' }
    return task.verify(puzzle, answer)
  }

  async #task(slug: string): Promise<Task | undefined> {
    if (!names('tasks').includes(slug)) return undefined
    const known = this.#tasks.get(slug) ?? (await load<Task>('tasks', slug))
    this.#tasks.set(slug, known)
    return known
  }
}

const keyOf = (task: string, sample: string) => `${task}\0${sample}`
