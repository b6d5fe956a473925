import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4Text,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import type { ModelProvider } from '../../model.ts'
import { systemClock } from '../../util/clock.ts'
import { contentHash } from '../../util/hash.ts'
import { type Rng, seededRng } from '../../util/rng.ts'
import { sampleOf } from '../_shared/sample.ts'
import { reply, toolTurn } from './apprentice.ts'
import { type Competence, readCompetence } from './competence.ts'

/**
 * A task model without a network and without a neural net: for demonstrations, tests and load. It reads the question's
 * text, errs plausibly, and writes real Python that really runs. Nothing it does says anything about any model.
 */
const simulated: ModelProvider = {
  name: 'simulated',
  about: 'the simulated apprentice: offline, seeded, for demonstrations and tests; its numbers are nobody’s accuracy',
  simulated: true,
  environment: [],
  example: 'simulated/apprentice',
  ready: () => ({ ready: true }),
  open: async model => simulatedModel(model, readCompetence(model)),
}

export default simulated

/** Turns of the conversation as plain words. */
function wordsOf(prompt: LanguageModelV4Prompt): { role: string; text: string }[] {
  return prompt.map(message => ({
    role: message.role,
    text: typeof message.content === 'string' ? message.content : message.content.map(wordsOfPart).join(''),
  }))
}

function wordsOfPart(part: { type: string; text?: string; output?: unknown }): string {
  if (part.type === 'text') return part.text ?? ''
  const output = part.output as { readonly value?: unknown } | undefined
  return typeof output?.value === 'string' ? output.value : ''
}

function simulatedModel(modelId: string, competence: Competence): LanguageModelV4 {
  async function answer(options: LanguageModelV4CallOptions): Promise<Said> {
    if (competence.latencyMs > 0) await systemClock.sleep(competence.latencyMs, options.abortSignal)
    options.abortSignal?.throwIfAborted()
    const messages = wordsOf(options.prompt)
    const asked = messages.map(message => message.text).join('\n')
    const rng = luck(competence, messages, options)
    const [tool] = options.tools ?? []
    const turn = tool ? await toolTurn(messages, competence, rng) : { text: await reply(messages, competence, rng) }
    if ('text' in turn)
      return { content: [{ type: 'text', text: turn.text }], finish: 'stop', usage: usageOf(asked, turn.text) }
    const input = JSON.stringify({ source: turn.source })
    const call = {
      type: 'tool-call' as const,
      toolCallId: `call-${messages.length}`,
      toolName: tool?.name ?? '',
      input,
    }
    return { content: [call], finish: 'tool-calls', usage: usageOf(asked, input) }
  }
  return {
    specificationVersion: 'v4',
    provider: 'simulated',
    modelId,
    supportedUrls: {},
    async doGenerate(options) {
      const { content, finish, usage } = await answer(options)
      return { content, finishReason: { unified: finish, raw: finish }, usage, warnings: [] }
    },
    async doStream(options) {
      const { content, finish, usage } = await answer(options)
      const parts: LanguageModelV4StreamPart[] = [
        { type: 'stream-start', warnings: [] },
        ...content.flatMap(streamed),
        { type: 'finish', usage, finishReason: { unified: finish, raw: finish } },
      ]
      return { stream: ReadableStream.from(parts) }
    },
  }
}

interface Said {
  readonly content: (LanguageModelV4Text | LanguageModelV4ToolCall)[]
  readonly finish: 'stop' | 'tool-calls'
  readonly usage: LanguageModelV4Usage
}

/** A piece of content as a stream brings it: words one by one, a tool call whole. */
function streamed(content: Said['content'][number]): LanguageModelV4StreamPart[] {
  if (content.type === 'tool-call') return [content]
  const words = content.text.match(/\S+\s*/g) ?? []
  return [
    { type: 'text-start', id: '0' },
    ...words.map(delta => ({ type: 'text-delta' as const, id: '0', delta })),
    { type: 'text-end', id: '0' },
  ]
}

/** The same conversation and the same trial have the same luck; another trial is another sample. */
function luck(competence: Competence, messages: readonly { text: string }[], options: LanguageModelV4CallOptions): Rng {
  const trial = options.providerOptions?.codesteer?.trial
  return seededRng('apprentice', competence.seed, contentHash(messages), sampleOf(trial))
}

/** About four characters are a token. */
function usageOf(asked: string, said: string): LanguageModelV4Usage {
  const [input, output] = [Math.ceil(asked.length / 4), Math.ceil(said.length / 4)]
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  }
}
