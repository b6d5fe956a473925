import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { describeRunStore } from './run-store.ts'

describeRunStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-store-'))
  const path = join(folder, 'test.run')
  return {
    open: async () => openSqliteStore(path, { access: 'create', clock: systemClock }),
    openToRead: async () => openSqliteStore(path, { access: 'read', clock: systemClock }),
    remove: () => rm(folder, { recursive: true }),
  }
})
