import { onTestFinished } from 'vitest'
import type { CodeSteerOptions } from '../../src/assemble.ts'
import { createGateway, type GatewayOptions } from '../../src/gateway/gateway.ts'
import type { AccessEntry } from '../../src/gateway/house.ts'
import { type Listening, type ListenOptions, listen } from '../../src/gateway/server.ts'
import { createService } from '../../src/gateway/service.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { type FakeScript, type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { finished, scriptedSandbox } from '../util/scripted.ts'

/** For tests in which no program runs. */
export const noSandbox = scriptedSandbox(() => finished(''))

/** The key that the gateway has for the provider; it must never show. */
export const upstreamKey = 'sk-upstream-secret-0123456789'

export interface TestGateway extends Listening {
  readonly log: AccessEntry[]
  readonly defects: unknown[]
  readonly inFlight: () => number
}

export interface TestOptions extends Partial<Omit<GatewayOptions, 'service'>> {
  readonly steering?: Partial<CodeSteerOptions>
  readonly listen?: Partial<ListenOptions>
  readonly out?: string
}

/** A gateway on a free port, closed when the test ends. Without more: the simulated apprentice. */
export async function startGateway({
  steering = {},
  listen: where = {},
  out,
  ...options
}: TestOptions = {}): Promise<TestGateway> {
  const service = await createService({
    steering: { model: 'simulated/apprentice', ...steering },
    ...(out === undefined ? {} : { out }),
  })
  const [log, defects]: [AccessEntry[], unknown[]] = [[], []]
  const gateway = createGateway({
    service,
    onAccess: entry => log.push(entry),
    onDefect: error => defects.push(error),
    ...options,
  })
  const listening = await listen(gateway, { host: '127.0.0.1', port: 0, graceMs: 100, ...where })
  onTestFinished(async () => {
    await listening.close()
    await service.close()
  })
  return { ...listening, log, defects, inFlight: () => gateway.inFlight }
}

/** A provider that answers by the script, and a gateway in front of it. Programs "run" in the given sandbox. */
export async function startBoth(
  script: FakeScript,
  { steering = {}, ...options }: TestOptions & { readonly sandbox?: Sandbox } = {},
): Promise<{ readonly upstream: FakeServer; readonly gateway: TestGateway }> {
  const upstream = await startFakeServer({ script })
  onTestFinished(() => upstream.close())
  const gateway = await startGateway({
    ...options,
    steering: {
      model: 'openai-compatible/fake',
      sandbox: options.sandbox ?? scriptedSandbox(() => finished('')),
      checkers: [],
      models: { environment: { CODESTEER_API_KEY: upstreamKey }, baseUrl: upstream.url, retry: { maxAttempts: 1 } },
      ...steering,
    },
  })
  return { upstream, gateway }
}

export const question = {
  model: 'codesteer',
  messages: [{ role: 'user' as const, content: '9.11 or 9.9, which is larger?' }],
}

export function post(
  gateway: Listening,
  body: unknown,
  {
    path = '/v1/chat/completions',
    headers = {},
    signal,
  }: { path?: string; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  })
}

/** Waits until something is so. Throws when it is not within the time. */
export async function until(what: string, so: () => boolean, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!so()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
