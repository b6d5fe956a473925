import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { ModelMessage } from 'ai'
import type { z } from 'zod'

export type { ModelMessage } from 'ai'

/** Who is speaking in a trajectory: the answering model, its guide, a checker, or a method's summariser. */
export type Role = 'task' | 'coach' | 'checker' | 'summariser'

/** Tokens of one call as the provider counted them; null where it did not say. Output includes reasoning. */
export interface Usage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly cachedInputTokens: number | null
}

/** Why the completion ended. `refusal` is the provider's content filter or the model's own declared refusal. */
export type FinishReason = 'stop' | 'length' | 'refusal' | 'tool-calls' | 'other'

/** One call of a model. */
export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
  /** Dropped, with a note in the reply, where the model takes none. */
  readonly temperature?: number
  readonly maxOutputTokens?: number
  /** Tools that the model may call; the call comes back in the reply, nothing is run here. */
  readonly tools?: readonly ToolSpec[]
  /** Ask for JSON of this shape where the model can; otherwise the words come back as they are. */
  readonly json?: { readonly name: string; readonly schema: z.ZodType }
  /**
   * Which independent sample of this very request is wanted. Two calls with equal request and equal trial are one paid
   * call; another trial is another sample.
   */
  readonly trial: string
  readonly signal?: AbortSignal
  /** Text as it arrives, for the screen only. */
  readonly onDelta?: (delta: { readonly kind: 'text' | 'reasoning'; readonly text: string }) => void
}

/** A tool as a model is told of it. */
export interface ToolSpec {
  readonly name: string
  readonly description: string
  readonly input: z.ZodType
}

/** A call that a model asks for; `input` is what the model wrote and may not fit the tool's schema. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly input: unknown
}

/** What a model replied, and what the call took. */
export interface ModelReply {
  readonly text: string
  readonly reasoning: string | null
  readonly finish: FinishReason
  /** Empty when the model called none. */
  readonly toolCalls: readonly ToolCall[]
  readonly usage: Usage
  /** US dollars by the price table, whether paid now or (`fromLedger`) before; null when the price is unknown (never 0 for that). */
  readonly costUsd: number | null
  /** Wall-clock time of the successful attempt; of a recorded answer, the time it took when it was made. */
  readonly tookMs: number
  /** Hash of the canonical request; with `trial` the key in the ledger. */
  readonly requestHash: string
  /** True when the answer came from the ledger and nothing was paid now. */
  readonly fromLedger: boolean
  /** 1 plus the number of retries. */
  readonly attempts: number
  /** What was changed to fit the model, e.g. `temperature dropped: the model takes none`. */
  readonly notes: readonly string[]
}

/** What a model can take; from a table that the user can override, never from name lists in code. */
export interface Capabilities {
  readonly systemMessage: boolean
  readonly temperature: boolean
  readonly jsonSchema: boolean
  readonly tools: boolean
  /** The reply carries reasoning apart from its text, or inside `<think>` tags that must be taken out. */
  readonly reasoning: 'none' | 'separate' | 'think-tags'
  /** Tokens of question and answer together; null when unknown. */
  readonly contextTokens: number | null
}

/** A model ready to be called: retries, ledger, prices and time-outs are inside. */
export interface ChatModel {
  /** `provider/model`. */
  readonly id: string
  /** True for the simulated model: everything it touches must say so. */
  readonly simulated: boolean
  readonly capabilities: Capabilities
  /** Throws ProviderError, or the signal's reason when aborted. */
  call(request: ModelRequest): Promise<ModelReply>
}

/** A family of models: the default export of a file in `models/`. */
export interface ModelProvider {
  /** The part of a model id before the first slash. */
  readonly name: string
  readonly about: string
  readonly simulated: boolean
  /** Environment variables that it reads, the first being the key; for `doctor` and for error messages. */
  readonly environment: readonly string[]
  /** An example of an id, for help texts. */
  readonly example: string
  /** Whether it can be used here and now, without a network call. */
  ready(
    environment: Readonly<Record<string, string | undefined>>,
  ): { readonly ready: true } | { readonly ready: false; readonly mend: string }
  /** Opens one model. `fetch` carries the ledger; a provider without HTTP ignores it. */
  open(model: string, context: OpenContext): Promise<LanguageModelV4>
  /** The id whose capabilities and prices count, for a provider that stands in for another (`recorded`). */
  standsFor?(model: string): Promise<string>
}

/** What a provider opens a model with. */
export interface OpenContext {
  readonly environment: Readonly<Record<string, string | undefined>>
  /**
   * Every HTTP request goes through it: the ledger stands there, and a call waits for its place there. So a provider that
   * sends nothing leaves it alone: its calls wait before they are made.
   */
  readonly fetch: typeof globalThis.fetch
  /** Server address for OpenAI-compatible servers. */
  readonly baseUrl?: string
}
