// How fast trees grow with the simulated apprentice, against the same machine working off plain trajectories; what branching
// where it is uncertain brings for the same number of paths; and what 12,000 trajectories of a hosted model will take.
//   node bench/synthesis.ts [trees] [seed]
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolvePlan } from '../src/experiment/plan.ts'
import { runPlan } from '../src/experiment/run.ts'
import { openSqliteStore, type SqliteRunStore } from '../src/store/sqlite-store.ts'
import { diagnose, type TreeDiagnostics } from '../src/training/diagnostics.ts'
import { openScore } from '../src/training/score.ts'
import { estimateSynthesis } from '../src/training/synthesis/estimate.ts'
import { resolveSynthesis } from '../src/training/synthesis/plan.ts'
import { prepareSynthesis } from '../src/training/synthesis/synthesize.ts'
import { treesOf } from '../src/training/trees.ts'
import { systemClock } from '../src/util/clock.ts'
import { cpuMs } from './_shared.ts'

const model = 'simulated/apprentice'
const atOnce = 4
// Endless loops of the apprentice must not decide what is measured.
const settings = { codeTimeoutMs: 3_000 }

interface Rate {
  readonly paths: number
  readonly turns: number
  readonly wallMs: number
  /** Of this process; the programs run in others. */
  readonly cpuMsPerTurn: number
  readonly bytesPerPath: number
}

async function timed(folder: string, name: string, work: (store: SqliteRunStore) => Promise<unknown>) {
  const path = join(folder, `${name}.run`)
  const store = openSqliteStore(path, { access: 'create', clock: systemClock })
  const [begun, cpu] = [performance.now(), cpuMs()]
  await work(store)
  const [wallMs, cpuUsed] = [performance.now() - begun, cpuMs() - cpu]
  const rows = await store.summaries({ branches: true, state: 'done' })
  // Only turns that a path went through itself: a branch shares those before it parts.
  const turns = rows.reduce((sum, row) => sum + row.turns - (row.branchOf ? row.branchOf.turn - 1 : 0), 0)
  const found = await diagnose(treesOf(store), { policy: await openScore('published'), minGap: 2 })
  await store.close()
  const bytes = (await stat(path)).size
  const rate: Rate = {
    paths: rows.length,
    turns,
    wallMs,
    cpuMsPerTurn: cpuUsed / turns,
    bytesPerPath: bytes / rows.length,
  }
  return { rate, found }
}

async function grow(store: SqliteRunStore, plan: object): Promise<void> {
  const prepared = await prepareSynthesis({
    plan: await resolveSynthesis({ model, settings, limits: { concurrency: atOnce }, ...plan }),
    store,
    ledger: null,
    environment: {},
    clock: systemClock,
  })
  const outcome = await prepared.work()
  if (outcome.end !== 'finished') throw new Error(`${outcome.end}: ${outcome.why}`)
}

/** Both schemes at the same number of paths, and as a peer as many plain trajectories of the same tasks. */
export async function measure(trees: number, seed: number) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-synthesis-'))
  try {
    const published = await timed(folder, 'published', store => grow(store, { trees, seed }))
    const paths = published.rate.paths / trees
    const uncertain = await timed(folder, 'uncertain', store =>
      grow(store, { trees, seed, scheme: 'uncertain', paths }),
    )
    const samples = Math.max(1, Math.round(published.rate.paths / 28))
    const peer = await timed(folder, 'peer', async store =>
      runPlan({
        plan: await resolvePlan({
          methods: [{ method: 'codesteer', settings }],
          models: [model],
          tasks: 'seen',
          levels: [1],
          samples,
          seed,
          pool: 'train',
          limits: { concurrency: atOnce },
        }),
        store,
        ledger: null,
        environment: {},
        clock: systemClock,
      }),
    )
    return { published, uncertain, peer }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const perMinute = (n: number, { wallMs }: Rate) => ((n / wallMs) * 60_000).toFixed(0)

function rateLine(name: string, rate: Rate): string {
  const { paths, turns, wallMs, cpuMsPerTurn, bytesPerPath } = rate
  return `${name}: ${paths} paths, ${turns} turns in ${(wallMs / 1_000).toFixed(1)} s: ${perMinute(paths, rate)} paths and ${perMinute(turns, rate)} turns a minute, ${cpuMsPerTurn.toFixed(1)} ms CPU a turn, ${(bytesPerPath / 1_000).toFixed(0)} kB a path`
}

function yieldLine(name: string, { pairs, noContrast, trees, paths, tokens }: TreeDiagnostics): string {
  return `${name}: ${pairs.kept} pairs of ${paths.total} paths (${(pairs.kept / paths.total).toFixed(2)} a path), ${noContrast.trees} of ${trees} trees without a pair, ${tokens} tokens`
}

if (import.meta.main) {
  const [trees, seed] = [Number(process.argv[2] ?? 56), Number(process.argv[3] ?? 1)]
  const { published, uncertain, peer } = await measure(trees, seed)
  console.log(`simulated/apprentice, coach rules, ${atOnce} at once, ${trees} trees, seed ${seed} (simulated)`)
  console.log(rateLine('published', published.rate))
  console.log(rateLine('uncertain', uncertain.rate))
  console.log(rateLine('plain trajectories (codesteer run)', peer.rate))
  const turnRate = ({ turns, wallMs }: Rate) => turns / wallMs
  console.log(
    `turns a minute, trees to plain trajectories: ratio ${(turnRate(published.rate) / turnRate(peer.rate)).toFixed(2)}`,
  )
  console.log(yieldLine('published', published.found))
  console.log(yieldLine('uncertain', uncertain.found))
  const plan = JSON.parse(readFileSync(fileURLToPath(new URL('../experiments/trees.json', import.meta.url)), 'utf8'))
  for (const coaches of [['rules'], plan.coaches]) {
    const estimate = estimateSynthesis(await resolveSynthesis({ ...plan, coaches }), [])
    console.log(
      `predicted for ${plan.model}, coaches ${coaches.join(' and ')}: ${estimate.paths} paths, ${estimate.calls} calls, $${estimate.costUsd.toFixed(2)}, ${(estimate.timeMs / 3_600_000).toFixed(1)} h at ${plan.limits.concurrency} at once and ${estimate.secondsPerCall} s a call`,
    )
  }
}
