import { InputError, messageOf } from '../../errors.ts'
import { startViewer, type Viewer, type ViewerOptions } from '../../viewer/server.ts'
import type { Shelf } from '../../viewer/shelf.ts'
import type { Source } from '../../viewer/sources.ts'
import { type CliContext, Exit } from './context.ts'
import { openBrowser } from './open-browser.ts'

/** The options of `codesteer view`. */
export interface ViewFlags {
  readonly port: number
  readonly open: boolean
  readonly trajectory?: string
  readonly static?: string
  readonly folder: string
  readonly sandbox?: string
  readonly baseUrl?: string
  readonly json?: boolean
}

/** Serves until Ctrl-C, or writes one page. Throws InputError for runs that are not there. */
export async function viewRuns(runs: readonly string[], flags: ViewFlags, context: CliContext): Promise<void> {
  if (flags.static !== undefined) {
    const { saveStatic } = await import('./view-static.ts')
    return saveStatic(runs, { ...flags, static: flags.static }, context)
  }
  const viewer = await openViewer({ ...flags, runs }, context)
  try {
    const place = await placeFor(viewer.shelf, flags.trajectory)
    const address = viewer.address(place)
    if (flags.json) {
      const { port, token, url } = viewer
      context.out.write(`${JSON.stringify({ address, url, port, token, runs: await viewer.shelf.listings() })}\n`)
    } else tellAddress(address, flags.open, context)
    await untilStopped(context.signal)
  } finally {
    await viewer.close()
  }
  // Stopping is how it ends.
  throw new Exit(0)
}

/** A viewer with the command line's world around it. */
export function openViewer(
  options: Pick<ViewerOptions, 'runs' | 'folder' | 'port'> & Partial<ViewerOptions>,
  { environment, err }: CliContext,
): Promise<Viewer> {
  return startViewer({
    ...options,
    environment,
    onNote: words => err.write(`${words}\n`),
    onDefect: error => {
      const traced = environment.CODESTEER_TRACE && error instanceof Error
      err.write(`the viewer failed: ${messageOf(error)}\n${traced ? `${error.stack}\n` : ''}`)
    },
  })
}

/** Says where it is, and opens the browser where somebody sits in front of it. */
export function tellAddress(address: string, open: boolean, { out, err }: CliContext): void {
  err.write('Look at it in the browser (this machine only; Ctrl-C stops):\n')
  out.write(`${address}\n`)
  if (open && out.isTTY) openBrowser(address)
}

export async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
}

/** Where the page begins: at the only run there is, or at the trajectory that was named. */
async function placeFor(shelf: Shelf, trajectory: string | undefined): Promise<string> {
  if (trajectory !== undefined) {
    const { source, id } = await findTrajectory(shelf, trajectory)
    return `/runs/${source.id}/trajectories/${id}`
  }
  const sources = await shelf.sources()
  return sources.length === 1 ? `/runs/${sources[0]!.id}` : ''
}

/** The trajectory whose name begins so, in whatever run it lies. Throws InputError when there is none or more than one. */
export async function findTrajectory(
  shelf: Shelf,
  name: string,
): Promise<{ readonly source: Source; readonly id: string }> {
  const found: { source: Source; id: string }[] = []
  for (const source of await shelf.sources())
    for (const { trajectoryId: id } of (await shelf.index(source)).rows)
      if (id === name) return { source, id }
      else if (id.startsWith(name)) found.push({ source, id })
  if (found.length === 1) return found[0]!
  if (found.length > 1)
    throw new InputError(
      `${found.length} trajectories begin with "${name}"`,
      `Give more of the name, for example ${found[0]!.id}`,
    )
  throw new InputError(
    `no trajectory "${name}"`,
    'Their names are in the lists of codesteer view and in codesteer report RUN --json',
  )
}
