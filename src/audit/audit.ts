import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { solvedBy } from '../import/solved.ts'
import { folderOf, names } from '../registry.ts'
import type { PublishedSample, Task } from '../task.ts'
import { canonicalJson } from '../util/hash.ts'
import { type Measure, Tally } from './measure.ts'
import { probesOf } from './probes/probes.ts'
import { type VerdictAudit, type VerdictRow, VerdictTally } from './verdicts.ts'
import { visibleKey } from './visible.ts'

/** Something that one task's samples were asked besides the questions asked of all. */
export interface ProbeResult extends Measure {
  readonly name: string
  readonly about: string
  /** Samples that could be asked. */
  readonly of: number
}

/** What is wrong with the published samples of one task, all of it computed from them. */
export interface TaskAudit {
  readonly task: string
  readonly samples: number
  /** Samples that could not be read, or whose puzzle cannot be recovered. */
  readonly unrecovered: Measure
  /** Different texts among the questions that are stored. */
  readonly distinctQuestions: number
  /** Different puzzles, as they stand. */
  readonly distinct: number
  /** Different puzzles when renamed, reordered or mirrored ones count as one (the task's `identity`). */
  readonly essentiallyDistinct: number
  /** Samples with a stored key. */
  readonly keys: number
  readonly keysWrong: Measure
  /** Proved: no answer is right. */
  readonly unsolvable: Measure
  /** Neither a right answer was found nor a proof that there is none. */
  readonly solvabilityOpen: Measure
  /**
   * Whether further right answers were looked for: by counting, or because only one can be right. False where a task
   * takes any right answer and has no `countSolutions`.
   */
  readonly severalMeasured: boolean
  /** One key is stored, and other answers are right too. */
  readonly severalAnswers: Measure
  /** The count of right answers did not finish. */
  readonly severalOpen: Measure
  readonly answerVisible: Measure
  readonly probes: readonly ProbeResult[]
  /** Null when no verdicts were given: not measured. */
  readonly verdicts: VerdictAudit | null
}

const measureNames = [
  'unrecovered',
  'keysWrong',
  'unsolvable',
  'solvabilityOpen',
  'severalAnswers',
  'severalOpen',
  'answerVisible',
] as const
type MeasureName = (typeof measureNames)[number]

export interface AuditOptions {
  /** Samples kept as examples of every finding. */
  readonly examples: number
}

/** Audits the samples of one task, one by one. Every sample costs a bounded search. */
export class Auditor {
  readonly task: Task
  #samples = 0
  #keys = 0
  readonly #options: AuditOptions
  readonly #known = new Map<string, { readonly sample: PublishedSample; readonly puzzle: unknown }>()
  readonly #questions = new Set<string>()
  readonly #puzzles = new Set<string>()
  readonly #identities = new Set<string>()
  readonly #tallies: Readonly<Record<MeasureName, Tally>>
  readonly #probes: readonly { readonly tally: Tally; asked: number }[]
  #verdicts: VerdictTally | null = null

  constructor(task: Task, options: AuditOptions) {
    const tally = () => new Tally(options.examples)
    this.task = task
    this.#options = options
    this.#tallies = Object.fromEntries(measureNames.map(name => [name, tally()])) as Record<MeasureName, Tally>
    this.#probes = probesOf(task.slug).map(() => ({ tally: tally(), asked: 0 }))
  }

  unreadable(path: string, why: string): void {
    this.#samples++
    this.#tallies.unrecovered.add(path, why)
  }

  add(sample: PublishedSample): void {
    const puzzle = this.task.fromPublished(sample)
    this.#samples++
    if (puzzle === null) {
      this.#tallies.unrecovered.add(sample.sample, 'the puzzle cannot be recovered without guessing')
      return
    }
    this.#known.set(sample.sample, { sample, puzzle })
    if (sample.question !== null) this.#questions.add(sample.question)
    this.#puzzles.add(canonicalJson(puzzle))
    this.#identities.add(canonicalJson(this.task.identity?.(puzzle) ?? puzzle))
    this.#judge(sample, puzzle)
    probesOf(this.task.slug).forEach((probe, i) => {
      const found = probe.test(puzzle, sample, this.task)
      if (found === undefined) return
      this.#probes[i]!.asked++
      if (found !== null) this.#probes[i]!.tally.add(sample.sample, found)
    })
  }

  /** Key, solvability, number of answers, and whether the key is there to be read. */
  #judge(sample: PublishedSample, puzzle: unknown): void {
    const { keysWrong, unsolvable, solvabilityOpen, severalAnswers, severalOpen, answerVisible } = this.#tallies
    const id = sample.sample
    const key = this.task.publishedKey?.(sample) ?? null
    const verdict = key === null ? null : this.task.verify(puzzle, key)
    const answers = this.task.countSolutions ? this.task.countSolutions(puzzle, 2) : undefined
    if (key !== null && verdict) {
      this.#keys++
      if ('why' in verdict) keysWrong.add(id, `${shown(key)}: ${verdict.why}`)
      const printed = sample.question === null ? null : visibleKey(sample.question, key)
      if (printed !== null) answerVisible.add(id, `the question prints ${shown(printed)}`)
      if (answers === 2) severalAnswers.add(id, `${shown(key)} is one right answer of at least two`)
      if (answers === null) severalOpen.add(id, 'the search for a second answer did not finish')
    }
    if (answers === 0) unsolvable.add(id, 'an exhaustive search finds no right answer')
    else if (!answers && verdict?.verdict !== 'correct') {
      const solved = solvedBy(this.task, puzzle)
      if (!solved.ok) solvabilityOpen.add(id, solved.why)
    }
  }

  /** One published verdict; call it after all samples were added. */
  verdict(row: VerdictRow): void {
    this.#verdicts ??= new VerdictTally(this.task, this.#options.examples)
    this.#verdicts.add(row, this.#known.get(row.sample) ?? null)
  }

  finish(): TaskAudit {
    const measures = Object.fromEntries(Object.entries(this.#tallies).map(([name, tally]) => [name, tally.measure()]))
    return {
      task: this.task.slug,
      samples: this.#samples,
      distinctQuestions: this.#questions.size,
      distinct: this.#puzzles.size,
      essentiallyDistinct: this.#identities.size,
      keys: this.#keys,
      severalMeasured: this.task.countSolutions !== undefined || !takesAnyAnswer(this.task.slug),
      ...(measures as Record<MeasureName, Measure>),
      probes: probesOf(this.task.slug).map(({ name, about }, i) => {
        const { tally, asked } = this.#probes[i]!
        return { name, about, of: asked, ...tally.measure() }
      }),
      verdicts: this.#verdicts?.finish() ?? null,
    }
  }
}

/** A task with a checking program of its own takes any right answer; the others compare with the one there is. */
const takesAnyAnswer = (slug: string) =>
  names('tasks').includes(slug) && existsSync(join(folderOf('tasks', slug), `${slug}.check.py`))

const shown = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 57)}…` : line
}
