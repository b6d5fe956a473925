import { Worker } from 'node:worker_threads'
import PQueue from 'p-queue'
import type { RunReport } from '../report/run-report.ts'
import type { RowFilter } from './api.ts'
import { ViewerError } from './errors.ts'

/** A report that is worked out in a thread of its own: the files it is of, and what of them. Plain data. */
export interface ReportJob {
  readonly runs: readonly { readonly path: string; readonly name: string }[]
  readonly filter: RowFilter
  readonly against: string | null
  readonly splits: ReadonlyMap<string, 'seen' | 'unseen'>
}

/** More rows than these are not resampled where other requests would have to wait for it. */
export const mostInPlace = 2_000

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** Threads at once: a reader who changes the filter again and again must not take the whole machine. */
const queue = new PQueue({ concurrency: 2 })

/** Works a report out in a thread, from the files. Aborting ends the thread. Throws ViewerError, or the signal's reason. */
export function reportApart(job: ReportJob, signal?: AbortSignal): Promise<RunReport> {
  return queue.add(() => inThread(job, signal), signal ? { signal } : {})
}

function inThread(job: ReportJob, signal?: AbortSignal): Promise<RunReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./report-worker.${extension}`, import.meta.url), { workerData: job })
    const onAbort = () => {
      void worker.terminate()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    worker.once(
      'message',
      (said: { report: RunReport } | { failure: { status: number; body: { error: string; mend: string } } }) => {
        if ('report' in said) resolve(said.report)
        else reject(new ViewerError(said.failure.status, said.failure.body.error, said.failure.body.mend))
      },
    )
    worker.once('error', reject)
    worker.once('exit', () => {
      signal?.removeEventListener('abort', onAbort)
      reject(new Error('the report was not finished'))
    })
  })
}
