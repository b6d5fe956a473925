import { parentPort, workerData } from 'node:worker_threads'
import type { RunReport } from '../report/run-report.ts'
import { openToRead } from '../store/open-store.ts'
import type { Summary } from '../store/run-store.ts'
import { withRun } from './comparisons.ts'
import { answerTo } from './errors.ts'
import type { ReportJob } from './report-apart.ts'
import { reportRows } from './report-rows.ts'
import { matcher } from './row-filter.ts'

// The thread in which a large report is worked out; loaded anywhere else this does nothing.
if (parentPort && workerData?.runs) {
  try {
    parentPort.postMessage({ report: await readAndReport(workerData) })
  } catch (error) {
    parentPort.postMessage({ failure: answerTo(error) })
  }
}

async function readAndReport({ runs, filter, against, splits }: ReportJob): Promise<RunReport> {
  const matches = matcher(filter, splits)
  const rows: Summary[] = []
  for (const { path, name } of runs) {
    const { store } = await openToRead(path)
    try {
      const own = (await store.summaries({ branches: true })).filter(matches)
      for (const row of runs.length > 1 ? withRun(own, name) : own) rows.push(row)
    } finally {
      await store.close()
    }
  }
  return reportRows(rows, { names: runs.map(run => run.name), against, splits })
}
