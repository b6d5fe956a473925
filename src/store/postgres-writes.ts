/** An event on its way into the database. */
export interface EventRow {
  readonly trajectoryId: string
  readonly seq: number
  readonly body: string
}

/**
 * Writes in the order in which they were handed over. Events that wait together go in one statement, so that many
 * conversations share one wait for the disk; other writes that wait together go at the same time.
 */
export interface WriteQueue {
  /** Resolves when the event is on the disk. Rejects with what `write` gave for it. */
  append(event: EventRow): Promise<void>
  /** Runs when all that was handed over before is written. */
  run<T>(work: () => Promise<T>): Promise<T>
}

type Job =
  | { readonly kind: 'event'; readonly event: EventRow; readonly settle: (error: unknown) => void }
  | { readonly kind: 'other'; readonly work: () => Promise<void> }

/** Events in one statement; at a few kilobytes each this is a megabyte or two. */
const mostEvents = 400

/** `write` writes events in their order and gives for each the error that it ended with, or null. */
export function writeQueue(write: (events: readonly EventRow[]) => Promise<readonly unknown[]>): WriteQueue {
  let waiting: Job[] = []
  let running = false
  const pump = async () => {
    if (running) return
    running = true
    while (waiting.length > 0) {
      const { kind } = waiting[0]!
      const others = waiting.findIndex(job => job.kind !== kind)
      const end = Math.min(others < 0 ? waiting.length : others, mostEvents)
      const jobs = waiting.slice(0, end)
      waiting = waiting.slice(end)
      if (kind === 'event') await writeEvents(jobs.filter(job => job.kind === 'event'))
      else await Promise.all(jobs.map(job => (job.kind === 'other' ? job.work() : undefined)))
    }
    running = false
  }
  const writeEvents = async (jobs: readonly Extract<Job, { kind: 'event' }>[]) => {
    let errors: readonly unknown[]
    try {
      errors = await write(jobs.map(job => job.event))
    } catch (error) {
      errors = jobs.map(() => error)
    }
    for (const [i, job] of jobs.entries()) job.settle(errors[i] ?? null)
  }
  const add = (job: Job) => {
    waiting.push(job)
    // In the next turn of the event loop, so that what is handed over together goes together.
    if (!running && waiting.length === 1) setImmediate(() => void pump())
  }
  return {
    append: event =>
      new Promise((resolve, reject) => {
        add({ kind: 'event', event, settle: error => (error === null ? resolve() : reject(error)) })
      }),
    run: work =>
      new Promise((resolve, reject) => {
        add({ kind: 'other', work: () => work().then(resolve, reject) })
      }),
  }
}
