import type { ModelReply } from '../model.ts'
import { narrator } from '../narrate.ts'
import { outcomeOf, tokenTotals } from '../outcome.ts'
import type { Trajectory, TrajectoryEvent } from '../trajectory.ts'
import type { Ask } from './ask.ts'
import type { Extension, Reply } from './chat-shape.ts'
import { failureOf, GatewayError } from './errors.ts'
import { requireTools, type Service } from './service.ts'

export interface WorkOptions {
  /** The trajectory's id. */
  readonly id: string
  readonly createdSeconds: number
  readonly signal: AbortSignal
  /** Told as it happens; without it nothing is streamed from the model either. */
  readonly onReasoning?: (text: string) => void
  /** The model has begun to answer: the request is no longer one that fails before it begins. */
  readonly onReply?: () => void
  /** Called with every trajectory, also one without a reply to hand out. */
  readonly onTrajectory?: (trajectory: Trajectory) => void
}

/** What a request came to. */
export interface Worked {
  readonly reply: Reply
}

/** Does what was asked: steers it, or hands it on when it brings tools. Throws GatewayError when there is no reply to give. */
export function work(service: Service, ask: Ask, options: WorkOptions): Promise<Worked> {
  return ask.tools ? passOn(service, ask, ask.tools, options) : steered(service, ask, options)
}

async function steered(
  service: Service,
  ask: Ask,
  { id, createdSeconds, signal, onReasoning, onReply, onTrajectory }: WorkOptions,
): Promise<Worked> {
  const telling = ask.settings.reasoning ?? 'full'
  const teller = telling === 'none' ? null : narrator(telling)
  const told: string[] = []
  const tell = (words: string | undefined) => {
    if (!words) return
    told.push(words)
    onReasoning?.(words)
  }
  const { trajectory, events } = await service.run(ask, {
    id,
    signal,
    onEvent(event) {
      tell(teller?.event(event))
      if (event.type === 'model-call') onReply?.()
    },
    ...(onReasoning && telling === 'full'
      ? {
          onDelta(delta) {
            tell(teller?.delta(delta))
            onReply?.()
          },
        }
      : {}),
  })
  onTrajectory?.(trajectory)
  const { text, turn, finish } = outcomeOf(trajectory, ask.settings.content)
  if (turn === null || (trajectory.end?.error && trajectory.answer === null)) throw whyNone(trajectory)
  return {
    reply: {
      id,
      createdSeconds,
      model: ask.model,
      content: text,
      reasoning: told.join(''),
      finish,
      usage: tokenTotals(events),
      toolCalls: [],
      extension: extensionOf(trajectory, ask.settings.events ? events : undefined),
    },
  }
}

/** The object beside a protocol’s own fields. */
export function extensionOf(trajectory: Trajectory, events: readonly TrajectoryEvent[] | undefined): Extension {
  const { start, end, answer, turns, spend } = trajectory
  return {
    trajectory: start.id,
    turns: turns.length,
    stop: end?.reason ?? 'error',
    answer: answer?.text ?? null,
    answerTurn: answer?.turn ?? null,
    costUsd: spend.total.costUsd,
    simulated: start.simulated,
    ...(end?.error ? { error: { kind: end.error.kind, message: failureOf(end.error).message } } : {}),
    ...(events ? { events } : {}),
  }
}

/** Why a trajectory has no reply to hand out. */
function whyNone({ end, start }: Trajectory): GatewayError {
  if (end?.error) return failureOf(end.error)
  switch (end?.reason) {
    case 'time-limit':
      return new GatewayError(
        504,
        'time_limit',
        `No reply within ${start.settings.limits.timeMs} ms, the limit of this request.`,
      )
    case 'cancelled':
      return new GatewayError(503, 'cancelled', 'The request was cancelled before there was a reply.', {
        headers: { 'retry-after': '5' },
      })
    case 'token-limit':
    case 'cost-limit':
      return new GatewayError(
        400,
        end.reason.replace('-', '_'),
        `The request reached its ${end.reason} before there was a reply. Raise it.`,
      )
    default:
      return new GatewayError(
        502,
        'no_reply',
        `The coach ended the question without asking the model (${end?.reason}).`,
      )
  }
}

/**
 * Hands the request to the model as it is: its tools are the caller's to run. The reply comes in one piece even where the
 * client streams: a retry in the middle would otherwise say its beginning twice.
 */
async function passOn(
  service: Service,
  ask: Ask,
  tools: NonNullable<Ask['tools']>,
  { id, createdSeconds, signal }: WorkOptions,
): Promise<Worked> {
  requireTools(service)
  const { taskModel, settings } = service.codesteer
  const timeMs = settings.limits.timeMs
  const reply = await taskModel.call({
    messages: ask.messages,
    tools,
    temperature: ask.temperature ?? settings.temperature,
    maxOutputTokens: Math.min(ask.maxOutputTokens ?? settings.maxOutputTokens, settings.maxOutputTokens),
    trial: id,
    signal: timeMs === null ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeMs)]),
  })
  return {
    reply: {
      id,
      createdSeconds,
      model: ask.model,
      content: reply.text,
      reasoning: reply.reasoning ?? '',
      finish: reply.finish,
      usage: tokensOf(reply),
      toolCalls: reply.toolCalls.map(call => ({
        id: call.id,
        name: call.name,
        arguments: typeof call.input === 'string' ? call.input : JSON.stringify(call.input ?? {}),
      })),
      extension: {
        trajectory: null,
        turns: 0,
        stop: 'unsteered',
        answer: null,
        answerTurn: null,
        costUsd: reply.costUsd,
        simulated: taskModel.simulated,
      },
    },
  }
}

const tokensOf = ({ usage }: ModelReply) => ({
  ...usage,
  inputTokens: usage.inputTokens ?? 0,
  outputTokens: usage.outputTokens ?? 0,
})
