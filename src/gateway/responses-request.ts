import { z } from 'zod'
import type { ModelMessage } from '../model.ts'
import { type Ask, parseBody, splitQuestion, textOf } from './ask.ts'
import { badRequest } from './errors.ts'
import { readSettings } from './request-settings.ts'

const item = z.looseObject({
  type: z.string().optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).optional(),
  content: z.unknown().optional(),
})

const responsesBody = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(item).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  codesteer: z.unknown().optional(),
})

type ResponsesBody = z.infer<typeof responsesBody>

/** What a body for `/v1/responses` asks for: the part of that protocol that has a meaning here. Throws GatewayError 400. */
export function readResponses(body: unknown, headers: Headers): Ask {
  const read = parseBody(responsesBody, body)
  refuseUnsupported(read)
  const messages: ModelMessage[] = [
    ...(read.instructions ? [{ role: 'system' as const, content: read.instructions }] : []),
    ...messagesOf(read.input),
  ]
  splitQuestion(messages)
  return {
    model: read.model,
    messages,
    stream: read.stream ?? false,
    settings: readSettings(read.codesteer, headers),
    ...(read.temperature == null ? {} : { temperature: read.temperature }),
    ...(read.max_output_tokens == null ? {} : { maxOutputTokens: read.max_output_tokens }),
    ignored: Object.keys(read).filter(
      key => !Object.hasOwn(responsesBody.shape, key) && read[key] != null && !Object.hasOwn(refusals, key),
    ),
  }
}

const useChat = 'Send it to /v1/chat/completions.'

const refusals: Readonly<Record<string, { readonly harmless: (value: unknown) => boolean; readonly why: string }>> = {
  tools: {
    harmless: tools => Array.isArray(tools) && tools.length === 0,
    why: `A request with tools is passed on unsteered, and only the chat protocol does that. ${useChat}`,
  },
  previous_response_id: {
    harmless: () => false,
    why: 'Nothing is kept between requests: send the whole conversation as input.',
  },
  conversation: {
    harmless: () => false,
    why: 'Nothing is kept between requests: send the whole conversation as input.',
  },
  background: { harmless: value => value === false, why: 'Wait for the answer, or stream it.' },
  text: {
    harmless: text => ['text', undefined].includes((text as { format?: { type?: string } }).format?.type),
    why: 'A steered answer is text with its reasoning. For the bare answer send "codesteer": {"content": "answer"}.',
  },
}

function refuseUnsupported(body: ResponsesBody): void {
  for (const [field, { harmless, why }] of Object.entries(refusals)) {
    const value = body[field]
    if (value != null && !harmless(value))
      throw badRequest(`${field} is not supported here. ${why}`, field, 'unsupported_parameter')
  }
}

function messagesOf(input: ResponsesBody['input']): ModelMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }]
  return input.flatMap((one, i): ModelMessage[] => {
    // The steering of an earlier answer, handed back by the client: the task model's conversation has no place for it.
    if (one.type === 'reasoning') return []
    if ((one.type ?? 'message') !== 'message' || one.role === undefined)
      throw badRequest(
        `input.${i} is of type "${one.type ?? 'unknown'}"; only messages are read here. ${useChat}`,
        `input.${i}`,
        'unsupported_content',
      )
    const content = textOf(one.content, `input.${i}.content`)
    const role = one.role === 'developer' ? 'system' : one.role
    return [{ role, content }]
  })
}
