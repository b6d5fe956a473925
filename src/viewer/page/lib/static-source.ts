import type { RowFilter, RowPage, RunReport, StaticData, Summary, TrajectoryDetail } from '../../api.ts'
import { disagreementsOf } from '../../disagreements.ts'
import { reportRows } from '../../report-rows.ts'
import { matcher, sortRows } from '../../row-filter.ts'
import { type Asked, type Source, Unavailable } from './source.ts'

/** What a saved page holds, behind the same interface: filters and reports are worked out in the page. */
export function staticSource(data: StaticData): Source {
  const trajectories = data.kind === 'run' ? data.trajectories : [data.trajectory]
  const base = {
    home:
      data.kind === 'run'
        ? { run: data.detail.id, trajectory: null }
        : { run: data.trajectory.run, trajectory: data.trajectory.id },
    held: data.kind === 'run' ? { rows: data.rows.length, trajectories: trajectories.length } : null,
    trajectory: (_run: string, id: string) => found(trajectories, id),
    fork: () => Promise.reject(noServer()),
    trainings: () => Promise.resolve([]),
    training: () => Promise.reject(noServer()),
    listen: () => () => {},
  }
  if (data.kind === 'trajectory') {
    const none = () => Promise.reject(noServer())
    return {
      ...base,
      kind: 'trajectory',
      runs: none,
      run: none,
      report: none,
      rows: none,
      disagreements: none,
      compare: none,
    }
  }
  const { detail, rows } = data
  const splits = new Map(detail.facets.tasks.flatMap(task => (task.split ? [[task.slug, task.split] as const] : [])))
  const own = (filter: RowFilter) => rows.filter(matcher(filter, splits))
  const report = async (filter: RowFilter, { comparisons, against = null }: Asked): Promise<RunReport> => {
    if (Object.keys(filter).length === 0 && (against === null || against === data.report.against)) return data.report
    return reportRows(own(filter), { names: data.report.names, splits, compare: comparisons, against })
  }
  return {
    ...base,
    kind: 'run',
    runs: () => Promise.resolve([detail]),
    run: () => Promise.resolve(detail),
    report: (_id, filter, asked) => report(filter, asked),
    rows: (_id, filter, { sort, descending }, page) =>
      Promise.resolve(cut(sortRows(own(filter), sort, descending), page)),
    disagreements: async (_id, a, b, { only: _, label: __, ...filter }) => disagreementsOf(own(filter), a, b),
    compare: (_ids, filter, asked) => report(filter, asked),
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
