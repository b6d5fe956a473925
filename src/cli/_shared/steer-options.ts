import { join } from 'node:path'
import type { Command } from 'commander'
import { type CodeSteer, type CodeSteerOptions, createCodeSteer } from '../../assemble.ts'
import { type Ledger, openLedger } from '../../models/_shared/ledger.ts'
import type { ModelOptions } from '../../models/_shared/open.ts'
import type { SteerSettings } from '../../settings.ts'
import { makeFolder } from '../../store/trajectory-file.ts'
import { systemClock } from '../../util/clock.ts'
import { parseDuration, parsePositive, parseSize, parseWhole } from '../../util/units.ts'
import { type CliContext, settingUp } from './context.ts'

/** The options of every command that steers. */
export interface SteerFlags {
  readonly model?: string
  readonly coach: string
  readonly checkerModel?: string
  readonly checkers?: string
  readonly sandbox?: string
  readonly turns?: number
  readonly published?: boolean
  readonly codeTimeout?: number
  readonly codeMemory?: number
  readonly maxTokens?: number
  readonly maxCost?: number
  readonly maxTime?: number
  readonly baseUrl?: string
  readonly ledger?: string | boolean
  readonly out: string
}

/** Where trajectories and the ledger lie when nothing else is said. */
export const defaultFolder = '.codesteer'
export const offlineModel = 'simulated/apprentice'

/** Adds them; `out` is where records lie unless told otherwise, null when none are kept unless told. */
export function addSteerOptions(command: Command, out: string | null = defaultFolder): Command {
  command
    .option(
      '-m, --model <provider/model>',
      'the model that answers (default: $CODESTEER_MODEL, else simulated/apprentice)',
    )
    .option(
      '-c, --coach <coach>',
      'rules | rules:<router.json> | prompted:<model> | tuned:<model> | fixed:text | fixed:code',
      'rules',
    )
    .option('--checker-model <provider/model>', 'writes the checking programs (default: the model)')
    .option('--checkers <names>', 'checkers, separated by commas; "none" for none (default: symbolic-code,self-answer)')
    .option('--sandbox <name>', 'where programs run (default: the best available; see codesteer doctor)')
    .option('--turns <n>', 'answers asked for at most (default: 5)', parseWhole('--turns', 1, 50))
    .option('--published', 'behave as the published system does (docs/published-settings.md)')
    .option('--code-timeout <duration>', 'wall-clock limit of one program (default: 30s)', parseDuration)
    .option('--code-memory <size>', 'memory limit of one program (default: 512M)', parseSize)
    .option('--max-tokens <n>', 'stop when this many tokens are used', parseWhole('--max-tokens', 1, 1e9))
    .option('--max-cost <dollars>', 'stop when this much is spent', parsePositive('--max-cost'))
    .option('--max-time <duration>', 'stop after this time', parseDuration)
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--ledger <file>', 'reuse paid calls recorded in this file, and record new ones there')
    .option('--no-ledger', 'record no calls')
  return out === null
    ? command.option('--out <dir>', 'record trajectories in this folder (default: none are kept)')
    : command.option('--out <dir>', 'folder for trajectories and the ledger', out)
}

/** An assembled system from the flags, with its ledger open. Close both. */
export async function openFromFlags(
  flags: SteerFlags,
  context: CliContext,
): Promise<{ readonly steer: CodeSteer; readonly ledger: Ledger | undefined; readonly chosen: string }> {
  const model = modelOf(flags, context)
  const options: CodeSteerOptions = { ...steeringOf(flags, context), parallel: 1 }
  const models: Partial<ModelOptions> = {
    ...modelOptionsOf(flags, context),
    onWait: wait => context.err.write(`waiting ${(wait.waitMs / 1_000).toFixed(1)} s: ${wait.error.message}\n`),
  }
  // Once without the ledger: a mistyped name must not leave a folder behind.
  await createCodeSteer({ ...options, models })
  const ledger = await ledgerOf(model, flags)
  const steer = await createCodeSteer({ ...options, models: { ...models, ...(ledger ? { ledger } : {}) } })
  try {
    await settingUp(() => steer.ready())
    return { steer, ledger, chosen: model }
  } catch (error) {
    ledger?.close()
    throw error
  }
}

export const modelOf = (flags: Pick<SteerFlags, 'model'>, { environment }: Pick<CliContext, 'environment'>): string =>
  flags.model ?? environment.CODESTEER_MODEL ?? offlineModel

/** The parts of a system as the flags name them, without how its models are opened. */
export function steeringOf(flags: Omit<SteerFlags, 'out'>, context: CliContext): CodeSteerOptions {
  return {
    model: modelOf(flags, context),
    coach: flags.coach,
    profile: flags.published ? 'published' : 'default',
    settings: settingsOf(flags),
    ...(flags.checkerModel ? { checkerModel: flags.checkerModel } : {}),
    ...(flags.checkers ? { checkers: checkersOf(flags.checkers) } : {}),
    ...(flags.sandbox ? { sandbox: flags.sandbox } : {}),
  }
}

/** How models are opened: somebody waits for the answer, so a server that is not there is told soon. */
export function modelOptionsOf(flags: Pick<SteerFlags, 'baseUrl'>, { environment }: CliContext): Partial<ModelOptions> {
  return { environment, retry: { maxAttempts: 4 }, ...(flags.baseUrl ? { baseUrl: flags.baseUrl } : {}) }
}

const checkersOf = (names: string) => (names === 'none' ? [] : names.split(',').map(name => name.trim()))

/** The ledger of the flags, opened; undefined when no calls are recorded. Close it. */
export async function ledgerOf(model: string, flags: Pick<SteerFlags, 'ledger' | 'out'>): Promise<Ledger | undefined> {
  if (flags.ledger === false || model.startsWith('simulated/')) return undefined
  if (typeof flags.ledger === 'string') return openLedger(flags.ledger, { clock: systemClock })
  makeFolder(flags.out)
  return openLedger(join(flags.out, 'ledger.sqlite'), { clock: systemClock })
}

function settingsOf(flags: Omit<SteerFlags, 'out'>): Partial<SteerSettings> {
  return {
    ...(flags.turns === undefined ? {} : { maxTurns: flags.turns }),
    ...(flags.codeTimeout === undefined ? {} : { codeTimeoutMs: flags.codeTimeout }),
    ...(flags.codeMemory === undefined ? {} : { codeMemoryBytes: flags.codeMemory }),
    limits: { tokens: flags.maxTokens ?? null, costUsd: flags.maxCost ?? null, timeMs: flags.maxTime ?? null },
  }
}

/** Said once on stderr when nothing was configured. */
export const offlineNote = [
  'No model is configured: the simulated apprentice answers. It knows SymBench questions only, and its results are nobody’s accuracy.',
  'For a real model set a key and name it, for example: OPENAI_API_KEY=… codesteer ask --model openai/gpt-4.1-mini "…"',
  'A server of your own: codesteer ask --model openai-compatible/<name> --base-url http://localhost:8000/v1 "…"',
].join('\n')
