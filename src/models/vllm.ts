import { localServer } from './_shared/compatible.ts'

export default localServer({
  name: 'vllm',
  about: 'a vLLM server',
  variable: 'VLLM_BASE_URL',
  address: 'http://localhost:8000/v1',
  example: 'vllm/Qwen/Qwen3-8B',
})
