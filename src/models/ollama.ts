import { localServer } from './_shared/compatible.ts'

export default localServer({
  name: 'ollama',
  about: 'an Ollama server',
  variable: 'OLLAMA_BASE_URL',
  address: 'http://localhost:11434/v1',
  example: 'ollama/qwen3:8b',
})
