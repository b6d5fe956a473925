import { runReport } from '../../../report/run-report.ts'
import type { RowFilter, RowPage, RunReport, StaticData, Summary, TrajectoryDetail } from '../../api.ts'
import { type Source, Unavailable } from './source.ts'
import { disagreementsOf, matching, sorted } from './static-rows.ts'

/** What a saved page holds, behind the same interface: filters and reports are worked out in the page. */
export function staticSource(data: StaticData): Source {
  const trajectories = data.kind === 'run' ? data.trajectories : [data.trajectory]
  const base = {
    home:
      data.kind === 'run'
        ? { run: data.detail.id, trajectory: null }
        : { run: data.trajectory.run, trajectory: data.trajectory.id },
    trajectory: (_run: string, id: string) => found(trajectories, id),
    fork: () => Promise.reject(noServer()),
    trainings: () => Promise.resolve([]),
    training: () => Promise.reject(noServer()),
    listen: () => () => {},
  }
  if (data.kind === 'trajectory') {
    const nothing = () => Promise.reject(noServer())
    return {
      ...base,
      kind: 'trajectory',
      runs: nothing,
      run: nothing,
      report: nothing,
      rows: nothing,
      disagreements: nothing,
      compare: nothing,
    }
  }
  const { detail, rows } = data
  const splits = new Map(detail.facets.tasks.flatMap(task => (task.split ? [[task.slug, task.split] as const] : [])))
  const own = (filter: RowFilter) => matching(rows, filter, splits)
  const report = async (filter: RowFilter, against: string | null): Promise<RunReport> => {
    if (Object.keys(filter).length === 0 && (against === null || against === data.report.against)) return data.report
    return runReport(own(filter), { names: data.report.names, splits, ...(against ? { against } : {}) })
  }
  return {
    ...base,
    kind: 'run',
    runs: () => Promise.resolve([detail]),
    run: () => Promise.resolve(detail),
    report: (_id, filter, against) => refused(report(filter, against)),
    rows: (_id, filter, order, page) => Promise.resolve(cut(sorted(own(filter), order), page)),
    disagreements: (_id, a, b, filter) => Promise.resolve(disagreementsOf(own(filter), data.report.columns, a, b)),
    compare: (_ids, filter, against) => refused(report(filter, against)),
  }
}

const noServer = () => new Unavailable(0, 'a saved page has no server', 'Open the run itself: codesteer view RUN')

function cut(
  rows: readonly Summary[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): RowPage {
  return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) }
}

async function found(trajectories: readonly TrajectoryDetail[], id: string): Promise<TrajectoryDetail> {
  const one = trajectories.find(trajectory => trajectory.id === id)
  if (one) return one
  throw new Unavailable(
    404,
    `the saved page does not hold the trajectory ${id}`,
    'Look at it in the run itself: codesteer view RUN',
  )
}

/** What the report refuses, as the server would tell it. */
async function refused(report: Promise<RunReport>): Promise<RunReport> {
  try {
    return await report
  } catch (error) {
    if (error instanceof Error && 'mend' in error) throw new Unavailable(400, error.message, String(error.mend))
    throw error
  }
}
