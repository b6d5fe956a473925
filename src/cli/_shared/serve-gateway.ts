import { createCodeSteer } from '../../assemble.ts'
import { messageOf } from '../../errors.ts'
import { keyRing } from '../../gateway/auth.ts'
import { createGateway, type Gateway } from '../../gateway/gateway.ts'
import { listen } from '../../gateway/server.ts'
import { createService } from '../../gateway/service.ts'
import { openLedger } from '../../models/_shared/ledger.ts'
import { systemClock } from '../../util/clock.ts'
import { type DoorFlags, guardAddress, keysOf } from './client-keys.ts'
import { type CliContext, Exit, settingUp } from './context.ts'
import { modelOf, modelOptionsOf, offlineNote, type SteerFlags, steeringOf } from './steer-options.ts'

/** The options of `codesteer serve`. */
export interface ServeFlags extends Omit<SteerFlags, 'out'>, DoorFlags {
  readonly out?: string
  readonly port: number
  readonly allowHost?: readonly string[]
  readonly concurrency: number
  readonly rate?: number
  readonly maxBody: number
  readonly parallel?: number
  readonly grace: number
}

const defaultTimeMs = 600_000

/** Serves until the context's signal is aborted, then ends with exit code 0. Throws InputError for flags that cannot be used. */
export async function serveGateway(flags: ServeFlags, context: CliContext): Promise<void> {
  const keys = keysOf(flags, context)
  keyRing(keys)
  guardAddress(flags, keys, 'serve')
  const models = modelOptionsOf(flags, context)
  const steering = {
    ...steeringOf({ ...flags, maxTime: flags.maxTime ?? defaultTimeMs }, context),
    ...(flags.parallel ? { parallel: flags.parallel } : {}),
  }
  // Once without the ledger: a mistyped name must not leave a file behind.
  await createCodeSteer({ ...steering, models })
  const ledger = typeof flags.ledger === 'string' ? openLedger(flags.ledger, { clock: systemClock }) : undefined
  try {
    const service = await settingUp(() =>
      createService({
        steering: { ...steering, models: { ...models, ...(ledger ? { ledger } : {}) } },
        ...(flags.out === undefined ? {} : { out: flags.out }),
        onTrouble: error => logTrouble(context, error),
      }),
    )
    try {
      const gateway = createGateway({
        service,
        keys,
        limits: { concurrency: flags.concurrency, perMinute: flags.rate ?? null, bodyBytes: flags.maxBody },
        onAccess: entry => context.err.write(`${JSON.stringify(entry)}\n`),
        onDefect: error => logTrouble(context, error),
        ...(flags.auth ? {} : { hosts: null }),
        ...(flags.allowHost ? { extraHosts: flags.allowHost } : {}),
      })
      await serveUntilStopped(gateway, flags, context)
    } finally {
      await service.close()
    }
  } finally {
    ledger?.close()
  }
  throw new Exit(0)
}

async function serveUntilStopped(gateway: Gateway, flags: ServeFlags, context: CliContext): Promise<void> {
  const { host, port, grace } = flags
  const listening = await listen(gateway, { host, port, graceMs: grace })
  const { signal, out, environment } = context
  if (flags.model === undefined && !environment.CODESTEER_MODEL) out.write(`${offlineNote}\n\n`)
  out.write(`CodeSteer serves ${modelOf(flags, context)} on ${listening.url}/v1 (Ctrl-C stops)\n`)
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  out.write(`${gateway.inFlight} requests under way may finish within ${grace / 1_000} s\n`)
  await listening.close()
}

function logTrouble({ err, environment }: CliContext, error: unknown): void {
  const stack = environment.CODESTEER_TRACE && error instanceof Error ? { stack: error.stack } : {}
  err.write(`${JSON.stringify({ at: new Date().toISOString(), trouble: messageOf(error), ...stack })}\n`)
}
