import { z } from 'zod'
import type { PublishedSample, Task } from '../task.ts'
import { type Measure, Tally } from './measure.ts'
import { hasAskedForm } from './shape.ts'

/** One answer with the verdict that the published verifier gave. */
export const verdictRow = z.looseObject({
  task: z.string(),
  sample: z.string(),
  answer: z.string(),
  verdict: z.boolean(),
  kind: z.string().default('no kind'),
  defect: z.string().optional(),
})
export type VerdictRow = z.infer<typeof verdictRow>

/** Forms that a sound reader may take or refuse: left out of every comparison. */
const judgementCalls = new Set(['ambiguous', 'repeated-values', 'unary-minus', 'merged-sign'])

/** Rows of one kind of failure of the published verifier. */
export interface Group extends Measure {
  readonly label: string
  readonly samples: number
  /** Rows whose answer has the form that the question shows; null where the question shows none. */
  readonly inAskedForm: number | null
}

export interface VerdictAudit {
  readonly rows: number
  readonly samples: number
  /** Rows that are no judgement call and whose sample we have. */
  readonly compared: number
  readonly unknownSamples: number
  /** Right by our rules, refused by the published verifier. */
  readonly rightRefused: readonly Group[]
  /** Wrong by our rules, accepted by the published verifier. */
  readonly wrongAccepted: readonly Group[]
  /** The published verifier stopped with an error, or did not stop. */
  readonly crashes: readonly Group[]
}

/** Compares published verdicts with our own, row by row, and groups where they differ. */
export class VerdictTally {
  readonly #task: Task
  readonly #keep: number
  readonly #groups = { rightRefused: new Groups(), wrongAccepted: new Groups(), crashes: new Groups() }
  readonly #samples = new Set<string>()
  #rows = 0
  #compared = 0
  #unknown = 0

  constructor(task: Task, keep: number) {
    this.#task = task
    this.#keep = keep
  }

  /** `sample` and `puzzle` are what the row's id names, or null when there is no such sample. */
  add(row: VerdictRow, known: { readonly sample: PublishedSample; readonly puzzle: unknown } | null): void {
    this.#rows++
    this.#samples.add(row.sample)
    if (!known) {
      this.#unknown++
      return
    }
    const crash = crashOf(row)
    const form = () => (known.sample.question === null ? null : hasAskedForm(known.sample.question, row.answer))
    if (crash !== null) this.#groups.crashes.add(crash, row, `${quoted(row.answer)} ends the run`, null, this.#keep)
    if (judgementCalls.has(row.kind) || row.policy !== undefined) return
    this.#compared++
    const ours = this.#task.verify(known.puzzle, row.answer)
    if (ours.verdict === 'unscored' || (ours.verdict === 'correct') === row.verdict) return
    const label = row.defect ?? row.kind
    if (row.verdict) {
      const why = 'why' in ours ? ours.why : ours.verdict
      this.#groups.wrongAccepted.add(label, row, `${quoted(row.answer)} was accepted: ${why}`, form(), this.#keep)
    } else this.#groups.rightRefused.add(label, row, `${quoted(row.answer)} is right`, form(), this.#keep)
  }

  finish(): VerdictAudit {
    const { rightRefused, wrongAccepted, crashes } = this.#groups
    return {
      rows: this.#rows,
      samples: this.#samples.size,
      compared: this.#compared,
      unknownSamples: this.#unknown,
      rightRefused: rightRefused.list(),
      wrongAccepted: wrongAccepted.list(),
      crashes: crashes.list(),
    }
  }
}

/** The error that the row records, or null when the published verifier came to its verdict. */
function crashOf(row: VerdictRow): string | null {
  for (const field of [row.raised, row.crash]) if (field !== undefined) return String(field)
  return row.defect !== undefined && /\b(?:crash|hang)/.test(row.defect) ? row.defect : null
}

class Groups {
  readonly #groups = new Map<string, { tally: Tally; samples: Set<string>; asked: number; shown: boolean }>()

  add(label: string, row: VerdictRow, why: string, inAskedForm: boolean | null, keep: number): void {
    const group = this.#groups.get(label) ?? { tally: new Tally(keep), samples: new Set(), asked: 0, shown: false }
    this.#groups.set(label, group)
    group.tally.add(row.sample, why)
    group.samples.add(row.sample)
    if (inAskedForm !== null) group.shown = true
    if (inAskedForm) group.asked++
  }

  list(): Group[] {
    return [...this.#groups]
      .map(([label, { tally, samples, asked, shown }]) => ({
        label,
        ...tally.measure(),
        samples: samples.size,
        inAskedForm: shown ? asked : null,
      }))
      .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label))
  }
}

const quoted = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim()
  return `"${line.length > 60 ? `${line.slice(0, 57)}…` : line}"`
}
