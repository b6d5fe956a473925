import { fold } from '../fold.ts'
import type { Method } from '../method.ts'
import { load } from '../registry.ts'
import { rounds } from '../steer.ts'
import type { Summary } from '../store/run-store.ts'
import type { Spend, TrajectoryEvent, TrajectoryStart } from '../trajectory.ts'
import type { Step, TrajectoryDetail } from './api.ts'
import { boardOf } from './board.ts'
import { stepsOf } from './steps.ts'

/** What is known of a trajectory beside its events. */
export interface Around {
  /** Id of the run it lies in. */
  readonly run: string
  readonly summary: Summary | null
  readonly branches: readonly Summary[]
  /** Steps that are there already, e.g. of a trajectory that was followed. */
  readonly steps?: readonly Step[]
}

/** A trajectory as a readable page, from its events; also of one that is still being made, or was cut off. */
export async function trajectoryDetail(events: readonly TrajectoryEvent[], around: Around): Promise<TrajectoryDetail> {
  const trajectory = fold(events)
  const { start, answer, spend, end, tookMs } = trajectory
  const { summary } = around
  return {
    id: start.id,
    run: around.run,
    summary,
    simulated: start.simulated,
    question: { prompt: start.question.prompt, ...(await boardOf(trajectory)) },
    method: start.method,
    coach: start.coach,
    models: start.models,
    startedMs: start.atMs,
    branchOf: start.branchOf ?? null,
    branches: around.branches.map(row => ({ id: row.trajectoryId, turn: row.branchOf!.turn, verdict: row.verdict })),
    forkable: await forkable(start),
    steps: around.steps ?? (await stepsOf(events)),
    answer: answer && { text: answer.text, from: answer.from, turn: answer.turn },
    verdict: summary?.verdict ? { verdict: summary.verdict, why: summary.why } : null,
    spend: { ...spendOf(spend) },
    tookMs,
    over: end !== null,
  }
}

const spendOf = (spend: Readonly<Record<keyof TrajectoryDetail['spend'], Spend>>): TrajectoryDetail['spend'] => spend

/** Whether a coach guides the method; one that is no longer there cannot be gone on with. */
async function forkable({ method }: TrajectoryStart): Promise<boolean> {
  try {
    return (await load<Method>('methods', method)).body === rounds
  } catch {
    return false
  }
}
