import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ModelRequest } from '../../model.ts'
import { capabilitiesOf } from './capabilities.ts'
import { capabilityTable } from './capability-table.ts'
import { fitRequest } from './fit.ts'
import { matchesGlob } from './glob.ts'
import { priceTable } from './price-table.ts'
import { costUsd, priceOf } from './prices.ts'
import { redact, requestKey } from './request-key.ts'
import { splitThinking, thinkingDeltas } from './think.ts'

describe('matchesGlob', () => {
  it.each([
    ['*', 'a/b', true],
    ['openai/gpt-4o', 'OpenAI/GPT-4o', true],
    ['openai/gpt-4o', 'openai/gpt-4o-mini', false],
    ['openai/gpt-4o*', 'openai/gpt-4o-mini', true],
    ['vllm/*', 'vllm/Qwen/Qwen3', true],
    ['*qwen*8b', 'vllm/Qwen/Qwen3-8B', true],
    ['ab*ba', 'aba', false],
    ['a*b*', 'acb', true],
  ])('%s covers %s: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected)
  })
})

describe('capabilities', () => {
  it('the first row answers every question for every model', () => {
    const [first] = capabilityTable
    expect(first?.pattern).toBe('*')
    expect(Object.keys(first!.capabilities).sort()).toEqual(
      ['contextTokens', 'jsonSchema', 'reasoning', 'systemMessage', 'temperature', 'tools'].sort(),
    )
  })

  it('lays rows over each other, the more special last', () => {
    expect(capabilitiesOf('openai/gpt-4o')).toMatchObject({
      temperature: true,
      jsonSchema: true,
      contextTokens: 128_000,
    })
    expect(capabilitiesOf('openai/o3-mini')).toMatchObject({ temperature: false, reasoning: 'separate' })
    expect(capabilitiesOf('openai/o1-mini')).toMatchObject({ systemMessage: false, temperature: false })
    expect(capabilitiesOf('google/gemma-3-27b-it').systemMessage).toBe(false)
    expect(capabilitiesOf('unheard/of')).toMatchObject({ jsonSchema: false, contextTokens: null })
  })

  it("the user's rows win", () => {
    const own = [{ pattern: 'openai/o3*', capabilities: { temperature: true } }]
    expect(capabilitiesOf('openai/o3-mini', own)).toMatchObject({ temperature: true, reasoning: 'separate' })
  })
})

describe('prices', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 100_000, reasoningTokens: null, cachedInputTokens: 400_000 }

  it('charges cached tokens at their own price', () => {
    expect(costUsd(priceOf('openai/gpt-4o'), usage)).toBeCloseTo(0.6 * 2.5 + 0.4 * 1.25 + 0.1 * 10, 10)
    const uncached = { ...priceOf('openai/gpt-4o')!, cachedInput: null }
    expect(costUsd(uncached, usage)).toBeCloseTo(2.5 + 1, 10)
  })

  it('is null when the price or a count is unknown, never 0', () => {
    expect(priceOf('openai/gpt-of-tomorrow')).toBeNull()
    expect(costUsd(null, usage)).toBeNull()
    expect(costUsd(priceOf('openai/gpt-4o'), { ...usage, outputTokens: null })).toBeNull()
  })

  it('local and simulated models cost nothing, by a row that says so', () => {
    const unknown = { inputTokens: null, outputTokens: null, reasoningTokens: null, cachedInputTokens: null }
    for (const id of ['ollama/x', 'vllm/a/b', 'llama-cpp/x', 'lm-studio/x', 'simulated/x']) {
      expect(costUsd(priceOf(id), unknown), id).toBe(0)
    }
    expect(priceOf('openai-compatible/x')).toBeNull()
  })

  it("the user's rows win, and every shipped row has its day", () => {
    const own = [{ ...priceOf('openai/gpt-4o')!, pattern: 'openai/*', input: 1 }]
    expect(priceOf('openai/gpt-4o', own)?.input).toBe(1)
    for (const row of priceTable) expect(row.asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
  })
})

describe('fitRequest', () => {
  const all = capabilitiesOf('openai/gpt-4o')
  const request: ModelRequest = {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi.' },
    ],
    temperature: 0.3,
    trial: '0',
    json: { name: 'shape', schema: z.object({ a: z.number() }) },
  }

  it('changes nothing for a model that takes it all', () => {
    expect(fitRequest(request, all)).toMatchObject({ messages: request.messages, temperature: 0.3, notes: [] })
  })

  it('folds, drops, and says so', () => {
    const fitted = fitRequest(request, { ...all, systemMessage: false, temperature: false, jsonSchema: false })
    expect(fitted.messages).toEqual([{ role: 'user', content: 'Be brief.\n\nHi.' }])
    expect([fitted.temperature, fitted.json]).toEqual([undefined, undefined])
    expect(fitted.notes.map(note => note.split(':')[0])).toEqual([
      'system message folded into the first user message',
      'temperature dropped',
      'JSON schema dropped',
    ])
  })

  it('folds into a message made of parts, and makes one where there is none', () => {
    const capabilities = { ...all, systemMessage: false }
    const parts = [
      request.messages[0]!,
      { role: 'assistant', content: 'Yes?' } as const,
      { role: 'user', content: [{ type: 'text', text: 'Hi.' }] } as const,
    ]
    expect(fitRequest({ ...request, messages: parts as never }, capabilities).messages[1]).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Hi.' },
      ],
    })
    const alone = fitRequest({ ...request, messages: [request.messages[0]!] }, capabilities)
    expect(alone.messages).toEqual([{ role: 'user', content: 'Be brief.' }])
  })
})

describe('thinking', () => {
  it.each([
    ['<think>a b</think>\n\nanswer', 'answer', 'a b'],
    ['reasoned without opening</think>answer', 'answer', 'reasoned without opening'],
    ['<think>cut off while', '', 'cut off while'],
    ['plain', 'plain', null],
    ['say <think>x</think>', 'say <think>x</think>', null],
    ['<think></think>answer', 'answer', null],
    ['', '', null],
  ])('%j', (whole, text, reasoning) => {
    expect(splitThinking(whole)).toEqual({ text, reasoning })
  })

  it('sorts arriving pieces as it sorts the whole, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          '<think>a < b</think> so c',
          '  <think>x</thin k></think>y',
          'no <think> here',
          '<think>open',
          '<thin',
        ),
        fc.array(fc.integer({ min: 1, max: 5 })),
        (whole, cuts) => {
          const got = { text: '', reasoning: '' }
          const sorter = thinkingDeltas(({ kind, text }) => {
            got[kind] += text
          })
          let rest: string = whole
          for (const cut of [...cuts, whole.length]) {
            sorter.push(rest.slice(0, cut))
            rest = rest.slice(cut)
          }
          sorter.end()
          const expected = splitThinking(whole)
          expect(got.reasoning.trim()).toBe(expected.reasoning ?? '')
          expect(got.text.trim()).toBe(expected.text.trim())
        },
      ),
    )
  })
})

describe('requestKey', () => {
  const url = 'https://host/v1/chat/completions'
  const key = (body: unknown, headers = {}, address = url) =>
    requestKey(address, { method: 'POST', headers, body: JSON.stringify(body) })

  it('does not depend on the order of keys, on credentials or on streaming', () => {
    const plain = key({ a: 1, b: [2, { c: 3, d: 4 }] })
    expect(key({ b: [2, { d: 4, c: 3 }], a: 1 }).hash).toBe(plain.hash)
    expect(key({ a: 1, b: [2, { c: 3, d: 4 }] }, { authorization: 'Bearer k' }).hash).toBe(plain.hash)
    expect(key({ a: 1, b: [2, { c: 3, d: 4 }], stream: true, stream_options: { include_usage: true } })).toMatchObject({
      hash: plain.hash,
      streamed: true,
    })
    const google = 'https://g/v1beta/models/m'
    expect(key({}, {}, `${google}:streamGenerateContent?alt=sse`)).toMatchObject({
      hash: key({}, {}, `${google}:generateContent?key=abcdef`).hash,
      streamed: true,
    })
  })

  it('depends on what is asked and of whom', () => {
    const hashes = [key({ a: 1 }), key({ a: 2 }), key({ a: 1 }, {}, 'https://other/v1'), key({ a: [1] })].map(
      k => k.hash,
    )
    expect(new Set(hashes).size).toBe(4)
  })

  it('finds the secrets and keeps them out of the address', () => {
    const found = key(
      {},
      { 'x-api-key': 'secret-1', Authorization: 'Bearer secret-2' },
      'https://u:secret-3@h/p?api_key=secret-4&q=1',
    )
    expect([...found.secrets].sort()).toEqual(['secret-1', 'secret-2', 'secret-3', 'secret-4'])
    expect(found.url).toBe('https://h/p?q=1')
    expect(redact('no secret-2 here', found.secrets)).toBe('no [key] here')
  })
})
