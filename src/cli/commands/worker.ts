import { Command } from 'commander'
import { InputError } from '../../errors.ts'
import { openQueueEngine, type QueueEngine } from '../../experiment/job-queue.ts'
import { type Worker, type WorkerOptions, type WorkerOutcome, worker } from '../../experiment/worker.ts'
import { isPostgresAddress, parsePostgresAddress } from '../../store/postgres-address.ts'
import { type Database, openDatabase } from '../../store/postgres-pool.ts'
import { runsIn } from '../../store/postgres-schema.ts'
import { defaultLeaseMs, openPostgresStore } from '../../store/postgres-store.ts'
import { systemClock } from '../../util/clock.ts'
import { parseDuration, parseWhole } from '../../util/units.ts'
import { type CliContext, Exit, settingUp } from '../_shared/context.ts'
import { parseLease } from '../_shared/lease.ts'

interface WorkerFlags {
  readonly run?: string
  readonly concurrency?: number
  readonly once?: boolean
  readonly lease: number
  readonly baseUrl?: string
  readonly patience?: number
  readonly json?: boolean
}

const lookEveryMs = 2_000
const tellEveryMs = 5_000

/** `codesteer worker`: one of many machines on the runs of a PostgreSQL database. */
export default function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .summary('work on runs that are shared through PostgreSQL')
    .description(
      'Takes trajectories from the queue of `codesteer run --queue`, as one of many workers. It may be stopped or killed at any moment: others go on with what it had begun, and no finished call is made again.',
    )
    .argument('<address>', 'postgres://user@host:5432/database, with ?run=NAME for one run only')
    .option('--run <name>', 'work on this run only (default: every run in the database)')
    .option('--concurrency <n>', 'trajectories at once (default: the plan’s)', parseWhole('--concurrency', 1, 1_000))
    .option('--once', 'end when the queue is empty, instead of waiting for more')
    .option(
      '--lease <duration>',
      'how long a silent worker keeps what it holds, at least 10s (default: 30s)',
      parseLease,
      defaultLeaseMs,
    )
    .option('--base-url <url>', 'address of an OpenAI-compatible server')
    .option('--patience <duration>', 'how long to wait for a provider that is away (default: 2h)', parseDuration)
    .option('--json', 'write progress as JSON Lines')
    .addHelpText(
      'after',
      `
Ctrl-C lets the calls under way finish (5 s) and gives the rest back at once. The password may come from PGPASSWORD.
Exit code: 0 when --once is through, 1 when a cap of the run stopped it, 2 for bad input, 3 when this machine failed,
130 on Ctrl-C.

Examples:
  codesteer run plan.json --queue postgres://me@db.example/experiments
  codesteer worker postgres://me@db.example/experiments
  codesteer worker 'postgres://me@db.example/experiments?run=table-1' --concurrency 16 --once`,
    )
    .action(async (address: string, flags: WorkerFlags) => {
      if (!isPostgresAddress(address)) {
        throw new InputError(
          'a worker needs the address of a PostgreSQL database',
          'For example: codesteer worker postgres://user@host:5432/database. A run in a file has one writer: codesteer run.',
        )
      }
      const parsed = parsePostgresAddress(address, flags.run)
      const db = await openDatabase(parsed, { clock: systemClock, connections: 2 })
      let engine: QueueEngine | undefined
      try {
        engine = await openQueueEngine(db, { leaseMs: flags.lease })
        const serve = (run: string, until: WorkerOptions['until']) =>
          serveRun({ address, run, until, engine: engine!, flags, context })
        if (parsed.run !== null) await serve(parsed.run, flags.once ? 'empty' : 'never')
        else await serveAll(db, engine, serve, flags, context)
      } finally {
        await engine?.close()
        await db.close()
      }
      if (context.signal.aborted) throw new Exit(130)
    })
}

/** Goes from run to run, as there is work. */
async function serveAll(
  db: Database,
  engine: QueueEngine,
  serve: (run: string, until: WorkerOptions['until']) => Promise<void>,
  flags: WorkerFlags,
  { signal, err }: CliContext,
): Promise<void> {
  let waiting = false
  while (!signal.aborted) {
    const runs = await runsIn(db)
    const busy = (await engine.busy(flags.once ? 'any' : 'waiting')).filter(run => runs.includes(run))
    if (busy.length === 0 && flags.once) return
    if (busy.length === 0 && !waiting) err.write(`waiting for work in ${db.address.shown}; Ctrl-C ends\n`)
    waiting = busy.length === 0
    for (const run of busy) if (!signal.aborted) await serve(run, flags.once ? 'empty' : 'idle')
    if (busy.length === 0) await systemClock.sleep(lookEveryMs, signal).catch(() => undefined)
  }
}

interface Serving {
  readonly address: string
  readonly run: string
  readonly until: WorkerOptions['until']
  readonly engine: QueueEngine
  readonly flags: WorkerFlags
  readonly context: CliContext
}

/** Works on one run until its queue has nothing more for us. Throws Exit when a cap of the run stopped it. */
async function serveRun({ address, run, until, engine, flags, context }: Serving): Promise<void> {
  const { environment, signal, err } = context
  const store = await openPostgresStore(address, { access: 'write', clock: systemClock, run, leaseMs: flags.lease })
  try {
    err.write(`working on ${store.where} (process ${process.pid})\n`)
    const own = worker({
      store,
      queue: await engine.queue(run),
      environment,
      models: {
        ...(flags.baseUrl ? { baseUrl: flags.baseUrl } : {}),
        ...(flags.patience ? { retry: { maxTotalWaitMs: flags.patience } } : {}),
      },
      clock: systemClock,
      signal,
      leaseMs: flags.lease,
      ...(flags.concurrency ? { concurrency: flags.concurrency } : {}),
      until,
      onNote: note => err.write(`${note}\n`),
    })
    const outcome = await told(own, run, flags, context)
    if (outcome.end === 'stopped' && !signal.aborted) {
      err.write(`stopped: ${outcome.why}. What it held is given back.\n`)
      if (outcome.failure) err.write(`→ ${outcome.failure.mend}\n`)
      throw new Exit(outcome.failure ? 3 : 1)
    }
  } finally {
    await store.close()
  }
}

/** Works while saying how far it is. */
async function told(
  own: Worker,
  run: string,
  flags: WorkerFlags,
  { out, err, signal }: CliContext,
): Promise<WorkerOutcome> {
  let before = ''
  const tell = () => {
    const state = own.state()
    if (flags.json) return out.write(`${JSON.stringify({ type: 'progress', run, ...state })}\n`)
    const { done, failed, givenBack, underWay, providers } = state
    const away = providers.flatMap(({ provider, away }) =>
      away ? [`${provider} is away: ${away.why.slice(0, 120)}`] : [],
    )
    const set = [failed > 0 ? `${failed} set aside` : '', givenBack > 0 ? `${givenBack} given back` : '', ...away]
    const line = [`${run}: ${done} done here, ${underWay} under way`, ...set.filter(text => text !== '')].join(', ')
    if (line !== before) err.write(`${line}\n`)
    before = line
  }
  const timer = setInterval(tell, tellEveryMs)
  const stopping = () => err.write('stopping: calls under way may finish (5 s), then the rest is given back\n')
  signal.addEventListener('abort', stopping, { once: true })
  try {
    return await settingUp(() => own.work())
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', stopping)
    tell()
  }
}
