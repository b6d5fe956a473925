import { z } from 'zod'
import type { ModelMessage } from '../model.ts'
import { type Ask, parseBody, splitQuestion, textOf, toolSpec } from './ask.ts'
import { badRequest } from './errors.ts'
import { readSettings } from './request-settings.ts'

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal('function').optional(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
})

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.unknown().optional(),
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().optional(),
})

const chatBody = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        function: z.looseObject({
          name: z.string(),
          description: z.string().optional(),
          parameters: z.unknown().optional(),
        }),
      }),
    )
    .nullish(),
  tool_choice: z.unknown().optional(),
  codesteer: z.unknown().optional(),
})

type ChatBody = z.infer<typeof chatBody>

export interface ChatAsk extends Ask {
  readonly includeUsage: boolean
}

/** What a body for `/v1/chat/completions` asks for. Throws GatewayError 400 naming the field at fault. */
export function readChat(body: unknown, headers: Headers): ChatAsk {
  const read = parseBody(chatBody, body)
  refuseUnsupported(read)
  const tools = toolsOf(read)
  const messages = messagesOf(read.messages)
  if (!tools) splitQuestion(messages)
  const maxOutputTokens = read.max_completion_tokens ?? read.max_tokens
  return {
    model: read.model,
    messages,
    stream: read.stream ?? false,
    includeUsage: read.stream_options?.include_usage ?? false,
    settings: readSettings(read.codesteer, headers),
    ...(read.temperature == null ? {} : { temperature: read.temperature }),
    ...(maxOutputTokens == null ? {} : { maxOutputTokens }),
    ...(tools ? { tools } : {}),
    ignored: Object.keys(read).filter(
      key => !Object.hasOwn(chatBody.shape, key) && read[key] != null && !Object.hasOwn(refusals, key),
    ),
  }
}

/** Fields whose effect a client counts on, and that a steered answer cannot have; each with what makes it harmless. */
const refusals: Readonly<Record<string, { readonly harmless: (value: unknown) => boolean; readonly why: string }>> = {
  n: { harmless: n => n === 1, why: 'One question gives one answer: send n requests.' },
  stop: {
    harmless: stop => Array.isArray(stop) && stop.length === 0,
    why: 'A steered answer cannot be cut at a word.',
  },
  logprobs: { harmless: value => value === false, why: 'The probabilities of a steered answer are not defined.' },
  top_logprobs: { harmless: value => value === 0, why: 'The probabilities of a steered answer are not defined.' },
  response_format: {
    harmless: format => (format as { type?: unknown } | null)?.type === 'text',
    why: 'A steered answer is text with its reasoning. For the bare answer send "codesteer": {"content": "answer"}.',
  },
  modalities: {
    harmless: list => Array.isArray(list) && list.every(one => one === 'text'),
    why: 'The gateway answers in text.',
  },
  audio: { harmless: () => false, why: 'The gateway answers in text.' },
  functions: { harmless: list => Array.isArray(list) && list.length === 0, why: 'Send tools instead of functions.' },
  function_call: { harmless: choice => choice === 'none', why: 'Send tool_choice instead of function_call.' },
  web_search_options: { harmless: () => false, why: 'The gateway does not search the web.' },
}

function refuseUnsupported(body: ChatBody): void {
  for (const [field, { harmless, why }] of Object.entries(refusals)) {
    const value = body[field]
    if (value != null && !harmless(value))
      throw badRequest(`${field} is not supported here. ${why}`, field, 'unsupported_parameter')
  }
}

/** Tools that the model may call, or undefined when none are meant: then the request is steered. */
function toolsOf({ tools, tool_choice: choice }: ChatBody): Ask['tools'] {
  if (!tools || tools.length === 0 || choice === 'none') return undefined
  if (choice != null && choice !== 'auto')
    throw badRequest('tool_choice can be "auto" or "none" here.', 'tool_choice', 'unsupported_parameter')
  return tools.map(({ function: { name, description, parameters } }, i) =>
    toolSpec(name, description, parameters, `tools.${i}`),
  )
}

function messagesOf(list: ChatBody['messages']): ModelMessage[] {
  const toolNames = new Map<string, string>()
  return list.map((one, i) => messageOf(one, i, toolNames))
}

function messageOf(one: ChatBody['messages'][number], i: number, toolNames: Map<string, string>): ModelMessage {
  const text = textOf(one.content, `messages.${i}.content`)
  if (one.role === 'user') return { role: 'user', content: text }
  if (one.role === 'assistant') return assistant(text, one.tool_calls ?? [], toolNames)
  if (one.role !== 'tool') return { role: 'system', content: text }
  const toolCallId = one.tool_call_id ?? ''
  const toolName = toolNames.get(toolCallId)
  const param = `messages.${i}.tool_call_id`
  if (toolName === undefined) throw badRequest(`${param} names no tool call of an earlier message.`, param)
  const output = { type: 'text' as const, value: text }
  return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] }
}

function assistant(
  text: string,
  calls: readonly z.infer<typeof toolCall>[],
  toolNames: Map<string, string>,
): ModelMessage {
  if (calls.length === 0) return { role: 'assistant', content: text }
  for (const call of calls) toolNames.set(call.id, call.function.name)
  const parts = calls.map(call => ({
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName: call.function.name,
    input: jsonOr(call.function.arguments),
  }))
  return { role: 'assistant', content: [...(text ? [{ type: 'text' as const, text }] : []), ...parts] }
}

/** What a model wrote as arguments need not be JSON. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
