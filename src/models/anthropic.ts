import { createAnthropic } from '@ai-sdk/anthropic'
import type { ModelProvider } from '../model.ts'
import { addressOf, keyReady, requireKey } from './_shared/keys.ts'

const provider: ModelProvider = {
  name: 'anthropic',
  about: "Anthropic's Claude models",
  simulated: false,
  environment: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'],
  example: 'anthropic/claude-haiku-4-5',
  ready: environment => keyReady(environment, 'ANTHROPIC_API_KEY'),
  async open(model, { environment, fetch, baseUrl }) {
    const apiKey = requireKey(environment, 'ANTHROPIC_API_KEY', 'anthropic')
    const baseURL = addressOf(baseUrl, environment, 'ANTHROPIC_BASE_URL', 'https://api.anthropic.com/v1')
    return createAnthropic({ apiKey, baseURL, fetch })(model)
  },
}

export default provider
