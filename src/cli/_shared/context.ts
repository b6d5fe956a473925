import type { Command } from 'commander'
import { InputError, SandboxError } from '../../errors.ts'

/** The world as the command line sees it. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly stdin: NodeJS.ReadStream
  readonly out: Output
  readonly err: Output
}

export interface Output {
  readonly write: (text: string) => void
  readonly isTTY: boolean
  readonly columns: number
}

/** What a file in `cli/commands/` exports by default. */
export type CommandMaker = (context: CliContext) => Command

/** Thrown by a command to end with an exit code, having said all there is to say. */
export class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** Does a piece of setting up: a sandbox that is missing here is the caller's to mend, not a fault of the run. */
export async function settingUp<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SandboxError) throw new InputError(error.message, error.mend, { cause: error })
    throw error
  }
}
