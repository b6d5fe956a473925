import { createOpenAI } from '@ai-sdk/openai'
import type { ModelProvider } from '../model.ts'
import { addressOf, keyReady, requireKey } from './_shared/keys.ts'

const provider: ModelProvider = {
  name: 'openai',
  about: "OpenAI's models, by their responses interface",
  simulated: false,
  environment: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  example: 'openai/gpt-4o',
  ready: environment => keyReady(environment, 'OPENAI_API_KEY'),
  async open(model, { environment, fetch, baseUrl }) {
    const apiKey = requireKey(environment, 'OPENAI_API_KEY', 'openai')
    const baseURL = addressOf(baseUrl, environment, 'OPENAI_BASE_URL', 'https://api.openai.com/v1')
    return createOpenAI({ apiKey, baseURL, fetch })(model)
  },
}

export default provider
