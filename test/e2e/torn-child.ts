import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { systemClock } from '../../src/util/clock.ts'
import { eventsFor, item } from '../contracts/run-store.ts'

// Writes four events, one commit each, and waits to be killed: node torn-child.ts <file>
const store = openSqliteStore(process.argv[2]!, { access: 'create', clock: systemClock })
await store.addItems([item(1)])
await store.begin('key-1', 't1')
for (const event of eventsFor('t1').slice(0, 4)) await store.append('t1', event)
process.stdout.write('written\n')
setInterval(() => {}, 1_000)
