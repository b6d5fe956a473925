import { join } from 'node:path'
import { InputError } from '../errors.ts'
import type { Service } from '../gateway/service.ts'
import { createTrajectoryFile, makeFolder, type TrajectoryWriter } from '../store/trajectory-file.ts'

/** What the tools of all sessions share: the assembled system, the record, and the places. */
export interface Workplace {
  readonly service: Service
  /** Tool calls worked on now. */
  readonly inside: number
  /** Takes a place; call what it returns when done. Throws InputError when all are taken. */
  enter(controller: AbortController): () => void
  /** Aborts every call under way. */
  abort(): void
  /** Begins the file of one trajectory, as `codesteer ask` does. Throws StoreError. */
  record(id: string): TrajectoryWriter
  /** The client is the user who started the server: it may know where files lie, and what the provider said about the key. */
  readonly trusted: boolean
}

export interface WorkplaceOptions {
  readonly service: Service
  /** Trajectories are kept in `trajectories` below it. */
  readonly out: string
  /** Tool calls at once. */
  readonly concurrency: number
  readonly trusted: boolean
}

/** Opens the record. Throws StoreError when the folder cannot be written, before anything is asked or paid. */
export function createWorkplace({ service, out, concurrency, trusted }: WorkplaceOptions): Workplace {
  const folder = join(out, 'trajectories')
  makeFolder(folder)
  const inside = new Set<AbortController>()
  return {
    service,
    trusted,
    get inside() {
      return inside.size
    },
    enter(controller) {
      if (inside.size >= concurrency)
        throw new InputError(
          `all ${concurrency} places of this server are taken`,
          'Call again soon, or start it with a larger --concurrency.',
        )
      inside.add(controller)
      return () => void inside.delete(controller)
    },
    abort() {
      for (const one of inside) one.abort(new DOMException('the server is shutting down', 'AbortError'))
    },
    record: id => createTrajectoryFile(join(folder, `${id}.jsonl`)),
  }
}
