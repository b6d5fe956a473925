import { InputError } from '../../../errors.ts'
import type { Entry } from '../../../import/entry.ts'
import { openPublished } from '../../../import/read.ts'
import { load } from '../../../registry.ts'
import type { Task } from '../../../task.ts'
import type { CliContext } from '../../_shared/context.ts'

/** What `task import` and `task audit` read. */
export interface PublishedFlags {
  readonly task?: string
  readonly pathPlan?: string
  readonly json?: boolean
}

/** The entries of a published folder that are asked for. What is passed over is said on standard error. */
export async function entriesOf(folder: string, flags: PublishedFlags, { err }: CliContext): Promise<readonly Entry[]> {
  // An unknown task is told before a large folder is listed.
  if (flags.task !== undefined) await load<Task>('tasks', flags.task)
  const { entries, passedOver, layout } = openPublished(
    folder,
    flags.pathPlan === undefined ? {} : { pathPlan: flags.pathPlan },
  )
  if (passedOver.length > 0) err.write(`passed over, not part of SymBench: ${passedOver.join(', ')}\n`)
  if (
    layout === 'published' &&
    !entries.some(entry => entry.task === 'path-plan') &&
    (flags.task ?? 'path-plan') === 'path-plan'
  )
    err.write('no path-plan samples: their environments are a file of their own, see --path-plan\n')
  const wanted = flags.task === undefined ? entries : entries.filter(entry => entry.task === flags.task)
  if (wanted.length === 0)
    throw new InputError(`${folder} holds no samples of ${flags.task}`, 'Leave --task out to see what is there.')
  return wanted
}
