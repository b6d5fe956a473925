import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Trajectory } from '../trajectory.ts'
import type { Admission } from './admission.ts'
import type { Metrics } from './metrics.ts'
import type { Service } from './service.ts'

/** Bounds of a gateway; all have a default. */
export interface GatewayLimits {
  readonly concurrency: number
  readonly perMinute: number | null
  readonly bodyBytes: number
  /** Bytes of a stream that may wait for a slow reader. */
  readonly backlogBytes: number
  /** A connection on which nothing moves for so long is closed. */
  readonly stallMs: number
  readonly pingMs: number
  /** How long a stream waits for its first sign of life before it commits to status 200. */
  readonly holdMs: number
}

export const gatewayLimits: GatewayLimits = {
  concurrency: 256,
  perMinute: null,
  bodyBytes: 2 ** 20,
  backlogBytes: 2 ** 21,
  stallMs: 60_000,
  pingMs: 15_000,
  holdMs: 10_000,
}

/** One line of the access log: who asked for what and what it came to; no bodies, no keys. */
export interface AccessEntry {
  readonly at: string
  readonly request: string
  readonly client: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly tookMs: number
  readonly [fact: string]: unknown
}

/** What a request carries from one handler to the next. */
export interface Variables {
  requestId: string
  client: string
  /** Facts for the access log, added to as they become known. */
  facts: Record<string, unknown>
  /** Set when the answer goes on after the handler has returned; settles at its true end. */
  ended: Promise<void> | undefined
}

/** Hono's types of this gateway; without a network (in tests) there are no bindings. */
export interface GatewayEnv {
  Bindings: Partial<HttpBindings>
  Variables: Variables
}

export type GatewayContext = Context<GatewayEnv>

/** What the handlers share. */
export interface House {
  readonly service: Service
  readonly limits: GatewayLimits
  readonly metrics: Metrics
  readonly admission: Admission
  /** One for each request that is worked on; aborting it cuts the request short. */
  readonly underWay: Set<AbortController>
  readonly onDefect: (error: unknown) => void
}

/** The route rather than the path: paths are anybody's, and every new label costs memory for ever. */
const routes = ['/v1/chat/completions', '/v1/responses', '/v1/models', '/healthz', '/metrics']
const routeOf = (path: string) => routes.find(route => path === route || path.startsWith(`${route}/`)) ?? 'other'

/** Counts a request and writes its line of the access log. */
export function recordRequest(
  c: GatewayContext,
  house: House,
  status: number,
  tookMs: number,
  onAccess: ((entry: AccessEntry) => void) | undefined,
): void {
  const path = routeOf(c.req.path)
  house.metrics.count('codesteer_requests_total', { path, status: String(status) })
  house.metrics.observe('codesteer_request_seconds', { path }, tookMs / 1_000)
  onAccess?.({
    at: new Date().toISOString(),
    request: c.get('requestId'),
    client: c.get('client'),
    method: c.req.method,
    path: c.req.path.slice(0, 200),
    status,
    tookMs: Math.round(tookMs),
    ...c.get('facts'),
  })
}

/** Adds what a trajectory took to the metrics and to the request's line in the log. */
export function recordTrajectory(c: GatewayContext, house: House, model: string, trajectory: Trajectory): void {
  const { turns, end, spend, start } = trajectory
  const stop = end?.reason ?? 'error'
  house.metrics.count('codesteer_trajectories_total', { model, stop })
  house.metrics.count('codesteer_turns_total', {}, turns.length)
  for (const role of ['task', 'coach', 'checker'] as const) {
    house.metrics.count('codesteer_tokens_total', { role, kind: 'input' }, spend[role].inputTokens)
    house.metrics.count('codesteer_tokens_total', { role, kind: 'output' }, spend[role].outputTokens)
  }
  if (spend.total.costUsd !== null) house.metrics.count('codesteer_cost_usd_total', {}, spend.total.costUsd)
  Object.assign(c.get('facts'), {
    trajectory: start.id,
    turns: turns.length,
    stop,
    calls: spend.total.calls,
    inputTokens: spend.total.inputTokens,
    outputTokens: spend.total.outputTokens,
    costUsd: spend.total.costUsd,
  })
}
