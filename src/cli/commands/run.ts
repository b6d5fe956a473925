import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { CodeSteerError, InputError } from '../../errors.ts'
import { estimate } from '../../experiment/estimate.ts'
import { expand, type Plan, resolvePlan } from '../../experiment/plan.ts'
import { prepareRun, type RunOutcome, type RunOverview } from '../../experiment/run.ts'
import { loadPrices } from '../../models/_shared/prices.ts'
import { names } from '../../registry.ts'
import { openSqliteStore } from '../../store/sqlite-store.ts'
import { systemClock } from '../../util/clock.ts'
import { parseDuration } from '../../util/units.ts'
import { type CliContext, Exit } from '../_shared/context.ts'
import { parseLease } from '../_shared/lease.ts'
import { agreeToCost, watched } from '../_shared/long-work.ts'
import { addPlanOptions, type PlanFlags, rawPlan } from '../_shared/plan-flags.ts'
import { estimateText, runLine, runLines } from '../_shared/run-display.ts'
import { defaultFolder } from '../_shared/steer-options.ts'
import { addPageOptions, type PageFlags, type RunPage, runPage } from '../_shared/view-page.ts'

interface RunFlags extends PlanFlags, PageFlags {
  readonly out?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
  readonly baseUrl?: string
  readonly patience?: number
  readonly queue?: string
  readonly work?: boolean
  readonly lease?: number
}

/** `codesteer run`: a plan worked off into one file, resumable to the turn. */
export default function run(context: CliContext): Command {
  const command = new Command('run')
    .description(
      'Work off a plan: methods × models × tasks × levels × samples × trials, into one file. The same command goes on where it stopped.',
    )
    .argument('[plan]', 'a plan file (JSON; its schema: experiments/plan.schema.json)')
    .option('-o, --out <file>', `the run's file (default: ${defaultFolder}/runs/<name>.run)`)
  addPlanOptions(command)
  addPageOptions(command)
  return command
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--patience <duration>', 'how long to wait for a provider that is away (default: 2h)', parseDuration)
    .option('--queue <address>', 'share the run with workers through PostgreSQL: postgres://user@host:5432/database')
    .option('--no-work', 'with --queue: only look on, the workers do it all')
    .option(
      '--lease <duration>',
      'with --queue: how long a silent worker keeps what it holds (default: 30s)',
      parseLease,
    )
    .option('-y, --yes', 'do not ask, whatever it is estimated to cost')
    .option(
      '--dry-run',
      'show the plan with all defaults, what it expands to and the estimate; nothing is written or sent',
    )
    .option('--json', 'write progress as JSON Lines')
    .addHelpText(
      'after',
      `
A killed run loses nothing that was paid for: run the same command again. Ctrl-C lets the calls under way finish (5 s).
Exit code: 0 when everything is done, 1 when a cap stopped it, 2 for bad input, 3 when a provider or the sandbox failed
for some of it, 130 on Ctrl-C.

Examples:
  codesteer run experiments/smoke.json
  codesteer run experiments/smoke.json --view                         watch it in the browser
  codesteer run experiments/table-1.json --models openai/gpt-4.1-mini --dry-run
  codesteer run experiments/table-1.json --queue postgres://me@db.example/experiments   and: codesteer worker …
  codesteer run --name first --methods codesteer,only-question --models ollama/qwen3:4b --tasks game-24 --samples 10`,
    )
    .action(async (file: string | undefined, flags: RunFlags) => {
      const plan = await resolvePlan(rawPlan(file, flags, names('methods')))
      const path = flags.out ?? join(defaultFolder, 'runs', `${plan.name.replace(/[^\w.-]+/g, '-')}.run`)
      if (flags.queue !== undefined) return runQueued(plan, flags.queue, flags, context)
      if (flags.dryRun) return showPlan(plan, path, flags, context)
      await runIntoFile(plan, path, flags, context)
    })
}

/** Works the plan off into its file, and stays with the page where one was asked for. */
async function runIntoFile(plan: Plan, path: string, flags: RunFlags, context: CliContext): Promise<void> {
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  let page: RunPage | undefined
  try {
    let outcome: RunOutcome
    try {
      const prepared = await prepareRun({ plan, store, ledger: store.ledger, ...world(flags, context) })
      await agree(prepared.overview, plan, path, flags, context)
      if (flags.view) page = await runPage(path, store, defaultFolder, flags, context)
      outcome = await watched(
        prepared,
        { lines: (snapshot, size) => runLines(snapshot, { ...size, cells: 24 }), line: runLine },
        flags.json ?? false,
        context,
      )
    } finally {
      await page?.ended()
      await store.close()
    }
    const told = () => conclude(outcome, path, flags, context)
    if (page) await page.stay(told)
    else told()
  } finally {
    await page?.close()
  }
}

/** What a run is told of the world. */
const world = (flags: RunFlags, { environment, signal, err }: CliContext) => ({
  environment,
  clock: systemClock,
  signal,
  models: {
    ...(flags.baseUrl ? { baseUrl: flags.baseUrl } : {}),
    ...(flags.patience ? { retry: { maxTotalWaitMs: flags.patience } } : {}),
  },
  onNote: (note: string) => void err.write(`${note}\n`),
})

/** The same on many machines: the run is in a database, and whoever is there works on it. */
async function runQueued(plan: Plan, queue: string, flags: RunFlags, context: CliContext): Promise<void> {
  const { openQueued, queuedPlace } = await import('../_shared/run-queued.ts')
  if (flags.out !== undefined) throw new InputError('--out and --queue together', 'Give one: a file or a database.')
  if (flags.view)
    throw new InputError(
      '--view and --queue together',
      'Look at it beside: codesteer view "postgres://…/database?run=name".',
    )
  const place = queuedPlace(queue, plan.name)
  if (flags.dryRun) return showPlan(plan, place, flags, context)
  const { prepared, close } = await openQueued({ ...flags, queue }, { plan, ...world(flags, context) })
  try {
    await agree(prepared.overview, plan, place, flags, context)
    conclude(
      await watched(
        prepared,
        { lines: (snapshot, size) => runLines(snapshot, { ...size, cells: 24 }), line: runLine },
        flags.json ?? false,
        context,
      ),
      place,
      flags,
      context,
    )
  } finally {
    await close()
  }
}

/** Says what is about to happen; above the plan's limit it goes on only with a yes. */
async function agree(
  { total, done, open, failed, added, superseded, estimate }: RunOverview,
  plan: Plan,
  path: string,
  flags: RunFlags,
  context: CliContext,
): Promise<void> {
  const { err } = context
  const before = total - added > 0 || done > 0
  if (before) {
    const rest = [open > 0 ? `${open} open` : '', failed > 0 ? `${failed} set aside` : ''].filter(text => text !== '')
    err.write(`continuing: ${[`${done} of ${total} done`, ...rest].join(', ')} (${path})\n`)
    if (added > 0 && total > added) err.write(`the plan has grown: ${added} new\n`)
    if (superseded > 0) err.write(`${superseded} of an earlier plan are kept in the file and no longer worked on\n`)
  } else err.write(`${plan.name}: ${total} trajectories into ${path}\n`)
  if (done === total) return
  err.write(`${estimateText(estimate)}\n`)
  await agreeToCost(estimate.costUsd, plan.askAboveUsd, flags, context)
}

/** The last words, and the exit code. */
function conclude(outcome: RunOutcome, path: string, flags: RunFlags, context: CliContext): void {
  const { out, err, environment, signal } = context
  const { end, why, failure, snapshot } = outcome
  if (flags.json) out.write(`${JSON.stringify({ type: 'end', end, why, failure, file: path, ...snapshot })}\n`)
  else {
    const colour = out.isTTY && !environment.NO_COLOR
    const columns = out.isTTY ? out.columns : 400
    out.write(`${runLines({ ...snapshot, stopping: null }, { columns, colour, cells: 400 }).join('\n')}\n`)
    if (snapshot.simulated) err.write('simulated: these numbers show the machinery, they are nobody’s accuracy\n')
    err.write(`codesteer report ${path}\n`)
  }
  if (end === 'finished') return
  const again = `${snapshot.left} are left. Run the same command again to go on`
  if (signal.aborted) {
    err.write(`${again}.\n`)
    throw new Exit(130)
  }
  if (end === 'stopped') {
    err.write(`stopped: ${why}. ${again}${/cap/.test(why ?? '') ? ', with a higher cap' : ''}.\n`)
    throw new Exit(failure?.kind === 'sandbox' ? 3 : 1)
  }
  const mend = `${failure?.mend ?? ''} ${again}.`
  const input = Object.keys(snapshot.errors).every(kind => /authentication|unknown-model/.test(kind))
  if (input) throw new InputError(failure?.message ?? why ?? '', mend)
  throw new CodeSteerError(failure?.kind ?? 'provider', `${why}: ${failure?.message}`, mend)
}

/** `--dry-run`: nothing is opened to write, nothing is sent. */
async function showPlan(plan: Plan, path: string, flags: RunFlags, { out, environment }: CliContext): Promise<void> {
  const items = expand(plan)
  const done = new Set<string>()
  if (existsSync(path)) {
    const store = openSqliteStore(path, { access: 'read', clock: systemClock })
    for (const { key } of await store.items('done')) done.add(key)
    await store.close()
  }
  const left = items.filter(({ key }) => !done.has(key))
  const prices = environment.CODESTEER_PRICES ? await loadPrices(environment.CODESTEER_PRICES) : []
  const expected = estimate(plan, left, [], prices)
  if (flags.json) {
    out.write(
      `${JSON.stringify({ plan, file: path, total: items.length, done: items.length - left.length, estimate: expected })}\n`,
    )
    return
  }
  const shape = `${plan.methods.length} methods × ${plan.models.length} models × ${plan.tasks.length} tasks, ${plan.samples} samples, ${plan.trials} trials`
  const cells = expected.cells.map(
    cell =>
      `  ${cell.label}  ${cell.model}  ${cell.items}  ${cell.costUsd === null ? 'price unknown' : `$${cell.costUsd.toFixed(2)}`}`,
  )
  out.write(`${JSON.stringify(plan, null, 2)}\n\n`)
  out.write(`${shape}: ${items.length} trajectories, ${items.length - left.length} of them done in ${path}\n`)
  out.write(`${cells.join('\n')}\n${estimateText(expected)}\n`)
}
