// A model behind any OpenAI-compatible server: vLLM, llama.cpp, LM Studio, Ollama. Here a server of six lines that knows one answer.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCodeSteer } from '../src/index.ts'

const message = { role: 'assistant', content: 'Six times seven is <<<42>>>.' }
const usage = { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 }
const server = createServer((_, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage }))
}).listen(0, '127.0.0.1')
await once(server, 'listening')

const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` // yours: http://localhost:8000/v1
await using steer = await createCodeSteer({
  model: 'openai-compatible/my-model',
  models: { baseUrl, environment: { CODESTEER_API_KEY: 'what the server wants, if anything' } },
  checkers: [],
})
const { answer, spend } = await steer.ask('What is 6 * 7?')
console.log(
  `${answer?.text}, ${spend.total.inputTokens + spend.total.outputTokens} tokens in ${spend.total.calls} calls`,
)
server.close().closeAllConnections()
