import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { eventLine, makeFolder } from '../store/trajectory-file.ts'
import type { TrajectoryEvent } from '../trajectory.ts'

/** Takes the events of one trajectory. */
export interface EventWriter {
  append(event: TrajectoryEvent): void
  close(): Promise<void>
}

/**
 * Writes each trajectory to a file of its own, without waiting for the disk event by event as the command line does:
 * a crash may cost the last events of those under way, but hundreds of streams do not stand in line for the disk.
 * A file that cannot be written is told to `onTrouble` and costs no client an answer. Throws StoreError when the folder
 * cannot be made.
 */
export function trajectoryFolder(
  out: string,
  onTrouble: (error: unknown) => void = () => {},
): (id: string) => EventWriter {
  const folder = join(out, 'trajectories')
  makeFolder(folder)
  return id => {
    const stream = createWriteStream(join(folder, `${id}.jsonl`), { flags: 'wx' })
    const done = finished(stream).catch(onTrouble)
    return {
      append: event => void stream.write(eventLine(event)),
      async close() {
        stream.end()
        await done
      },
    }
  }
}
