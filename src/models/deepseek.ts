import { createDeepSeek } from '@ai-sdk/deepseek'
import type { ModelProvider } from '../model.ts'
import { addressOf, keyReady, requireKey } from './_shared/keys.ts'

const provider: ModelProvider = {
  name: 'deepseek',
  about: "DeepSeek's models",
  simulated: false,
  environment: ['DEEPSEEK_API_KEY', 'DEEPSEEK_BASE_URL'],
  example: 'deepseek/deepseek-chat',
  ready: environment => keyReady(environment, 'DEEPSEEK_API_KEY'),
  async open(model, { environment, fetch, baseUrl }) {
    const apiKey = requireKey(environment, 'DEEPSEEK_API_KEY', 'deepseek')
    const baseURL = addressOf(baseUrl, environment, 'DEEPSEEK_BASE_URL', 'https://api.deepseek.com')
    return createDeepSeek({ apiKey, baseURL, fetch })(model)
  },
}

export default provider
