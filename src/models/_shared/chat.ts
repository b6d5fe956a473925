import type { LanguageModelV2, LanguageModelV3, LanguageModelV4, SharedV4Warning } from '@ai-sdk/provider'
import {
  generateText,
  type LanguageModelMiddleware,
  type LanguageModelUsage,
  streamText,
  type ToolSet,
  tool,
  wrapLanguageModel,
} from 'ai'
import { z } from 'zod'
import { isAbort, ProviderError, type ProviderFault } from '../../errors.ts'
import type { Capabilities, ChatModel, FinishReason, ModelReply, ModelRequest, Usage } from '../../model.ts'
import type { Clock } from '../../util/clock.ts'
import { contentHash } from '../../util/hash.ts'
import { toProviderError } from './faults.ts'
import { type FittedRequest, fitRequest } from './fit.ts'
import type { CallLedger } from './ledger.ts'
import type { PriceRow } from './price-table.ts'
import { costUsd } from './prices.ts'
import { type RetryPolicy, type RetryWorld, retrying } from './retry.ts'
import { type CallScope, currentScope, inScope, NotSent, OtherForm } from './scope.ts'
import { splitThinking, thinkingDeltas } from './think.ts'

/** What a ChatModel is made of. */
export interface ChatParts {
  readonly id: string
  readonly simulated: boolean
  readonly capabilities: Capabilities
  readonly price: PriceRow | null
  readonly model: LanguageModelV2 | LanguageModelV3 | LanguageModelV4
  readonly keyVariable: string | undefined
  readonly secrets: readonly string[]
  readonly ledger: CallLedger | undefined
  /** True when `fetch` does not carry the ledger, so that it must be kept around the whole call. */
  readonly ledgerAroundCall: boolean
  /** True when every request goes through our `fetch`, so that a call waits for its place there. */
  readonly overHttp: boolean
  readonly clock: Clock
  readonly random: () => number
  readonly timeoutMs: number
  readonly retry: RetryPolicy
  readonly onWait?: RetryWorld['onWait'] | undefined
  readonly gate?: CallGate | undefined
}

/** What every attempt at a call must pass: the limits of a provider and of a run, shared by all of its models. */
export interface CallGate {
  /**
   * Makes the attempt when its turn to get ready has come. Rejects with what the attempt threw, with the signal's reason,
   * or with a ProviderError of its own when no more calls may be made.
   */
  pass<T>(model: string, attempt: (place: CallPlace) => Promise<T>, signal: AbortSignal | undefined): Promise<T>
}

/** A place at the provider, as one attempt has it. An attempt that is answered from the ledger never takes it. */
export interface CallPlace {
  /** Waits for the place: to be called when everything is ready to be sent. At once when it is held already. */
  take(): Promise<void>
  /** Gives it on: the provider's part is over, and the next call need not wait until this answer is written down. */
  answered(): void
}

/** For calls that nobody limits. */
const openPlace: CallPlace = { take: async () => {}, answered: () => {} }

type Words = Pick<ModelReply, 'text' | 'reasoning' | 'finish' | 'toolCalls' | 'usage'>

/** Makes a model callable: fits the request, calls with the one retry, reads the reply. */
export function chatModel(parts: ChatParts): ChatModel {
  const model = wrapLanguageModel({ model: parts.model, middleware: scopeMiddleware })
  return {
    id: parts.id,
    simulated: parts.simulated,
    capabilities: parts.capabilities,
    async call(request) {
      const fitted = fitRequest(request, parts.capabilities)
      const scope = newScope(request, fitted)
      const once = (place: CallPlace) => attemptCall(parts, model, request, fitted, scope, place)
      const attempt = () => (parts.gate ? parts.gate.pass(parts.id, once, request.signal) : once(openPlace))
      const world = { clock: parts.clock, random: parts.random, signal: request.signal, onWait: parts.onWait }
      const { value, attempts } = await retrying(attempt, parts.retry, world)
      return {
        ...value.words,
        costUsd: costUsd(parts.price, value.words.usage),
        tookMs: value.tookMs,
        requestHash: scope.requestHash ?? plainHash(parts.id, fitted),
        fromLedger: scope.fromLedger,
        attempts,
        notes: [...scope.notes],
      }
    },
  }
}

function newScope(request: ModelRequest, fitted: FittedRequest): CallScope {
  return {
    trial: request.trial,
    responseFormat: fitted.json && { type: 'json', name: fitted.json.name, schema: jsonSchemaOf(fitted.json.schema) },
    notes: new Set(fitted.notes),
    requestHash: null,
    fromLedger: false,
    recordedMs: null,
    enter: openPlace.take,
    answered: openPlace.answered,
  }
}

/** Zod's JSON schema in the shape that strict modes of providers accept. */
function jsonSchemaOf(
  schema: z.ZodType,
): NonNullable<Extract<CallScope['responseFormat'], { type: 'json' }>['schema']> {
  return z.toJSONSchema(schema, { target: 'draft-7' }) as ReturnType<typeof jsonSchemaOf>
}

/** Identity of a request to a model that speaks no HTTP. */
function plainHash(id: string, { messages, temperature, maxOutputTokens, json, tools }: FittedRequest): string {
  const shape = json ? { name: json.name, schema: jsonSchemaOf(json.schema) } : null
  // Through JSON, because a message's parts may hold undefined fields, which have no canonical form.
  return contentHash(
    JSON.parse(
      JSON.stringify({
        id,
        messages,
        temperature: temperature ?? null,
        maxOutputTokens: maxOutputTokens ?? null,
        shape,
        ...(tools ? { tools: tools.map(({ name }) => name) } : {}),
      }),
    ),
  )
}

async function attemptCall(
  parts: ChatParts,
  model: LanguageModelV4,
  request: ModelRequest,
  fitted: FittedRequest,
  scope: CallScope,
  place: CallPlace,
): Promise<{ readonly words: Words; readonly tookMs: number }> {
  const limit = timeLimit(parts.timeoutMs)
  const signal = request.signal ? AbortSignal.any([request.signal, limit.signal]) : limit.signal
  let sentMs = parts.clock.nowMs()
  scope.fromLedger = false
  scope.recordedMs = null
  scope.answered = place.answered
  scope.enter = async () => {
    try {
      await place.take()
    } catch (error) {
      throw new NotSent(error)
    }
    // Neither the time-out nor the time that the call took counts the wait for the place.
    sentMs = parts.clock.nowMs()
    limit.start()
  }
  const ask = () => inScope(scope, () => askEitherWay(model, request, fitted, parts.capabilities, signal))
  const enterAndAsk = async () => {
    if (!parts.overHttp) await scope.enter()
    return ask()
  }
  try {
    const words =
      parts.ledger && parts.ledgerAroundCall
        ? await keptWords(parts, parts.ledger, request, fitted, scope, signal, enterAndAsk)
        : await enterAndAsk()
    return { words, tookMs: scope.recordedMs ?? parts.clock.nowMs() - sentMs }
  } catch (error) {
    if (error instanceof NotSent) throw error.cause
    if (isAbort(error, request.signal) || request.signal?.aborted) throw request.signal?.reason
    const fault = toProviderError(error, { ...parts, timedOut: limit.signal.aborted, nowMs: parts.clock.nowMs() })
    // A recorded answer that turns out to be none must not be served for ever.
    if (fault instanceof ProviderError && !lostOnTheWay.has(fault.fault) && scope.requestHash !== null) {
      parts.ledger?.retract(scope.requestHash, request.trial, fault.message)
    }
    throw fault
  } finally {
    limit.clear()
  }
}

/** The words of a model whose requests are out of our sight, recorded or asked for now. */
async function keptWords(
  { id }: ChatParts,
  ledger: CallLedger,
  request: ModelRequest,
  fitted: FittedRequest,
  scope: CallScope,
  signal: AbortSignal,
  ask: () => Promise<Words>,
): Promise<Words> {
  const { enter } = scope
  scope.requestHash = plainHash(id, fitted)
  const facts = { requestHash: scope.requestHash, trial: request.trial, model: id }
  const kept = await ledger.around(facts, signal, async sent => {
    scope.enter = async () => {
      await enter()
      sent()
    }
    return JSON.stringify(await ask())
  })
  scope.fromLedger = kept.hit !== null
  scope.recordedMs = kept.hit?.tookMs ?? null
  return JSON.parse(kept.body) as Words
}

/** A time-out that begins to run when it is told to, the first time it is. */
function timeLimit(ms: number) {
  const end = new AbortController()
  let timer: NodeJS.Timeout | undefined
  return {
    signal: end.signal,
    start() {
      // A timer takes no more than 24 days.
      const within = Math.min(ms, 2 ** 31 - 1)
      timer ??= setTimeout(() => end.abort(new DOMException('The call took too long', 'TimeoutError')), within)
    },
    clear: () => clearTimeout(timer),
  }
}

/** Faults that say nothing about an answer that may be recorded already. */
const lostOnTheWay: ReadonlySet<ProviderFault> = new Set(['time-out', 'connection'])

/** Tools without an `execute`: the SDK hands the calls back instead of running anything. */
function toolSet(tools: NonNullable<FittedRequest['tools']>): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, input }) => [name, tool({ description, inputSchema: input })]),
  )
}

/** Streams when somebody watches; takes the other way when the ledger holds the answer in the other form. */
async function askEitherWay(
  model: LanguageModelV4,
  request: ModelRequest,
  fitted: FittedRequest,
  capabilities: Capabilities,
  signal: AbortSignal,
): Promise<Words> {
  const settings = {
    model,
    messages: fitted.messages,
    allowSystemInMessages: true,
    maxRetries: 0,
    abortSignal: signal,
    // For models that speak no HTTP and make their samples themselves.
    providerOptions: { codesteer: { trial: request.trial } },
    ...(fitted.temperature !== undefined && { temperature: fitted.temperature }),
    ...(fitted.maxOutputTokens !== undefined && { maxOutputTokens: fitted.maxOutputTokens }),
    ...(fitted.tools && { tools: toolSet(fitted.tools) }),
  }
  const whole = async () => readWords(await generateText(settings), capabilities)
  const streamed = () => stream(settings, request.onDelta, capabilities)
  try {
    return request.onDelta ? await streamed() : await whole()
  } catch (error) {
    if (!(error instanceof OtherForm)) throw error
    if (!request.onDelta) return await streamed()
    const words = await whole()
    if (words.reasoning) request.onDelta({ kind: 'reasoning', text: words.reasoning })
    if (words.text) request.onDelta({ kind: 'text', text: words.text })
    return words
  }
}

async function stream(
  settings: Parameters<typeof streamText>[0],
  onDelta: ModelRequest['onDelta'],
  capabilities: Capabilities,
): Promise<Words> {
  let failure: { readonly error: unknown } | undefined
  const result = streamText({ ...settings, onError: () => {} })
  const emit = onDelta ?? (() => {})
  const thinking = capabilities.reasoning === 'think-tags' ? thinkingDeltas(emit) : undefined
  // Settled by the loop below; without a handler a rejection would end the process.
  const final = Promise.all([result.text, result.finalStep, result.finishReason, result.usage])
  final.catch(() => undefined)
  for await (const part of result.stream) {
    if (part.type === 'error') failure ??= { error: part.error }
    else if (part.type === 'abort') failure ??= { error: settings.abortSignal?.reason ?? new Error('aborted') }
    else if (part.type === 'reasoning-delta') emit({ kind: 'reasoning', text: part.text })
    else if (part.type === 'text-delta') thinking ? thinking.push(part.text) : emit({ kind: 'text', text: part.text })
  }
  thinking?.end()
  if (failure) throw failure.error
  const [text, finalStep, finishReason, usage] = await final
  return readWords({ text, finalStep, finishReason, usage }, capabilities)
}

interface RawReply {
  readonly text: string
  readonly finalStep: {
    readonly reasoningText: string | undefined
    readonly toolCalls: readonly { readonly toolCallId: string; readonly toolName: string; readonly input: unknown }[]
  }
  readonly finishReason: string
  readonly usage: LanguageModelUsage
}

function readWords(raw: RawReply, capabilities: Capabilities): Words {
  const split = capabilities.reasoning === 'think-tags' ? splitThinking(raw.text) : { text: raw.text, reasoning: null }
  const reasoning = [raw.finalStep.reasoningText, split.reasoning].filter(part => part).join('\n\n')
  return {
    text: split.text,
    reasoning: reasoning || null,
    finish: finishOf(raw.finishReason),
    toolCalls: raw.finalStep.toolCalls.map(call => ({ id: call.toolCallId, name: call.toolName, input: call.input })),
    usage: usageOf(raw.usage),
  }
}

function finishOf(reason: string): FinishReason {
  if (reason === 'stop' || reason === 'length' || reason === 'tool-calls') return reason
  return reason === 'content-filter' ? 'refusal' : 'other'
}

function usageOf(usage: LanguageModelUsage): Usage {
  return {
    inputTokens: usage.inputTokens ?? null,
    outputTokens: usage.outputTokens ?? null,
    reasoningTokens: counted(usage, usage.outputTokenDetails?.reasoningTokens, /reason|thought|thinking/i),
    cachedInputTokens: counted(usage, usage.inputTokenDetails?.cacheReadTokens, /cache/i),
  }
}

/** The SDK gives 0 for a count that the provider never made; then the raw usage does not mention it. */
function counted(usage: LanguageModelUsage, tokens: number | undefined, mention: RegExp): number | null {
  if (tokens === undefined) return null
  if (tokens === 0 && usage.raw && !mention.test(JSON.stringify(usage.raw))) return null
  return tokens
}

/** Hands the wanted JSON shape down, and brings the SDK's warnings up into the notes instead of the console. */
const scopeMiddleware: LanguageModelMiddleware = {
  specificationVersion: 'v4',
  transformParams: async ({ params }) => {
    const format = currentScope()?.responseFormat
    return format ? { ...params, responseFormat: format } : params
  },
  wrapGenerate: async ({ doGenerate }) => {
    const result = await doGenerate()
    note(result.warnings)
    return { ...result, warnings: [] }
  },
  wrapStream: async ({ doStream }) => {
    const result = await doStream()
    const scope = currentScope()
    const quiet = result.stream.pipeThrough(
      new TransformStream<StreamPart, StreamPart>({
        transform(part, controller) {
          if (part.type === 'stream-start') note(part.warnings, scope)
          controller.enqueue(part.type === 'stream-start' ? { ...part, warnings: [] } : part)
        },
      }),
    )
    return { ...result, stream: quiet }
  },
}

type StreamPart = Awaited<ReturnType<LanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never

function note(warnings: readonly SharedV4Warning[], scope: CallScope | undefined = currentScope()): void {
  for (const warning of warnings) {
    if (warning.type === 'other') scope?.notes.add(warning.message)
    else if (warning.type === 'deprecated') scope?.notes.add(`${warning.setting}: ${warning.message}`)
    else scope?.notes.add(`${warning.feature} ${warning.type}${warning.details ? `: ${warning.details}` : ''}`)
  }
}
