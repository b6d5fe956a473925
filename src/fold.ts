import { answerOf, programOf } from './answer.ts'
import { type Guidance, isFinish } from './coach.ts'
import { InputError } from './errors.ts'
import type { ModelMessage, Role } from './model.ts'
import type { RunResult } from './sandbox.ts'
import {
  type ModelCallEvent,
  type Spend,
  type Trajectory,
  type TrajectoryEnd,
  type TrajectoryEvent,
  type TrajectoryStart,
  type Turn,
  trajectoryFormat,
} from './trajectory.ts'

/**
 * Everything that is derived from a trajectory's events: turns, answer, spend. Pure, and total over any prefix of a
 * trajectory, so a killed one folds up to its last whole event. Throws InputError when the list does not begin with a
 * trajectory-start of a format we know.
 */
export function fold(events: readonly TrajectoryEvent[]): Trajectory {
  const start = events[0]
  if (start?.type !== 'trajectory-start') {
    throw new InputError(
      'not a trajectory: the first event is no trajectory-start',
      'Give a file that `codesteer ask` or `codesteer run` wrote.',
    )
  }
  if (start.format > trajectoryFormat) {
    throw new InputError(
      `the trajectory has format ${start.format}, this version reads up to ${trajectoryFormat}`,
      'Update codesteer: npm i -g codesteer@latest',
    )
  }
  const turns: TurnInMaking[] = []
  let finish: Guidance | null = null
  let end: TrajectoryEnd | null = null
  for (const event of events) {
    const turn = turns.at(-1)
    if (event.type === 'guidance') {
      if (isFinish(event.guidance)) finish = event.guidance
      else turns.push({ index: event.turn, guidance: event.guidance, reply: null, run: null, checks: [] })
    } else if (event.type === 'model-call' && (event.role === 'task' || event.role === 'summariser') && turn)
      turn.reply = event
    else if (event.type === 'code-run' && event.purpose === 'answer' && turn) turn.run = event.result
    else if (event.type === 'check' && turn) turn.checks.push({ checker: event.checker, report: event.report })
    else if (event.type === 'trajectory-end') end = event
  }
  const finished = turns.map(turn => complete(turn, start))
  return {
    start,
    turns: finished,
    finish,
    end,
    answer: chooseAnswer(finished, start.settings.finalAnswer),
    spend: spendOf(events),
    tookMs: (events.at(-1)?.atMs ?? start.atMs) - start.atMs,
  }
}

interface TurnInMaking {
  readonly index: number
  readonly guidance: Guidance
  reply: ModelCallEvent | null
  run: RunResult | null
  readonly checks: Turn['checks'][number][]
}

function complete(turn: TurnInMaking, start: TrajectoryStart): Turn {
  const reply = turn.reply?.completion.text ?? ''
  const source = turn.reply === null ? null : programOf(reply, start.settings)
  return { ...turn, source, answer: turn.reply === null ? null : answerOf(reply, source, turn.run) }
}

/** Blanks and case do not make two answers different when we count how often one was given. */
const sameAnswer = (a: string, b: string) => a.replace(/\s+/g, '').toLowerCase() === b.replace(/\s+/g, '').toLowerCase()

/** What the self-answer checker thought of a turn: 2 passed, 1 no opinion, 0 failed. */
export function confidenceOf(turn: Turn): 0 | 1 | 2 {
  const outcome = turn.checks.find(check => check.checker === 'self-answer')?.report.outcome
  return outcome === 'passed' ? 2 : outcome === 'failed' ? 0 : 1
}

/** How many turns gave the same answer as this one, itself counted. */
export function agreement(turn: Turn, turns: readonly Turn[]): number {
  return turns.filter(other => turn.answer && other.answer && sameAnswer(turn.answer.text, other.answer.text)).length
}

/**
 * The trajectory's answer. `last`: that of the last reply, whatever it is. `best`: the checked one first, then the one
 * most turns agree on, then the latest: a wrong last turn does not take a verified answer away.
 */
function chooseAnswer(turns: readonly Turn[], rule: 'best' | 'last'): Trajectory['answer'] {
  const answered = turns.filter(turn => turn.answer !== null)
  const key = (turn: Turn) => [confidenceOf(turn), agreement(turn, answered), turn.index]
  const chosen = rule === 'last' ? turns.at(-1) : [...answered].sort((a, b) => compare(key(b), key(a)))[0]
  return chosen?.answer ? { ...chosen.answer, turn: chosen.index } : null
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}

const roles: readonly Role[] = ['task', 'coach', 'checker', 'summariser']

function spendOf(events: readonly TrajectoryEvent[]): Trajectory['spend'] {
  const calls = events.filter(event => event.type === 'model-call')
  const of = (some: readonly ModelCallEvent[]): Spend => ({
    calls: some.length,
    inputTokens: some.reduce((sum, call) => sum + (call.usage.inputTokens ?? 0), 0),
    outputTokens: some.reduce((sum, call) => sum + (call.usage.outputTokens ?? 0), 0),
    costUsd: some.reduce<number | null>(
      (sum, call) => (sum === null || call.costUsd === null ? null : sum + call.costUsd),
      0,
    ),
    modelMs: some.reduce((sum, call) => sum + call.tookMs, 0),
  })
  const byRole = Object.fromEntries(roles.map(role => [role, of(calls.filter(call => call.role === role))]))
  return { ...(byRole as Record<Role, Spend>), total: of(calls) }
}

/** A completion as the message that joins its conversation. */
export function assistantMessage({ text, toolCalls }: ModelCallEvent['completion']): ModelMessage {
  if (!toolCalls) return { role: 'assistant', content: text }
  const calls = toolCalls.map(({ id, name, input }) => ({
    type: 'tool-call' as const,
    toolCallId: id,
    toolName: name,
    input,
  }))
  return { role: 'assistant', content: [...(text ? [{ type: 'text' as const, text }] : []), ...calls] }
}

/** The messages of one conversation of a trajectory, as they stood after its last call: requests rebuilt from what each call appended. */
export function thread(events: readonly TrajectoryEvent[], name: string): ModelMessage[] {
  let messages: ModelMessage[] = []
  for (const event of events) {
    if (event.type !== 'model-call' || event.thread !== name) continue
    messages = [...messages.slice(0, event.keep), ...event.append, assistantMessage(event.completion)]
  }
  return messages
}
