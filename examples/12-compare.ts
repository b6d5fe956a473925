// Two ways of answering, held against each other question by question: a plan, a run in one file, a report with intervals.
// A real model in place of the simulated one makes this a measurement; killed and started again, it goes on where it was.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRunFile, resolvePlan, runPlan, runReport, systemClock } from '../src/index.ts'

const plan = await resolvePlan({
  methods: ['codesteer', 'all-text-cot'],
  models: ['simulated/apprentice'],
  tasks: ['number-multiply', 'letters'],
  levels: [2, 4],
  samples: 3,
})
const store = await openRunFile(join(mkdtempSync(join(tmpdir(), 'codesteer-')), 'compare.run'))
try {
  const { ledger } = store
  const { end } = await runPlan({ plan, store, ledger, environment: process.env, clock: systemClock })
  const report = runReport(await store.summaries(), { names: [plan.name], splits: new Map(), resamples: 500 })
  console.log(`${end}: ${report.counts.done} trajectories`)
  for (const warning of report.warnings) console.log(warning)
  for (const { sentence } of report.comparisons) console.log(sentence)
} finally {
  await store.close()
}
