import { InputError } from '../../errors.ts'
import { type RunRequest, type RunResult, runDefaults } from '../../sandbox.ts'

/** The limits of one run, defaults filled in. */
export interface RunLimits {
  readonly timeoutMs: number
  readonly memoryBytes: number
  readonly outputBytes: number
}

/** Programs above this many bytes of UTF-8 are refused. */
export const maxSourceBytes = 2 ** 20

/** The program is stopped once one of its streams exceeds this many times `outputBytes`. */
export const outputFactor = 4

/** The request's limits with the defaults of `runDefaults`. Throws an InputError for one that is not a positive number. */
export function limitsOf(request: RunRequest): RunLimits {
  const limits = {
    timeoutMs: request.timeoutMs ?? runDefaults.timeoutMs,
    memoryBytes: request.memoryBytes ?? runDefaults.memoryBytes,
    outputBytes: request.outputBytes ?? runDefaults.outputBytes,
  }
  for (const [name, value] of Object.entries(limits)) {
    // 2^31 ms is the longest that a Node timer can wait; a day is beyond any use.
    const most = name === 'timeoutMs' ? 86_400_000 : Number.MAX_SAFE_INTEGER
    if (!(value >= 1 && value <= most)) {
      throw new InputError(`the run's ${name} is ${value}`, `Give a number from 1 to ${most}, or leave it out.`)
    }
  }
  return {
    timeoutMs: Math.ceil(limits.timeoutMs),
    memoryBytes: Math.ceil(limits.memoryBytes),
    outputBytes: Math.ceil(limits.outputBytes),
  }
}

/** The result for a program that no sandbox runs (too large, NUL characters), or undefined when it may run. */
export function refusalOf(source: string): RunResult | undefined {
  const bytes = Buffer.byteLength(source)
  if (bytes > maxSourceBytes) return refused(`the program has ${bytes} bytes; at most ${maxSourceBytes} are run`)
  const nul = source.indexOf('\0')
  if (nul >= 0) return refused(`the program holds a NUL character at position ${nul}`)
  return undefined
}

function refused(why: string): RunResult {
  return { outcome: 'refused', exitCode: null, stdout: '', stderr: `${why}\n`, droppedBytes: 0, tookMs: 0 }
}
