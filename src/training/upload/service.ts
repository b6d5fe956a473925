import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { APICallError } from '@ai-sdk/provider'
import { z } from 'zod'
import { ProviderError } from '../../errors.ts'
import { toProviderError } from '../../models/_shared/faults.ts'
import { defaultRetryPolicy, type RetryPolicy, retrying } from '../../models/_shared/retry.ts'
import type { Clock } from '../../util/clock.ts'

const fileSchema = z.object({ id: z.string().min(1) })
const jobSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  training_file: z.string().nullish(),
  fine_tuned_model: z.string().nullish(),
  trained_tokens: z.number().nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
})
const eventSchema = z.object({
  id: z.string(),
  created_at: z.number(),
  level: z.string().nullish(),
  message: z.string(),
})
const listOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), has_more: z.boolean().nullish() })

export type Job = z.infer<typeof jobSchema>
export type JobEvent = z.infer<typeof eventSchema>

/** What a job is started with. */
export interface JobRequest {
  readonly model: string
  readonly training_file: string
  readonly validation_file?: string
  readonly suffix?: string
  readonly seed?: number
  readonly method?: unknown
}

/** The part of OpenAI's interface that fine-tuning takes, as several hosts offer it. Throws ProviderError. */
export interface FineTuningService {
  uploadFile(path: string): Promise<string>
  /** Whether the service still has the file. */
  hasFile(id: string): Promise<boolean>
  /** Starts a job. When an answer is lost, it looks for the job before it asks again: a job costs money. */
  startJob(request: JobRequest): Promise<Job>
  /** A job that was started with this training file, if there is one. */
  findJob(trainingFile: string): Promise<Job | undefined>
  job(id: string): Promise<Job>
  /** Events that are not in `seen` yet, the oldest first; none where the service keeps no events. */
  events(id: string, seen: ReadonlySet<string>): Promise<JobEvent[]>
}

export interface ServiceOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly key: string | undefined
  /** The variable that holds the key, for messages. */
  readonly keyVariable: string
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly random: () => number
  readonly signal: AbortSignal
  readonly retry?: RetryPolicy
  readonly timeoutMs?: number
  readonly uploadTimeoutMs?: number
}

export function fineTuningService(options: ServiceOptions): FineTuningService {
  const { baseUrl, key, keyVariable, clock, random, signal, retry = defaultRetryPolicy } = options
  const { timeoutMs = 60_000, uploadTimeoutMs = 1_800_000 } = options

  async function once(path: string, init: RequestInit, limitMs: number): Promise<unknown> {
    const limit = AbortSignal.timeout(limitMs)
    const url = `${baseUrl}${path}`
    try {
      const response = await options.fetch(url, {
        ...init,
        headers: { ...init.headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
        signal: AbortSignal.any([signal, limit]),
      })
      const text = await response.text()
      if (response.ok) return JSON.parse(text)
      throw new APICallError({
        message: wordsOf(text) || response.statusText,
        url,
        requestBodyValues: {},
        statusCode: response.status,
        responseHeaders: Object.fromEntries(response.headers),
        responseBody: text,
      })
    } catch (error) {
      signal.throwIfAborted()
      throw faultOf(error, { ...options, timeoutMs: limitMs, timedOut: limit.aborted })
    }
  }

  /** Retries what a repetition can mend; `before` may find that the work is done already. */
  async function ask<S extends z.ZodType>(
    schema: S,
    path: string,
    init: () => RequestInit | Promise<RequestInit> = () => ({}),
    more: { readonly limitMs?: number; readonly before?: () => Promise<z.infer<S> | undefined> } = {},
  ): Promise<z.infer<S>> {
    const { value } = await retrying(
      async number => {
        const done = number > 1 ? await more.before?.() : undefined
        if (done !== undefined) return done
        const answer = await once(path, await init(), more.limitMs ?? timeoutMs)
        const parsed = schema.safeParse(answer)
        if (parsed.success) return parsed.data
        throw new ProviderError(
          'bad-response',
          `${baseUrl}${path} answered something that is no ${path.split('/')[1]} object: ${parsed.error.issues[0]?.message}`,
          'Check that the address is that of an OpenAI-compatible fine-tuning service.',
          { retryable: false },
        )
      },
      retry,
      { clock, random, signal },
    )
    return value
  }

  const service: FineTuningService = {
    async uploadFile(path) {
      const form = async () => {
        const body = new FormData()
        body.set('purpose', 'fine-tune')
        body.set('file', await openAsBlob(path), basename(path))
        return { method: 'POST', body }
      }
      return (await ask(fileSchema, '/files', form, { limitMs: uploadTimeoutMs })).id
    },
    async hasFile(id) {
      try {
        await ask(fileSchema, `/files/${encodeURIComponent(id)}`)
        return true
      } catch (error) {
        if (isMissing(error)) return false
        throw error
      }
    },
    startJob: request =>
      ask(
        jobSchema,
        '/fine_tuning/jobs',
        () => ({
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        }),
        { before: () => service.findJob(request.training_file) },
      ),
    async findJob(trainingFile) {
      const { data } = await ask(listOf(jobSchema), '/fine_tuning/jobs?limit=100')
      return data.find(job => job.training_file === trainingFile)
    },
    job: id => ask(jobSchema, `/fine_tuning/jobs/${encodeURIComponent(id)}`),
    async events(id, seen) {
      const found: JobEvent[] = []
      let after = ''
      try {
        // The newest come first; pages go back in time until one is known.
        for (let page = 0; page < 100; page++) {
          const path = `/fine_tuning/jobs/${encodeURIComponent(id)}/events?limit=100${after}`
          const { data, has_more: more } = await ask(listOf(eventSchema), path)
          const fresh = data.filter(event => !seen.has(event.id))
          found.push(...fresh)
          if (!more || fresh.length < data.length || data.length === 0) break
          after = `&after=${encodeURIComponent(data.at(-1)!.id)}`
        }
      } catch (error) {
        if (!isMissing(error)) throw error
      }
      // Stable: events of one second keep the order in which the service has them.
      return found.reverse().sort((a, b) => a.created_at - b.created_at)
    },
  }
  return service

  function faultOf(error: unknown, of: ServiceOptions & { readonly timedOut: boolean; readonly timeoutMs: number }) {
    const fault = toProviderError(error, {
      id: new URL(baseUrl).host,
      keyVariable,
      secrets: key ? [key] : [],
      timeoutMs: of.timeoutMs,
      timedOut: of.timedOut,
      nowMs: clock.nowMs(),
    })
    const mend = fault instanceof ProviderError ? mends[fault.fault] : undefined
    if (!(fault instanceof ProviderError) || mend === undefined) return fault
    return new ProviderError(fault.fault, fault.message, mend, {
      retryable: fault.retryable,
      retryAfterMs: fault.retryAfterMs,
      cause: error,
    })
  }
}

/** Where a model call's mend would not fit. */
const mends: Partial<Record<ProviderError['fault'], string>> = {
  'unknown-model':
    'Check the base model (--model) and the address (--base-url): the service does not know what was asked for.',
  'bad-request':
    'The service says what it does not take; look at its own page on fine-tuning for models, limits and formats.',
  'context-overflow': 'The file is too large for the service: export fewer rows (--max-per-tree, --balance).',
  'bad-response': 'Check that the address is that of an OpenAI-compatible fine-tuning service.',
}

const isMissing = (error: unknown) => error instanceof ProviderError && error.fault === 'unknown-model'

/** The message of an error body, as OpenAI writes it. */
function wordsOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string }
    const message = typeof error === 'string' ? error : error?.message
    return typeof message === 'string' ? message : ''
  } catch {
    // Some servers answer in plain words or HTML.
    return body.slice(0, 400)
  }
}
