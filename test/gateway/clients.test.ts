// What clients in use see: the official openai client and the AI SDK, against the real server on a real port.
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { lastUserText } from '../fake-server/server.ts'
import { finished, scriptedSandbox } from '../util/scripted.ts'
import { question, startBoth, startGateway, type TestGateway, until } from './support.ts'

const officialClient = (gateway: TestGateway, apiKey = 'unused') =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 })
const asked = question.messages[0]!.content

describe('the official openai client', () => {
  it('lists and retrieves models', async () => {
    const client = officialClient(await startGateway())
    const ids = (await client.models.list()).data.map(model => model.id)
    expect(ids).toEqual([
      'codesteer/simulated/apprentice',
      'codesteer',
      'codesteer-fast',
      'codesteer-text',
      'codesteer-code',
    ])
    expect((await client.models.retrieve('codesteer/simulated/apprentice')).id).toBe(ids[0])
    await expect(client.models.retrieve('gpt-4o')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })

  it('gets an answer, the steering as reasoning, and usage that counts the checker', async () => {
    const gateway = await startGateway()
    const { data, response } = await officialClient(gateway).chat.completions.create(question).withResponse()
    const [choice] = data.choices
    expect(choice!.message.content).toContain('<<<9.9>>>')
    expect(choice!.finish_reason).toBe('stop')
    const reasoning = String(Reflect.get(choice!.message, 'reasoning_content'))
    expect(reasoning).toMatch(
      /\[turn 1: text\][\s\S]*<<<9\.9>>>[\s\S]*\[self-answer: passed\][\s\S]*\[return the answer\]/,
    )
    const extension = Reflect.get(data, 'codesteer') as { readonly trajectory: string }
    expect(extension).toMatchObject({ turns: 1, stop: 'returned', answer: '9.9', answerTurn: 1, simulated: true })
    expect(response.headers.get('x-codesteer-trajectory')).toBe(extension.trajectory)
    expect(response.headers.get('x-codesteer-turns')).toBe('1')
    expect(response.headers.get('x-codesteer-stop')).toBe('returned')
    expect(response.headers.get('x-codesteer-simulated')).toBe('true')
    const [entry] = gateway.log
    expect(entry).toMatchObject({ status: 200, turns: 1, stop: 'returned', calls: 2 })
    expect(data.usage!.total_tokens).toBe(Number(entry!.inputTokens) + Number(entry!.outputTokens))
  })

  it('streams the steering, then the answer, then usage', async () => {
    const client = officialClient(await startGateway())
    const stream = await client.chat.completions.create({
      ...question,
      stream: true,
      stream_options: { include_usage: true },
    })
    const seen = { reasoning: '', content: '', firstContentAt: 0, chunks: 0, finish: '', tokens: 0, stop: '' }
    for await (const chunk of stream) {
      seen.chunks++
      const delta = chunk.choices[0]?.delta
      seen.reasoning += String((delta && Reflect.get(delta, 'reasoning_content')) ?? '')
      if (delta?.content && seen.content === '') seen.firstContentAt = seen.chunks
      seen.content += delta?.content ?? ''
      seen.finish ||= chunk.choices[0]?.finish_reason ?? ''
      seen.tokens ||= chunk.usage?.total_tokens ?? 0
      seen.stop ||= (Reflect.get(chunk, 'codesteer') as { stop: string } | undefined)?.stop ?? ''
    }
    expect(seen).toMatchObject({ finish: 'stop', stop: 'returned' })
    expect(seen.content).toContain('<<<9.9>>>')
    expect(seen.reasoning).toMatch(/\[turn 1: text\][\s\S]*\[return the answer\]/)
    // Told once, although it arrived piece by piece and came again whole.
    expect(seen.reasoning.split('<<<9.9>>>')).toHaveLength(2)
    expect(seen.firstContentAt).toBeGreaterThan(3)
    expect(seen.tokens).toBeGreaterThan(100)
  })

  it('helpers of the client read the stream too', async () => {
    const client = officialClient(await startGateway())
    const final = await client.chat.completions.stream(question).finalChatCompletion()
    expect(final.choices[0]!.message.content).toContain('<<<9.9>>>')
    const response = await client.responses.stream({ model: 'codesteer', input: asked }).finalResponse()
    expect(response.output_text).toContain('<<<9.9>>>')
    expect(response.output.map(item => item.type)).toEqual(['reasoning', 'message'])
  })

  it('speaks the responses protocol, instructions and history included', async () => {
    const { gateway, upstream } = await startBoth(() => ({ text: 'Sept. <<<7>>>' }), {
      steering: { coach: 'fixed:text' },
    })
    const client = officialClient(gateway)
    const response = await client.responses.create({
      model: 'codesteer',
      instructions: 'Answer in French.',
      input: [
        { role: 'user', content: 'What is 3 + 3?' },
        {
          type: 'message',
          id: 'msg_1',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Six.', annotations: [] }],
        },
        { role: 'user', content: [{ type: 'input_text', text: 'And plus one?' }] },
      ],
    })
    expect(response.output_text).toBe('Sept. <<<7>>>')
    expect(response.status).toBe('completed')
    expect(response.usage!.input_tokens).toBeGreaterThan(0)
    const sent = upstream.requests[0]!.body.messages!
    expect(sent.map(message => message.role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(JSON.stringify(sent)).toContain('Answer in French.')
    await expect(
      client.responses.create({ model: 'codesteer', input: 'hi', previous_response_id: 'resp_1' }),
    ).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'previous_response_id' })
  })

  it('keeps system prompt and history for the model, and steers the last turn', async () => {
    const { gateway, upstream } = await startBoth(() => ({ text: 'Neun. <<<9>>>' }), {
      steering: { coach: 'fixed:text' },
    })
    await officialClient(gateway).chat.completions.create({
      model: 'codesteer',
      messages: [
        { role: 'developer', content: 'Answer in German.' },
        { role: 'user', content: [{ type: 'text', text: 'What is 4 + 4?' }] },
        { role: 'assistant', content: 'Acht.' },
        { role: 'user', content: 'And plus one?' },
      ],
    })
    const sent = upstream.requests[0]!.body.messages!
    expect(sent.map(message => message.role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(sent[0]!.content).toBe('Answer in German.')
    expect(lastUserText(upstream.requests[0]!)).toMatch(/reasoning in words[\s\S]*Question:\nAnd plus one\?/)
  })

  it('shows what the program printed behind the reply that wrote it', async () => {
    const reply = 'I compute it.\n\n```python\nprint("<<<42>>>")\n```'
    const { gateway } = await startBoth(() => ({ text: reply }), {
      sandbox: scriptedSandbox(() => finished('<<<42>>>\n')),
    })
    const client = officialClient(gateway)
    const ask = { model: 'codesteer-code', messages: [{ role: 'user' as const, content: 'What is 6 * 7?' }] }
    const { choices } = await client.chat.completions.create(ask)
    expect(choices[0]!.message.content).toBe(`${reply}\n\nThe program printed:\n\n\`\`\`text\n<<<42>>>\n\`\`\``)
    const bare = await client.chat.completions.create({
      ...ask,
      codesteer: { content: 'answer', reasoning: 'none' },
    } as typeof ask)
    expect(bare.choices[0]!.message).toEqual({ role: 'assistant', content: '42', refusal: null })
  })

  it('gets the tools of its model unsteered, and hands results back', async () => {
    const { gateway, upstream } = await startBoth([
      { toolCalls: [{ name: 'weather', arguments: '{"city":"Ulm"}' }], text: '' },
      { text: 'Sunny in Ulm.' },
    ])
    const client = officialClient(gateway)
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'weather',
          description: 'of a city',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    ]
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'How is Ulm?' }]
    const { data, response } = await client.chat.completions
      .create({ model: 'codesteer', messages, tools })
      .withResponse()
    const { message, finish_reason } = data.choices[0]!
    expect(finish_reason).toBe('tool_calls')
    expect(message.content).toBeNull()
    expect(message.tool_calls).toMatchObject([
      { type: 'function', function: { name: 'weather', arguments: '{"city":"Ulm"}' } },
    ])
    expect(response.headers.get('x-codesteer-stop')).toBe('unsteered')
    expect(upstream.requests[0]!.body.messages).toMatchObject([{ role: 'user', content: 'How is Ulm?' }])
    const stream = await client.chat.completions
      .stream({
        model: 'codesteer',
        messages: [...messages, message, { role: 'tool', tool_call_id: message.tool_calls![0]!.id, content: 'sun' }],
        tools,
      })
      .finalChatCompletion()
    expect(stream.choices[0]!.message.content).toBe('Sunny in Ulm.')
    expect(upstream.requests[1]!.body.messages!.map(one => one.role)).toEqual(['user', 'assistant', 'tool'])
  })

  it.each([
    ['a wrong key', { status: 401, code: 'invalid_api_key' }, { apiKey: 'not-the-right-key-at-all' }],
    ['the right key', null, { apiKey: 'a-key-of-this-gateway' }],
  ])('with %s', async (_, refused, { apiKey }) => {
    const gateway = await startGateway({ keys: ['a-key-of-this-gateway', `sha256:${'0'.repeat(64)}`] })
    const asking = officialClient(gateway, apiKey).chat.completions.create(question)
    if (refused) await expect(asking).rejects.toMatchObject({ ...refused, type: 'authentication_error' })
    else expect((await asking).choices[0]!.message.content).toContain('9.9')
  })

  it('sees the failure of the provider as an error, streaming or not, without the key', async () => {
    const { gateway } = await startBoth(() => ({
      status: 401,
      raw: JSON.stringify({
        error: { message: `Incorrect API key provided: ${'sk-upstream-secret-0123456789'}`, type: 'x', code: null },
      }),
    }))
    const client = officialClient(gateway)
    for (const stream of [false, true]) {
      const error = await client.chat.completions.create({ ...question, stream }).then(
        () => null,
        (thrown: InstanceType<typeof OpenAI.APIError>) => thrown,
      )
      expect(error).toMatchObject({ status: 502, code: 'upstream_authentication' })
      expect(JSON.stringify(error) + error!.message).not.toContain('sk-upstream')
    }
    expect(JSON.stringify(gateway.log)).not.toContain('sk-upstream')
  })

  it('is told inside the stream what failed after it began', async () => {
    const { gateway } = await startBoth([{ text: 'Hm, not yet.' }, { status: 503 }], { steering: { coach: 'rules' } })
    const stream = await officialClient(gateway).chat.completions.create({ ...question, stream: true })
    const drain = async () => {
      for await (const chunk of stream) void chunk
    }
    await expect(drain()).rejects.toThrow(/answered 503/)
    expect(gateway.log.at(-1)).toMatchObject({ status: 200, code: 'upstream_overloaded' })
  })

  it('cancels, and the call to the provider stops', async () => {
    const { gateway, upstream } = await startBoth(() => ({ text: 'word '.repeat(500), dripMs: 20 }))
    const client = officialClient(gateway)
    const stream = await client.chat.completions.create({ ...question, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta) break
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    const abort = new AbortController()
    const whole = client.chat.completions.create(question, { signal: abort.signal })
    await until('the provider is asked', () => upstream.requests.length === 2)
    abort.abort()
    await expect(whole).rejects.toBeInstanceOf(OpenAI.APIUserAbortError)
    await until('the call upstream is given up', () => upstream.closedEarly === 2)
    await expect(client.chat.completions.create(question, { timeout: 100 })).rejects.toBeInstanceOf(
      OpenAI.APIConnectionTimeoutError,
    )
    await until('the call upstream is given up', () => upstream.closedEarly === 3)
    await until('all places are free', () => gateway.inFlight() === 0)
  })

  it('gets the answer that there is when the steering fails later', async () => {
    const { gateway } = await startBoth([{ text: '<<<8>>>' }, { status: 503 }])
    const reply = await officialClient(gateway).chat.completions.create(question)
    expect(reply.choices[0]!.message.content).toBe('<<<8>>>')
    expect(Reflect.get(reply, 'codesteer')).toMatchObject({ stop: 'error', error: { kind: 'provider' } })
  })
})

describe('the AI SDK', () => {
  it('by its openai-compatible provider: text, reasoning, usage, streaming', async () => {
    const gateway = await startGateway()
    const provider = createOpenAICompatible({ name: 'codesteer', baseURL: `${gateway.url}/v1`, includeUsage: true })
    const whole = await generateText({ model: provider('codesteer'), prompt: asked, maxRetries: 0 })
    expect(whole.text).toContain('<<<9.9>>>')
    expect(whole.reasoningText).toContain('[return the answer]')
    expect(whole.usage.totalTokens).toBeGreaterThan(100)
    const streamed = streamText({ model: provider('codesteer'), prompt: asked, maxRetries: 0 })
    let [text, reasoning] = ['', '']
    for await (const part of streamed.stream) {
      if (part.type === 'text-delta') text += part.text
      if (part.type === 'reasoning-delta') reasoning += part.text
    }
    expect(text).toContain('<<<9.9>>>')
    expect(reasoning).toBe(whole.reasoningText)
    expect(await streamed.usage).toMatchObject({ totalTokens: whole.usage.totalTokens })
  })

  it('by its openai provider, which speaks the responses protocol', async () => {
    const gateway = await startGateway()
    const provider = createOpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'unused' })
    const whole = await generateText({ model: provider('codesteer'), prompt: asked, maxRetries: 0 })
    expect(whole.text).toContain('<<<9.9>>>')
    expect(whole.reasoningText).toContain('[return the answer]')
    expect(whole.usage.totalTokens).toBeGreaterThan(100)
    const streamed = streamText({ model: provider('codesteer'), prompt: asked, maxRetries: 0 })
    expect(await streamed.text).toContain('<<<9.9>>>')
    expect(await streamed.reasoningText).toContain('[return the answer]')
    const chat = await generateText({ model: provider.chat('codesteer'), prompt: asked, maxRetries: 0 })
    expect(chat.text).toContain('<<<9.9>>>')
  })

  it('cancels, and the call to the provider stops', async () => {
    const { gateway, upstream } = await startBoth(() => ({ text: 'word '.repeat(500), dripMs: 20 }))
    const provider = createOpenAICompatible({ name: 'codesteer', baseURL: `${gateway.url}/v1` })
    const abort = new AbortController()
    const result = streamText({ model: provider('codesteer'), prompt: asked, abortSignal: abort.signal })
    for await (const part of result.stream) if (part.type === 'reasoning-delta') abort.abort()
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    await until('the place is free', () => gateway.inFlight() === 0)
    expect(gateway.log).toMatchObject([{ stop: 'cancelled' }])
  })

  it('sees errors with their status, and streaming ones too', async () => {
    const gateway = await startGateway()
    const provider = createOpenAICompatible({ name: 'codesteer', baseURL: `${gateway.url}/v1` })
    const error = await generateText({ model: provider('codesteer-quick'), prompt: asked, maxRetries: 0 }).catch(e => e)
    expect(APICallError.isInstance(error) && error.statusCode).toBe(404)
    expect(String(error)).toContain('There are: codesteer/simulated/apprentice')
    const both = await startBoth([{ text: 'Hm.' }, { status: 503 }])
    const late = createOpenAICompatible({ name: 'codesteer', baseURL: `${both.gateway.url}/v1` })
    const errors: unknown[] = []
    const result = streamText({
      model: late('codesteer'),
      prompt: asked,
      maxRetries: 0,
      onError: ({ error: one }) => void errors.push(one),
    })
    await result.consumeStream()
    expect(JSON.stringify(errors) + String(errors[0])).toContain('503')
  })
})
