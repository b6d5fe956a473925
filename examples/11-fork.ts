// What if the coach had chosen otherwise? A stored trajectory is branched at a turn; what lies before it is not paid again.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cs from '../src/index.ts'

const file = cs.createTrajectoryFile(join(mkdtempSync(join(tmpdir(), 'codesteer-')), 'first.jsonl'))
await using steer = await cs.createCodeSteer({ model: 'simulated/apprentice', coach: 'fixed:text' })
const first = await steer.ask('9.11 or 9.9, which is larger?', { onEvent: file.append })
file.close()

const branch = cs.forkTrajectory({
  events: cs.readTrajectoryFile(file.path).events,
  turn: 1,
  action: 'code',
  coach: 'rules',
  id: 'second',
  openModel: id => cs.openModel(id, { environment: process.env, clock: cs.systemClock }),
  environment: process.env,
  sandbox: await steer.ready(),
  clock: cs.systemClock,
})
const events: cs.TrajectoryEvent[] = []
for await (const event of branch) events.push(event)
const second = cs.fold(events)
for (const { start, turns, answer } of [first, second])
  console.log(`${start.branchOf ? 'branch' : 'first'}: ${turns[0]?.guidance.action}, ${answer?.text}`)
