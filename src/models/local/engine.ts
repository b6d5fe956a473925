import { open, realpath } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { InputError, messageOf } from '../../errors.ts'
import type { ChatTemplate } from './template.ts'

/** The runtime: an optional peer of several hundred megabytes, loaded when a local model is opened. */
export const packageName = 'node-llama-cpp'

/** How an answer is drawn. */
export interface Sampling {
  readonly temperature: number
  /** 1: all tokens. */
  readonly topP: number
  /** 0: all tokens. */
  readonly topK: number
  readonly seed: number
  readonly maxTokens: number
  readonly stop: readonly string[]
}

export interface Generated {
  readonly text: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly finish: 'stop' | 'length'
}

/** A loaded model. Calls beyond its contexts wait for their turn. */
export interface Engine {
  readonly contextTokens: number
  readonly template: ChatTemplate
  /** Special tokens in the text are read as such. */
  tokenize(text: string): readonly number[]
  /** `onText` gets the answer piece by piece. Rejects with the signal's reason when aborted. */
  generate(
    tokens: readonly number[],
    sampling: Sampling,
    onText: (text: string) => void,
    signal: AbortSignal | undefined,
  ): Promise<Generated>
}

/** What we use of node-llama-cpp, which need not be installed for its types. */
interface Runtime {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<Model> }>
}
interface Model {
  readonly trainContextSize: number
  readonly tokens: {
    readonly bos: number | null
    readonly bosString: string | null
    readonly eosString: string | null
  } & {
    readonly shouldPrependBosToken: boolean
  }
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } }
  tokenize(text: string, special: boolean): number[]
  detokenize(tokens: readonly number[], special: boolean, before?: readonly number[]): string
  createContext(options: object): Promise<{ readonly contextSize: number; getSequence(): Sequence }>
}
interface Sequence {
  clearHistory(): Promise<void>
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number, void, void>
}

/** Whether the runtime can be loaded here. */
export function isInstalled(): boolean {
  try {
    import.meta.resolve(packageName)
    return true
  } catch {
    return false
  }
}

/** The mend for the runtime that is not there. */
export function missingRuntime(cause?: unknown): InputError {
  return new InputError(
    `local models need the package ${packageName}, which is not installed or does not run here`,
    `Install it: npm install ${packageName} (several hundred megabytes), or serve the file with llama.cpp: llama-cpp/default.`,
    { cause },
  )
}

/** More tokens than this a context is not given, whatever the model was trained on: memory grows with it. */
const longestContext = 8_192

const engines = new Map<string, Promise<Engine>>()

/** The engine of a GGUF file; one for all who ask for the same file. Throws InputError when it cannot be loaded. */
export async function openEngine(file: string): Promise<Engine> {
  const path = await realpath(resolve(file)).catch(cause => {
    throw new InputError(
      `there is no file ${file}`,
      'Name a GGUF file: local/<path to .gguf>. The miniature study makes one: node tools/miniature.ts --size tiny',
      { cause },
    )
  })
  const engine = engines.get(path) ?? loadEngine(path, file)
  engines.set(path, engine)
  engine.catch(() => engines.delete(path))
  return engine
}

/** Refuses what is no GGUF file by its head: the runtime's own reader can wait for ever on one. */
async function checkHead(path: string, file: string): Promise<void> {
  const head = Buffer.alloc(24)
  const handle = await open(path)
  try {
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    const counts = [head.readBigUInt64LE(8), head.readBigUInt64LE(16)]
    const known = head.toString('latin1', 0, 4) === 'GGUF' && [2, 3].includes(head.readUInt32LE(4))
    if (bytesRead === head.length && known && counts.every(count => count > 0n && count < 1_000_000n)) return
  } finally {
    await handle.close()
  }
  throw new InputError(`${file} is no GGUF file`, 'Name a whole GGUF file of a language model.')
}

async function loadEngine(path: string, file: string): Promise<Engine> {
  await checkHead(path, file)
  const llama = await loadRuntime()
  let model: Model
  try {
    model = await llama.loadModel({ modelPath: path, gpuLayers: 0 })
  } catch (cause) {
    throw new InputError(
      `${file} cannot be loaded: ${messageOf(cause)}`,
      'Name a whole GGUF file of a language model.',
      {
        cause,
      },
    )
  }
  const source = model.fileInfo.metadata.tokenizer?.chat_template
  if (!source)
    throw new InputError(
      `${file} holds no chat template`,
      'Name a model that was tuned to chat, or one of python/to_gguf.py.',
    )
  const contextTokens = Math.min(model.trainContextSize, longestContext)
  // One sequence a context, evaluated from an empty state by one thread: then an answer does not depend on what else is
  // answered at the same time. More threads than idle cores would make each of them wait for the slowest.
  const places = new Places(Math.min(4, Math.max(1, availableParallelism() - 1)), async () =>
    (await model.createContext({ contextSize: contextTokens, threads: 1, sequences: 1 })).getSequence(),
  )
  const { bos, bosString, eosString, shouldPrependBosToken } = model.tokens
  return {
    contextTokens,
    template: { source, bos: bosString ?? '', eos: eosString ?? '' },
    tokenize(text) {
      const tokens = model.tokenize(text, true)
      return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens
    },
    generate: (tokens, sampling, onText, signal) =>
      places.use(signal, sequence => answer(model, sequence, { tokens, sampling, onText, signal })),
  }
}

async function loadRuntime() {
  try {
    // Through a variable, so that type checks and builds do not look for a package that need not be there.
    const { getLlama } = (await import(packageName)) as Runtime
    return await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      maxThreads: 0,
      logLevel: 'disabled',
      progressLogs: false,
    })
  } catch (cause) {
    throw missingRuntime(cause)
  }
}

interface Asked {
  readonly tokens: readonly number[]
  readonly sampling: Sampling
  readonly onText: (text: string) => void
  readonly signal: AbortSignal | undefined
}

async function answer(
  model: Model,
  sequence: Sequence,
  { tokens, sampling, onText, signal }: Asked,
): Promise<Generated> {
  const { maxTokens, stop, ...drawn } = sampling
  await sequence.clearHistory()
  const said: number[] = []
  // Tokens at the end whose last character is not whole yet.
  let open = 0
  let text = ''
  let finish: Generated['finish'] = 'stop'
  for await (const token of sequence.evaluate(tokens, drawn)) {
    signal?.throwIfAborted()
    said.push(token)
    open++
    // Only the newest tokens are turned into words, so that a long answer costs no more a token than a short one.
    const piece = model.detokenize(said.slice(-open), false, said.slice(-open - contextOfWords, -open))
    if (piece.endsWith('\ufffd') && open < 4 && said.length < maxTokens) continue
    open = 0
    const from = Math.max(0, text.length - longestOf(stop))
    const whole = text + piece
    const found = stop.map(word => whole.indexOf(word, from)).filter(at => at >= 0)
    const settled = found.length > 0 ? whole.slice(0, Math.max(text.length, Math.min(...found))) : whole
    if (settled.length > text.length) onText(settled.slice(text.length))
    text = found.length > 0 ? whole.slice(0, Math.min(...found)) : whole
    if (found.length > 0) break
    if (said.length >= maxTokens) {
      finish = 'length'
      break
    }
  }
  signal?.throwIfAborted()
  return { text, inputTokens: tokens.length, outputTokens: said.length, finish }
}

/** Tokens before the new ones that a tokenizer may want to see to place blanks. */
const contextOfWords = 4

const longestOf = (words: readonly string[]) => Math.max(0, ...words.map(word => word.length))

/** A few sequences, made when first needed; who finds none free waits in line. */
class Places {
  readonly #free: Sequence[] = []
  readonly #waiting: (() => void)[] = []
  readonly #most: number
  readonly #make: () => Promise<Sequence>
  #made = 0

  constructor(most: number, make: () => Promise<Sequence>) {
    this.#most = most
    this.#make = make
  }

  async use<T>(signal: AbortSignal | undefined, work: (sequence: Sequence) => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    while (this.#free.length === 0 && this.#made >= this.#most)
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    let sequence = this.#free.pop()
    if (sequence === undefined) {
      this.#made++
      try {
        sequence = await this.#make()
      } catch (error) {
        this.#made--
        this.#waiting.shift()?.()
        throw error
      }
    }
    try {
      signal?.throwIfAborted()
      return await work(sequence)
    } finally {
      this.#free.push(sequence)
      this.#waiting.shift()?.()
    }
  }
}
