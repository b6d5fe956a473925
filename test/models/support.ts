import type { ChatModel, ModelRequest } from '../../src/model.ts'
import { type ModelOptions, openModel } from '../../src/models/_shared/open.ts'
import type { Clock } from '../../src/util/clock.ts'
import type { FakeServer } from '../fake-server/server.ts'

/** Real time, but waits pass at once and are remembered. */
export function impatientClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = []
  return {
    waits,
    nowMs: () => Date.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      waits.push(ms)
    },
  }
}

/** The fake server's model, with a time-out that no test waits for. */
export function openFake(server: FakeServer, options: Partial<ModelOptions> = {}): Promise<ChatModel> {
  return openModel('openai-compatible/fake', {
    environment: { CODESTEER_API_KEY: 'sk-test-secret-0123456789' },
    clock: impatientClock(),
    baseUrl: server.url,
    timeoutMs: 5000,
    random: () => 0,
    ...options,
  })
}

export function ask(words = 'hello', more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [{ role: 'user', content: words }], trial: '0', ...more }
}
