import type { Guidance } from './coach.ts'
import { questionInContext } from './conversation.ts'
import { CodeSteerError, isAbort, messageOf } from './errors.ts'
import { assistantMessage, fold } from './fold.ts'
import type { CallOptions, Kit, StepKit } from './kit.ts'
import { LimitReached } from './limit-reached.ts'
import type { ModelMessage, ModelReply, Role } from './model.ts'
import { promptHashes } from './prompts/prompts.ts'
import type { RunResult } from './sandbox.ts'
import {
  type Coordinates,
  type ModelCallEvent,
  type StopReason,
  type Trajectory,
  type TrajectoryEnd,
  type TrajectoryEvent,
  type TrajectoryStart,
  trajectoryFormat,
} from './trajectory.ts'
import { version } from './version.ts'

/** What is asked, and how the trajectory is called in the record. */
export interface SteerInput {
  readonly prompt: string
  /**
   * What was said before the prompt, system messages included: it stands before the question in the task model's own
   * conversation, and coach and checkers are told of it. The codesteer loop reads it; the baselines have no conversation.
   */
  readonly history?: readonly ModelMessage[]
  readonly coordinates?: Coordinates
  readonly id: string
  /** Which independent attempt this is; part of every ledger key. */
  readonly trial: string
  readonly method?: string
  /** Events of another trajectory to go on from: the record begins with them, and they are not called again. */
  readonly branchOf?: { readonly trajectory: string; readonly turn: number }
}

/** What a way of answering works with: calls and runs that leave their events behind, and the state so far. */
export interface Episode extends StepKit {
  readonly input: SteerInput
  readonly kit: Kit
  /** All that happened, folded. */
  soFar(): Trajectory
  /** The messages of one conversation so far. */
  thread(name: string): readonly ModelMessage[]
  /** Counts the events that follow to this turn (1-based). */
  begin(turn: number): void
  /** Records the decision that opens the current turn, or ends the episode. */
  decide(guidance: Guidance): AsyncGenerator<TrajectoryEvent, void>
  /** Lets the kit's checkers look at the latest turn and records what they say. */
  check(): AsyncGenerator<TrajectoryEvent, void>
}

/** A whole way of answering, from the first decision to the reason why it stopped. */
export type EpisodeBody = (episode: Episode) => AsyncGenerator<TrajectoryEvent, StopReason>

/**
 * One trajectory from its start to its end. The body does the answering; here its events are numbered and stamped, and
 * whatever ends it early becomes the end of the record: failures of providers, sandbox and store, limits, and
 * cancellation. Only our own bugs are thrown, after their trajectory-end. This is the one place that catches.
 */
export async function* episode(
  input: SteerInput,
  kit: Kit,
  body: EpisodeBody,
): AsyncGenerator<TrajectoryEvent, Trajectory> {
  const recorder = new Recorder(kit)
  yield recorder.add(startOf(input, kit))
  let reason: StopReason
  let failure: TrajectoryEnd['error']
  let bug: unknown
  try {
    reason = yield* body(episodeOf(input, kit, recorder, await questionInContext(input, kit.settings)))
  } catch (error) {
    if (error instanceof LimitReached) reason = error.reason
    else if (isAbort(error, kit.signal)) reason = 'cancelled'
    else {
      reason = 'error'
      failure = describeFailure(error)
      if (failure.kind === 'bug') bug = error
    }
  }
  yield recorder.add<TrajectoryEnd>({ type: 'trajectory-end', reason, ...(failure ? { error: failure } : {}) })
  if (bug) throw bug
  return fold(recorder.events)
}

function episodeOf(input: SteerInput, kit: Kit, recorder: Recorder, question: string): Episode {
  const step = stepKit(input, kit, recorder, question)
  return {
    ...step,
    input,
    kit,
    soFar: () => recorder.soFar(),
    thread: name => recorder.thread(name),
    begin(turn) {
      recorder.turn = turn
    },
    async *decide(guidance) {
      yield recorder.add({ type: 'guidance', turn: recorder.turn, guidance })
    },
    async *check() {
      for (const checker of kit.checkers) {
        const report = yield* checker.check(recorder.soFar().turns.at(-1)!, step)
        if (report) yield recorder.add({ type: 'check', turn: recorder.turn, checker: checker.name, report })
      }
    },
  }
}

type Unstamped<E> = E extends unknown ? Omit<E, 'seq' | 'atMs'> : never

/** Numbers and stamps events, and keeps those made so far. */
class Recorder {
  readonly events: TrajectoryEvent[] = []
  turn = 0
  readonly #kit: Kit
  readonly #threads = new Map<string, ModelMessage[]>()
  readonly #trials = new Map<string, number>()
  #folded: { readonly length: number; readonly trajectory: Trajectory } | undefined

  constructor(kit: Kit) {
    this.#kit = kit
  }

  add<E extends TrajectoryEvent = TrajectoryEvent>(event: Unstamped<E>): E {
    const stamped = { seq: this.events.length, atMs: this.#kit.clock.nowMs(), ...event } as unknown as E
    this.events.push(stamped)
    if (stamped.type === 'model-call') {
      const call = stamped as ModelCallEvent
      const messages = [...this.thread(call.thread).slice(0, call.keep), ...call.append]
      this.#threads.set(call.thread, [...messages, assistantMessage(call.completion)])
    }
    return stamped
  }

  /** What the events fold to; folded once between two events, however often it is looked at. */
  soFar(): Trajectory {
    if (this.#folded?.length !== this.events.length)
      this.#folded = { length: this.events.length, trajectory: fold(this.events) }
    return this.#folded.trajectory
  }

  thread(name: string): readonly ModelMessage[] {
    return this.#threads.get(name) ?? []
  }

  /** How often the like of a request was made in this trajectory: asking again is asking for another sample. */
  occurrence(key: string): number {
    const count = this.#trials.get(key) ?? 0
    this.#trials.set(key, count + 1)
    return count
  }

  /** Throws LimitReached when the trajectory has used up what it may. */
  guardLimits(): void {
    const { tokens, costUsd, timeMs } = this.#kit.settings.limits
    if (tokens === null && costUsd === null && timeMs === null) return
    const { spend, tookMs } = this.soFar()
    const used = spend.total.inputTokens + spend.total.outputTokens
    if (tokens !== null && used >= tokens) throw new LimitReached('token-limit')
    if (costUsd !== null && (spend.total.costUsd ?? 0) >= costUsd) throw new LimitReached('cost-limit')
    if (timeMs !== null && tookMs >= timeMs) throw new LimitReached('time-limit')
  }
}

/** What coaches and checkers may do: call models and run programs, leaving the events behind. */
function stepKit(input: SteerInput, kit: Kit, recorder: Recorder, question: string): StepKit {
  const { settings } = kit
  // The time limit also cuts a call or run short; the check between events alone would let a hanging one pass.
  const deadline = settings.limits.timeMs === null ? undefined : AbortSignal.timeout(settings.limits.timeMs)
  const signals = [kit.signal, deadline].filter(signal => signal !== undefined)
  const signal = signals.length > 0 ? AbortSignal.any(signals) : undefined
  const withinTime = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      if (deadline?.aborted && !kit.signal?.aborted) throw new LimitReached('time-limit')
      throw error
    }
  }
  return {
    question,
    settings,
    models: { task: kit.taskModel, checker: kit.checkerModel },
    async *call(role, thread, model, messages, options = {}): AsyncGenerator<TrajectoryEvent, ModelReply> {
      recorder.guardLimits()
      const keep = commonPrefix(recorder.thread(thread), messages)
      const sent = callOptions(role, settings, options)
      const nth = recorder.occurrence(`${model.id}/${messages.length}/${JSON.stringify(messages.at(-1))}`)
      const trial = nth === 0 ? input.trial : `${input.trial}+${nth}`
      const onDelta = kit.onDelta
      const reply = await withinTime(
        model.call({
          messages,
          ...sent,
          ...(options.json ? { json: options.json } : {}),
          ...(options.tools ? { tools: options.tools } : {}),
          trial,
          ...(signal ? { signal } : {}),
          ...(onDelta ? { onDelta: delta => onDelta({ role, ...delta }) } : {}),
        }),
      )
      yield recorder.add<ModelCallEvent>({
        type: 'model-call',
        turn: recorder.turn,
        role,
        model: model.id,
        thread,
        keep,
        append: messages.slice(keep),
        completion: {
          text: reply.text,
          reasoning: reply.reasoning,
          finish: reply.finish,
          ...(reply.toolCalls.length > 0 ? { toolCalls: reply.toolCalls } : {}),
        },
        options: { ...sent, ...(options.json ? { json: options.json.name } : {}) },
        usage: reply.usage,
        costUsd: reply.costUsd,
        requestHash: reply.requestHash,
        trial,
        fromLedger: reply.fromLedger,
        attempts: reply.attempts,
        notes: reply.notes,
        tookMs: reply.tookMs,
      })
      return reply
    },
    async *run(purpose, source): AsyncGenerator<TrajectoryEvent, RunResult> {
      recorder.guardLimits()
      const limits = { timeoutMs: settings.codeTimeoutMs, memoryBytes: settings.codeMemoryBytes }
      const result = await withinTime(kit.sandbox.run({ source, ...limits, ...(signal ? { signal } : {}) }))
      yield recorder.add({ type: 'code-run', turn: recorder.turn, purpose, source, ...limits, result })
      return result
    },
  }
}

function callOptions(role: Role, settings: Kit['settings'], options: CallOptions) {
  return {
    temperature: options.temperature ?? (role === 'coach' ? settings.coachTemperature : settings.temperature),
    maxOutputTokens: options.maxOutputTokens ?? settings.maxOutputTokens,
  }
}

const sameMessage = (a: ModelMessage, b: ModelMessage) => a === b || JSON.stringify(a) === JSON.stringify(b)

function commonPrefix(a: readonly ModelMessage[], b: readonly ModelMessage[]): number {
  let same = 0
  while (same < a.length && same < b.length && sameMessage(a[same]!, b[same]!)) same++
  return same
}

function startOf(input: SteerInput, kit: Kit): Unstamped<TrajectoryStart> {
  return {
    type: 'trajectory-start',
    format: trajectoryFormat,
    id: input.id,
    question: {
      prompt: input.prompt,
      ...(input.history?.length ? { history: input.history } : {}),
      ...(input.coordinates ? { coordinates: input.coordinates } : {}),
    },
    method: input.method ?? 'codesteer',
    settings: kit.settings,
    models: { task: kit.taskModel.id, checker: kit.checkerModel.id, coach: kit.coach.models },
    coach: kit.coach.name,
    checkers: kit.checkers.map(checker => checker.name),
    sandbox: kit.sandbox.name,
    simulated:
      kit.taskModel.simulated || kit.checkerModel.simulated || kit.coach.models.some(id => id.startsWith('simulated/')),
    prompts: promptHashes(),
    build: { version },
    trial: input.trial,
    ...(input.branchOf ? { branchOf: input.branchOf } : {}),
  }
}

function describeFailure(error: unknown): NonNullable<TrajectoryEnd['error']> {
  if (error instanceof CodeSteerError) {
    const fault = 'fault' in error ? { fault: String(error.fault) } : {}
    return { kind: error.kind, message: error.message, mend: error.mend, ...fault }
  }
  return {
    kind: 'bug',
    message: messageOf(error),
    mend: 'This is a defect of codesteer: please report it with the trajectory file.',
  }
}
