import { Writable } from 'node:stream'
import { createCodeSteer } from '../../assemble.ts'
import { messageOf } from '../../errors.ts'
import { keyRing } from '../../gateway/auth.ts'
import { listen } from '../../gateway/server.ts'
import { createService } from '../../gateway/service.ts'
import { createMcpHttp } from '../../mcp/http.ts'
import type { McpOptions } from '../../mcp/server.ts'
import { serveStdio } from '../../mcp/stdio.ts'
import { createWorkplace, type Workplace } from '../../mcp/workplace.ts'
import { type DoorFlags, guardAddress, keysOf } from './client-keys.ts'
import { type CliContext, Exit, settingUp } from './context.ts'
import { ledgerOf, modelOf, modelOptionsOf, offlineNote, type SteerFlags, steeringOf } from './steer-options.ts'

/** The options of `codesteer mcp`. */
export interface McpFlags extends SteerFlags, DoorFlags {
  readonly http?: boolean
  readonly port: number
  readonly allowHost?: readonly string[]
  readonly concurrency: number
  readonly parallel?: number
  readonly grace: number
}

const defaultTimeMs = 600_000

/** Serves until the client closes its end or the context's signal is aborted. Throws InputError for flags that cannot be used. */
export async function serveMcp(flags: McpFlags, context: CliContext): Promise<void> {
  const keys = flags.http ? keysOf(flags, context) : []
  keyRing(keys)
  if (flags.http) guardAddress(flags, keys, 'mcp --http')
  const models = modelOptionsOf(flags, context)
  const steering = {
    ...steeringOf({ ...flags, maxTime: flags.maxTime ?? defaultTimeMs }, context),
    ...(flags.parallel ? { parallel: flags.parallel } : {}),
  }
  // Once without the ledger: a mistyped name must not leave a folder behind.
  await createCodeSteer({ ...steering, models })
  const ledger = await ledgerOf(modelOf(flags, context), flags)
  try {
    const service = await settingUp(() =>
      createService({ steering: { ...steering, models: { ...models, ...(ledger ? { ledger } : {}) } } }),
    )
    try {
      const { out, concurrency, http } = flags
      const place = createWorkplace({ service, out, concurrency, trusted: !http })
      if (flags.model === undefined && !context.environment.CODESTEER_MODEL) context.err.write(`${offlineNote}\n\n`)
      if (http) await overHttp(place, flags, keys, context)
      else await overStdio(place, context)
    } finally {
      await service.close()
    }
  } finally {
    ledger?.close()
  }
  throw new Exit(0)
}

async function overStdio(place: Workplace, { stdin, out, err, signal, environment }: CliContext): Promise<void> {
  const output = new Writable({
    decodeStrings: false,
    write(text, _, done) {
      out.write(String(text))
      done()
    },
  })
  const onTrouble = (message: string) => err.write(`codesteer mcp: ${message}\n`)
  const onDefect = (error: unknown) => onTrouble(defectWords(error, environment))
  await serveStdio(place, { input: stdin, output, signal, onTrouble, onDefect })
}

async function overHttp(
  place: Workplace,
  flags: McpFlags,
  keys: readonly string[],
  context: CliContext,
): Promise<void> {
  const { err, out, signal, environment } = context
  const options: McpOptions = {
    onCall: entry => err.write(`${JSON.stringify(entry)}\n`),
    onDefect: error =>
      err.write(`${JSON.stringify({ at: new Date().toISOString(), trouble: defectWords(error, environment) })}\n`),
  }
  const { allowHost, auth, host, port, grace } = flags
  const server = createMcpHttp(place, {
    ...options,
    keys,
    anyHost: !auth,
    ...(allowHost ? { extraHosts: allowHost } : {}),
  })
  const listening = await listen(server, { host, port, graceMs: grace })
  out.write(`CodeSteer serves ${modelOf(flags, context)} to MCP clients on ${listening.url}/mcp (Ctrl-C stops)\n`)
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  out.write(`${place.inside} calls under way may finish within ${grace / 1_000} s\n`)
  await listening.close()
}

const defectWords = (error: unknown, environment: CliContext['environment']) =>
  environment.CODESTEER_TRACE && error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
