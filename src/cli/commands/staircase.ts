import { join } from 'node:path'
import { Command } from 'commander'
import { CodeSteerError, InputError } from '../../errors.ts'
import { type Plan, resolvePlan } from '../../experiment/plan.ts'
import { refuseUnknownPrices } from '../../experiment/run.ts'
import { staircaseDefaults } from '../../experiment/staircase.ts'
import { openStaircaseLog, type StaircaseHead } from '../../experiment/staircase-log.ts'
import { runStaircase, type StaircaseOutcome, type TaskSearch } from '../../experiment/staircase-run.ts'
import { loadPrices } from '../../models/_shared/prices.ts'
import { openSqliteStore } from '../../store/sqlite-store.ts'
import { systemClock } from '../../util/clock.ts'
import { parseDuration, parsePositive, parseWhole } from '../../util/units.ts'
import { type CliContext, Exit, settingUp } from '../_shared/context.ts'
import { liveBlock } from '../_shared/live-block.ts'
import { curveText, liveLines, questionLine, resultTable } from '../_shared/staircase-display.ts'
import { defaultFolder, offlineModel } from '../_shared/steer-options.ts'

interface StaircaseFlags {
  readonly task: string
  readonly method: string
  readonly model?: string
  readonly coach: string
  readonly checkerModel?: string
  readonly checkers?: string
  readonly published?: boolean
  readonly turns?: number
  readonly codeTimeout?: number
  readonly sandbox?: string
  readonly trials: number
  readonly width: number
  readonly lapse: number
  readonly seed: number
  readonly parallel: number
  readonly maxCost?: number
  readonly maxTokens?: number
  readonly baseUrl?: string
  readonly patience?: number
  readonly out?: string
  readonly json?: boolean
}

/** Curves are drawn for so many tasks at most; the table holds all. */
const mostCurves = 6

/** `codesteer staircase`: the level of each task at which a method is right half of the time. */
export default function staircaseCommand(context: CliContext): Command {
  return new Command('staircase')
    .summary('search the level at which a method is right half of the time')
    .description(
      'Search, for each task, the level at which a method is right half of the time: every next question is asked where it is expected to tell most. The same command goes on where it stopped.',
    )
    .option('--task <slugs>', 'tasks, separated by commas; or all, seen, unseen', 'all')
    .option('--method <name>', 'the method', 'codesteer')
    .option(
      '-m, --model <provider/model>',
      'the model that answers (default: $CODESTEER_MODEL, else simulated/apprentice)',
    )
    .option('-c, --coach <coach>', 'of the method codesteer', 'rules')
    .option('--checker-model <provider/model>', 'writes the checking programs (default: the model)')
    .option('--checkers <names>', 'checkers, separated by commas; "none" for none (default: symbolic-code,self-answer)')
    .option('--published', 'behave as the published system does (docs/published-settings.md)')
    .option('--turns <n>', 'answers asked for at most (default: 5)', parseWhole('--turns', 1, 50))
    .option('--code-timeout <duration>', 'wall-clock limit of one program (default: 30s)', parseDuration)
    .option('--sandbox <name>', 'where programs run (default: the best available)')
    .option(
      '--trials <n>',
      'judged questions per task at most',
      parseWhole('--trials', 1, 10_000),
      staircaseDefaults.questions,
    )
    .option(
      '--width <levels>',
      'stop when the 95 % interval is at most this wide',
      parsePositive('--width'),
      staircaseDefaults.width,
    )
    .option(
      '--lapse <share>',
      'wrong answers that no level is easy enough to avoid',
      parseShare('--lapse'),
      staircaseDefaults.lapse,
    )
    .option('--seed <n>', 'seed of the first question of each level', parseWhole('--seed', 0, 2 ** 40), 0)
    .option('--parallel <n>', 'tasks searched at once', parseWhole('--parallel', 1, 1_000), 2)
    .option(
      '--max-cost <dollars>',
      'stop when this much is spent, earlier starts included',
      parsePositive('--max-cost'),
    )
    .option('--max-tokens <n>', 'stop when so many tokens are used', parseWhole('--max-tokens', 1, 1e12))
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--patience <duration>', 'how long to wait for a provider that is away (default: 2h)', parseDuration)
    .option('-o, --out <file>', `record of every question, JSON Lines (default: ${defaultFolder}/staircase/…jsonl)`)
    .option('--json', 'write questions and results as JSON Lines')
    .addHelpText(
      'after',
      `
The trajectories lie beside the record in a run (<file>.run) that codesteer report reads. What the numbers mean:
docs/staircase.md. Exit code: 0 when every search is over, 1 when a cap stopped it, 2 for bad input, 3 when questions
could not be judged, 130 on Ctrl-C.

Examples:
  codesteer staircase --task number-multiply --method all-text-cot
  codesteer staircase --task all --model openai/gpt-4.1-mini --max-cost 5
  codesteer staircase --task game-24,letters --method all-code-cot --trials 80 --width 1 --json`,
    )
    .action(async (flags: StaircaseFlags) => search(flags, context))
}

async function search(flags: StaircaseFlags, context: CliContext): Promise<void> {
  const plan = await planOf(flags, context)
  if (context.environment.CODESTEER_PRICES !== undefined || plan.limits.costUsd !== null)
    refuseUnknownPrices(plan, await ownPrices(context))
  const path = flags.out ?? join(defaultFolder, 'staircase', `${fileName(plan)}.jsonl`)
  const log = openStaircaseLog(path, headOf(plan, flags))
  try {
    const store = openSqliteStore(`${path.replace(/\.jsonl$/, '')}.run`, { access: 'create', clock: systemClock })
    try {
      const before = log.lines.length
      if (before > 0) context.err.write(`continuing after ${before} questions (${path})\n`)
      else context.err.write(`every question is recorded in ${path}\n`)
      const show = display(flags, context)
      const outcome = await settingUp(() =>
        runStaircase({
          plan,
          log,
          store,
          ledger: store.ledger,
          search: { ...staircaseDefaults, lapse: flags.lapse, width: flags.width, questions: flags.trials },
          environment: context.environment,
          clock: systemClock,
          signal: context.signal,
          models: {
            ...(flags.baseUrl ? { baseUrl: flags.baseUrl } : {}),
            ...(flags.patience ? { retry: { maxTotalWaitMs: flags.patience } } : {}),
            onWait: wait => show.note(`waiting ${(wait.waitMs / 1_000).toFixed(1)} s: ${wait.error.message}`),
          },
          onState: show.state,
        }),
      ).finally(show.close)
      conclude(outcome, plan, path, flags, context)
    } finally {
      await store.close()
    }
  } finally {
    log.close()
  }
}

function parseShare(name: string): (text: string) => number {
  return text => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= 0 && value < 0.5))
      throw new InputError(`${name} must lie from 0 to below 0.5, not "${text}"`, `For example ${name} 0.02.`)
    return value
  }
}

/** The flags as a plan of one method and one model, with every default written out and every name known. */
async function planOf(flags: StaircaseFlags, { environment }: CliContext): Promise<Plan> {
  const list = (text: string) => text.split(',').map(part => part.trim())
  const method = {
    method: flags.method,
    coach: flags.coach,
    ...(flags.checkers ? { checkers: flags.checkers === 'none' ? [] : list(flags.checkers) } : {}),
    ...(flags.published ? { profile: 'published' } : {}),
    settings: {
      ...(flags.turns === undefined ? {} : { maxTurns: flags.turns }),
      ...(flags.codeTimeout === undefined ? {} : { codeTimeoutMs: flags.codeTimeout }),
    },
    models: flags.checkerModel ? { checker: flags.checkerModel } : {},
  }
  return resolvePlan({
    name: `staircase of ${flags.method}`,
    methods: [method],
    models: [flags.model ?? environment.CODESTEER_MODEL ?? offlineModel],
    tasks: ['all', 'seen', 'unseen'].includes(flags.task) ? flags.task : list(flags.task),
    seed: flags.seed,
    sandbox: flags.sandbox ?? null,
    limits: { concurrency: flags.parallel, costUsd: flags.maxCost ?? null, tokens: flags.maxTokens ?? null },
  })
}

const ownPrices = async ({ environment }: CliContext) =>
  environment.CODESTEER_PRICES ? loadPrices(environment.CODESTEER_PRICES) : []

const fileName = ({ methods: [method], models: [model] }: Plan) =>
  `${method!.label}-${model}`.replace(/[^\w.-]+/g, '-').slice(0, 120)

function headOf(plan: Plan, flags: StaircaseFlags): StaircaseHead {
  const { method, coach, checkers, resolved, models } = plan.methods[0]!
  const asked = { method, coach, checkers, settings: resolved, models, model: plan.models[0]!, seed: plan.seed }
  return { asked: JSON.parse(JSON.stringify(asked)), lapse: flags.lapse, pool: plan.pool }
}

function display(flags: StaircaseFlags, { err, out, environment }: CliContext) {
  const block = liveBlock(err)
  const live = err.isTTY && !flags.json
  const tasks = new Map<string, TaskSearch>()
  const colour = err.isTTY && !environment.NO_COLOR
  const draw = () => block.draw(liveLines([...tasks.values()], { columns: err.columns, colour, rows: 20 }))
  return {
    state(found: TaskSearch, line: Parameters<typeof questionLine>[1] | null) {
      tasks.set(found.task, found)
      if (flags.json && line) out.write(`${JSON.stringify({ ...line, half: found.state.half, stop: found.stop })}\n`)
      else if (live) draw()
      else if (line) err.write(`${questionLine(found, line)}\n`)
    },
    note(text: string) {
      block.clear()
      err.write(`${text}\n`)
      if (live) draw()
    },
    close: () => block.clear(),
  }
}

/** The result, and the exit code. */
function conclude(
  { tasks, end, why, failure }: StaircaseOutcome,
  plan: Plan,
  path: string,
  flags: StaircaseFlags,
  { out, err, environment, signal }: CliContext,
): void {
  const about = { method: plan.methods[0]!.label, model: plan.models[0]! }
  if (flags.json) {
    for (const found of tasks) out.write(`${JSON.stringify({ type: 'task', ...about, ...found })}\n`)
    out.write(`${JSON.stringify({ type: 'end', end, why, failure, file: path })}\n`)
  } else {
    const options = { colour: out.isTTY && !environment.NO_COLOR, columns: out.isTTY ? out.columns : 120 }
    for (const found of tasks.slice(0, tasks.length <= mostCurves ? mostCurves : 0))
      out.write(`${curveText(found, about, options)}\n`)
    out.write(resultTable(tasks, about))
    err.write(`codesteer report ${path.replace(/\.jsonl$/, '')}.run\n`)
  }
  if (end === 'finished') return
  const again = 'Run the same command again to go on'
  if (signal.aborted) {
    err.write(`stopped. ${again}.\n`)
    throw new Exit(130)
  }
  if (end === 'stopped') {
    err.write(`stopped: ${why}. ${again}, with a higher cap.\n`)
    throw new Exit(1)
  }
  throw new CodeSteerError(
    failure?.kind ?? 'provider',
    `${why}: ${failure?.message ?? 'see the record'}`,
    `${failure?.mend ?? ''} ${again}.`.trim(),
  )
}
