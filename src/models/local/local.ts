import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { InputError, ProviderError } from '../../errors.ts'
import type { ModelProvider } from '../../model.ts'
import { contentHash } from '../../util/hash.ts'
import { sampleOf } from '../_shared/sample.ts'
import { type Engine, isInstalled, missingRuntime, openEngine, packageName } from './engine.ts'
import { chatText, type Spoken } from './template.ts'

/**
 * A model in a GGUF file, run in this process by node-llama-cpp on one core: `local/<path to .gguf>`. For small models, such
 * as those of the miniature study; large ones are better served by llama.cpp's own server (`llama-cpp/…`). The same
 * conversation, temperature and trial give the same words.
 */
const local: ModelProvider = {
  name: 'local',
  about: `a GGUF file run in this process (needs the package ${packageName}; for small models)`,
  simulated: false,
  environment: [],
  example: 'local/models/miniature.gguf',
  ready: () => (isInstalled() ? { ready: true } : { ready: false, mend: missingRuntime().mend }),
  async open(model) {
    if (!model.endsWith('.gguf'))
      throw new InputError(`local/${model} names no GGUF file`, 'Write local/<path to a file that ends in .gguf>')
    return localModel(model, await openEngine(model))
  },
}

export default local

function localModel(modelId: string, engine: Engine): LanguageModelV4 {
  const generate = (options: LanguageModelV4CallOptions, onText: (text: string) => void) => {
    const messages = spoken(options.prompt)
    const tokens = engine.tokenize(chatText(engine.template, messages))
    const room = engine.contextTokens - tokens.length
    if (room < 1)
      throw new ProviderError(
        'context-overflow',
        `local/${modelId} takes ${engine.contextTokens} tokens and the conversation has ${tokens.length}`,
        'Shorten the question, lower the limit of turns, or choose a model with a longer context.',
        { retryable: false },
      )
    return engine.generate(
      tokens,
      {
        temperature: options.temperature ?? 0,
        topP: options.topP ?? 1,
        topK: options.topK ?? 0,
        seed: options.seed ?? seedOf(messages, options),
        maxTokens: Math.min(options.maxOutputTokens ?? room, room),
        stop: options.stopSequences ?? [],
      },
      onText,
      options.abortSignal,
    )
  }
  return {
    specificationVersion: 'v4',
    provider: 'local',
    modelId,
    supportedUrls: {},
    async doGenerate(options) {
      const { text, ...rest } = await generate(options, () => {})
      return { content: [{ type: 'text', text }], ...ending(rest), warnings: [] }
    },
    async doStream(options) {
      // Generated as it is read; an error on the way is a part of the stream.
      const stream = new ReadableStream<LanguageModelV4StreamPart>({
        async start(controller) {
          controller.enqueue({ type: 'stream-start', warnings: [] })
          controller.enqueue({ type: 'text-start', id: '0' })
          try {
            const { text: _, ...rest } = await generate(options, delta =>
              controller.enqueue({ type: 'text-delta', id: '0', delta }),
            )
            controller.enqueue({ type: 'text-end', id: '0' })
            controller.enqueue({ type: 'finish', ...ending(rest) })
          } catch (error) {
            controller.enqueue({ type: 'error', error })
          }
          controller.close()
        },
      })
      return { stream }
    },
  }
}

type Counted = Omit<Awaited<ReturnType<Engine['generate']>>, 'text'>

function ending({ inputTokens, outputTokens, finish }: Counted) {
  return {
    finishReason: { unified: finish, raw: finish },
    usage: {
      inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
    },
  }
}

/** The same conversation and trial have the same luck; another trial is another sample. */
function seedOf(messages: readonly Spoken[], options: LanguageModelV4CallOptions): number {
  const trial = options.providerOptions?.codesteer?.trial
  return Number.parseInt(contentHash([messages, sampleOf(trial)]).slice(0, 8), 16)
}

function spoken(prompt: LanguageModelV4Prompt): Spoken[] {
  return prompt.map(message => ({
    role: message.role,
    content:
      typeof message.content === 'string'
        ? message.content
        : message.content.map(part => ('text' in part ? part.text : '')).join(''),
  }))
}
