import { type CodeSteer, type CodeSteerOptions, createCodeSteer, openCoach } from '../assemble.ts'
import type { Checker } from '../checker.ts'
import { InputError } from '../errors.ts'
import { fold } from '../fold.ts'
import type { Kit } from '../kit.ts'
import { load } from '../registry.ts'
import type { SteerSettings } from '../settings.ts'
import { steer } from '../steer.ts'
import type { Trajectory, TrajectoryEvent } from '../trajectory.ts'
import { nearest } from '../util/nearest.ts'
import { type Ask, splitQuestion } from './ask.ts'
import { badRequest, GatewayError } from './errors.ts'
import { trajectoryFolder } from './record.ts'
import type { RequestSettings } from './request-settings.ts'

/** What a model name of the gateway stands for. */
interface Variant {
  readonly about: string
  readonly coach?: 'rules' | 'fixed:text' | 'fixed:code'
  readonly turns?: number
  readonly checkers?: 'none'
}

const oneTurn = { turns: 1, checkers: 'none' } as const

/** The models of a gateway that steers `taskModel`: the whole loop, and three cheap ways of one turn. */
function variantsOf(taskModel: string): ReadonlyMap<string, Variant> {
  return new Map<string, Variant>([
    [`codesteer/${taskModel}`, { about: `${taskModel}, steered` }],
    ['codesteer', { about: `${taskModel}, steered (the short name)` }],
    ['codesteer-fast', { about: 'one turn, words or code by rules, no checks', coach: 'rules', ...oneTurn }],
    ['codesteer-text', { about: 'one turn in words, no checks', coach: 'fixed:text', ...oneTurn }],
    ['codesteer-code', { about: 'one turn by a program, no checks', coach: 'fixed:code', ...oneTurn }],
  ])
}

export interface ServiceOptions {
  readonly steering: CodeSteerOptions
  /** Folder for the trajectories; without it none is kept. */
  readonly out?: string
  /** A trajectory that could not be written. */
  readonly onTrouble?: (error: unknown) => void
}

export interface RunOptions {
  readonly id: string
  readonly signal: AbortSignal
  readonly onEvent?: (event: TrajectoryEvent) => void
  readonly onDelta?: Kit['onDelta']
}

/** What steers the gateway's requests: the assembled system with single parts changed by request. */
export interface Service {
  readonly codesteer: CodeSteer
  readonly models: ReadonlyMap<string, { readonly about: string }>
  /** Throws GatewayError 404 with the nearest name for a model that is not served. */
  checkModel(name: string): void
  /** Steers one request to its end. What ends it early is in the trajectory. */
  run(
    ask: Ask,
    options: RunOptions,
  ): Promise<{ readonly trajectory: Trajectory; readonly events: readonly TrajectoryEvent[] }>
  close(): Promise<void>
}

/** Assembles the parts and opens the sandbox. Throws InputError for unknown names and missing keys, SandboxError without isolation. */
export async function createService({ steering, out, onTrouble }: ServiceOptions): Promise<Service> {
  const codesteer = await createCodeSteer(steering)
  const kit = await codesteer.kit()
  const models = variantsOf(kit.taskModel.id)
  const record = out === undefined ? undefined : trajectoryFolder(out, onTrouble)
  const coaches = {
    rules: await ownCoach('rules'),
    'fixed:text': await ownCoach('fixed:text'),
    'fixed:code': await ownCoach('fixed:code'),
  }

  async function kitFor(ask: Ask, { signal, onDelta }: RunOptions): Promise<Kit> {
    const { settings } = ask
    const variant = models.get(ask.model)!
    const coach = settings.coach === undefined ? variant.coach : settings.coach
    const checkers = settings.checkers ?? variant.checkers ?? 'default'
    return {
      ...kit,
      coach: coach === undefined || coach === 'default' ? kit.coach : coaches[coach],
      checkers: await checkersFor(checkers, kit.checkers),
      settings: settingsFor(ask, variant, kit.settings),
      signal,
      ...(onDelta ? { onDelta } : {}),
    }
  }

  return {
    codesteer,
    models,
    checkModel(name) {
      if (models.has(name)) return
      const near = nearest(name, [...models.keys()])
      throw new GatewayError(
        404,
        'model_not_found',
        `The model "${name}" is not served here. ${near ? `Did you mean "${near}"? ` : ''}There are: ${[...models.keys()].join(', ')}.`,
        { param: 'model' },
      )
    },
    async run(ask, options) {
      const { prompt, history } = splitQuestion(ask.messages)
      const events: TrajectoryEvent[] = []
      const writer = record?.(options.id)
      try {
        const input = { prompt, history, id: options.id, trial: options.id }
        for await (const event of steer(input, await kitFor(ask, options))) {
          events.push(event)
          writer?.append(event)
          options.onEvent?.(event)
        }
      } finally {
        await writer?.close()
      }
      return { trajectory: fold(events), events }
    },
    close: () => codesteer.close(),
  }
}

/** A coach that needs no model. */
const ownCoach = (name: string) =>
  openCoach(
    name,
    async id => {
      throw new InputError(`the coach ${name} asked for the model ${id}`, 'This is a defect of codesteer.')
    },
    { environment: {} },
  )

async function checkersFor(
  wanted: NonNullable<RequestSettings['checkers']>,
  own: Kit['checkers'],
): Promise<Kit['checkers']> {
  if (wanted === 'default') return own
  if (wanted === 'none') return []
  return Promise.all(wanted.map(name => own.find(one => one.name === name) ?? load<Checker>('checkers', name)))
}

/** The smaller of two limits, where null and undefined are none: a client can lower what the operator allows, not raise it. */
const lower = (a: number | null, b: number | undefined) =>
  a === null ? (b ?? null) : b === undefined ? a : Math.min(a, b)

function settingsFor(
  { settings, temperature, maxOutputTokens }: Ask,
  variant: Variant,
  own: SteerSettings,
): SteerSettings {
  return {
    ...own,
    maxTurns: settings.turns ?? variant.turns ?? own.maxTurns,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens: Math.min(maxOutputTokens, own.maxOutputTokens) }),
    limits: {
      tokens: lower(own.limits.tokens, settings.maxTokens),
      costUsd: lower(own.limits.costUsd, settings.maxCostUsd),
      timeMs: lower(own.limits.timeMs, settings.maxTimeMs),
    },
  }
}

/** Whether the model can be handed tools. Throws GatewayError 400 when it cannot. */
export function requireTools(service: Service): void {
  if (!service.codesteer.taskModel.capabilities.tools)
    throw badRequest(`${service.codesteer.taskModel.id} takes no tools.`, 'tools', 'unsupported_parameter')
}
