import type { Trajectory, TrajectoryEvent, Turn } from './trajectory.ts'

/** Which words of a trajectory are handed to somebody who sees nothing but a reply. */
export type ReplyForm = 'reply' | 'answer'

/** What a trajectory comes down to for a client that knows completions only. */
export interface Outcome {
  /** The turn whose words these are (1-based); null when no turn replied. */
  readonly turn: number | null
  readonly text: string
  readonly finish: 'stop' | 'length' | 'refusal'
}

/**
 * The reply of the turn whose answer counts, as the model wrote it, with what its program printed behind it when it wrote
 * one. Without any answer: the latest reply. In the form `answer`: the marked answer alone, where there is one.
 */
export function outcomeOf(trajectory: Trajectory, form: ReplyForm = 'reply'): Outcome {
  const { answer, turns, end } = trajectory
  const replied = turns.filter(turn => turn.reply !== null)
  const turn = answer ? turns.find(one => one.index === answer.turn) : replied.at(-1)
  if (turn?.reply == null) return { turn: null, text: '', finish: end?.reason === 'terminated' ? 'stop' : 'length' }
  const text = form === 'answer' && answer ? answer.text : replyWithOutput(turn)
  const { finish } = turn.reply.completion
  const cut = answer === null && (end?.reason === 'token-limit' || end?.reason === 'time-limit')
  return {
    turn: turn.index,
    text,
    finish: finish === 'refusal' ? 'refusal' : finish === 'length' || cut ? 'length' : 'stop',
  }
}

function replyWithOutput({ reply, run }: Turn): string {
  const text = reply?.completion.text ?? ''
  const printed = run?.stdout.trimEnd() ?? ''
  if (printed === '') return text
  // A longer fence than any in the output, so that the output cannot end the block.
  const longest = Math.max(2, ...[...printed.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${text.trimEnd()}\n\nThe program printed:\n\n${fence}text\n${printed}\n${fence}`
}

/** Tokens of all calls of a trajectory, whoever made them; null where no provider said. */
export interface TokenTotals {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number | null
  readonly cachedInputTokens: number | null
}

/** Adds up what every model call used: task model, coach and checkers. */
export function tokenTotals(events: readonly TrajectoryEvent[]): TokenTotals {
  const usages = events.flatMap(event => (event.type === 'model-call' ? [event.usage] : []))
  const sum = (counts: readonly (number | null)[]) =>
    counts.reduce<number | null>((total, count) => (count === null ? total : (total ?? 0) + count), null)
  return {
    inputTokens: sum(usages.map(usage => usage.inputTokens)) ?? 0,
    outputTokens: sum(usages.map(usage => usage.outputTokens)) ?? 0,
    reasoningTokens: sum(usages.map(usage => usage.reasoningTokens)),
    cachedInputTokens: sum(usages.map(usage => usage.cachedInputTokens)),
  }
}
