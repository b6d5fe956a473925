/**
 * CodeSteer as a language model of the AI SDK: `generateText({ model: codesteer(openai('…')), prompt })`.
 * @packageDocumentation
 */
import {
  InvalidPromptError,
  type JSONObject,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4Prompt,
  type LanguageModelV4StreamPart,
  type LanguageModelV4Usage,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider'
import type { CodeSteerOptions } from './assemble.ts'
import { CodeSteerError, InputError, ProviderError, type ProviderFault } from './errors.ts'
import { GatewayError } from './gateway/errors.ts'
import { type RequestSettings, readSettings } from './gateway/request-settings.ts'
import { createService, type Service } from './gateway/service.ts'
import { extensionOf } from './gateway/work.ts'
import type { ModelMessage } from './model.ts'
import { narrator } from './narrate.ts'
import { outcomeOf, tokenTotals } from './outcome.ts'
import type { Trajectory, TrajectoryEvent } from './trajectory.ts'
import { newId } from './util/id.ts'

/** What a steered model is made of besides its model, and how its answers are told. */
export interface SteeredModelOptions extends Omit<CodeSteerOptions, 'model'> {
  /** `reply` (default): the reply whose answer counts, with its program's output; `answer`: the marked answer alone. */
  readonly content?: RequestSettings['content']
  /** How much of the steering is told as reasoning. Default `full`. */
  readonly reasoning?: RequestSettings['reasoning']
  /** Hands the trajectory's events back in `providerMetadata.codesteer.events`. */
  readonly events?: boolean
  /** Folder in which trajectories are recorded; default: none are kept. */
  readonly out?: string
  /** The sandbox is closed when nothing was asked for so long, in milliseconds. Default one second. */
  readonly idleMs?: number
}

/** A language model whose answers are steered. It opens its sandbox when asked and closes it when idle; `close` does it now. */
export interface SteeredModel extends LanguageModelV4, AsyncDisposable {
  /** Closes the sandbox now instead of when idle; the next call opens it again. */
  close(): Promise<void>
}

const defaultIdleMs = 1_000

/**
 * Steers a model: any of the AI SDK, or one named as `provider/model` (`simulated/apprentice` works offline). The last
 * user message is the question; what stands before it is its context. Settings for one call go into
 * `providerOptions.codesteer` (turns, coach, checkers, content, reasoning, events, maxTokens, maxCostUsd, maxTimeMs).
 *
 * Calls throw CodeSteerError (with its mend) when the provider or the sandbox failed and there is no answer,
 * UnsupportedFunctionalityError for tools, files and JSON output, and the signal's reason when aborted.
 */
export function codesteer(model: CodeSteerOptions['model'], options: SteeredModelOptions = {}): SteeredModel {
  const { content, reasoning, events, out, idleMs = defaultIdleMs, ...steering } = options
  const pool = idleService(
    () => createService({ steering: { ...steering, model }, ...(out === undefined ? {} : { out }) }),
    idleMs,
  )
  const defaults = {
    ...(content ? { content } : {}),
    ...(reasoning ? { reasoning } : {}),
    ...(events === undefined ? {} : { events }),
  }
  const modelId = nameOf(model)
  return {
    specificationVersion: 'v4',
    provider: 'codesteer',
    modelId,
    supportedUrls: {},
    async doGenerate(call) {
      const { ask, warnings } = readCall(call, defaults)
      return pool.use(async service => ({ ...(await generate(service, ask, call, modelId)), warnings }))
    },
    async doStream(call) {
      const { ask, warnings } = readCall(call, defaults)
      // Opened before the stream begins, so that a wrong name or a missing key is an error of the call itself.
      const lease = await pool.take()
      return { stream: streamed(lease.service, ask, call, { modelId, warnings, done: lease.done }) }
    },
    close: pool.close,
    [Symbol.asyncDispose]: pool.close,
  }
}

function nameOf(model: CodeSteerOptions['model']): string {
  if (typeof model === 'string') return model
  return 'call' in model ? model.id : `${model.provider.split('.')[0]}/${model.modelId}`
}

interface Call {
  readonly messages: readonly ModelMessage[]
  readonly settings: RequestSettings
  readonly temperature?: number
  readonly maxOutputTokens?: number
}

/** A call of the SDK, understood. Throws for what a steered answer cannot be. */
function readCall(
  call: LanguageModelV4CallOptions,
  defaults: RequestSettings,
): { ask: Call; warnings: SharedV4Warning[] } {
  if (call.tools && call.tools.length > 0 && call.toolChoice?.type !== 'none') {
    throw unsupported(
      'tools',
      'A steered model calls no tools: it writes programs, which run in the sandbox. Give tools to the model itself.',
    )
  }
  if (call.responseFormat?.type === 'json') {
    throw unsupported(
      'JSON output',
      'A steered answer is text. Take the bare answer with content: "answer" and parse it.',
    )
  }
  const given = call.providerOptions?.codesteer
  return {
    ask: {
      messages: messagesOf(call.prompt),
      settings: settingsOf({ ...defaults, ...given }),
      ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
      ...(call.maxOutputTokens === undefined ? {} : { maxOutputTokens: call.maxOutputTokens }),
    },
    warnings: withoutEffect
      .filter(name => call[name] !== undefined)
      .map(feature => ({ type: 'unsupported', feature, details: 'it has no effect on a steered model' })),
  }
}

const withoutEffect = ['stopSequences', 'topP', 'topK', 'presencePenalty', 'frequencyPenalty', 'seed'] as const

const unsupported = (functionality: string, message: string) =>
  new UnsupportedFunctionalityError({ functionality, message })

function settingsOf(given: JSONObject | RequestSettings): RequestSettings {
  try {
    return readSettings(given, new Headers())
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new InputError(error.message, 'Mend providerOptions.codesteer of this call.', { cause: error })
  }
}

function messagesOf(prompt: LanguageModelV4Prompt): ModelMessage[] {
  const messages = prompt.map(messageOf)
  const last = messages.at(-1)
  if (last?.role === 'user' && String(last.content).trim() !== '') return messages
  const message = 'The last message must be from the user and not empty: it is the question that is steered.'
  throw new InvalidPromptError({ prompt, message })
}

function messageOf(message: LanguageModelV4Prompt[number]): ModelMessage {
  if (message.role === 'system') return { role: 'system', content: message.content }
  if (message.role === 'user') return { role: 'user', content: message.content.map(textOfPart).join('\n') }
  if (message.role === 'tool')
    throw unsupported('tool results', 'A steered model calls no tools, so it can be given no results of any.')
  // Reasoning of earlier answers is our own telling of their steering: it is not said again.
  const said = message.content.filter(part => part.type !== 'reasoning')
  return { role: 'assistant', content: said.map(textOfPart).join('') }
}

function textOfPart(part: { readonly type: string; readonly text?: string }): string {
  if (part.type === 'text') return part.text ?? ''
  throw unsupported(
    `${part.type} parts`,
    `A steered model reads text only; the prompt holds a part of type "${part.type}".`,
  )
}

interface Steered {
  readonly trajectory: Trajectory
  readonly events: readonly TrajectoryEvent[]
}

/** Steers one call to its end. Throws what ended it when there is no answer to give. */
async function steerCall(
  service: Service,
  ask: Call,
  signal: AbortSignal,
  onWords?: (words: string) => void,
): Promise<Steered & { reasoning: string }> {
  const telling = ask.settings.reasoning ?? 'full'
  const teller = telling === 'none' ? null : narrator(telling)
  let reasoning = ''
  const tell = (words = '') => {
    reasoning += words
    if (words !== '') onWords?.(words)
  }
  const steered = await service.run(
    { ...ask, model: 'codesteer', stream: false, ignored: [] },
    {
      id: newId(),
      signal,
      onEvent: event => tell(teller?.event(event)),
      ...(onWords && teller ? { onDelta: delta => tell(teller.delta(delta)) } : {}),
    },
  )
  const { end, answer, turns } = steered.trajectory
  if (end?.reason === 'cancelled') throw signal.reason
  if (end?.error && answer === null) throw errorOf(end.error)
  if (!turns.some(turn => turn.reply !== null))
    throw new CodeSteerError(
      'provider',
      `there was no reply: the question ended with ${end?.reason}`,
      'Raise the limit of turns, tokens or time.',
    )
  return { ...steered, reasoning }
}

/** What ended a trajectory, as an error; never retryable: the loop has retried. */
function errorOf({ kind, message, mend, fault }: NonNullable<NonNullable<Trajectory['end']>['error']>): Error {
  if (kind === 'provider' && fault)
    return new ProviderError(fault as ProviderFault, message, mend, { retryable: false })
  return new CodeSteerError(kind, message, mend)
}

async function generate(
  service: Service,
  ask: Call,
  call: LanguageModelV4CallOptions,
  modelId: string,
): Promise<Omit<LanguageModelV4GenerateResult, 'warnings'>> {
  const signal = call.abortSignal ?? new AbortController().signal
  const steered = await steerCall(service, ask, signal)
  const { text, ...closing } = closingOf(steered, ask)
  return {
    content: [
      ...(steered.reasoning === '' ? [] : [{ type: 'reasoning' as const, text: steered.reasoning }]),
      { type: 'text', text },
    ],
    ...closing,
    response: { id: steered.trajectory.start.id, timestamp: new Date(steered.trajectory.start.atMs), modelId },
  }
}

/** What stands at the end of a generation and of a stream alike. */
function closingOf({ trajectory, events }: Steered, { settings }: Call) {
  const { text, finish } = outcomeOf(trajectory, settings.content)
  const raw = trajectory.end?.reason ?? 'error'
  const unified = finish === 'refusal' ? ('content-filter' as const) : finish
  // Through JSON, because metadata must be plain JSON values.
  const extension = JSON.parse(
    JSON.stringify(extensionOf(trajectory, settings.events ? events : undefined)),
  ) as JSONObject
  return {
    text,
    finishReason: { unified, raw },
    usage: usageOf(events),
    providerMetadata: { codesteer: extension },
  }
}

function usageOf(events: readonly TrajectoryEvent[]): LanguageModelV4Usage {
  const { inputTokens, outputTokens, reasoningTokens, cachedInputTokens } = tokenTotals(events)
  return {
    inputTokens: {
      total: inputTokens,
      noCache: cachedInputTokens === null ? undefined : inputTokens - cachedInputTokens,
      cacheRead: cachedInputTokens ?? undefined,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: outputTokens,
      text: reasoningTokens === null ? undefined : outputTokens - reasoningTokens,
      reasoning: reasoningTokens ?? undefined,
    },
  }
}

interface StreamFacts {
  readonly modelId: string
  readonly warnings: SharedV4Warning[]
  /** Gives the service back. */
  readonly done: () => void
}

function streamed(
  service: Service,
  ask: Call,
  call: LanguageModelV4CallOptions,
  facts: StreamFacts,
): ReadableStream<LanguageModelV4StreamPart> {
  const gone = new AbortController()
  const signal = call.abortSignal ? AbortSignal.any([call.abortSignal, gone.signal]) : gone.signal
  return new ReadableStream({
    start(controller) {
      const send = (part: LanguageModelV4StreamPart) => {
        if (!gone.signal.aborted) controller.enqueue(part)
      }
      void sendParts(service, ask, signal, facts, send).finally(() => {
        facts.done()
        if (!gone.signal.aborted) controller.close()
      })
    },
    cancel() {
      gone.abort(new DOMException('nobody reads the stream', 'AbortError'))
    },
  })
}

async function sendParts(
  service: Service,
  ask: Call,
  signal: AbortSignal,
  facts: StreamFacts,
  send: (part: LanguageModelV4StreamPart) => void,
): Promise<void> {
  const [thinking, answer] = ['steering', 'answer']
  send({ type: 'stream-start', warnings: facts.warnings })
  let open = false
  try {
    const steered = await steerCall(service, ask, signal, delta => {
      if (!open) send({ type: 'reasoning-start', id: thinking })
      open = true
      send({ type: 'reasoning-delta', id: thinking, delta })
    })
    if (open) send({ type: 'reasoning-end', id: thinking })
    const { text, ...closing } = closingOf(steered, ask)
    const { id, atMs } = steered.trajectory.start
    send({ type: 'response-metadata', id, timestamp: new Date(atMs), modelId: facts.modelId })
    send({ type: 'text-start', id: answer })
    if (text !== '') send({ type: 'text-delta', id: answer, delta: text })
    send({ type: 'text-end', id: answer })
    send({ type: 'finish', ...closing })
  } catch (error) {
    send({ type: 'error', error })
  }
}

/** A service that is opened when somebody needs it and closed when nobody has for a while: an open sandbox keeps a process alive. */
function idleService(open: () => Promise<Service>, idleMs: number) {
  let users = 0
  let opening: Promise<Service> | undefined
  let timer: NodeJS.Timeout | undefined
  const close = async () => {
    clearTimeout(timer)
    const closing = opening
    opening = undefined
    await (await closing?.catch(() => undefined))?.close()
  }
  const take = async () => {
    clearTimeout(timer)
    users++
    let given = false
    const done = () => {
      if (given) return
      given = true
      if (--users === 0) timer = setTimeout(() => void close(), idleMs)
    }
    const mine = (opening ??= open())
    try {
      return { service: await mine, done }
    } catch (error) {
      // The next call tries anew: a key may have been set meanwhile.
      if (opening === mine) opening = undefined
      done()
      throw error
    }
  }
  return {
    take,
    close,
    async use<T>(work: (service: Service) => Promise<T>): Promise<T> {
      const { service, done } = await take()
      try {
        return await work(service)
      } finally {
        done()
      }
    },
  }
}
