import { programOf } from '../answer.ts'
import type { Checker, CheckReport } from '../checker.ts'
import type { StepKit } from '../kit.ts'
import type { ModelMessage } from '../model.ts'
import { fill } from '../prompts/prompts.ts'
import { outcomeWords } from '../run-words.ts'
import type { RunResult } from '../sandbox.ts'
import type { TrajectoryEvent, Turn } from '../trajectory.ts'
import { cutToTokens } from '../util/cut.ts'

/** What one checking program said. `problem` is why it said nothing usable. */
type Vote =
  | { readonly verdict: 'correct' }
  | { readonly verdict: 'wrong'; readonly reason: string }
  | { readonly verdict: 'inconclusive'; readonly problem: string }

/** Findings of the self-answer checker: how the votes fell. */
export interface SelfAnswerDetail {
  readonly answer: string
  readonly votes: readonly Vote[]
}

const replyTokens = 1_500

/**
 * The self-answer checker (steering-loop section 4): the checker model writes a program that tests the answer against the
 * question, the program runs in the sandbox, and its own last line is the verdict. Nothing is concluded from silence:
 * a program that crashes, times out or prints no verdict is inconclusive.
 */
const selfAnswer: Checker = {
  name: 'self-answer',
  about: 'a model writes a program that verifies the answer against the question; the sandbox runs it',
  async *check(turn, kit) {
    if (turn.answer === null) return null
    const votes: Vote[] = []
    for (let nth = 0; nth < kit.settings.selfAnswerVotes; nth++) votes.push(yield* vote(turn, kit, nth))
    return report(turn.answer.text, votes)
  },
}

export default selfAnswer

/** One checking program, asked for again (with what was wrong) until it gives a verdict or the attempts are used up. */
async function* vote(turn: Turn, kit: StepKit, nth: number): AsyncGenerator<TrajectoryEvent, Vote> {
  const thread = `check-${turn.index}-${nth}`
  const reply = await cutToTokens(turn.reply?.completion.text ?? '', replyTokens)
  const messages: ModelMessage[] = [
    {
      role: 'user',
      content: fill('self-answer', { question: kit.question, answer: turn.answer!.text, reply: reply.text }),
    },
  ]
  let problem = 'no program was written'
  for (let attempt = 0; attempt < kit.settings.selfAnswerAttempts; attempt++) {
    const words = yield* kit.call('checker', thread, kit.models.checker, messages)
    const source = programOf(words.text, { block: 'last', fences: 'tolerant' })
    if (source === null) problem = 'the reply held no Python block'
    else {
      const read = readVerdict(yield* kit.run('check', source), source)
      if (read.verdict !== 'inconclusive' || read.final) return read
      problem = read.problem
    }
    messages.push(
      { role: 'assistant', content: words.text },
      { role: 'user', content: fill('self-answer-again', { problem }) },
    )
  }
  return { verdict: 'inconclusive', problem }
}

/** The verdict a checking program printed; `final` when the program itself said that it cannot tell. */
export function readVerdict(run: RunResult, source: string): Vote & { readonly final?: boolean } {
  if (run.outcome !== 'finished' || run.exitCode !== 0) {
    const last = run.stderr.trimEnd().split('\n').at(-1) ?? ''
    return { verdict: 'inconclusive', problem: `${outcomeWords(run)} ${last}`.trim().slice(0, 400) }
  }
  const line = run.stdout.trimEnd().split('\n').at(-1)?.trim() ?? ''
  const said = /^\W*(correct|wrong|inconclusive)\b\W*(.*)$/i.exec(line)
  if (!said)
    return {
      verdict: 'inconclusive',
      problem: line === '' ? 'it printed nothing' : `its last line was "${line.slice(0, 200)}"`,
    }
  const reason = said[2]!.slice(0, 500) || 'no reason given'
  switch (said[1]!.toLowerCase()) {
    case 'correct':
      return testsNothing(source)
        ? { verdict: 'inconclusive', problem: 'it prints "Correct" without testing anything' }
        : { verdict: 'correct' }
    case 'wrong':
      return { verdict: 'wrong', reason }
    default:
      return { verdict: 'inconclusive', problem: reason, final: true }
  }
}

/** A checking program without any condition cannot have found anything out. */
function testsNothing(source: string): boolean {
  return !/\b(if|assert|while|all|any|else)\b|==|!=|<=|>=/.test(source.replace(/#[^\n]*/g, ''))
}

function report(answer: string, votes: readonly Vote[]): CheckReport {
  const detail: SelfAnswerDetail = { answer, votes }
  const correct = votes.filter(vote => vote.verdict === 'correct').length
  const wrong = votes.flatMap(vote => (vote.verdict === 'wrong' ? [vote.reason] : []))
  const tally =
    votes.length > 1 ? ` (${correct} of ${votes.length} programs say correct, ${wrong.length} say wrong)` : ''
  if (correct > wrong.length)
    return { outcome: 'passed', told: `A program checked the answer and found it correct${tally}.`, detail }
  if (wrong.length > correct)
    return { outcome: 'failed', told: `A program checked the answer and found it wrong${tally}: ${wrong[0]}`, detail }
  const problem =
    votes.flatMap(vote => (vote.verdict === 'inconclusive' ? [vote.problem] : []))[0] ?? 'the programs disagree'
  return { outcome: 'inconclusive', told: `The check gave no verdict${tally}: ${problem}`, detail }
}
