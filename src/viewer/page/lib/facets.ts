import type { RunDetail } from '../../api.ts'

type Facets = RunDetail['facets']

/** What the filters of several runs together may be set to. */
export function joinedFacets(all: readonly Facets[]): Facets {
  const distinct = <T>(of: (facets: Facets) => readonly T[]) => [...new Set(all.flatMap(of))]
  const tasks = new Map(all.flatMap(facets => facets.tasks).map(task => [task.slug, task]))
  return {
    labels: distinct(facets => facets.labels),
    models: distinct(facets => facets.models),
    tasks: [...tasks.values()].toSorted((one, other) => one.title.localeCompare(other.title)),
    levels: distinct(facets => facets.levels).toSorted((one, other) => one - other),
    stops: distinct(facets => facets.stops),
    verdicts: distinct(facets => facets.verdicts),
  }
}
