import { z } from 'zod'
import type { ModelMessage, ToolSpec } from '../model.ts'
import { badRequest } from './errors.ts'
import type { RequestSettings } from './request-settings.ts'

/** A request of any of the protocols, understood. */
export interface Ask {
  readonly model: string
  readonly messages: readonly ModelMessage[]
  readonly stream: boolean
  readonly settings: RequestSettings
  readonly temperature?: number
  readonly maxOutputTokens?: number
  /** Present when the caller brings tools: the request then goes to the model unsteered. */
  readonly tools?: readonly ToolSpec[]
  /** Fields that were read and have no effect here; told in a header. */
  readonly ignored: readonly string[]
}

/** The last user turn, which is steered, and what was said before it. Throws GatewayError 400. */
export function splitQuestion(messages: readonly ModelMessage[]): {
  readonly prompt: string
  readonly history: readonly ModelMessage[]
} {
  const last = messages.at(-1)
  if (last?.role !== 'user' || typeof last.content !== 'string')
    throw badRequest('The last message must be from the user: it is the question that is steered.', 'messages')
  if (last.content.trim() === '') throw badRequest('The last message is empty.', 'messages')
  return { prompt: last.content, history: messages.slice(0, -1) }
}

/** Parses a body by its schema. Throws GatewayError 400 naming the first field at fault. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const issue = read.error.issues[0]!
  const path = issue.path.join('.')
  throw badRequest(`${path === '' ? 'The body' : path}: ${issue.message}.`, path || null)
}

/** Text of a content that is a string or a list of parts. Throws GatewayError 400 for a part that is no text. */
export function textOf(content: unknown, param: string): string {
  if (content === null || content === undefined) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw badRequest(`${param} must be a text or a list of parts.`, param)
  return content.map((part, i) => partText(part, `${param}.${i}`)).join('\n')
}

const textTypes = new Set(['text', 'input_text', 'output_text', 'refusal'])

function partText(part: unknown, param: string): string {
  const type: unknown = typeof part === 'object' && part !== null ? Reflect.get(part, 'type') : undefined
  if (typeof type !== 'string') throw badRequest(`${param} has no type.`, param)
  if (!textTypes.has(type)) {
    throw badRequest(
      `${param} is of type "${type}". The gateway steers text only: coach and checkers see no images, sound or files. Describe it in words, or ask the model itself.`,
      param,
      'unsupported_content',
    )
  }
  const text: unknown = Reflect.get(part as object, type === 'refusal' ? 'refusal' : 'text')
  if (typeof text !== 'string') throw badRequest(`${param} has no text.`, param)
  return text
}

/** A JSON schema of a tool's parameters as the model layer takes it. Throws GatewayError 400. */
export function toolSpec(name: string, description: string | undefined, parameters: unknown, param: string): ToolSpec {
  try {
    const schema = z.fromJSONSchema(
      (parameters ?? { type: 'object', properties: {} }) as Parameters<typeof z.fromJSONSchema>[0],
    )
    return { name, description: description ?? '', input: schema }
  } catch (error) {
    throw badRequest(`The parameters of the tool "${name}" cannot be read: ${(error as Error).message}.`, param)
  }
}
