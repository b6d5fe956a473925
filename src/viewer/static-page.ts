import { createHash } from 'node:crypto'
import { StoreError } from '../errors.ts'
import type { StaticData, TrajectoryDetail } from './api.ts'
import { reportOf } from './comparisons.ts'
import { detailOf } from './live.ts'
import type { PageFile } from './page-files.ts'
import type { Shelf } from './shelf.ts'
import type { Source } from './sources.ts'

/** A saved page stays small enough to be mailed and opened: what does not fit is left out, and said. */
export const staticLimits = { rows: 20_000, trajectoryBytes: 24 * 2 ** 20 } as const

/** What a saved page of a run holds, and how much of it had to stay away. */
export interface StaticRun {
  readonly data: StaticData
  readonly leftOut: { readonly rows: number; readonly trajectories: number }
}

/** A run as it is saved: the rows, and as many trajectories as fit, those that failed first. */
export async function staticRun(
  shelf: Shelf,
  source: Source,
  options: {
    readonly limits?: { readonly rows: number; readonly trajectoryBytes: number }
    /** Hears of each trajectory that is in, of so many that may be. */
    readonly onProgress?: (done: number, of: number) => void
    readonly signal?: AbortSignal
  } = {},
): Promise<StaticRun> {
  const { limits = staticLimits, signal } = options
  const index = await shelf.index(source)
  const report = await reportOf(
    { source, index },
    { filter: {}, against: null, compare: true, ...(signal ? { signal } : {}) },
    shelf.splits,
  )
  const right = (verdict: string | null) => (verdict === 'correct' ? 1 : 0)
  const inOrder = index.rows.toSorted((a, b) => right(a.verdict) - right(b.verdict))
  const rows = index.rows.length <= limits.rows ? index.rows : inOrder.slice(0, limits.rows)
  const trajectories: TrajectoryDetail[] = []
  let bytes = 0
  for (const { trajectoryId } of inOrder) {
    if (bytes >= limits.trajectoryBytes) break
    signal?.throwIfAborted()
    const detail = { ...(await detailOf(shelf, source, trajectoryId)), forkable: false }
    bytes += JSON.stringify(detail).length
    if (bytes <= limits.trajectoryBytes) trajectories.push(detail)
    options.onProgress?.(trajectories.length, inOrder.length)
  }
  return {
    data: { kind: 'run', detail: await shelf.detail(source), report, rows, trajectories },
    leftOut: {
      rows: index.rows.length - rows.length,
      trajectories: index.rows.length - trajectories.length,
    },
  }
}

/** One trajectory as it is saved; nothing can be forked where no server is. */
export async function staticTrajectory(shelf: Shelf, source: Source, id: string): Promise<StaticData> {
  return { kind: 'trajectory', trajectory: { ...(await detailOf(shelf, source, id)), forkable: false } }
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!)

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * The whole page in one text. Its policy names the hashes of its one script and one style, so that nothing else runs,
 * whatever a model wrote; the data stands in it as JSON without a `<`.
 */
export function staticPage(data: StaticData, title: string, files: ReadonlyMap<string, PageFile>): string {
  // A script ends at the first `</script`, also inside its strings; spelt so it means the same there.
  const script = fileEnding('.js', files).replace(/<(\/?)s(cript)/gi, '<$1\\x73$2')
  const style = fileEnding('.css', files).replace(/<\/(style)/gi, '<\\/$1')
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${escaped(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="codesteer-data">${json}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

function fileEnding(ending: string, files: ReadonlyMap<string, PageFile>): string {
  const found = [...files].filter(([name]) => name.endsWith(ending))
  if (found.length === 1) return found[0]![1].body.toString('utf8')
  throw new StoreError(
    `the page to be saved has ${found.length} files that end with ${ending}, not one`,
    'Build it again: npm run build',
  )
}
