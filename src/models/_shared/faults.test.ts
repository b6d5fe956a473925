import { APICallError, JSONParseError } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { ProviderError, StoreError } from '../../errors.ts'
import { toProviderError } from './faults.ts'

const context = {
  id: 'openai/x',
  keyVariable: 'OPENAI_API_KEY',
  secrets: ['sk-very-secret'],
  timeoutMs: 1000,
  timedOut: false,
  nowMs: 0,
}
const http = (statusCode: number, message = 'words', responseHeaders = {}) =>
  new APICallError({ message, url: 'https://x', requestBodyValues: {}, statusCode, responseHeaders })

describe('toProviderError', () => {
  const faults: [string, unknown, string, boolean][] = [
    ['401', http(401), 'authentication', false],
    ['404', http(404), 'unknown-model', false],
    ['408', http(408), 'time-out', true],
    ['429', http(429), 'rate-limit', true],
    ['429 without credit', http(429, 'You exceeded your current quota'), 'spend-cap', false],
    ['400 without credit', http(400, 'Your credit balance is too low'), 'spend-cap', false],
    ['400 too long', http(400, 'prompt is too long: 210000 tokens > 200000 maximum'), 'context-overflow', false],
    ['400 unknown model', http(400, 'The model `x` does not exist'), 'unknown-model', false],
    ['400', http(400), 'bad-request', false],
    ['500', http(500), 'overloaded', true],
    ['529', http(529), 'overloaded', true],
    ['a time-out', new DOMException('slow', 'TimeoutError'), 'time-out', true],
    [
      'late headers',
      new Error('x', { cause: Object.assign(new Error('h'), { code: 'UND_ERR_HEADERS_TIMEOUT' }) }),
      'time-out',
      true,
    ],
    [
      'a reset',
      new TypeError('fetch failed', { cause: Object.assign(new Error('r'), { code: 'ECONNRESET' }) }),
      'connection',
      true,
    ],
    ['a cut body', new TypeError('terminated'), 'connection', true],
    ['broken JSON', new JSONParseError({ text: '{', cause: new SyntaxError('end') }), 'bad-response', true],
    ['a spoken overload', { type: 'overloaded_error', message: 'Overloaded' }, 'overloaded', true],
    ['a spoken status', { message: 'slow down', code: 429 }, 'rate-limit', true],
    ['something else spoken', { odd: 1 }, 'bad-response', true],
    ['a bug', new RangeError('index'), 'bad-response', false],
  ]
  it.each(faults)('%s', (_, thrown, fault, retryable) => {
    const error = toProviderError(thrown, context) as ProviderError
    expect(error).toBeInstanceOf(ProviderError)
    expect([error.fault, error.retryable]).toEqual([fault, retryable])
    expect(error.mend.length).toBeGreaterThan(10)
    expect(error.message).toContain('openai/x')
  })

  it('lets our own errors through, however deep they lie', () => {
    const full = new StoreError('full', 'Make room.')
    expect(toProviderError(new Error('outer', { cause: new Error('middle', { cause: full }) }), context)).toBe(full)
  })

  it('strikes the key, keeps the wait', () => {
    const error = toProviderError(http(429, 'sk-very-secret is busy', { 'retry-after': '4' }), context) as ProviderError
    expect(error.message).toBe('openai/x answered 429: [key] is busy')
    expect(error.retryAfterMs).toBe(4000)
  })

  it('takes a time-out of ours for one, whatever was thrown', () => {
    expect((toProviderError(new Error('aborted'), { ...context, timedOut: true }) as ProviderError).fault).toBe(
      'time-out',
    )
  })
})
