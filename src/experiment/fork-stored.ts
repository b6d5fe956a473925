import { fold } from '../fold.ts'
import type { CallLedger } from '../models/_shared/ledger.ts'
import { openModel } from '../models/_shared/open.ts'
import { type RunStore, type Summary, summarise } from '../store/run-store.ts'
import type { Verdict } from '../task.ts'
import type { TrajectoryEvent } from '../trajectory.ts'
import { verifyTrajectory } from '../verify.ts'
import { type ForkOptions, forkTrajectory } from './fork.ts'
import { itemOf, puzzleOf } from './rescore.ts'

/** A fork with the world around it; how its models are opened is settled here. */
export interface StoredForkOptions extends Omit<ForkOptions, 'events' | 'openModel'> {
  /** The run, open to write; its ledger keeps the branch's calls. */
  readonly store: RunStore & { readonly ledger: CallLedger | null }
  /** The row of the trajectory that is branched. */
  readonly of: Summary
  readonly baseUrl?: string
}

/** What became of a branch. */
export interface StoredFork {
  readonly events: readonly TrajectoryEvent[]
  readonly summary: Summary
  readonly verdict: Verdict
}

/** How a branch opens its models: somebody waits for it, so a server that is not there is told soon. */
export function modelOpener(
  options: Pick<StoredForkOptions, 'environment' | 'clock' | 'baseUrl'>,
  ledger: CallLedger | null,
): ForkOptions['openModel'] {
  const { environment, clock, baseUrl } = options
  return id =>
    openModel(id, {
      environment,
      clock,
      ...(ledger ? { ledger } : {}),
      ...(baseUrl ? { baseUrl } : {}),
      retry: { maxAttempts: 4 },
    })
}

/**
 * Branches a stored trajectory and stores the branch beside it, judged, whatever ended it: its calls are paid for. Yields
 * the branch's events as they are made. Throws InputError as `forkTrajectory` does, before the first event.
 */
export async function* forkStored(options: StoredForkOptions): AsyncGenerator<TrajectoryEvent, StoredFork> {
  const { store, of } = options
  const recorded = await store.trajectory(of.trajectoryId)
  const events: TrajectoryEvent[] = []
  let stored: StoredFork | undefined
  try {
    const loop = forkTrajectory({ ...options, events: recorded, openModel: modelOpener(options, store.ledger) })
    for await (const event of loop) {
      events.push(event)
      yield event
    }
  } finally {
    if (events.length > 0) {
      stored = await judgeBranch(of, events)
      await store.addBranch(options.id, events, stored.summary)
    }
  }
  // Without an event the loop has thrown.
  return stored!
}

/** The verdict on a branch and its row. */
export async function judgeBranch(of: Summary, events: readonly TrajectoryEvent[]): Promise<StoredFork> {
  const trajectory = fold(events)
  const found = await puzzleOf(of, trajectory.start.question.prompt)
  const verdict: Verdict =
    typeof found === 'string'
      ? { verdict: 'unscored', why: found }
      : verifyTrajectory(found.task, found.puzzle, trajectory)
  return { events, verdict, summary: summarise(itemOf(of), trajectory, verdict, 'done') }
}
