import type { Method } from '../method.ts'
import { rounds } from '../steer.ts'

/** CodeSteer: the loop with the plan's coach, checkers and settings. Its ablations are settings of it. */
const codesteer: Method = {
  name: 'codesteer',
  about: 'the steering loop: coach, both checkers, up to five turns',
  source: 'paper, section 3; table 1, CodeSteer',
  prepare: async kit => kit,
  body: rounds,
}

export default codesteer
