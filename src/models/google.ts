import { createGoogle } from '@ai-sdk/google'
import type { ModelProvider } from '../model.ts'
import { addressOf, keyReady, requireKey } from './_shared/keys.ts'

const key = 'GOOGLE_GENERATIVE_AI_API_KEY'

const provider: ModelProvider = {
  name: 'google',
  about: "Google's Gemini models, by the Gemini API",
  simulated: false,
  environment: [key, 'GOOGLE_BASE_URL'],
  example: 'google/gemini-2.5-flash',
  ready: environment => keyReady(environment, key),
  async open(model, { environment, fetch, baseUrl }) {
    const apiKey = requireKey(environment, key, 'google')
    const own = 'https://generativelanguage.googleapis.com/v1beta'
    return createGoogle({ apiKey, baseURL: addressOf(baseUrl, environment, 'GOOGLE_BASE_URL', own), fetch })(model)
  },
}

export default provider
