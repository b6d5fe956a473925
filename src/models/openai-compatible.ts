import { InputError } from '../errors.ts'
import type { ModelProvider } from '../model.ts'
import { keyVariable, openCompatible } from './_shared/compatible.ts'

const addressVariable = 'CODESTEER_BASE_URL'
const mend = `Set ${addressVariable} to the server's address, or write openai-compatible/http://localhost:8000/v1#<model>`

/**
 * Any server that speaks the OpenAI chat protocol. The model is named in one of two ways:
 * `openai-compatible/<model>`, the address being the option or CODESTEER_BASE_URL, or
 * `openai-compatible/<address>#<model>`, e.g. `openai-compatible/http://localhost:8000/v1#Qwen/Qwen3-8B`.
 */
const provider: ModelProvider = {
  name: 'openai-compatible',
  about: 'any server that speaks the OpenAI chat protocol',
  simulated: false,
  environment: [keyVariable, addressVariable],
  example: 'openai-compatible/http://localhost:8000/v1#my-model',
  ready: environment => (environment[addressVariable]?.trim() ? { ready: true } : { ready: false, mend }),
  async open(id, context) {
    const { address, model } = splitId(id)
    const baseUrl = address ?? context.baseUrl ?? context.environment[addressVariable]?.trim()
    if (!baseUrl) throw new InputError(`no server address for openai-compatible/${id}`, mend)
    return openCompatible('openai-compatible', model, baseUrl, context)
  },
}

export default provider

function splitId(id: string): { address?: string; model: string } {
  if (!/^https?:\/\//i.test(id)) return { model: id }
  const hash = id.indexOf('#')
  if (hash < 0) {
    throw new InputError(
      `openai-compatible/${id} has an address but no model`,
      `Append it: openai-compatible/${id}#<model>`,
    )
  }
  return { address: id.slice(0, hash), model: id.slice(hash + 1) }
}
