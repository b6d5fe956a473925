import type { Method } from '../method.ts'
import { rounds } from '../steer.ts'

/** The loop with an untrained coach: the task model itself, prompted, with both checkers. */
const symbolicAgent: Method = {
  name: 'symbolic-agent',
  about: 'the loop with the task model, prompted, as its own coach, and both checkers',
  source: 'table 1, Symbolic Agent',
  prepare: async (kit, context) => ({ ...kit, coach: await context.openCoach(`prompted:${kit.taskModel.id}`) }),
  body: rounds,
}

export default symbolicAgent
