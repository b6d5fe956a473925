import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { CodeSteerError, messageOf } from '../errors.ts'
import { GatewayError } from '../gateway/errors.ts'
import { type Progress, progressOf } from './progress.ts'
import type { Workplace } from './workplace.ts'

/** What a tool works with during one call. */
export interface Step {
  readonly place: Workplace
  /** Aborted when the client cancels or goes away, and when the server ends. */
  readonly signal: AbortSignal
  readonly progress: Progress
}

/** What a call comes to: the same facts once for programs and once for readers. */
export interface Told<O> {
  readonly structured: O
  readonly text: string
  /** The call failed, and what is told says why. */
  readonly failed?: boolean
}

/** One tool of the server. */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  /** For the model that chooses the tool; may depend on what the server steers. */
  about(place: Workplace): string
  readonly input: I
  readonly output: O
  /** False for a tool whose call costs or leaves something. */
  readonly readOnly: boolean
  /** True for a tool that asks a model, whose answer may differ from call to call. */
  readonly openWorld: boolean
  /** Throws CodeSteerError for what cannot be done; its message and mend are told to the client. */
  call(args: z.infer<I>, step: Step): Promise<Told<z.infer<O>>>
}

/** For the inference of the type parameters; returns its argument. */
export const defineTool = <I extends z.ZodObject, O extends z.ZodObject>(tool: Tool<I, O>): Tool<I, O> => tool

/** A tool's arguments: unknown ones are refused with the names that there are. */
export function args<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: issue =>
      issue.code === 'unrecognized_keys'
        ? `There is no argument ${(issue.keys as string[]).map(key => `"${key.slice(0, 40)}"`).join(', ')}. There are: ${known}.`
        : `The arguments must be an object with: ${known}.`,
  })
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** Hands a tool to the SDK's server. `onCall` is told of every call when it is over. */
export function register(
  server: McpServer,
  place: Workplace,
  tool: Tool,
  onCall: (call: { readonly tool: string; readonly tookMs: number; readonly outcome: string }) => void,
  onDefect: (error: unknown) => void,
): void {
  const { name, title, input, output, readOnly, openWorld } = tool
  const annotations = {
    title,
    readOnlyHint: readOnly,
    destructiveHint: false,
    idempotentHint: readOnly,
    openWorldHint: openWorld,
  }
  const config = { title, description: tool.about(place), inputSchema: input, outputSchema: output, annotations }
  server.registerTool(name, config, async (given: Record<string, unknown>, extra: Extra): Promise<CallToolResult> => {
    const beganMs = performance.now()
    const controller = new AbortController()
    const cancel = () => controller.abort(new DOMException('the client cancelled the call', 'AbortError'))
    if (extra.signal.aborted) cancel()
    extra.signal.addEventListener('abort', cancel, { once: true })
    const progress = progressOf(extra)
    const done = (outcome: string) => onCall({ tool: name, tookMs: Math.round(performance.now() - beganMs), outcome })
    try {
      const leave = place.enter(controller)
      try {
        const { structured, text, failed } = await tool.call(given, { place, signal: controller.signal, progress })
        done(failed ? 'failed' : 'ok')
        return {
          content: [{ type: 'text', text }],
          structuredContent: structured,
          ...(failed ? { isError: true } : {}),
        }
      } finally {
        leave()
      }
    } catch (error) {
      if (controller.signal.aborted) {
        done('cancelled')
        return failure('The call was cancelled.')
      }
      const told = wordsOf(error, place)
      if (told === null) onDefect(error)
      done('failed')
      return failure(told ?? `The server failed on this call (${tool.name}); its log says more.`)
    } finally {
      progress.close()
      extra.signal.removeEventListener('abort', cancel)
    }
  })
}

const failure = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true })

/** What a failure is to the client; null for what it cannot mend and a stranger must not see. */
function wordsOf(error: unknown, { trusted }: Workplace): string | null {
  if (error instanceof GatewayError) return error.message
  if (!(error instanceof CodeSteerError) || error.kind === 'bug') return null
  return trusted || error.kind === 'input' ? `${messageOf(error)}. ${error.mend}` : null
}

/** Text cut to so many characters, with what is missing said. */
export const cut = (text: string, characters: number): string =>
  text.length <= characters
    ? text
    : `${text.slice(0, characters)}\n… (${text.length - characters} more characters are not shown)`
