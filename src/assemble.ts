import type { LanguageModel } from 'ai'
import type { Checker } from './checker.ts'
import type { Coach, CoachKind } from './coach.ts'
import { InputError } from './errors.ts'
import { fold } from './fold.ts'
import type { Kit } from './kit.ts'
import type { ChatModel } from './model.ts'
import { type ModelOptions, openModel, wrapModel } from './models/_shared/open.ts'
import { load, names } from './registry.ts'
import type { Sandbox } from './sandbox.ts'
import { chooseSandbox } from './sandboxes/_shared/choose.ts'
import { profiles, type SteerSettings, steerDefaults } from './settings.ts'
import { type SteerInput, steer } from './steer.ts'
import type { Trajectory, TrajectoryEvent } from './trajectory.ts'
import { systemClock } from './util/clock.ts'
import { newId } from './util/id.ts'
import { nearest } from './util/nearest.ts'

/** What a CodeSteer is made of. Everything has a default but the model. */
export interface CodeSteerOptions {
  /** `provider/model`, or a model object of the AI SDK. */
  readonly model: string | Exclude<LanguageModel, string> | ChatModel
  /** `rules` (default), `prompted:<provider/model>`, `tuned:<provider/model>`, `fixed:text`, `fixed:code`, or a coach of your own. */
  readonly coach?: string | Coach
  /** Writes the checking programs; default: the model itself. */
  readonly checkerModel?: CodeSteerOptions['model']
  /** Names of checkers, or checkers of your own; default: `symbolic-code` and `self-answer`. */
  readonly checkers?: readonly (string | Checker)[]
  /** A sandbox's name, or an open sandbox; default: the best that is available here. Opened at the first question. */
  readonly sandbox?: string | Sandbox
  /** `default` or `published`; `settings` changes single values of it. */
  readonly profile?: string
  readonly settings?: Partial<SteerSettings>
  /** How models are opened: environment with keys, ledger, prices, time-outs. Default: this process's environment, no ledger. */
  readonly models?: Partial<ModelOptions>
  /** Programs that may run at once. */
  readonly parallel?: number
}

/** What may be said with one question. */
export interface AskOptions {
  readonly signal?: AbortSignal
  /** Called with every event before the next one is made. */
  readonly onEvent?: (event: TrajectoryEvent) => void
  /** Text as it arrives from the models. */
  readonly onDelta?: Kit['onDelta']
  readonly trial?: string
  readonly id?: string
}

/** An assembled system: ask it as many questions as you like, also at once; close it when done. */
export interface CodeSteer extends AsyncDisposable {
  /** Steers one question to its end. Provider and sandbox failures end the trajectory (`end.reason` is `error`), they are not thrown. */
  ask(question: string | Omit<SteerInput, 'id' | 'trial'>, options?: AskOptions): Promise<Trajectory>
  /** The same, event by event. */
  steer(
    question: string | Omit<SteerInput, 'id' | 'trial'>,
    options?: AskOptions,
  ): AsyncGenerator<TrajectoryEvent, Trajectory>
  readonly taskModel: ChatModel
  readonly coach: Coach
  readonly settings: SteerSettings
  /** Opens the sandbox now, so that a missing one is an error before anything is paid. */
  ready(): Promise<Sandbox>
  /** All parts as the loop takes them, for a caller who changes single ones from question to question. Opens the sandbox. */
  kit(): Promise<Kit>
  /** Closes the sandbox that was opened here; one that was handed in stays open. Idempotent. */
  close(): Promise<void>
}

/**
 * Assembles models, coach, checkers, sandbox and settings into a CodeSteer. Throws InputError for unknown names and
 * missing keys, each with its mend.
 */
export async function createCodeSteer(options: CodeSteerOptions): Promise<CodeSteer> {
  const modelOptions: ModelOptions = { environment: process.env, clock: systemClock, ...options.models }
  const open = async (model: CodeSteerOptions['model']): Promise<ChatModel> => {
    if (typeof model === 'string') return openModel(model, modelOptions)
    return 'call' in model ? model : wrapModel(model, modelOptions)
  }
  const settings = settingsFrom(options)
  const taskModel = await open(options.model)
  const checkerModel = options.checkerModel === undefined ? taskModel : await open(options.checkerModel)
  const coach =
    typeof options.coach === 'object' ? options.coach : await openCoach(options.coach ?? 'rules', open, modelOptions)
  const checkers = await Promise.all(
    (options.checkers ?? ['symbolic-code', 'self-answer']).map(checker =>
      typeof checker === 'string' ? load<Checker>('checkers', checker) : checker,
    ),
  )
  const own = typeof options.sandbox === 'object' ? options.sandbox : undefined
  let opening: Promise<Sandbox> | undefined
  const ready = async (): Promise<Sandbox> => {
    if (own) return own
    opening ??= openSandbox(
      options.sandbox as string | undefined,
      options.parallel ? { parallel: options.parallel } : {},
    )
    return opening
  }
  const kit = async (): Promise<Kit> => ({
    taskModel,
    checkerModel,
    coach,
    checkers,
    sandbox: await ready(),
    settings,
    clock: systemClock,
  })
  async function* steerOne(
    question: string | Omit<SteerInput, 'id' | 'trial'>,
    ask: AskOptions = {},
  ): AsyncGenerator<TrajectoryEvent, Trajectory> {
    const id = ask.id ?? newId()
    const input = { ...(typeof question === 'string' ? { prompt: question } : question), id, trial: ask.trial ?? id }
    const mine: Kit = {
      ...(await kit()),
      ...(ask.signal ? { signal: ask.signal } : {}),
      ...(ask.onDelta ? { onDelta: ask.onDelta } : {}),
    }
    return yield* steer(input, mine)
  }
  const close = async () => {
    if (!own) await (await opening)?.close()
  }
  return {
    taskModel,
    coach,
    settings,
    steer: steerOne,
    async ask(question, ask = {}) {
      const events: TrajectoryEvent[] = []
      for await (const event of steerOne(question, ask)) {
        events.push(event)
        ask.onEvent?.(event)
      }
      return fold(events)
    },
    ready,
    kit,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/**
 * Opens a sandbox to run programs in: the named one, or the best that is available here. Close it when done. `parallel` is
 * how many programs may run at once (default: the number of cores). Throws InputError for an unknown name, and SandboxError
 * with what to install where isolation is missing; nothing weaker is taken instead.
 */
export async function openSandbox(name?: string, options: { readonly parallel?: number } = {}): Promise<Sandbox> {
  const { kind } = await chooseSandbox(name)
  return kind.open(options)
}

/** A coach by its name, `kind` or `kind:argument`. */
export async function openCoach(
  name: string,
  open: (id: string) => Promise<ChatModel>,
  options: Pick<ModelOptions, 'environment'>,
): Promise<Coach> {
  const colon = name.indexOf(':')
  const [kindName, argument] = colon < 0 ? [name, null] : [name.slice(0, colon), name.slice(colon + 1)]
  const kind = await load<CoachKind>('coaches', kindName)
  if (kind.argument === null && argument !== null) {
    throw new InputError(`the coach "${kindName}" takes nothing behind a colon`, `Write --coach ${kindName}`)
  }
  return kind.open(argument, { openModel: open, environment: options.environment })
}

function settingsFrom(options: CodeSteerOptions): SteerSettings {
  const name = options.profile ?? 'default'
  const profile = profiles[name]
  if (!profile) {
    const near = nearest(name, Object.keys(profiles))
    throw new InputError(
      `no settings named "${name}"`,
      `${near ? `Did you mean "${near}"? ` : ''}There are: ${Object.keys(profiles).join(', ')}`,
    )
  }
  return {
    ...profile,
    ...options.settings,
    ...(options.settings?.limits ? { limits: { ...steerDefaults.limits, ...options.settings.limits } } : {}),
  }
}

/** The coaches a user can name, for help and doctor. */
export const coachNames = (): readonly string[] => names('coaches')
