import { afterAll, beforeAll, describe } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { describeRunStore } from '../contracts/run-store.ts'
import { type Cluster, missingPostgres, startCluster } from './cluster.ts'

const missing = missingPostgres()
describe.skipIf(missing !== null)(`on a real PostgreSQL${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let cluster: Cluster
  beforeAll(() => {
    cluster = startCluster()
  })
  afterAll(() => cluster.stop())

  let count = 0
  let database = ''
  describeRunStore('PostgreSQL', async () => {
    database ||= cluster.database()
    const run = `contract-${++count}`
    const options = { run, clock: systemClock }
    return {
      open: () => openPostgresStore(database, { ...options, access: 'create' }),
      openToRead: () => openPostgresStore(database, { ...options, access: 'read' }),
      remove: async () => undefined,
    }
  })
})
