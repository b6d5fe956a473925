import { localServer } from './_shared/compatible.ts'

export default localServer({
  name: 'llama-cpp',
  about: 'a llama.cpp server',
  variable: 'LLAMA_CPP_BASE_URL',
  address: 'http://localhost:8080/v1',
  example: 'llama-cpp/default',
})
