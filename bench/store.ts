// One SQLite file per run against one file of JSON lines per trajectory: durable appends, listing, size, copying. The
// figures of docs/decisions/0006.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fold } from '../src/fold.ts'
import { summarise } from '../src/store/run-store.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { createTrajectoryFile } from '../src/store/trajectory-file.ts'
import { systemClock } from '../src/util/clock.ts'
import { eventsFor, item } from '../test/contracts/run-store.ts'
import { median } from './_shared.ts'

const ms = async (work: () => unknown): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

export interface StoreCost {
  readonly what: 'SQLite, one file' | 'JSON lines, a file each'
  readonly appendsPerSecond: number
  readonly listMs: number
  readonly megabytes: number
  readonly copyMs: number
}

/** `durable` trajectories are written with every event on the disk; `listed` are there when all are listed and copied. */
export async function measure(durable = 200, listed = 100_000): Promise<StoreCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-store-'))
  try {
    return [await sqlite(folder, durable, listed), await jsonLines(folder, durable, listed)]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Events of twenty trajectories at a time, as in a run with twenty under way. */
async function sqlite(folder: string, durable: number, listed: number): Promise<StoreCost> {
  const small = openSqliteStore(join(folder, 'small.run'), { access: 'create', clock: systemClock })
  await small.addItems(Array.from({ length: durable }, (_, n) => item(n)))
  const appendMs = await ms(async () => {
    let next = 0
    const worker = async () => {
      while (next < durable) {
        const n = next++
        await small.begin(`key-${n}`, `t${n}`)
        // As the runner does: handed over in order, waited for where the trajectory ends.
        await Promise.all(eventsFor(`t${n}`).map(event => small.append(`t${n}`, event)))
      }
    }
    await Promise.all(Array.from({ length: 20 }, worker))
  })
  await small.close()

  const path = join(folder, 'large.run')
  const large = openSqliteStore(path, { access: 'create', clock: systemClock })
  await large.addItems(Array.from({ length: listed }, (_, n) => item(n)))
  for (let from = 0; from < listed; from += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, i) => from + i)
    await Promise.all(
      some.map(async n => {
        const events = eventsFor(`t${n}`)
        await large.begin(`key-${n}`, `t${n}`)
        await Promise.all([
          ...events.map(event => large.append(`t${n}`, event)),
          large.finish(`key-${n}`, 'done', summarise(item(n), fold(events), { verdict: 'correct' }, 'done')),
        ])
      }),
    )
  }
  await large.close()
  const lists: number[] = []
  for (let i = 0; i < 3; i++) {
    const reader = openSqliteStore(path, { access: 'read', clock: systemClock })
    lists.push(await ms(() => reader.summaries()))
    await reader.close()
  }
  return {
    what: 'SQLite, one file',
    appendsPerSecond: (durable * 5 * 1_000) / appendMs,
    listMs: median(lists),
    megabytes: statSync(path).size / 2 ** 20,
    copyMs: await ms(() => cpSync(path, join(folder, 'copy.run'))),
  }
}

/** Listing reads and folds every file, since nothing but the events is there. A tenth of them is made and listed, times ten. */
async function jsonLines(folder: string, durable: number, listed: number): Promise<StoreCost> {
  mkdirSync(join(folder, 'small'))
  const appendMs = await ms(() => {
    for (let n = 0; n < durable; n++) {
      const file = createTrajectoryFile(join(folder, 'small', `t${n}.jsonl`))
      for (const event of eventsFor(`t${n}`)) file.append(event)
      file.close()
    }
  })
  const large = join(folder, 'large')
  mkdirSync(large)
  const share = listed / 10
  const { writeFileSync } = await import('node:fs')
  for (let n = 0; n < share; n++)
    writeFileSync(
      join(large, `t${n}.jsonl`),
      eventsFor(`t${n}`)
        .map(event => `${JSON.stringify(event)}\n`)
        .join(''),
    )
  const listMs = await ms(() =>
    readdirSync(large).map(name => {
      const events = readFileSync(join(large, name), 'utf8').trimEnd().split('\n')
      return summarise(item(0), fold(events.map(line => JSON.parse(line))), { verdict: 'correct' }, 'done')
    }),
  )
  const blocks = readdirSync(large).reduce((sum, name) => sum + statSync(join(large, name)).blocks * 512, 0)
  return {
    what: 'JSON lines, a file each',
    appendsPerSecond: (durable * 5 * 1_000) / appendMs,
    listMs: listMs * 10,
    megabytes: (blocks * 10) / 2 ** 20,
    copyMs: 10 * (await ms(() => cpSync(large, join(folder, 'copy'), { recursive: true }))),
  }
}

if (import.meta.main) {
  for (const cost of await measure()) {
    console.log(
      `${cost.what.padEnd(24)} ${cost.appendsPerSecond.toFixed(0).padStart(7)} durable events/s   100,000 listed in ${cost.listMs.toFixed(0).padStart(6)} ms   ${cost.megabytes.toFixed(0).padStart(5)} MB on disk   copied in ${cost.copyMs.toFixed(0)} ms`,
    )
  }
}
