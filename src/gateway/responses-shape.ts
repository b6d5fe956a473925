import type { Reply } from './chat-shape.ts'

interface Head {
  readonly id: string
  readonly model: string
  readonly createdSeconds: number
}

const textPart = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] })

const messageItem = (id: string, text: string, status: string) => ({
  id: `msg_${id}`,
  type: 'message',
  role: 'assistant',
  status,
  content: status === 'in_progress' ? [] : [textPart(text)],
})

const reasoningItem = (id: string, text: string) => ({
  id: `rs_${id}`,
  type: 'reasoning',
  summary: text === '' ? [] : [{ type: 'summary_text', text }],
})

function envelope({ id, model, createdSeconds }: Head, status: string, more: object = {}) {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: createdSeconds,
    status,
    model,
    output: [] as readonly object[],
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    ...more,
  }
}

/** A whole `response`: the steering as a reasoning item, the answer as a message. */
export function responseObject(reply: Reply) {
  const incomplete =
    reply.finish === 'length' ? 'max_output_tokens' : reply.finish === 'refusal' ? 'content_filter' : null
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = reply.usage
  return envelope(reply, incomplete ? 'incomplete' : 'completed', {
    output: [
      ...(reply.reasoning === '' ? [] : [reasoningItem(reply.id, reply.reasoning)]),
      messageItem(reply.id, reply.content, incomplete ? 'incomplete' : 'completed'),
    ],
    incomplete_details: incomplete ? { reason: incomplete } : null,
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: cachedInputTokens ?? 0 },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: reasoningTokens ?? 0 },
      total_tokens: inputTokens + outputTokens,
    },
    codesteer: reply.extension,
  })
}

/** An event of a streamed response: its name stands in the stream and in the data. */
export interface ResponseEvent {
  readonly type: string
  readonly [field: string]: unknown
}

/** Makes the events of one streamed response, in their order. */
export function responseEvents(head: Head) {
  let sequence = 0
  let reasoning = ''
  let reasoningOpen = false
  const { id } = head
  const event = (type: string, fields: object): ResponseEvent => ({ type, sequence_number: sequence++, ...fields })
  const summary = { item_id: `rs_${id}`, output_index: 0, summary_index: 0 }

  function openReasoning(): ResponseEvent[] {
    if (reasoningOpen) return []
    reasoningOpen = true
    return [
      event('response.output_item.added', { output_index: 0, item: reasoningItem(id, '') }),
      event('response.reasoning_summary_part.added', { ...summary, part: { type: 'summary_text', text: '' } }),
    ]
  }
  function closeReasoning(): ResponseEvent[] {
    if (!reasoningOpen) return []
    return [
      event('response.reasoning_summary_text.done', { ...summary, text: reasoning }),
      event('response.reasoning_summary_part.done', { ...summary, part: { type: 'summary_text', text: reasoning } }),
      event('response.output_item.done', { output_index: 0, item: reasoningItem(id, reasoning) }),
    ]
  }
  return {
    first: () => [
      event('response.created', { response: envelope(head, 'in_progress') }),
      event('response.in_progress', { response: envelope(head, 'in_progress') }),
    ],
    reasoning(delta: string) {
      const opening = openReasoning()
      reasoning += delta
      return [...opening, event('response.reasoning_summary_text.delta', { ...summary, delta })]
    },
    last(reply: Reply, pieces: readonly string[]) {
      const response = responseObject(reply)
      const index = reasoningOpen ? 1 : 0
      const place = { item_id: `msg_${id}`, output_index: index, content_index: 0 }
      return [
        ...closeReasoning(),
        event('response.output_item.added', { output_index: index, item: messageItem(id, '', 'in_progress') }),
        event('response.content_part.added', { ...place, part: textPart('') }),
        ...pieces.map(delta => event('response.output_text.delta', { ...place, delta, logprobs: [] })),
        event('response.output_text.done', { ...place, text: reply.content, logprobs: [] }),
        event('response.content_part.done', { ...place, part: textPart(reply.content) }),
        event('response.output_item.done', { output_index: index, item: response.output.at(-1) }),
        event(response.status === 'completed' ? 'response.completed' : 'response.incomplete', { response }),
      ]
    },
    failed: (code: string, message: string) => [
      event('response.failed', { response: envelope(head, 'failed', { error: { code, message } }) }),
    ],
  }
}
