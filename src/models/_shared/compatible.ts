import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { InputError } from '../../errors.ts'
import type { ModelProvider, OpenContext } from '../../model.ts'
import { addressOf, checkedAddress } from './keys.ts'

/** A server on the user's own machine that speaks the OpenAI protocol. */
export interface LocalServer {
  readonly name: string
  readonly about: string
  /** Variable with the server's address. */
  readonly variable: string
  /** Where it listens unless told otherwise. */
  readonly address: string
  readonly example: string
}

/** Makes the provider of a local server: no key is needed; `CODESTEER_API_KEY` is sent when it is set. */
export function localServer(server: LocalServer): ModelProvider {
  return {
    name: server.name,
    about: `${server.about} (${server.address} unless ${server.variable} says otherwise)`,
    simulated: false,
    environment: [keyVariable, server.variable],
    example: server.example,
    ready: () => ({ ready: true }),
    open: async (model, context) =>
      openCompatible(
        server.name,
        model,
        addressOf(context.baseUrl, context.environment, server.variable, server.address),
        context,
      ),
  }
}

/** Sent as the bearer token when set. */
export const keyVariable = 'CODESTEER_API_KEY'

/** Opens one model of a server that speaks the OpenAI protocol. */
export function openCompatible(name: string, model: string, baseURL: string, context: OpenContext) {
  const apiKey = context.environment[keyVariable]?.trim()
  if (model === '') throw new InputError(`no model named after "${name}/"`, `Name one: ${name}/<model>`)
  const provider = createOpenAICompatible({
    name,
    baseURL: checkedAddress(baseURL),
    fetch: context.fetch,
    includeUsage: true,
    // A schema is only sent where the capability table allows it.
    supportsStructuredOutputs: true,
    ...(apiKey && { apiKey }),
  })
  return provider.chatModel(model)
}
