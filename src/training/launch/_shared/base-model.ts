import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { InputError } from '../../../errors.ts'
import { sha256 } from '../../../util/hash.ts'

/** What can be known of a base model without loading it. */
export interface BaseModel {
  /** As a trainer takes it: an absolute folder, or a name on the hub. */
  readonly at: string
  /** As a record names it, without any machine's folders. */
  readonly name: string
  /** Tokens of context; null when no config.json is at hand. */
  readonly context: number | null
  /** An estimate from the shapes, or from a name like 8B; null when neither tells. */
  readonly parameters: number | null
  /** sha256 of its config.json; null when it is not at hand. */
  readonly configHash: string | null
  /** The folder of the training that made it, where one did. */
  readonly training: string | null
}

interface Config {
  readonly max_position_embeddings?: number
  readonly n_positions?: number
  readonly vocab_size?: number
  readonly hidden_size?: number
  readonly intermediate_size?: number
  readonly num_hidden_layers?: number
  readonly num_attention_heads?: number
  readonly num_key_value_heads?: number
  readonly head_dim?: number
  readonly tie_word_embeddings?: boolean
}

/** Looks at a folder, or at what the hub's cache on this machine holds. Throws InputError for a folder that is none. */
export function describeBase(base: string, environment: Readonly<Record<string, string | undefined>>): BaseModel {
  const local = existsSync(base)
  if (!local && (/^[.~/\\]/.test(base) || isAbsolute(base) || base.split('/').length > 2))
    throw new InputError(`no model at ${base}`, 'Give the folder of a model, or its name on the hub: owner/model.')
  const folder = local ? resolve(base) : cachedFolder(base, environment)
  const path = folder && join(folder, 'config.json')
  if (local && !existsSync(path!))
    throw new InputError(
      `${base} holds no config.json`,
      'Give the folder that holds config.json, tokenizer and weights.',
    )
  const text = path && existsSync(path) ? readFileSync(path, 'utf8') : null
  const config = text === null ? null : parse(text, path!)
  const trained = local && existsSync(join(resolve(base), '..', 'record.json'))
  const parts = resolve(base).split('/')
  return {
    at: local ? resolve(base) : base,
    name: local ? parts.slice(trained ? -2 : -1).join('/') : base,
    context: config?.max_position_embeddings ?? config?.n_positions ?? null,
    parameters: (config && countOf(config)) ?? namedCount(base),
    configHash: text === null ? null : sha256(text),
    training: trained ? resolve(base, '..') : null,
  }
}

function parse(text: string, path: string): Config {
  try {
    return JSON.parse(text) as Config
  } catch (error) {
    throw new InputError(`${path} is no JSON`, 'Fetch or make the model again.', { cause: error })
  }
}

/** The newest snapshot of a hub model in the cache, as huggingface_hub lays it out. */
function cachedFolder(name: string, environment: Readonly<Record<string, string | undefined>>): string | null {
  const home = environment.HF_HOME ?? join(environment.HOME ?? homedir(), '.cache', 'huggingface')
  const cache = environment.HF_HUB_CACHE ?? join(home, 'hub')
  const snapshots = join(cache, `models--${name.replaceAll('/', '--')}`, 'snapshots')
  if (!existsSync(snapshots)) return null
  const newest = readdirSync(snapshots).sort().at(-1)
  return newest === undefined ? null : join(snapshots, newest)
}

/** Weights of a decoder with gated MLPs (Llama, Qwen, Mistral), from its shapes. */
function countOf(config: Config): number | null {
  const { vocab_size: words, hidden_size: width, num_hidden_layers: layers, num_attention_heads: heads } = config
  if (!words || !width || !layers || !heads) return null
  const head = config.head_dim ?? width / heads
  const attention = width * head * (2 * heads + 2 * (config.num_key_value_heads ?? heads))
  const mlp = 3 * width * (config.intermediate_size ?? 4 * width)
  return Math.round(words * width * (config.tie_word_embeddings ? 1 : 2) + layers * (attention + mlp + 2 * width))
}

function namedCount(name: string): number | null {
  const found = /(\d+(?:\.\d+)?)b\b/i.exec(name)
  return found ? Number(found[1]) * 1e9 : null
}
