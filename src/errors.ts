/**
 * The failures that are exceptions. Two of the five kinds never are: a wrong answer is a Verdict and a crash of the
 * model's code is a RunResult. What remains is the caller's input, our sandbox, the provider, and our own bugs.
 */
export type FailureKind = 'input' | 'sandbox' | 'provider' | 'store' | 'bug'

/** An error with its mend: what was expected, what came, what to do now. `message` states the fact, `mend` the way out. */
export class CodeSteerError extends Error {
  readonly kind: FailureKind
  readonly mend: string
  constructor(kind: FailureKind, message: string, mend: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CodeSteerError'
    this.kind = kind
    this.mend = mend
  }
}

/** The caller's input cannot be used (exit code 2). */
export class InputError extends CodeSteerError {
  constructor(message: string, mend: string, options?: ErrorOptions) {
    super('input', message, mend, options)
    this.name = 'InputError'
  }
}

/** Our sandbox is missing or broke (exit code 3); never raised for what the program inside did. */
export class SandboxError extends CodeSteerError {
  constructor(message: string, mend: string, options?: ErrorOptions) {
    super('sandbox', message, mend, options)
    this.name = 'SandboxError'
  }
}

/** What a provider's failure was: decides whether a retry can help and what the user is told. */
export type ProviderFault =
  | 'authentication'
  | 'unknown-model'
  | 'context-overflow'
  | 'bad-request'
  | 'rate-limit'
  | 'overloaded'
  | 'time-out'
  | 'connection'
  | 'bad-response'
  | 'spend-cap'

/** A model call failed at the provider (exit code 3). */
export class ProviderError extends CodeSteerError {
  readonly fault: ProviderFault
  /** True when the same call may succeed later. */
  readonly retryable: boolean
  /** What the provider asked us to wait, when it did. */
  readonly retryAfterMs: number | undefined
  constructor(
    fault: ProviderFault,
    message: string,
    mend: string,
    options: ErrorOptions & { retryable: boolean; retryAfterMs?: number | undefined },
  ) {
    super('provider', message, mend, options)
    this.name = 'ProviderError'
    this.fault = fault
    this.retryable = options.retryable
    this.retryAfterMs = options.retryAfterMs
  }
}

/** The run folder or ledger cannot be read or written (exit code 3, or 2 when the path was the caller's). */
export class StoreError extends CodeSteerError {
  constructor(message: string, mend: string, options?: ErrorOptions) {
    super('store', message, mend, options)
    this.name = 'StoreError'
  }
}

/** One line about any thrown value, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}

/** True when the value was thrown because the given signal was aborted. */
export function isAbort(error: unknown, signal?: AbortSignal): boolean {
  if (!signal?.aborted) return false
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}
