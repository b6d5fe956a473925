import type { Command } from 'commander'
import { InputError } from '../../errors.ts'
import { parseDuration, parsePositive, parseWhole } from '../../util/units.ts'
import { present, readPlan } from './plan-file.ts'

/** The flags that make a plan, or change one from a file. */
export interface PlanFlags {
  readonly name?: string
  readonly methods?: string
  readonly models?: string
  readonly tasks?: string
  readonly levels?: string
  readonly samples?: number
  readonly trials?: number
  readonly seed?: number
  readonly sandbox?: string
  readonly concurrency?: number
  readonly maxCost?: number
  readonly maxTokens?: number
  readonly maxTime?: number
}

export function addPlanOptions(command: Command): Command {
  return command
    .option('--name <name>', 'how the run is called')
    .option('--methods <names>', 'methods, separated by commas; "all" for CodeSteer and the nine baselines')
    .option('--models <ids>', 'models, separated by commas')
    .option('--tasks <slugs>', 'tasks, separated by commas; or all, seen, unseen')
    .option('--levels <numbers>', 'levels, separated by commas; or all')
    .option('--samples <n>', 'questions for each task and level', parseWhole('--samples', 1, 1e6))
    .option('--trials <n>', 'independent attempts at each question', parseWhole('--trials', 1, 1_000))
    .option('--seed <n>', 'seed of the first question', parseWhole('--seed', 0, Number.MAX_SAFE_INTEGER))
    .option('--sandbox <name>', 'where programs run (default: the best available)')
    .option('--concurrency <n>', 'model calls at once (default: 4)', parseWhole('--concurrency', 1, 10_000))
    .option('--max-cost <dollars>', 'stop when the run has spent this much', parsePositive('--max-cost'))
    .option('--max-tokens <n>', 'stop when the run has used so many tokens', parseWhole('--max-tokens', 1, 1e12))
    .option('--max-time <duration>', 'stop after this time', parseDuration)
}

/** The plan as its author wrote it: the file, with what the flags say over it. Throws InputError. */
export function rawPlan(file: string | undefined, flags: PlanFlags, allMethods: readonly string[]): unknown {
  const base =
    file === undefined
      ? {}
      : readPlan(file, 'Give a plan file such as experiments/smoke.json, or --methods, --models and --tasks.')
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return base
  if (file === undefined && (!flags.methods || !flags.models || !flags.tasks)) {
    throw new InputError(
      'no plan',
      'Give a plan file (codesteer run experiments/smoke.json), or --methods, --models and --tasks.',
    )
  }
  const { limits = {}, ...rest } = base as Record<string, unknown>
  const list = (text: string) => text.split(',').map(part => part.trim())
  const levels = flags.levels && flags.levels !== 'all' ? list(flags.levels).map(Number) : flags.levels
  const tasks = flags.tasks && !['all', 'seen', 'unseen'].includes(flags.tasks) ? list(flags.tasks) : flags.tasks
  const given = {
    name: flags.name,
    methods: flags.methods === 'all' ? allMethods : flags.methods && list(flags.methods),
    models: flags.models && list(flags.models),
    tasks,
    levels,
    samples: flags.samples,
    trials: flags.trials,
    seed: flags.seed,
    sandbox: flags.sandbox,
  }
  const { concurrency, maxCost: costUsd, maxTokens: tokens, maxTime: timeMs } = flags
  const caps = present({ concurrency, costUsd, tokens, timeMs })
  const isLimits = typeof limits === 'object' && limits !== null && !Array.isArray(limits)
  return { ...rest, ...present(given), limits: isLimits ? { ...limits, ...caps } : limits }
}
