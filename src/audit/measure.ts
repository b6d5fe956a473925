/** One sample in which something was found, and what. */
export interface Finding {
  readonly sample: string
  readonly why: string
}

/** How often something was found, with the first few places. */
export interface Measure {
  readonly count: number
  readonly examples: readonly Finding[]
}

/** Counts findings and keeps the first few of them. */
export class Tally {
  #count = 0
  readonly #examples: Finding[] = []
  readonly #keep: number

  constructor(keep: number) {
    this.#keep = keep
  }

  add(sample: string, why: string): void {
    this.#count++
    if (this.#examples.length < this.#keep) this.#examples.push({ sample, why })
  }

  measure(): Measure {
    return { count: this.#count, examples: this.#examples }
  }
}
