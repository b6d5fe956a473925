import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '../../util/clock.ts'

/** Who makes a call: one opening of the file by one process. */
export interface LedgerOwner {
  readonly id: string
  /** True while the owner of this id can still finish its calls. */
  isAlive(id: string | null): boolean
  /** Shows others that we live; to be called when the first call begins. */
  beginBeating(): void
  /** To be called when no call is under way. */
  stopBeating(): void
  leave(): void
}

const beatEveryMs = 5000
/** A living process beats every five seconds; one this late is taken for gone even if something has its number. */
const deadAfterMs = 60_000

/** Owners living in this very process; more than one when a file is opened twice. */
const livingHere = new Set<string>()

interface OwnerRow {
  host: string
  pid: number
  born_at_ms: number
  beat_at_ms: number
}

/** Makes this opening of the file known to the others as soon as it begins a call. */
export function ledgerOwner(db: DatabaseSync, clock: Clock): LedgerOwner {
  const id = randomUUID()
  const host = hostname()
  const find = db.prepare('SELECT host, pid, born_at_ms, beat_at_ms FROM owners WHERE id = ?')
  const iAm = db.prepare('INSERT OR REPLACE INTO owners (id, host, pid, born_at_ms, beat_at_ms) VALUES (?, ?, ?, ?, ?)')
  const beat = db.prepare('UPDATE owners SET beat_at_ms = ? WHERE id = ?')
  const leave = db.prepare('DELETE FROM owners WHERE id = ?')
  let timer: NodeJS.Timeout | undefined
  livingHere.add(id)
  const owner: LedgerOwner = {
    id,
    isAlive(other) {
      if (other === null) return false
      if (livingHere.has(other)) return true
      const row = find.get(other) as OwnerRow | undefined
      if (!row || clock.nowMs() - row.beat_at_ms > deadAfterMs) return false
      return row.host !== host || processLives(row)
    },
    beginBeating() {
      if (timer) return
      iAm.run(id, host, process.pid, bornAtMs(), clock.nowMs())
      timer = setInterval(() => {
        try {
          beat.run(clock.nowMs(), id)
        } catch {
          // A beat that the disk or a lock swallowed is made good by the next; twelve in a row may be missed.
        }
      }, beatEveryMs).unref()
    },
    stopBeating() {
      clearInterval(timer)
      timer = undefined
    },
    leave() {
      owner.stopBeating()
      livingHere.delete(id)
      leave.run(id)
    },
  }
  return owner
}

/** When this process began, by the system's clock. */
function bornAtMs(): number {
  return Math.round(Date.now() - process.uptime() * 1000)
}

function processLives({ pid, born_at_ms }: OwnerRow): boolean {
  // A restarted container often has the same process number again; the owner was another process all the same.
  if (pid === process.pid) return Math.abs(born_at_ms - bornAtMs()) < 2000
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists but is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
