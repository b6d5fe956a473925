import { randomBytes } from 'node:crypto'

/** A name for a new trajectory: sorts by time, unique without coordination, safe as a file name. */
export function newId(nowMs: number = Date.now()): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace(/\..*/, '').toLowerCase()
  return `${time}-${randomBytes(4).toString('hex')}`
}
