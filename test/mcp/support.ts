import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { onTestFinished } from 'vitest'
import type { CodeSteerOptions } from '../../src/assemble.ts'
import { type Listening, listen } from '../../src/gateway/server.ts'
import { createService } from '../../src/gateway/service.ts'
import { createMcpHttp, type HttpOptions } from '../../src/mcp/http.ts'
import type { CallEntry } from '../../src/mcp/server.ts'
import { createWorkplace } from '../../src/mcp/workplace.ts'
import { temporaryFolder } from '../util/cli.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export const asked = '9.11 or 9.9, which is larger?'

/** A tool's result, as far as tests look at it. */
export interface Result {
  readonly isError: boolean
  readonly text: string
  readonly structured: Record<string, unknown>
}

/** Calls a tool by the official client. */
export async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
  options: Parameters<Client['callTool']>[2] = {},
): Promise<Result> {
  const { content, isError, structuredContent } = await client.callTool({ name, arguments: args }, undefined, options)
  const text = (content as { readonly text: string }[]).map(part => part.text).join('\n')
  return { isError: isError === true, text, structured: (structuredContent ?? {}) as Record<string, unknown> }
}

/** The official client on the real command, spawned as clients spawn it. */
export async function overStdio(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Spawned> {
  const spawned = await spawnStdio(temporaryFolder(), args, env)
  onTestFinished(() => spawned.client.close())
  return spawned
}

export interface Spawned {
  readonly client: Client
  /** The folder of its records. */
  readonly out: string
  readonly pid: number
}

/** The same for more than one test: close the client. */
export async function spawnStdio(
  out: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Spawned> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'mcp', '--out', out, ...args],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  return { client, out, pid: transport.pid! }
}

export interface TestMcp extends Listening {
  readonly out: string
  readonly log: CallEntry[]
  readonly defects: unknown[]
  readonly inside: () => number
}

/** A server for the HTTP transport on a free port. Without more: the simulated apprentice. */
export async function startHttp({
  steering = {},
  concurrency = 16,
  ...options
}: HttpOptions & {
  readonly steering?: Partial<CodeSteerOptions>
  readonly concurrency?: number
} = {}): Promise<TestMcp> {
  const out = temporaryFolder()
  const service = await createService({ steering: { model: 'simulated/apprentice', ...steering } })
  const place = createWorkplace({ service, out, concurrency, trusted: false })
  const [log, defects]: [CallEntry[], unknown[]] = [[], []]
  const server = createMcpHttp(place, {
    onCall: entry => log.push(entry),
    onDefect: error => defects.push(error),
    ...options,
  })
  const listening = await listen(server, { host: '127.0.0.1', port: 0, graceMs: 100 })
  onTestFinished(async () => {
    await listening.close()
    await service.close()
  })
  return { ...listening, out, log, defects, inside: () => place.inside }
}

/** The official client on an HTTP server. */
export async function overHttp(
  { url }: Pick<Listening, 'url'>,
  key?: string,
): Promise<{ readonly client: Client; readonly transport: StreamableHTTPClientTransport }> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } })
  const client = new Client({ name: 'test', version: '1' })
  // The SDK's own types differ under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0])
  onTestFinished(() => client.close())
  return { client, transport }
}

/** The files of trajectories below a record's folder. */
export const recordsIn = (out: string): string[] =>
  readdirSync(join(out, 'trajectories')).map(name => join(out, 'trajectories', name))
