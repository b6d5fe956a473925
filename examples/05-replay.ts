// A record replays byte for byte, without a model, a sandbox or a network.
import { createCodeSteer, replay, type TrajectoryEvent } from '../src/index.ts'

const events: TrajectoryEvent[] = []
await using steer = await createCodeSteer({ model: 'simulated/apprentice' })
await steer.ask('9.11 or 9.9, which is larger?', { onEvent: event => events.push(event) })
const { divergence } = await replay(events)
console.log(divergence === null ? `${events.length} events, the same again` : `differs at event ${divergence.seq}`)
