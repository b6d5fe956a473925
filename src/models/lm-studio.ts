import { localServer } from './_shared/compatible.ts'

export default localServer({
  name: 'lm-studio',
  about: 'an LM Studio server',
  variable: 'LM_STUDIO_BASE_URL',
  address: 'http://localhost:1234/v1',
  example: 'lm-studio/qwen3-8b',
})
