import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError, messageOf } from '../../../errors.ts'
import { sha256 } from '../../../util/hash.ts'
import type { ChatMessage } from '../../select/messages.ts'

/** Tokens of one row as a trainer sees it, and how many of them carry loss. */
export interface RowTokens {
  readonly tokens: number
  readonly learned: number
}

/** Counts tokens the way TRL does: the chat template is rendered with and without the answer; the difference carries loss. */
export interface TokenCounter {
  /** For the manifest: what counted. */
  readonly name: string
  /** True when a model's own tokenizer and chat template were used. */
  readonly exact: boolean
  row(prompt: readonly ChatMessage[], completion: ChatMessage): RowTokens
}

/** Marks around a message in chat templates of the Llama 3 kind: two for the header, its role, a line break, the end. */
const marksPerMessage = 5
const marksOfGeneration = 4

/** An estimate by o200k_base where no tokenizer is given; other vocabularies differ by some per cent, chat templates by a few marks. */
export async function estimatingCounter(): Promise<TokenCounter> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
  const count = remembering(text => countTokens(text, { disallowedSpecial: new Set<string>() }))
  return byMessage('estimate (o200k_base)', count)
}

/**
 * A counter with a model's own tokenizer: `path` is its folder, or its tokenizer.json with tokenizer_config.json beside it.
 * Without a chat template the messages are counted with the marks of a Llama 3 one, and that is said. Throws InputError.
 */
export async function tokenizerCounter(path: string): Promise<TokenCounter> {
  const file = path.endsWith('.json') ? path : join(path, 'tokenizer.json')
  const folder = dirname(file)
  const definition = readJson(file)
  const config = existsSync(join(folder, 'tokenizer_config.json'))
    ? readJson(join(folder, 'tokenizer_config.json'))
    : {}
  const count = await textCounter(file, definition, config)
  const name = `tokenizer ${sha256(JSON.stringify(definition)).slice(0, 12)}`
  const template = chatTemplateOf(folder, config)
  if (template === null) return byMessage(`${name}, without a chat template`, count)
  const render = await renderer(template, config)
  return {
    name: `${name}, chat template ${sha256(template).slice(0, 12)}`,
    exact: true,
    row(prompt, completion) {
      const tokens = count(render([...prompt, completion], false))
      return { tokens, learned: tokens - count(render(prompt, true)) }
    },
  }
}

function byMessage(name: string, count: (text: string) => number): TokenCounter {
  return {
    name,
    exact: false,
    row(prompt, completion) {
      const before = prompt.reduce((sum, { content }) => sum + count(content) + marksPerMessage, 1)
      const own = count(completion.content) + marksPerMessage
      return { tokens: before + own, learned: own - marksOfGeneration }
    },
  }
}

type Definition = Readonly<Record<string, unknown>>

function readJson(path: string): Definition {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Definition
  } catch (error) {
    throw new InputError(
      `no tokenizer in ${path}: ${(error as NodeJS.ErrnoException).code ?? messageOf(error)}`,
      'Give the folder of a model that holds tokenizer.json and tokenizer_config.json: --tokenizer DIR.',
      { cause: error },
    )
  }
}

interface Added {
  readonly content: string
  readonly lstrip?: boolean
  readonly rstrip?: boolean
  readonly single_word?: boolean
}

/**
 * Counts the tokens of a text. Added tokens (the marks of chat templates) cut a text into pieces that are encoded apart, so
 * a piece seen before need not be encoded again: conversations share most of theirs. Where added tokens swallow blanks
 * around them, or the sum of the pieces is not the whole on a trial, texts are encoded whole.
 */
async function textCounter(
  file: string,
  definition: Definition,
  config: Definition,
): Promise<(text: string) => number> {
  const { Tokenizer } = await import('@huggingface/tokenizers')
  let whole: (text: string) => number
  try {
    const tokenizer = new Tokenizer(definition, config)
    whole = text => (text === '' ? 0 : tokenizer.encode(text, { add_special_tokens: false }).ids.length)
    whole('a trial')
  } catch (error) {
    throw new InputError(
      `the tokenizer in ${file} cannot be used: ${messageOf(error)}`,
      'Give the tokenizer of the base model as Hugging Face keeps it, or leave --tokenizer out for an estimate.',
      { cause: error },
    )
  }
  const added = (Array.isArray(definition.added_tokens) ? definition.added_tokens : []) as readonly Added[]
  if (added.length === 0 || added.some(token => token.lstrip || token.rstrip || token.single_word)) return whole
  const longestFirst = added.map(token => token.content).sort((a, b) => b.length - a.length)
  const mark = new RegExp(`(${longestFirst.map(text => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')})`)
  const known = new Set(longestFirst)
  const piece = remembering(whole)
  const byPieces = (text: string) =>
    text.split(mark).reduce((sum, part) => sum + (known.has(part) ? 1 : piece(part)), 0)
  const trial = `${longestFirst[0]} one two\n\n${longestFirst.at(-1)}three${longestFirst[0]}\n`
  return byPieces(trial) === whole(trial) ? byPieces : whole
}

/** Texts of the last few thousand are not counted again. */
function remembering(count: (text: string) => number, most = 4_000): (text: string) => number {
  const known = new Map<string, number>()
  return text => {
    const before = known.get(text)
    if (before !== undefined) return before
    const counted = count(text)
    if (known.size >= most) known.delete(known.keys().next().value!)
    known.set(text, counted)
    return counted
  }
}

function chatTemplateOf(folder: string, config: Definition): string | null {
  const beside = join(folder, 'chat_template.jinja')
  if (existsSync(beside)) return readFileSync(beside, 'utf8')
  const { chat_template: template } = config
  if (typeof template === 'string') return template
  if (!Array.isArray(template)) return null
  const named = template as readonly { readonly name?: unknown; readonly template?: unknown }[]
  const chosen = named.find(({ name }) => name === 'default') ?? named[0]
  return typeof chosen?.template === 'string' ? chosen.template : null
}

async function renderer(
  source: string,
  config: Definition,
): Promise<(messages: readonly ChatMessage[], generation: boolean) => string> {
  const { Template } = await import('@huggingface/jinja')
  const special = Object.fromEntries(
    ['bos_token', 'eos_token', 'pad_token', 'unk_token'].flatMap(name => {
      const value = config[name]
      const text = typeof value === 'string' ? value : (value as { content?: unknown } | null | undefined)?.content
      return typeof text === 'string' ? [[name, text]] : []
    }),
  )
  try {
    const template = new Template(source)
    const render = (messages: readonly ChatMessage[], generation: boolean) =>
      template.render({ ...special, messages: [...messages], add_generation_prompt: generation })
    render([{ role: 'user', content: 'a trial' }], true)
    return render
  } catch (error) {
    throw new InputError(
      `the chat template of the tokenizer cannot be rendered: ${messageOf(error)}`,
      'Give a tokenizer whose chat template takes user and assistant messages, or leave --tokenizer out for an estimate.',
      { cause: error },
    )
  }
}
