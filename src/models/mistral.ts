import { createMistral } from '@ai-sdk/mistral'
import type { ModelProvider } from '../model.ts'
import { addressOf, keyReady, requireKey } from './_shared/keys.ts'

const provider: ModelProvider = {
  name: 'mistral',
  about: "Mistral's models",
  simulated: false,
  environment: ['MISTRAL_API_KEY', 'MISTRAL_BASE_URL'],
  example: 'mistral/mistral-large-latest',
  ready: environment => keyReady(environment, 'MISTRAL_API_KEY'),
  async open(model, { environment, fetch, baseUrl }) {
    const apiKey = requireKey(environment, 'MISTRAL_API_KEY', 'mistral')
    const baseURL = addressOf(baseUrl, environment, 'MISTRAL_BASE_URL', 'https://api.mistral.ai/v1')
    return createMistral({ apiKey, baseURL, fetch })(model)
  },
}

export default provider
