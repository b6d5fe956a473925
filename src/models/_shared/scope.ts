import { AsyncLocalStorage } from 'node:async_hooks'
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'

/**
 * What one `ChatModel.call` and the `fetch` far below it must tell each other. The AI SDK hands no value of ours down to
 * `fetch`; an async context does, and unlike a private header it cannot be sent to the provider by mistake.
 */
export interface CallScope {
  readonly trial: string
  readonly responseFormat: LanguageModelV4CallOptions['responseFormat']
  readonly notes: Set<string>
  /** Filled in by `fetch`. */
  requestHash: string | null
  fromLedger: boolean
  /** How long the recorded call took when it was made; null for a call made now. */
  recordedMs: number | null
  /** To be awaited before the request is sent. Rejects with NotSent when it may not be sent any more. */
  enter: () => Promise<void>
  /** To be called when the whole answer has come, before it is written down. */
  answered: () => void
}

/** The call was not sent: it was stopped, or taken back, while it waited for its place. `cause` says why. */
export class NotSent extends Error {
  constructor(cause: unknown) {
    super('not sent', { cause })
    this.name = 'NotSent'
  }
}

const scopes = new AsyncLocalStorage<CallScope>()

/** The answer is recorded in the other form (streamed or whole): ask again that way, it costs nothing. */
export class OtherForm extends Error {
  constructor() {
    super('recorded in the other form')
    this.name = 'OtherForm'
  }
}

/** Runs `work` so that every `fetch` it causes sees this scope. */
export function inScope<T>(scope: CallScope, work: () => Promise<T>): Promise<T> {
  return scopes.run(scope, work)
}

/** The scope of the call being made, or undefined outside of one. */
export function currentScope(): CallScope | undefined {
  return scopes.getStore()
}
