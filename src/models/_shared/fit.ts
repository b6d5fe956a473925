import type { Capabilities, ModelMessage, ModelRequest } from '../../model.ts'

/** A request as a model can take it, and what had to be changed for that. */
export interface FittedRequest {
  readonly messages: ModelMessage[]
  readonly temperature: number | undefined
  readonly maxOutputTokens: number | undefined
  readonly json: ModelRequest['json']
  readonly tools: ModelRequest['tools']
  readonly notes: readonly string[]
}

/** Leaves out or reshapes what the model cannot take, and says so. */
export function fitRequest(request: ModelRequest, capabilities: Capabilities): FittedRequest {
  const notes: string[] = []
  let messages = [...request.messages]
  if (!capabilities.systemMessage && messages.some(m => m.role === 'system')) {
    messages = foldSystem(messages)
    notes.push('system message folded into the first user message: the model takes none')
  }
  let temperature = request.temperature
  if (temperature !== undefined && !capabilities.temperature) {
    temperature = undefined
    notes.push('temperature dropped: the model takes none')
  }
  let json = request.json
  if (json && !capabilities.jsonSchema) {
    json = undefined
    notes.push('JSON schema dropped: the model cannot be held to one')
  }
  let tools = request.tools
  if (tools && !capabilities.tools) {
    tools = undefined
    notes.push('tools dropped: the model can call none')
  }
  return { messages, temperature, maxOutputTokens: request.maxOutputTokens, json, tools, notes }
}

function foldSystem(messages: readonly ModelMessage[]): ModelMessage[] {
  const system = messages
    .filter(m => m.role === 'system')
    .map(m => m.content)
    .join('\n\n')
  const rest = messages.filter(m => m.role !== 'system')
  const at = rest.findIndex(m => m.role === 'user')
  const first = rest[at]
  if (first?.role !== 'user') return [{ role: 'user', content: system }, ...rest]
  const content =
    typeof first.content === 'string'
      ? `${system}\n\n${first.content}`
      : [{ type: 'text' as const, text: system }, ...first.content]
  return rest.with(at, { ...first, content })
}
