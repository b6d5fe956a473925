import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { CodeSteerError, InputError } from '../../../errors.ts'
import { loadPrices } from '../../../models/_shared/prices.ts'
import { isPostgresAddress } from '../../../store/postgres-address.ts'
import { openSqliteStore } from '../../../store/sqlite-store.ts'
import { estimateSynthesis } from '../../../training/synthesis/estimate.ts'
import { resolveSynthesis, type SynthesisPlan, schemes } from '../../../training/synthesis/plan.ts'
import {
  type PreparedSynthesis,
  prepareSynthesis,
  type SynthesisOutcome,
} from '../../../training/synthesis/synthesize.ts'
import { systemClock } from '../../../util/clock.ts'
import { parseDuration, parsePositive, parseWhole } from '../../../util/units.ts'
import { type CliContext, Exit } from '../../_shared/context.ts'
import { agreeToCost, watched } from '../../_shared/long-work.ts'
import { present, readPlan } from '../../_shared/plan-file.ts'
import { defaultFolder, modelOf } from '../../_shared/steer-options.ts'
import { synthesisEstimateLines, synthesisLine, synthesisLines } from '../../_shared/synthesis-display.ts'

interface Flags {
  readonly plan?: string
  readonly name?: string
  readonly task?: string
  readonly levels?: string
  readonly model?: string
  readonly checkerModel?: string
  readonly coach?: string
  readonly trees?: number
  readonly scheme?: string
  readonly branches?: string
  readonly paths?: number
  readonly temperature?: number
  readonly prompts?: string
  readonly checkers?: string
  readonly seed?: number
  readonly sandbox?: string
  readonly codeTimeout?: number
  readonly maxOutputTokens?: number
  readonly concurrency?: number
  readonly maxCost?: number
  readonly maxTokens?: number
  readonly maxTime?: number
  readonly baseUrl?: string
  readonly patience?: number
  readonly out?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

export function synthesizeCommand(context: CliContext): Command {
  return new Command('synthesize')
    .summary('grow trees of steering: the same question guided in many ways')
    .description(
      'Grow trees of steering for a coach to learn from: the same question guided in many ways, each way judged by what came of it. The same command goes on where it stopped.',
    )
    .option('--plan <file>', 'a plan of synthesis (JSON; example: experiments/trees.json); flags come over it')
    .option('--name <name>', 'how the set of trees is called (default: trees)')
    .option('--task <slugs>', 'seen tasks, separated by commas; or seen (default)')
    .option('--levels <numbers>', 'levels, separated by commas; or all (default)')
    .option('-m, --model <provider/model>', 'the task model (default: $CODESTEER_MODEL, else simulated/apprentice)')
    .option('--checker-model <provider/model>', 'writes the checking programs (default: the model)')
    .option('-c, --coach <coaches>', 'coaches, separated by commas; one is drawn at each decision (default: rules)')
    .option('--trees <n>', 'questions (default: 100)', parseWhole('--trees', 1, 1e6))
    .addOption(new Option('--scheme <name>', 'which decisions get branches (default: published)').choices(schemes))
    .option('--branches <numbers>', 'children of a decision, level by level (default: 3,2,2,2,2)')
    .option(
      '--paths <n>',
      'paths for each tree on average, with --scheme uncertain (default: 8)',
      parsePositive('--paths'),
    )
    .option('--temperature <t>', "the coach's, where it has a model (default: 1.5)", parseTemperature)
    .option('--prompts <openings>', 'free, text-to-code, code-to-text, separated by commas (default: all three)')
    .option('--checkers <names>', 'checkers, separated by commas; "none" for none (default: symbolic-code,self-answer)')
    .option('--seed <n>', 'seed of the questions and of all that is drawn', parseWhole('--seed', 0, 2 ** 31))
    .option('--sandbox <name>', 'where programs run (default: the best available)')
    .option('--code-timeout <duration>', 'wall-clock limit of one program (default: 30s)', parseDuration)
    .option(
      '--max-output-tokens <n>',
      'limit of one answer of a model (default: 8000)',
      parseWhole('--max-output-tokens', 1, 10_000_000),
    )
    .option('--concurrency <n>', 'model calls at once (default: 4)', parseWhole('--concurrency', 1, 10_000))
    .option('--max-cost <dollars>', 'stop when this much is spent', parsePositive('--max-cost'))
    .option('--max-tokens <n>', 'stop when so many tokens are used', parseWhole('--max-tokens', 1, 1e12))
    .option('--max-time <duration>', 'stop after this time', parseDuration)
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--patience <duration>', 'how long to wait for a provider that is away (default: 2h)', parseDuration)
    .option('-o, --out <file>', `the file for the trees (default: ${defaultFolder}/runs/<name>.run)`)
    .option('-y, --yes', 'do not ask, whatever it is estimated to cost')
    .option('--dry-run', 'show the plan and what it is expected to come to; nothing is written or sent')
    .option('--json', 'write progress as JSON Lines')
    .addHelpText(
      'after',
      `
Questions are drawn from the train pool of seen tasks, always: nothing that results are reported on can get in. The file is
a run like any other: codesteer replay, fork and view read it. A killed synthesis loses nothing that was paid for.
Exit code: 0 when every tree is whole, 1 when a cap stopped it, 2 for bad input, 3 when a provider or the sandbox failed,
130 on Ctrl-C.

Examples:
  codesteer data synthesize --trees 50 --out trees.run
  codesteer data synthesize --task game-24,path-plan --model openai/gpt-4.1-mini --coach rules,prompted:openai/gpt-4.1-mini \\
    --trees 200 --max-cost 10 --out trees.run
  codesteer data synthesize --model openai-compatible/task --coach tuned:openai-compatible/sft-6,tuned:openai-compatible/sft-10 \\
    --scheme uncertain --paths 8 --base-url http://localhost:8000/v1
  codesteer data synthesize --plan experiments/trees.json --dry-run`,
    )
    .action(async (flags: Flags) => synthesize(flags, context))
}

function parseTemperature(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 2) return value
  throw new InputError(`--temperature must lie from 0 to 2, not "${text}"`, 'For example --temperature 1.5.')
}

async function synthesize(flags: Flags, context: CliContext): Promise<void> {
  const plan = await resolveSynthesis(rawPlan(flags, context))
  const path = flags.out ?? join(defaultFolder, 'runs', `${plan.name.replace(/[^\w.-]+/g, '-')}.run`)
  if (isPostgresAddress(path))
    throw new InputError('trees are kept in a file, not in a database', 'For example --out trees.run.')
  if (flags.dryRun) return showPlan(plan, path, flags, context)
  const { environment, signal, err } = context
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  try {
    const prepared = await prepareSynthesis({
      plan,
      store,
      ledger: store.ledger,
      environment,
      clock: systemClock,
      signal,
      models: {
        ...(flags.baseUrl ? { baseUrl: flags.baseUrl } : {}),
        ...(flags.patience ? { retry: { maxTotalWaitMs: flags.patience } } : {}),
      },
      onNote: note => void err.write(`${note}\n`),
    })
    await agree(prepared, plan, path, flags, context)
    conclude(
      await watched(prepared, { lines: synthesisLines, line: synthesisLine }, flags.json ?? false, context),
      path,
      flags,
      context,
    )
  } finally {
    await store.close()
  }
}

/** The plan's file, with what the flags say over it. Throws InputError. */
function rawPlan(flags: Flags, context: CliContext): unknown {
  const base =
    flags.plan === undefined
      ? { model: modelOf(flags, context) }
      : readPlan(flags.plan, 'Give a plan such as experiments/trees.json, or flags alone.')
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return base
  const { limits = {}, settings = {}, ...rest } = base as Record<string, unknown>
  const list = (text: string) => text.split(',').map(part => part.trim())
  const given = {
    name: flags.name,
    model: flags.model,
    checkerModel: flags.checkerModel,
    coaches: flags.coach && list(flags.coach),
    tasks: flags.task && !['seen', 'unseen', 'all'].includes(flags.task) ? list(flags.task) : flags.task,
    levels: flags.levels && flags.levels !== 'all' ? list(flags.levels).map(Number) : flags.levels,
    trees: flags.trees,
    scheme: flags.scheme,
    branches: flags.branches && list(flags.branches).map(Number),
    paths: flags.paths,
    temperature: flags.temperature,
    prompts: flags.prompts && list(flags.prompts),
    checkers: flags.checkers && (flags.checkers === 'none' ? [] : list(flags.checkers)),
    seed: flags.seed,
    sandbox: flags.sandbox,
  }
  const { concurrency, maxCost: costUsd, maxTokens: tokens, maxTime: timeMs } = flags
  const caps = present({ concurrency, costUsd, tokens, timeMs })
  const own = present({ codeTimeoutMs: flags.codeTimeout, maxOutputTokens: flags.maxOutputTokens })
  return {
    ...rest,
    ...present(given),
    settings: { ...Object(settings), ...own },
    limits: { ...Object(limits), ...caps },
  }
}

/** Says what is about to happen; above the plan's limit it goes on only with a yes. */
async function agree(
  { earlier, estimate }: PreparedSynthesis,
  plan: SynthesisPlan,
  path: string,
  flags: Flags,
  context: CliContext,
): Promise<void> {
  const { err } = context
  if (earlier.paths > 0) err.write(`continuing: ${earlier.paths} paths of ${earlier.trees} trees are there (${path})\n`)
  else err.write(`${plan.name}: ${plan.trees} trees into ${path}\n`)
  err.write(`${synthesisEstimateLines(estimate)[0]}\n`)
  await agreeToCost(estimate.costUsd, plan.askAboveUsd, flags, context)
}

/** The last words, and the exit code. */
function conclude(outcome: SynthesisOutcome, path: string, flags: Flags, context: CliContext): void {
  const { out, err, signal } = context
  const { end, why, failure, snapshot } = outcome
  if (flags.json) out.write(`${JSON.stringify({ type: 'end', end, why, failure, file: path, ...snapshot })}\n`)
  else {
    out.write(`${synthesisLine({ ...snapshot, stopping: null })}\n`)
    if (snapshot.simulated)
      err.write('simulated: a coach trained on these trees has learned to guide the simulated apprentice only\n')
    err.write(`codesteer data trees ${path}\n`)
  }
  if (end === 'finished') return
  const again = 'Run the same command again to go on'
  if (signal.aborted) {
    err.write(`stopped. ${again}.\n`)
    throw new Exit(130)
  }
  if (end === 'stopped' && /cap/.test(why ?? '')) {
    err.write(`stopped: ${why}. ${again}, with a higher cap.\n`)
    throw new Exit(1)
  }
  const mend = `${failure?.mend ?? ''} ${again}.`.trim()
  if (/authentication|unknown-model/.test(failure?.fault ?? '')) throw new InputError(failure!.message, mend)
  throw new CodeSteerError(failure?.kind ?? 'provider', `${why}${failure ? `: ${failure.message}` : ''}`, mend)
}

/** `--dry-run`: nothing is opened to write, nothing is sent. */
async function showPlan(
  plan: SynthesisPlan,
  path: string,
  flags: Flags,
  { out, environment }: CliContext,
): Promise<void> {
  const { base: _, ...shown } = plan
  const prices = environment.CODESTEER_PRICES ? await loadPrices(environment.CODESTEER_PRICES) : []
  const estimate = estimateSynthesis(plan, prices)
  if (flags.json) {
    out.write(`${JSON.stringify({ plan: shown, file: path, exists: existsSync(path), estimate })}\n`)
    return
  }
  out.write(`${JSON.stringify(shown, null, 2)}\n\n${synthesisEstimateLines(estimate).join('\n')}\ninto ${path}\n`)
}
