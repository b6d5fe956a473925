import { InputError } from '../errors.ts'
import type { ModelProvider } from '../model.ts'
import { load } from '../registry.ts'
import { type CassetteRow, cassetteFetch, readCassette } from './_shared/cassette.ts'

/**
 * Replays a ledger's export: `recorded/<path>`, or `recorded/<path>#<provider>/<model>` when the cassette holds the calls
 * of several models. The recorded model's own provider builds the requests and reads the answers, so a replay takes the
 * same way as the call did; a request that was not recorded is an error, never a network call.
 */
const provider: ModelProvider = {
  name: 'recorded',
  about: "recorded calls from a ledger's export, without any network",
  simulated: false,
  environment: [],
  example: 'recorded/calls.jsonl',
  ready: () => ({ ready: true }),
  async open(id) {
    const { file, rows, model } = await recordedModel(id)
    const slash = model.indexOf('/')
    const inner = await load<ModelProvider>('models', model.slice(0, slash))
    const environment = Object.fromEntries(inner.environment.slice(0, 1).map(key => [key, 'recorded']))
    const baseUrl = baseUrlOf(rows[0]!.url)
    return inner.open(model.slice(slash + 1), { environment, baseUrl, fetch: cassetteFetch(file, rows) })
  },
  standsFor: async id => (await recordedModel(id)).model,
}

export default provider

async function recordedModel(id: string): Promise<{ file: string; rows: readonly CassetteRow[]; model: string }> {
  const hash = id.indexOf('#')
  const file = hash < 0 ? id : id.slice(0, hash)
  const all = await readCassette(file)
  const models = [...new Set(all.map(row => row.model))]
  const model = hash < 0 ? models[0] : id.slice(hash + 1)
  if (models.length === 0)
    throw new InputError(`the cassette ${file} holds no calls`, 'Export a ledger with finished calls.')
  if (hash < 0 && models.length > 1) {
    throw new InputError(
      `the cassette ${file} holds calls of ${models.length} models`,
      `Name one: recorded/${file}#${model} (there are: ${models.join(', ')})`,
    )
  }
  if (model === undefined || !models.includes(model)) {
    throw new InputError(`the cassette ${file} holds no calls of ${model}`, `There are: ${models.join(', ')}`)
  }
  return { file, model, rows: all.filter(row => row.model === model) }
}

/** The server's address as the provider was given it: what it appended for the call is taken off again. */
function baseUrlOf(url: string): string {
  return url.replace(/\/(chat\/completions|responses|messages|models\/[^/]+:\w+)(\?.*)?$/, '')
}
