// What the agreement check does with the questions of one task and level.
import { draw } from '../src/draw.ts'
import { CodeSteerError, messageOf } from '../src/errors.ts'
import type { RunResult, Sandbox } from '../src/sandbox.ts'
import type { Instance, Task } from '../src/task.ts'
import { pythonProgram } from '../src/tasks/_shared/python.ts'
import { seededRng } from '../src/util/rng.ts'

/** How much is asked of each question. Times in milliseconds. */
export interface AgreementLimits {
  /** Wrong answers wanted per question. */
  readonly mutations: number
  /** Of these, how many the check program judges too. */
  readonly checked: number
  /** Questions per level that the lazy program is given. */
  readonly lazy: number
  readonly pythonMs: number
  readonly lazyMs: number
}

export const agreementDefaults: AgreementLimits = {
  mutations: 10,
  checked: 4,
  lazy: 20,
  pythonMs: 30_000,
  lazyMs: 2_000,
}

/** Counts over the questions of one task and level; sums of such counts describe a task or everything. */
export interface Counts {
  questions: number
  /** The TypeScript solution is accepted. */
  solved: number
  /** What the Python program printed is accepted. */
  python: number
  /** … and is the TypeScript solution but for blanks, brackets, quotes and commas. */
  sameText: number
  /** Wrong answers made, and how many of them the verifier refused. */
  mutations: number
  refused: number
  /** Questions for which fewer wrong answers than wanted could be made. */
  fewMutations: number
  /** Answers, right and wrong, judged by the check program too, and how often it said the same. */
  checks: number
  checksAgree: number
  lazyAsked: number
  lazyRight: number
  /** Lazy runs that did not end in time. */
  lazyLate: number
}

export interface CellResult extends Counts {
  readonly task: string
  readonly version: number
  readonly level: number
  /** Seeds 0 to this, not included, were wanted. */
  readonly wanted: number
  /** Wall-clock of the Python program. */
  readonly pythonMedianMs: number
  readonly pythonMaxMs: number
  readonly disagreements: readonly Disagreement[]
}

export interface Disagreement {
  readonly id: string
  readonly what: string
}

export const noCounts = (): Counts => ({
  questions: 0,
  solved: 0,
  python: 0,
  sameText: 0,
  mutations: 0,
  refused: 0,
  fewMutations: 0,
  checks: 0,
  checksAgree: 0,
  lazyAsked: 0,
  lazyRight: 0,
  lazyLate: 0,
})

/** The sum of counts. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sum = noCounts()
  for (const counts of all) for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += counts[name]
  return sum
}

/**
 * Checks seeds 0 to `wanted` of a level, `parallel` at a time. When the signal is aborted the questions that are through
 * are returned; `questions` says how many.
 */
export async function agreeOnCell(
  task: Task,
  level: number,
  wanted: number,
  sandbox: Sandbox,
  options: {
    readonly limits: AgreementLimits
    readonly parallel: number
    readonly signal: AbortSignal
    readonly onQuestion?: () => void
  },
): Promise<CellResult> {
  const counts = noCounts()
  const disagreements: Disagreement[] = []
  const pythonMs: number[] = []
  let next = 0
  const worker = async () => {
    while (next < wanted && !options.signal.aborted) {
      const instance = draw(task, level, next++)
      const found = new QuestionCheck(task, instance, sandbox, options.limits, options.signal)
      try {
        await found.run(instance.question.seed < options.limits.lazy && !hopeless(counts))
      } catch (error) {
        if (options.signal.aborted) return
        if (error instanceof CodeSteerError) throw error
        found.disagreements.push({ id: instance.question.id, what: `the task throws: ${messageOf(error)}` })
      }
      Object.assign(counts, sumCounts([counts, found.counts]))
      disagreements.push(...found.disagreements)
      pythonMs.push(found.pythonMs)
      options.onQuestion?.()
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, worker))
  pythonMs.sort((a, b) => a - b)
  return {
    task: task.slug,
    version: task.version,
    level,
    wanted,
    ...counts,
    pythonMedianMs: pythonMs[Math.floor(pythonMs.length / 2)] ?? 0,
    pythonMaxMs: pythonMs.at(-1) ?? 0,
    disagreements: disagreements.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })),
  }
}

/** The lazy program was late each of the first times: the others would only cost their time limit. */
const hopeless = ({ lazyAsked, lazyLate }: Counts) => lazyAsked >= 4 && lazyLate === lazyAsked

/** All that is asked about one question. */
class QuestionCheck {
  readonly counts: Counts = { ...noCounts(), questions: 1 }
  readonly disagreements: Disagreement[] = []
  pythonMs = 0
  readonly #task: Task
  readonly #instance: Instance
  readonly #sandbox: Sandbox
  readonly #limits: AgreementLimits
  readonly #signal: AbortSignal

  constructor(task: Task, instance: Instance, sandbox: Sandbox, limits: AgreementLimits, signal: AbortSignal) {
    this.#task = task
    this.#instance = instance
    this.#sandbox = sandbox
    this.#limits = limits
    this.#signal = signal
  }

  async run(withLazy: boolean): Promise<void> {
    const solution = this.#solution()
    const printed = await this.#python(solution)
    const { misses, edits } = this.#mutations(solution)
    for (const answer of new Set([solution, printed ?? solution])) await this.#checkToo(answer)
    for (const miss of misses.slice(0, this.#limits.checked)) await this.#checkToo(miss)
    // Where a check program exists it has the last word on edited answers, since an edit may give another right answer.
    // Elsewhere the answer is one, and a changed digit makes it wrong.
    for (const edit of edits) if (!(await this.#checkToo(edit))) this.#refuse(edit)
    if (withLazy) await this.#lazy()
  }

  #solution(): string {
    const { puzzle } = this.#instance
    const solution = this.#task.solve(puzzle)
    const verdict = this.#task.verify(puzzle, solution)
    if (verdict.verdict === 'correct') this.counts.solved++
    else this.#disagree(`the solution is judged ${verdict.verdict}: ${verdict.why}`)
    return solution
  }

  async #python(solution: string): Promise<string | null> {
    const program = await pythonProgram(this.#task, this.#instance.puzzle, 'full')
    if (program === null) {
      this.#disagree('there is no Python program')
      return null
    }
    const result = await this.#runInSandbox(program, this.#limits.pythonMs)
    this.pythonMs = result.tookMs
    if (result.outcome !== 'finished') {
      this.#disagree(`Python's program gave no answer: ${result.outcome} after ${Math.round(result.tookMs / 1_000)} s`)
      return null
    }
    const verdict = this.#task.verify(this.#instance.puzzle, result.stdout)
    if (verdict.verdict !== 'correct') {
      const said = (result.stderr || result.stdout).trim().slice(-200)
      this.#disagree(`Python's answer is judged ${verdict.verdict}: ${verdict.why} (${said})`)
      return null
    }
    this.counts.python++
    const marked = /<<<([\s\S]*)>>>/.exec(result.stdout)
    const answer = (marked?.[1] ?? result.stdout).trim()
    if (plain(answer) === plain(solution)) this.counts.sameText++
    return answer
  }

  #mutations(solution: string): { readonly misses: readonly string[]; readonly edits: readonly string[] } {
    const { puzzle, question } = this.#instance
    const wanted = this.#limits.mutations
    const misses = nearMisses(this.#task, puzzle, question.id, wanted)
    for (const miss of misses) this.#refuse(miss)
    const edits = digitEdits(solution, question.id, Math.max(2, wanted - misses.length))
    if (misses.length + edits.length < wanted) this.counts.fewMutations++
    return { misses, edits }
  }

  #refuse(answer: string): void {
    this.counts.mutations++
    if (this.#task.verify(this.#instance.puzzle, answer).verdict !== 'correct') this.counts.refused++
    else this.#disagree(`accepts the wrong answer ${JSON.stringify(answer.slice(0, 200))}`)
  }

  /** Has the check program judge an answer that the verifier judged; false when the task has no such program. */
  async #checkToo(answer: string): Promise<boolean> {
    const { puzzle } = this.#instance
    const program = await pythonProgram(this.#task, puzzle, 'check', { ANSWER: answer })
    if (program === null) return false
    const result = await this.#runInSandbox(program, this.#limits.pythonMs)
    const { verdict } = this.#task.verify(puzzle, answer)
    this.counts.checks++
    if ((result.stdout.trim() === 'Correct') === (verdict === 'correct')) this.counts.checksAgree++
    else {
      const said = (result.stdout || result.stderr || result.outcome).trim().slice(-200)
      this.#disagree(`${JSON.stringify(answer.slice(0, 200))}: the check program says ${said}, the verifier ${verdict}`)
    }
    return true
  }

  async #lazy(): Promise<void> {
    const program = await pythonProgram(this.#task, this.#instance.puzzle, 'lazy')
    if (program === null) return
    this.counts.lazyAsked++
    const result = await this.#runInSandbox(program, this.#limits.lazyMs)
    if (result.outcome === 'timed-out') this.counts.lazyLate++
    else if (this.#task.verify(this.#instance.puzzle, result.stdout).verdict === 'correct') this.counts.lazyRight++
  }

  #runInSandbox(source: string, timeoutMs: number): Promise<RunResult> {
    return this.#sandbox.run({
      source,
      timeoutMs,
      memoryBytes: 2 ** 30,
      outputBytes: 2 ** 20,
      signal: this.#signal,
    })
  }

  #disagree(what: string): void {
    this.disagreements.push({ id: this.#instance.question.id, what })
  }
}

const plain = (answer: string) => answer.replaceAll(/[\s[\](){},'"]/g, '')

/** Different wrong answers of the task's own, from several seeds, until there are enough or no new ones come. */
export function nearMisses(task: Task, puzzle: unknown, id: string, wanted: number): string[] {
  const found = new Set<string>()
  for (let round = 0, idle = 0; round < 12 && idle < 3 && found.size < wanted; round++) {
    const before = found.size
    for (const miss of task.nearMisses(puzzle, seededRng('agree', id, round))) found.add(miss)
    idle = found.size === before ? idle + 1 : 0
  }
  return [...found].slice(0, wanted)
}

/** The answer with one digit changed into another, in different places: wrong answers that no task chose itself. */
export function digitEdits(answer: string, id: string, wanted: number): string[] {
  // From the sixth decimal on some questions allow rounding.
  const places = [...answer.matchAll(/(?<!\.\d{5,})\d/g)].map(({ index }) => index)
  if (places.length === 0) return []
  const rng = seededRng('edit', id)
  const found = new Set<string>()
  for (let i = 0; i < 3 * wanted && found.size < wanted; i++) {
    const at = rng.pick(places)
    const digit = (Number(answer[at]) + rng.int(1, 9)) % 10
    found.add(`${answer.slice(0, at)}${digit}${answer.slice(at + 1)}`)
  }
  return [...found]
}
