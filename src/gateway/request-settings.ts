import { z } from 'zod'
import { names } from '../registry.ts'
import { nearest } from '../util/nearest.ts'
import { badRequest } from './errors.ts'

/** What a client may choose for one request: the `codesteer` object of a body, or headers of the same names. */
const settingsSchema = z.strictObject({
  /** Answers asked for at most. */
  turns: z.int().min(1).max(20).optional(),
  /** `default` is the server's; other models' coaches are the operator's to choose, since they cost. */
  coach: z.enum(['default', 'rules', 'fixed:text', 'fixed:code']).optional(),
  checkers: z.union([z.enum(['default', 'none']), z.array(z.string())]).optional(),
  maxTokens: z.int().min(1).optional(),
  maxCostUsd: z.number().positive().optional(),
  maxTimeMs: z.int().min(1).optional(),
  /** `reply`: the reply whose answer counts, with its program's output; `answer`: the marked answer alone. */
  content: z.enum(['reply', 'answer']).optional(),
  /** How much of the steering is told as reasoning. */
  reasoning: z.enum(['full', 'brief', 'none']).optional(),
  /** Hands the trajectory's events back with the reply. */
  events: z.boolean().optional(),
})

export type RequestSettings = z.infer<typeof settingsSchema>

const prefix = 'x-codesteer-'

/** Header to field; the words of a header are read as the field's type. */
const headerFields: Readonly<Record<string, keyof RequestSettings>> = {
  turns: 'turns',
  coach: 'coach',
  checkers: 'checkers',
  'max-tokens': 'maxTokens',
  'max-cost-usd': 'maxCostUsd',
  'max-time-ms': 'maxTimeMs',
  content: 'content',
  reasoning: 'reasoning',
  events: 'events',
}

/** The settings of a request; the body wins over headers. Throws GatewayError 400 naming the field. */
export function readSettings(body: unknown, headers: Headers): RequestSettings {
  const fromHeaders: Record<string, unknown> = {}
  for (const [name, value] of headers) {
    if (!name.startsWith(prefix)) continue
    const short = name.slice(prefix.length)
    const field = Object.hasOwn(headerFields, short) ? headerFields[short] : undefined
    if (field === undefined)
      throw unknownField(
        name,
        Object.keys(headerFields).map(known => prefix + known),
      )
    fromHeaders[field] = fieldValue(field, value)
  }
  if (body !== undefined && body !== null && (typeof body !== 'object' || Array.isArray(body)))
    throw badRequest('codesteer must be an object such as {"turns": 3}.', 'codesteer')
  const merged = { ...fromHeaders, ...body }
  for (const key of Object.keys(merged)) {
    if (!Object.hasOwn(settingsSchema.shape, key))
      throw unknownField(
        `codesteer.${key}`,
        Object.keys(settingsSchema.shape).map(known => `codesteer.${known}`),
      )
  }
  const read = settingsSchema.safeParse(merged)
  if (!read.success) throw settingError(read.error)
  checkCheckers(read.data.checkers)
  return read.data
}

function fieldValue(field: keyof RequestSettings, words: string): unknown {
  if (field === 'events') return words === 'true' || (words === 'false' ? false : words)
  if (field === 'checkers')
    return words === 'none' || words === 'default' ? words : words.split(',').map(name => name.trim())
  if (['turns', 'maxTokens', 'maxCostUsd', 'maxTimeMs'].includes(field))
    return words.trim() === '' ? words : Number(words)
  return words
}

function unknownField(name: string, known: readonly string[]) {
  const near = nearest(name, known)
  return badRequest(
    `Unknown setting ${name}. ${near ? `Did you mean ${near}? ` : ''}There are: ${known.join(', ')}.`,
    name,
    'unknown_setting',
  )
}

function settingError(error: z.ZodError) {
  const issue = error.issues[0]!
  const param = ['codesteer', ...issue.path].join('.')
  return badRequest(`${param}: ${issue.message}.`, param)
}

function checkCheckers(checkers: RequestSettings['checkers']) {
  if (!Array.isArray(checkers)) return
  const known = names('checkers')
  const unknown = checkers.find(name => !known.includes(name))
  if (unknown !== undefined)
    throw badRequest(`No checker "${unknown}". There are: ${known.join(', ')}.`, 'codesteer.checkers')
}
