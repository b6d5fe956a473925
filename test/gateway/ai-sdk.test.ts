// CodeSteer as a language model inside the AI SDK, as `import { codesteer } from 'codesteer/ai-sdk'`.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { InvalidPromptError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { generateText, streamText, type ToolSet, tool } from 'ai'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { codesteer, type SteeredModelOptions } from '../../src/ai-sdk.ts'
import { type FakeScript, startFakeServer } from '../fake-server/server.ts'
import { finished, scriptedSandbox } from '../util/scripted.ts'
import { noSandbox, until } from './support.ts'

const prompt = '9.11 or 9.9, which is larger?'
const simulated = (options: SteeredModelOptions = {}) => closing(codesteer('simulated/apprentice', options))

function closing<T extends { close(): Promise<void> }>(model: T): T {
  onTestFinished(() => model.close())
  return model
}

/** A model object of the SDK on a fake server, steered. */
async function onFake(script: FakeScript, options: SteeredModelOptions = {}) {
  const upstream = await startFakeServer({ script })
  onTestFinished(() => upstream.close())
  const inner = createOpenAICompatible({ name: 'fake', baseURL: upstream.url }).chatModel('small')
  const settings: SteeredModelOptions = {
    sandbox: noSandbox,
    checkers: [],
    coach: 'fixed:text',
    models: { retry: { maxAttempts: 1 } },
    ...options,
  }
  return { upstream, model: closing(codesteer(inner, settings)) }
}

describe('generateText', () => {
  it('works offline: answer, steering as reasoning, usage of all calls, metadata', async () => {
    const result = await generateText({ model: simulated(), prompt })
    expect(result.text).toContain('<<<9.9>>>')
    expect(result.reasoningText).toMatch(/\[turn 1: text\][\s\S]*\[self-answer: passed\][\s\S]*\[return the answer\]/)
    expect(result.finishReason).toBe('stop')
    expect(result.providerMetadata?.codesteer).toMatchObject({
      turns: 1,
      stop: 'returned',
      answer: '9.9',
      simulated: true,
    })
    expect(result.response).toMatchObject({
      id: result.providerMetadata?.codesteer?.trajectory,
      modelId: 'simulated/apprentice',
    })
    expect(result.usage.totalTokens).toBeGreaterThan(300)
  })

  it('steers a model object of the SDK, with system prompt and history before the question', async () => {
    const { upstream, model } = await onFake(() => ({
      text: 'Neuf. <<<9>>>',
      usage: { prompt: 50, completion: 5, reasoning: 2, cached: 10 },
    }))
    const result = await generateText({
      model,
      instructions: 'Answer in French.',
      messages: [
        { role: 'user', content: 'What is 4 + 4?' },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'text', text: 'Huit.' },
          ],
        },
        { role: 'user', content: 'And plus one?' },
      ],
    })
    expect(result.text).toBe('Neuf. <<<9>>>')
    const sent = upstream.requests[0]!.body.messages!
    expect(sent.map(message => message.role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(JSON.stringify(sent[2])).toContain('Huit.')
    expect(JSON.stringify(sent)).not.toContain('hm')
    expect(result.usage).toMatchObject({
      inputTokens: 50,
      outputTokens: 5,
      inputTokenDetails: { cacheReadTokens: 10, noCacheTokens: 40 },
      outputTokenDetails: { reasoningTokens: 2 },
    })
    expect(result.response.modelId).toBe('fake/small')
  })

  it('takes settings for one call, and hands events back on request', async () => {
    const { upstream, model } = await onFake(() => ({ text: 'Hm.' }), { coach: 'rules' })
    const settings = { turns: 2, coach: 'rules', reasoning: 'none', events: true }
    const result = await generateText({
      model,
      prompt,
      temperature: 0.5,
      maxOutputTokens: 99,
      providerOptions: { codesteer: settings },
    })
    expect(upstream.requests).toHaveLength(2)
    expect(upstream.requests[0]!.body).toMatchObject({ temperature: 0.5, max_tokens: 99 })
    expect(result.reasoningText).toBeUndefined()
    const metadata = result.providerMetadata!.codesteer as { stop: string; events: { type: string }[] }
    expect(metadata.stop).toBe('turn-limit')
    expect(metadata.events.at(-1)!.type).toBe('trajectory-end')
    await expect(generateText({ model, prompt, providerOptions: { codesteer: { turn: 2 } } })).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean codesteer.turns'),
      mend: expect.any(String),
    })
  })

  it('gives the bare answer of a program', async () => {
    const { model } = await onFake(() => ({ text: '```python\nprint("<<<42>>>")\n```' }), {
      coach: 'fixed:code',
      content: 'answer',
      sandbox: scriptedSandbox(() => finished('<<<42>>>')),
    })
    expect((await generateText({ model, prompt })).text).toBe('42')
  })
})

describe('streamText', () => {
  it('streams the steering as reasoning, then the answer', async () => {
    const result = streamText({ model: simulated(), prompt })
    const order: string[] = []
    let reasoning = ''
    for await (const part of result.stream) {
      if (part.type === 'reasoning-delta') reasoning += part.text
      if (order.at(-1) !== part.type) order.push(part.type)
    }
    expect(order).toEqual(
      expect.arrayContaining([
        'reasoning-start',
        'reasoning-delta',
        'reasoning-end',
        'text-start',
        'text-delta',
        'text-end',
        'finish',
      ]),
    )
    expect(order.indexOf('reasoning-delta')).toBeLessThan(order.indexOf('text-delta'))
    expect(reasoning).toMatch(/\[turn 1: text\][\s\S]*\[return the answer\]/)
    expect(reasoning.split('<<<9.9>>>')).toHaveLength(2)
    expect(await result.text).toContain('<<<9.9>>>')
    expect((await result.providerMetadata)?.codesteer).toMatchObject({ stop: 'returned', turns: 1 })
    expect((await result.usage).totalTokens).toBeGreaterThan(300)
  })

  it('stops the call to the provider when aborted or no longer read', async () => {
    const { upstream, model } = await onFake(() => ({ text: 'word '.repeat(500), dripMs: 20 }))
    const abort = new AbortController()
    const whole = generateText({ model, prompt, abortSignal: abort.signal, maxRetries: 0 })
    await until('the provider is asked', () => upstream.requests.length === 1)
    abort.abort()
    await expect(whole).rejects.toMatchObject({ name: 'AbortError' })
    await until('the call is given up', () => upstream.closedEarly === 1)
    const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: prompt }] }] })
    const reader = stream.getReader()
    await until('the provider is asked', () => upstream.requests.length === 2)
    expect((await reader.read()).value).toMatchObject({ type: 'stream-start' })
    await reader.cancel()
    await until('the call is given up', () => upstream.closedEarly === 2)
  })

  it('tells a failure of the provider once, with its mend, and does not repeat the steering', async () => {
    const { upstream, model } = await onFake(() => ({ status: 503 }))
    const failure = { kind: 'provider', fault: 'overloaded', mend: expect.stringContaining('again later') }
    await expect(generateText({ model, prompt })).rejects.toMatchObject(failure)
    const errors: unknown[] = []
    await streamText({ model, prompt, onError: ({ error }) => void errors.push(error) }).consumeStream()
    expect(errors).toEqual([expect.objectContaining(failure)])
    expect(upstream.requests).toHaveLength(2)
  })
})

describe('what it cannot do is said', () => {
  const model = codesteer('simulated/apprentice', { sandbox: noSandbox })
  it('tools, files, JSON output', async () => {
    const tools: ToolSet = { weather: tool({ description: 'of a city', inputSchema: z.object({ city: z.string() }) }) }
    await expect(generateText({ model, prompt, tools })).rejects.toSatisfy(
      error => UnsupportedFunctionalityError.isInstance(error) && /calls no tools/.test(error.message),
    )
    const image = { type: 'file' as const, data: new Uint8Array([1]), mediaType: 'image/png' }
    await expect(generateText({ model, messages: [{ role: 'user', content: [image] }] })).rejects.toThrow(
      /reads text only/,
    )
    const json = {
      prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: prompt }] }],
      responseFormat: { type: 'json' as const },
    }
    await expect(async () => model.doGenerate(json)).rejects.toThrow(/content: "answer"/)
  })

  it('a last message that is no question, and settings without effect', async () => {
    await expect(model.doGenerate({ prompt: [{ role: 'assistant', content: [] }] })).rejects.toSatisfy(
      InvalidPromptError.isInstance,
    )
    const { warnings } = await model.doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
      topP: 0.5,
    })
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'topP' }])
  })

  it('a wrong name and a missing key, with the mend, and again when asked again', async () => {
    for (const _ of [1, 2]) {
      await expect(generateText({ model: codesteer('opnai/gpt-4.1'), prompt })).rejects.toMatchObject({
        mend: expect.stringContaining('"openai"'),
      })
    }
    const keyless = codesteer('openai/gpt-4.1', { models: { environment: {} } })
    await expect(generateText({ model: keyless, prompt })).rejects.toMatchObject({
      mend: expect.stringContaining('OPENAI_API_KEY'),
    })
    const errors: unknown[] = []
    await streamText({ model: keyless, prompt, onError: ({ error }) => void errors.push(error) }).consumeStream()
    expect(errors).toMatchObject([{ mend: expect.stringContaining('OPENAI_API_KEY') }])
  })
})

it('a script that only generates comes to its end by itself', async () => {
  const entry = fileURLToPath(new URL('../../src/ai-sdk.ts', import.meta.url))
  const script = `
    import { generateText } from 'ai'
    import { codesteer } from ${JSON.stringify(entry)}
    const { text } = await generateText({ model: codesteer('simulated/apprentice'), prompt: ${JSON.stringify(prompt)} })
    process.stdout.write(text)`
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    timeout: 15_000,
  })
  expect(stdout).toContain('<<<9.9>>>')
})
