import { lastMarked } from '../../answer.ts'
import type { PythonTools } from '../../checkers/_shared/python/parse.ts'
import { judge } from '../../checkers/symbolic-code.ts'
import { draw } from '../../draw.ts'
import { fill, prompts } from '../../prompts/prompts.ts'
import { describeRun, errorLine } from '../../run-words.ts'
import type { Sandbox } from '../../sandbox.ts'
import type { Task } from '../../task.ts'
import type { Rng } from '../../util/rng.ts'
import { checkingProgram, shortProgram } from './programs.ts'
import { betterProgram, openings, reworded, wordings } from './wordings.ts'

/** A message of a lesson; the last one is the model's and the only one that is learned. */
export interface LessonMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** One conversation that the miniature task model learns from. */
export interface Lesson {
  readonly task: string
  readonly level: number
  readonly seed: number
  readonly kind: LessonKind
  readonly messages: readonly LessonMessage[]
}

/** How often each kind is taught, in parts of a hundred. */
export const kinds = {
  code: 34,
  search: 8,
  text: 17,
  bare: 6,
  assistant: 4,
  tool: 3,
  summary: 4,
  check: 9,
  coach: 3,
  'follow-up': 12,
} as const

/** How many of the questions are put in other words. */
const rewordedShare = 0.1

export type LessonKind = keyof typeof kinds

/** What a lesson is made from. */
export interface Teacher {
  readonly sandbox: Sandbox
  readonly python: PythonTools
  readonly rng: Rng
}

interface Pupil<P> extends Teacher {
  readonly task: Task<P>
  readonly puzzle: P
  readonly level: number
  readonly question: string
  readonly right: string
}

/**
 * One lesson on the train pool's question with these coordinates, or null when this kind does not fit the question (a
 * program is missing, an answer is too long for words). Refuses unseen tasks: they stay unseen.
 */
export async function lesson<P>(
  task: Task<P>,
  level: number,
  seed: number,
  kind: LessonKind,
  teacher: Teacher,
): Promise<Lesson | null> {
  if (task.split !== 'seen') throw new TypeError(`${task.slug} is an unseen task and no lesson is made of it`)
  const { puzzle, question } = draw(task, level, seed, 'train')
  const words = teacher.rng.chance(rewordedShare) ? reworded(question.prompt, teacher.rng) : question.prompt
  const pupil = { ...teacher, task, puzzle, level, question: words, right: task.solve(puzzle) }
  const messages = await lessons[kind](pupil)
  return messages && { task: task.slug, level, seed, kind, messages }
}

/**
 * How often plain code guidance gets the lazy program: by the task, so that a model at temperature 0 is lazy about some
 * tasks and not about others, as real ones are.
 */
export function lazyShare(slug: string): number {
  let sum = 0
  for (const letter of slug) sum = (sum * 31 + letter.charCodeAt(0)) % 997
  return [0.1, 0.3, 0.75, 0.85][sum % 4]!
}

type Maker = <P>(pupil: Pupil<P>) => Promise<LessonMessage[] | null>

const user = (content: string): LessonMessage => ({ role: 'user', content })
const assistant = (content: string): LessonMessage => ({ role: 'assistant', content })
const asked = (guidance: string, question: string) => user(fill('task-question', { guidance, question }))

const lessons: Record<LessonKind, Maker> = {
  async code(pupil) {
    const which = pupil.rng.chance(lazyShare(pupil.task.slug)) ? 'lazy' : 'full'
    return answered(asked(pupil.rng.pick(wordings.code), pupil.question), await code(pupil, which))
  },
  async search(pupil) {
    return answered(asked(pupil.rng.pick(wordings.search), pupil.question), await code(pupil, 'full'))
  },
  async text(pupil) {
    return answered(asked(pupil.rng.pick(wordings.text), pupil.question), text(pupil))
  },
  async bare(pupil) {
    const reply = pupil.rng.chance(0.75) ? text(pupil) : await code(pupil, 'lazy')
    return answered(user(pupil.question), reply)
  },
  /** Prompts that leave the choice to the model: words for the first two levels, programs above, with exceptions. */
  async assistant(pupil) {
    const words = pupil.rng.chance(pupil.level <= 2 ? 0.7 : 0.25)
    const reply = words ? text(pupil) : await code(pupil, pupil.rng.chance(0.6) ? 'lazy' : 'full')
    return answered(asked(prompts['autogen-style'], pupil.question), reply)
  },
  async tool(pupil) {
    const reply = pupil.rng.chance(0.3) ? text(pupil) : await code(pupil, pupil.rng.chance(0.5) ? 'lazy' : 'full')
    return answered(asked(prompts['code-interpreter'], pupil.question), reply)
  },
  async summary(pupil) {
    const program = await code(pupil, pupil.rng.chance(0.5) ? 'lazy' : 'full')
    const run = program && (await ran(pupil, program))
    const words = text(pupil, pupil.rng.chance(0.5) ? pupil.right : wrong(pupil))
    if (!program || !run || !words) return null
    const answer = lastMarked(run.words) ?? lastMarked(words)
    const attempts = { text: words, code: `${program}\n\nExecution: ${run.words}` }
    return answered(user(fill('summarise', { question: pupil.question, ...attempts })), `<<<${answer}>>>`)
  },
  async check(pupil) {
    const answer = pupil.rng.chance(0.5) ? pupil.right : wrong(pupil)
    if (answer.length > 160) return null
    const reply = pupil.rng.chance(0.4)
      ? `${pupil.rng.pick(openings.text)}\n\n<<<${answer}>>>`
      : await code(pupil, pupil.rng.chance(0.5) ? 'lazy' : 'full')
    const program = await checkingProgram(pupil.task, pupil.puzzle, answer)
    if (!reply || !program) return null
    const request = fill('self-answer', { question: pupil.question, answer, reply })
    return answered(user(request), `${openings.check[0]}\n\n${fenced(program)}`)
  },
  /** Asked to coach, it knows the form and little else: by the level at first, by the check later. */
  async coach(pupil) {
    const { rng, question } = pupil
    if (rng.chance(0.6)) {
      const way = rng.chance(pupil.level <= 2 ? 0.6 : 0.2) ? 'Text' : 'Code'
      return answered(user(fill('coach-first', { question })), `<<<${way}>>>`)
    }
    const right = rng.chance(0.5)
    const words = text(pupil, right ? pupil.right : wrong(pupil))
    if (!words) return null
    const told = right
      ? 'A program checked the answer and found it correct.'
      : `A program checked the answer and found it wrong: computed ${pupil.right} instead`
    const history = `--- Turn 1, guidance (text) ---\n${prompts['task-text']}\n--- Turn 1, the solver's reply ---\n${words}\nChecker self-answer: ${told}`
    const decision = right ? 'Return Answer' : wordings.code[3]
    const request = `${fill('coach-next', { question, history })}\n\n${prompts['coach-words']}`
    return answered(user(request), `<<<${decision}>>>`)
  },
  async 'follow-up'(pupil) {
    const { rng } = pupil
    if (rng.chance(0.35)) return afterWords(pupil)
    const first = await code(pupil, 'lazy')
    const run = first && (await ran(pupil, first))
    if (!first || !run) return null
    const opening = [asked(rng.pick(wordings.code), pupil.question), assistant(first)]
    if (rng.chance(0.15)) {
      const guidance = fill('rules-switch-to-text', { reason: 'the same program came again' })
      const words = text(pupil)
      const request = user(fill('task-after-run', { result: run.words, guidance }))
      return words === null ? null : [...opening, request, assistant(words)]
    }
    const better = await code(pupil, 'full')
    if (better === null) return null
    const request = user(fill('task-after-run', { result: run.words, guidance: mend(pupil, run) }))
    return [...opening, request, assistant(better)]
  },
}

/** A text answer that did not convince, then guidance to a program. */
async function afterWords<P>(pupil: Pupil<P>): Promise<LessonMessage[] | null> {
  const { rng } = pupil
  const answer = rng.chance(0.6) ? wrong(pupil) : pupil.right
  const words = text(pupil, answer)
  const better = await code(pupil, 'full')
  if (words === null || better === null) return null
  const reason = `A program checked the answer and found it wrong: computed ${pupil.right} instead`
  const guidance = rng.chance(0.5)
    ? fill('rules-switch-to-code', { reason: answer === pupil.right ? 'no check was made' : reason })
    : rng.pick([prompts['rules-confirm-by-code'], ...wordings.search, ...wordings.code])
  return [asked(rng.pick(wordings.text), pupil.question), assistant(words), user(guidance), assistant(better)]
}

function answered(request: LessonMessage, reply: string | null): LessonMessage[] | null {
  return reply === null ? null : [request, assistant(reply)]
}

const fenced = (program: string) => `\`\`\`python\n${program}\n\`\`\``

async function code<P>({ task, puzzle, rng }: Pupil<P>, which: 'full' | 'lazy'): Promise<string | null> {
  const program = await shortProgram(task, puzzle, which)
  return program && `${rng.pick(openings[which])}\n\n${fenced(program)}`
}

/** An answer in words; long ones only now and then, since no words lead to them. */
function text<P>(pupil: Pupil<P>, answer = pupil.right): string | null {
  if (answer.length > 60 && (answer.length > 200 || pupil.rng.chance(0.8))) return null
  return `${pupil.rng.pick(openings.text)}\n\n<<<${answer}>>>`
}

function wrong<P>({ task, puzzle, rng, right }: Pupil<P>): string {
  const misses = task.nearMisses(puzzle, rng).slice(0, 3)
  return misses.length === 0 ? right : rng.pick(misses)
}

interface Ran {
  readonly words: string
  readonly error: string
  readonly timedOut: boolean
  /** The first line of what the symbolic checker says of the program. */
  readonly finding: string
}

async function ran<P>({ sandbox, python }: Pupil<P>, reply: string): Promise<Ran | null> {
  const source = /```python\n([\s\S]*?)\n```/.exec(reply)?.[1]
  if (source === undefined) return null
  const result = await sandbox.run({ source, timeoutMs: 2_000 })
  return {
    words: await describeRun(result, 150),
    error: errorLine(result.stderr),
    timedOut: result.outcome === 'timed-out',
    finding: (judge(python, source).told.split('\n')[0] ?? '').slice(0, 200),
  }
}

/** Guidance after a program that did not convince, true to what its run showed. */
function mend<P>({ rng, right }: Pupil<P>, run: Ran): string {
  if (run.timedOut) return fill('rules-too-slow', { seconds: '30' })
  if (run.error !== '') return fill('rules-fix-crash', { error: run.error })
  const answer = lastMarked(run.words)
  if (answer === null) return prompts['rules-no-answer-code']
  const name = rng.pick(betterProgram.filter(prompt => /search|wrong|other/.test(prompt)))
  if (name === 'rules-other-method') return prompts[name]
  if (name === 'rules-wrong')
    return answer === right
      ? prompts['rules-other-method']
      : fill(name, { reason: `computed ${right.slice(0, 120)} instead` })
  return fill('rules-need-search', { finding: run.finding })
}
