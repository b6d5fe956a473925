import type { LanguageModelV2, LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider'
import { gateway, type LanguageModel } from 'ai'
import { InputError } from '../../errors.ts'
import type { ChatModel, ModelProvider, OpenContext } from '../../model.ts'
import { load, loadAll, names } from '../../registry.ts'
import type { Clock } from '../../util/clock.ts'
import { nearest } from '../../util/nearest.ts'
import { capabilitiesOf, loadCapabilities } from './capabilities.ts'
import type { CapabilityRow } from './capability-table.ts'
import { type CallGate, type ChatParts, chatModel } from './chat.ts'
import type { CallLedger } from './ledger.ts'
import { ledgerFetch } from './ledger-fetch.ts'
import { patientFetch } from './patient-fetch.ts'
import type { PriceRow } from './price-table.ts'
import { loadPrices, priceOf } from './prices.ts'
import { defaultRetryPolicy, type RetryPolicy, type RetryWorld } from './retry.ts'

/** How models are opened. The world (environment, clock, network, chance) comes in here. */
export interface ModelOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Where paid calls are kept; without it every call is made anew. */
  readonly ledger?: CallLedger
  /** Default: the runtime's, without its limit of five minutes on an answer in one piece. */
  readonly fetch?: typeof globalThis.fetch
  /** Limit on one attempt, the reading of its body included. Default ten minutes. */
  readonly timeoutMs?: number
  readonly retry?: Partial<RetryPolicy>
  /** Numbers in [0, 1) for the jitter of waits. */
  readonly random?: () => number
  /** Server address; wins over the environment's. */
  readonly baseUrl?: string
  /** The user's own prices; else the file that CODESTEER_PRICES names, if any. */
  readonly prices?: readonly PriceRow[]
  /** The user's own capabilities; else the file that CODESTEER_CAPABILITIES names, if any. */
  readonly capabilities?: readonly CapabilityRow[]
  /** Told before every wait for a retry. */
  readonly onWait?: RetryWorld['onWait']
  /** What every attempt must pass; see `experiment/limits.ts`. */
  readonly gate?: CallGate
}

const defaultTimeoutMs = 600_000

/**
 * Opens a model by its id, `provider/model`. Throws InputError for an unknown provider (with the nearest name), a missing
 * key (naming the variable), or a file of the user's that does not fit.
 */
export async function openModel(id: string, options: ModelOptions): Promise<ChatModel> {
  const { provider, model } = await parseId(id)
  const fetch = ledgerFetch(options.fetch ?? patientFetch(), options.ledger, id)
  // A provider that takes `fetch` sends by it, and its calls wait for their places there; others wait before the call.
  let overHttp = false
  const context: OpenContext = {
    environment: options.environment,
    get fetch() {
      overHttp = true
      return fetch
    },
    ...(options.baseUrl && { baseUrl: options.baseUrl }),
  }
  const language = await provider.open(model, context)
  const standsFor = (await provider.standsFor?.(model)) ?? id
  const keyVariable = provider.environment[0]
  return chatModel({
    ...commonParts(standsFor, { ...options, ...(await ownTables(options)) }),
    id,
    simulated: provider.simulated,
    model: language,
    keyVariable,
    secrets: [keyVariable ? options.environment[keyVariable] : undefined].filter(key => key !== undefined),
    ledgerAroundCall: false,
    overHttp,
  })
}

/** Settings of a model object that the caller made. */
export interface WrapOptions extends Omit<ModelOptions, 'environment' | 'fetch' | 'baseUrl'> {
  /** Default: `<provider>/<model id>` as the object names itself. */
  readonly id?: string
  readonly simulated?: boolean
}

/**
 * Makes a ChatModel of any language model of the AI SDK. Its HTTP requests are out of our sight, so the ledger keeps the
 * call's words by the hash of what was asked, instead of the HTTP answer.
 */
export function wrapModel(languageModel: LanguageModel, options: WrapOptions): ChatModel {
  const model: LanguageModelV2 | LanguageModelV3 | LanguageModelV4 =
    typeof languageModel === 'string' ? gateway(languageModel) : languageModel
  const id = options.id ?? `${model.provider.split('.')[0]}/${model.modelId}`
  return chatModel({
    ...commonParts(id, options),
    id,
    simulated: options.simulated ?? false,
    model,
    keyVariable: undefined,
    secrets: [],
    ledgerAroundCall: true,
    overHttp: false,
  })
}

type CommonParts = Omit<
  ChatParts,
  'id' | 'simulated' | 'model' | 'keyVariable' | 'secrets' | 'ledgerAroundCall' | 'overHttp'
>

/** The user's own tables: those given, else the files that the environment names. */
async function ownTables({ environment, capabilities, prices }: ModelOptions) {
  const { CODESTEER_CAPABILITIES: capabilityFile, CODESTEER_PRICES: priceFile } = environment
  return {
    capabilities: capabilities ?? (capabilityFile ? await loadCapabilities(capabilityFile) : []),
    prices: prices ?? (priceFile ? await loadPrices(priceFile) : []),
  }
}

function commonParts(id: string, options: WrapOptions): CommonParts {
  return {
    capabilities: capabilitiesOf(id, options.capabilities),
    price: priceOf(id, options.prices),
    ledger: options.ledger,
    clock: options.clock,
    random: options.random ?? Math.random,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    retry: { ...defaultRetryPolicy, ...options.retry },
    onWait: options.onWait,
    gate: options.gate,
  }
}

export async function parseId(id: string): Promise<{ provider: ModelProvider; model: string }> {
  const slash = id.indexOf('/')
  const name = slash < 0 ? id : id.slice(0, slash)
  const model = slash < 0 ? '' : id.slice(slash + 1)
  const known = names('models').includes(name)
  if (known && model === '') {
    const { example } = await load<ModelProvider>('models', name)
    throw new InputError(`"${id}" names a provider but no model`, `Write provider/model, for example ${example}`)
  }
  if (!known && slash < 0 && nearest(name, names('models')) === undefined) {
    throw new InputError(
      `"${id}" is no model id`,
      `Write provider/model; the providers are ${names('models').join(', ')}`,
    )
  }
  return { provider: await load<ModelProvider>('models', name), model }
}

/** One provider as `doctor` shows it. */
export interface ProviderState {
  readonly name: string
  readonly about: string
  readonly example: string
  readonly simulated: boolean
  readonly environment: readonly string[]
  readonly ready: boolean
  /** What to do when it is not ready. */
  readonly mend: string | null
}

/** Every provider with whether it can be used here and now; makes no network call. */
export async function describeModels(environment: ModelOptions['environment']): Promise<readonly ProviderState[]> {
  const providers = await loadAll<ModelProvider>('models')
  return providers.map(({ name, about, example, simulated, environment: variables, ready }) => {
    const state = ready(environment)
    return {
      name,
      about,
      example,
      simulated,
      environment: variables,
      ready: state.ready,
      mend: state.ready ? null : state.mend,
    }
  })
}
