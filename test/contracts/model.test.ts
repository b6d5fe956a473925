import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/errors.ts'
import type { ModelProvider } from '../../src/model.ts'
import { openLedger } from '../../src/models/_shared/ledger.ts'
import { describeModels, openModel } from '../../src/models/_shared/open.ts'
import { loadAll } from '../../src/registry.ts'
import { systemClock } from '../../src/util/clock.ts'
import { ask, impatientClock } from '../models/support.ts'

const providers = await loadAll<ModelProvider>('models')
const secret = 'sk-contract-secret-42'
const chat = (text: string) => ({
  id: 'x',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
})

/** For each provider that speaks HTTP: a model, where the call must go, and an answer as that service words it. */
const wire: Record<string, { model: string; url: string; body: object }> = {
  openai: {
    model: 'gpt-4o',
    url: 'https://api.openai.com/v1/responses',
    body: {
      id: 'resp_1',
      object: 'response',
      created_at: 1_700_000_000,
      model: 'gpt-4o',
      status: 'completed',
      output: [
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'yes', annotations: [] }],
        },
      ],
      usage: { input_tokens: 7, output_tokens: 2, total_tokens: 9 },
    },
  },
  anthropic: {
    model: 'claude-haiku-4-5',
    url: 'https://api.anthropic.com/v1/messages',
    body: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5',
      content: [{ type: 'text', text: 'yes' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 7, output_tokens: 2 },
    },
  },
  google: {
    model: 'gemini-2.0-flash',
    url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent',
    body: {
      candidates: [{ content: { role: 'model', parts: [{ text: 'yes' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 2, totalTokenCount: 9 },
    },
  },
  mistral: { model: 'mistral-large-latest', url: 'https://api.mistral.ai/v1/chat/completions', body: chat('yes') },
  deepseek: { model: 'deepseek-chat', url: 'https://api.deepseek.com/chat/completions', body: chat('yes') },
  'openai-compatible': {
    model: 'http://localhost:9/v1#m/n',
    url: 'http://localhost:9/v1/chat/completions',
    body: chat('yes'),
  },
  vllm: { model: 'a/b', url: 'http://localhost:8000/v1/chat/completions', body: chat('yes') },
  ollama: { model: 'a:1b', url: 'http://localhost:11434/v1/chat/completions', body: chat('yes') },
  'llama-cpp': { model: 'default', url: 'http://localhost:8080/v1/chat/completions', body: chat('yes') },
  'lm-studio': { model: 'a', url: 'http://localhost:1234/v1/chat/completions', body: chat('yes') },
}
const data = (...events: object[]) => events.map(event => `data: ${JSON.stringify(event)}\n\n`)
const chunk = (delta: object, finish: string | null) => ({
  ...chat(''),
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
})
const chatStream = data(chunk({ role: 'assistant', content: 'ye' }, null), chunk({ content: 's' }, 'stop'))

/** Streams of events as the services word them. Without the last piece the answer is not whole. */
const streams: Record<string, string[]> = {
  openai: data(
    { type: 'response.created', response: { id: 'r', created_at: 1_700_000_000, model: 'gpt-4o' } },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'm' } },
    { type: 'response.output_text.delta', item_id: 'm', delta: 'yes' },
    { type: 'response.output_item.done', output_index: 0, item: { type: 'message', id: 'm' } },
    { type: 'response.completed', response: { usage: { input_tokens: 7, output_tokens: 2 } } },
  ),
  anthropic: data(
    {
      type: 'message_start',
      message: { id: 'm', model: 'c', usage: { input_tokens: 7, output_tokens: 1 }, stop_reason: null },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'yes' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ),
  google: data(
    { candidates: [{ content: { role: 'model', parts: [{ text: 'ye' }] }, index: 0 }] },
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 's' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 2, totalTokenCount: 9 },
    },
  ),
  mistral: chatStream,
  deepseek: chatStream,
  'openai-compatible': chatStream,
}
const withoutHttp = new Set(['simulated', 'recorded', 'local'])

describe.each(providers)('provider $name', provider => {
  const keyed = Object.fromEntries(provider.environment.slice(0, 1).map(name => [name, secret]))

  it('says what it is and what it reads', () => {
    expect(provider.about.length).toBeGreaterThan(5)
    expect(provider.example.startsWith(`${provider.name}/`)).toBe(true)
    for (const name of provider.environment) expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/)
    const bare = provider.ready({})
    if (!bare.ready && provider.environment.length > 0) expect(bare.mend).toMatch(/[A-Z]+_[A-Z]+/)
  })

  it('is covered by a wire test or speaks no HTTP', () => {
    expect(provider.name in wire || withoutHttp.has(provider.name)).toBe(true)
  })

  const expected = wire[provider.name]
  if (!expected) return

  it('makes one call to the right place, the key in a header only', async () => {
    const calls: { url: string; init: RequestInit }[] = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      calls.push({ url: String(input), init: init ?? {} })
      return Response.json(expected.body)
    }
    const id = `${provider.name}/${expected.model}`
    const model = await openModel(id, { environment: keyed, clock: systemClock, fetch, retry: { maxAttempts: 1 } })
    const reply = await model.call(ask('is it?', { temperature: 0 }))
    expect([model.id, model.simulated]).toEqual([id, false])
    expect(reply).toMatchObject({ text: 'yes', finish: 'stop', fromLedger: false, attempts: 1, notes: [] })
    expect(reply.usage).toMatchObject({ inputTokens: 7, outputTokens: 2 })
    expect(calls.map(call => call.url)).toEqual([expected.url])
    expect(String(calls[0]!.init.body)).toContain('is it?')
    expect(String(calls[0]!.init.body) + calls[0]!.url).not.toContain(secret)
    expect(JSON.stringify([...new Headers(calls[0]!.init.headers)])).toContain(secret)
  })

  it('sends the call to another address when told so', async () => {
    const urls: string[] = []
    const fetch: typeof globalThis.fetch = async input => {
      urls.push(String(input))
      return Response.json(expected.body)
    }
    if (expected.model.startsWith('http')) return expect(expected.url.startsWith('http://localhost:9/v1')).toBe(true)
    const options = { environment: keyed, clock: systemClock, fetch, baseUrl: 'http://proxy.test/base/' }
    await (await openModel(`${provider.name}/${expected.model}`, options)).call(ask())
    expect(urls[0]).toMatch(/^http:\/\/proxy\.test\/base\/\w/)
  })

  const events = streams[provider.name]
  if (events) {
    it('streams, keeps the whole stream in the ledger, and takes a shortened one for cut', async () => {
      const ledger = openLedger(':memory:', { clock: systemClock })
      const bodies = [events.slice(0, -1), events]
      const fetch: typeof globalThis.fetch = async () =>
        new Response(bodies.shift()!.join(''), { headers: { 'content-type': 'text/event-stream' } })
      const options = { environment: keyed, clock: impatientClock(), fetch, ledger, random: () => 0 }
      const model = await openModel(`${provider.name}/${expected.model}`, options)
      let shown = ''
      const onDelta = (delta: { text: string }) => {
        shown += delta.text
      }
      const reply = await model.call(ask('x', { onDelta }))
      expect(reply).toMatchObject({ text: 'yes', finish: 'stop', attempts: 2, fromLedger: false })
      expect(reply.usage.outputTokens).toBe(2)
      expect(shown.endsWith('yes')).toBe(true)
      expect(ledger.stats()).toMatchObject({ done: 1, failedAttempts: { cut: 1 } })
      expect(await model.call(ask('x'))).toMatchObject({ text: 'yes', fromLedger: true, usage: reply.usage })
      ledger.close()
    })
  }

  const bare = provider.ready({})
  if (bare.ready || provider.name === 'openai-compatible') return

  it('names the variable when the key is missing', async () => {
    const opened = openModel(`${provider.name}/${expected.model}`, { environment: {}, clock: systemClock })
    const failure = await opened.catch(error => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure.mend).toContain(provider.environment[0])
    expect(provider.ready(keyed)).toEqual({ ready: true })
  })
})

describe('openModel', () => {
  const bare = { environment: {}, clock: systemClock }
  const wrong: [string, RegExp][] = [
    ['opennai/gpt-4o', /Did you mean "openai"/],
    ['openai', /for example openai\//],
    ['gpt-4o', /provider\/model/],
    ['openai-compatible/m', /CODESTEER_BASE_URL/],
    ['openai-compatible/http://localhost:9/v1', /#<model>/],
    ['openai-compatible/http://user:pw@localhost:9/v1#m', /CODESTEER_API_KEY/],
  ]
  it.each(wrong)('%s is refused with its mend', async (id, mend) => {
    const failure = await openModel(id, bare).catch(error => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure.mend).toMatch(mend)
  })

  it("reads the user's tables from the files that the environment names", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tables-'))
    const [capabilities, prices] = [join(folder, 'c.json'), join(folder, 'p.json')]
    await writeFile(capabilities, '{"openai-compatible/*": {"temperature": false, "contextTokens": 99}}')
    await writeFile(prices, '{"openai-compatible/*": {"input": 1, "output": 1, "asOf": "2026-01-01"}}')
    const environment = { CODESTEER_CAPABILITIES: capabilities, CODESTEER_PRICES: prices }
    const fetch = async () => Response.json(chat('yes'))
    const model = await openModel('openai-compatible/http://localhost:9/v1#m', {
      environment,
      clock: systemClock,
      fetch,
    })
    expect(model.capabilities).toMatchObject({ temperature: false, contextTokens: 99 })
    const reply = await model.call(ask('x', { temperature: 1 }))
    expect(reply.costUsd).toBeCloseTo(9e-6, 12)
    expect(reply.notes).toEqual(['temperature dropped: the model takes none'])

    await writeFile(capabilities, '{"x": {"temprature": false}}')
    await expect(openModel('vllm/x', { environment, clock: systemClock })).rejects.toThrow(/temprature/)
    await writeFile(capabilities, '{')
    await expect(openModel('vllm/x', { environment, clock: systemClock })).rejects.toThrow(InputError)
    await rm(folder, { recursive: true })
  })
})

describe('describeModels', () => {
  it('tells of each provider whether it can be used, and what to do when not', async () => {
    const states = await describeModels({ OPENAI_API_KEY: 'k' })
    expect(states.map(s => s.name)).toEqual(providers.map(p => p.name))
    expect(states.find(s => s.name === 'openai')).toMatchObject({ ready: true, mend: null })
    expect(states.find(s => s.name === 'anthropic')).toMatchObject({
      ready: false,
      mend: expect.stringContaining('ANTHROPIC_API_KEY'),
    })
    expect(states.find(s => s.name === 'ollama')).toMatchObject({ ready: true })
  })
})
