import type { Command } from 'commander'
import type { Kit } from '../../kit.ts'
import type { AnyRun } from '../../store/open-store.ts'
import type { TrajectoryEvent } from '../../trajectory.ts'
import { parseWhole } from '../../util/units.ts'
import type { CliContext } from './context.ts'
import { Exit } from './context.ts'

/** The options of commands that show what they do in the browser. */
export interface PageFlags {
  readonly view?: boolean
  readonly viewPort?: number
  readonly open: boolean
}

export function addPageOptions(command: Command): Command {
  return command
    .option('--view', 'show it in the browser as it happens; the page stays until Ctrl-C')
    .option(
      '--view-port <n>',
      'with --view: port to listen on (default: a free one)',
      parseWhole('--view-port', 0, 65_535),
    )
    .option('--no-open', 'with --view: do not open the browser')
}

/** A page that shows what this very process does. */
export interface OwnPage {
  /** Ends what the command has to say, then waits for Ctrl-C. Throws what `conclude` throws, else Exit 0. */
  stay(conclude: () => void): Promise<never>
  close(): Promise<void>
}

async function ownPage(
  flags: PageFlags,
  context: CliContext,
  options: {
    readonly runs: readonly string[]
    readonly folder: string
    readonly own?: (path: string) => AnyRun | null
  },
) {
  // Loaded when it is needed: without --view nothing pays for the server.
  const { openViewer, tellAddress, untilStopped } = await import('./view-runs.ts')
  const viewer = await openViewer({ ...options, port: flags.viewPort ?? 0 }, context)
  const { err, out, signal } = context
  const page: OwnPage = {
    async stay(conclude) {
      try {
        conclude()
      } finally {
        if (!signal.aborted) err.write('The page stays until Ctrl-C.\n')
        await untilStopped(signal)
      }
      throw new Exit(0)
    },
    close: () => viewer.close(),
  }
  const tell = (place: string) =>
    tellAddress(viewer.address(place), flags.open, { ...context, out: { ...err, isTTY: out.isTTY } })
  return { viewer, page, tell }
}

/** The page of a trajectory that is about to be made. */
export interface AskedPage extends OwnPage {
  event(event: TrajectoryEvent): void
  readonly onDelta: NonNullable<Kit['onDelta']>
  /** The trajectory is over and in its file. */
  over(): void
}

/** Opens the page of one trajectory of `folder`. Throws InputError or StoreError. */
export async function askedPage(id: string, folder: string, flags: PageFlags, context: CliContext): Promise<AskedPage> {
  const { viewer, page, tell } = await ownPage(flags, context, { runs: [], folder })
  const told = viewer.live.begin(id, 'asked')
  tell(`/runs/asked/trajectories/${id}`)
  const { detailOf } = await import('../../viewer/live.ts')
  return {
    ...page,
    event: event => told.event(event),
    onDelta: delta => told.delta(delta),
    over() {
      told.finish(async () => {
        const source = await viewer.shelf.source('asked')
        viewer.shelf.touch(source)
        return detailOf(viewer.shelf, source, id)
      })
    },
  }
}

/** The page of a run that this process is about to work on. */
export interface RunPage extends OwnPage {
  /** Before the store is closed: branches that share it come to their end, or are cut off after a Ctrl-C. */
  ended(): Promise<void>
}

/** Opens the page of a run. Throws InputError or StoreError. */
export async function runPage(
  path: string,
  store: AnyRun,
  folder: string,
  flags: PageFlags,
  context: CliContext,
): Promise<RunPage> {
  let own: AnyRun | null = store
  const { viewer, page, tell } = await ownPage(flags, context, { runs: [path], folder, own: () => own })
  const [source] = await viewer.shelf.sources()
  tell(`/runs/${source!.id}`)
  return {
    ...page,
    async ended() {
      if (context.signal.aborted) viewer.forks.cancel()
      own = null
      await viewer.forks.settled()
    },
  }
}
