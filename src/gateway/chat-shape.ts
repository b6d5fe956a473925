import type { FinishReason } from '../model.ts'
import type { Outcome, TokenTotals } from '../outcome.ts'

/** What stands in a reply beside the protocol's own fields. */
export interface Extension {
  /** Null for a request that was passed on unsteered. */
  readonly trajectory: string | null
  readonly turns: number
  readonly stop: string
  /** The marked answer, and the turn that gave it. */
  readonly answer: string | null
  readonly answerTurn: number | null
  /** US dollars of all calls; null when a price is unknown. */
  readonly costUsd: number | null
  readonly simulated: boolean
  /** Why the steering ended early although there is an answer. */
  readonly error?: { readonly kind: string; readonly message: string }
  readonly events?: readonly unknown[]
}

export interface ToolCallOut {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** A finished reply, before it is put into a protocol's shape. */
export interface Reply {
  readonly id: string
  readonly model: string
  readonly createdSeconds: number
  readonly content: string
  readonly reasoning: string
  readonly finish: Outcome['finish'] | FinishReason
  readonly usage: TokenTotals
  readonly toolCalls: readonly ToolCallOut[]
  readonly extension: Extension
}

export function chatUsage({ inputTokens, outputTokens, reasoningTokens, cachedInputTokens }: TokenTotals) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedInputTokens === null ? {} : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens === null ? {} : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  }
}

const finishes: Readonly<Record<Reply['finish'], string>> = {
  stop: 'stop',
  length: 'length',
  refusal: 'content_filter',
  'tool-calls': 'tool_calls',
  other: 'stop',
}

const callOut = ({ id, name, arguments: args }: ToolCallOut) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})

/** A whole `chat.completion`. */
export function chatCompletion(reply: Reply) {
  return {
    id: `chatcmpl-${reply.id}`,
    object: 'chat.completion',
    created: reply.createdSeconds,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.content === '' && reply.toolCalls.length > 0 ? null : reply.content,
          refusal: null,
          ...(reply.reasoning === '' ? {} : { reasoning_content: reply.reasoning }),
          ...(reply.toolCalls.length > 0 ? { tool_calls: reply.toolCalls.map(callOut) } : {}),
        },
        logprobs: null,
        finish_reason: finishes[reply.finish],
      },
    ],
    usage: chatUsage(reply.usage),
    codesteer: reply.extension,
  }
}

/** Makes the chunks of one streamed completion. */
export function chatChunks(head: { readonly id: string; readonly model: string; readonly createdSeconds: number }) {
  const chunk = (choices: readonly object[], more: object = {}) => ({
    id: `chatcmpl-${head.id}`,
    object: 'chat.completion.chunk',
    created: head.createdSeconds,
    model: head.model,
    choices,
    ...more,
  })
  const delta = (part: object) => chunk([{ index: 0, delta: part, finish_reason: null }])
  return {
    first: () => delta({ role: 'assistant', content: '' }),
    reasoning: (text: string) => delta({ reasoning_content: text }),
    content: (text: string) => delta({ content: text }),
    toolCalls: (calls: readonly ToolCallOut[]) =>
      delta({ tool_calls: calls.map((call, index) => ({ index, ...callOut(call) })) }),
    last: (reply: Reply) =>
      chunk([{ index: 0, delta: {}, finish_reason: finishes[reply.finish] }], { codesteer: reply.extension }),
    usage: (reply: Reply) => chunk([], { usage: chatUsage(reply.usage) }),
  }
}
