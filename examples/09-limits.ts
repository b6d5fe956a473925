// Everything has a limit, and stopping at one is a named reason, not an exception. The best answer so far comes back.
import { createCodeSteer, draw, load, type Task } from '../src/index.ts'

const { question } = draw(await load<Task>('tasks', 'number-multiply'), 5, 1)
const model = 'simulated/apprentice?lazy=1&slips=0'

await using frugal = await createCodeSteer({
  model,
  settings: { maxTurns: 3, codeTimeoutMs: 2_000, limits: { tokens: 500, costUsd: 0.01, timeMs: 60_000 } },
})
const limited = await frugal.ask(question.prompt)
console.log(`${limited.end?.reason} after ${limited.turns.length} turn(s)`)

// Cancelling stops the call to the provider and the running program; what happened so far is whole.
await using steer = await createCodeSteer({ model })
const abort = new AbortController()
const cancelled = await steer.ask(question.prompt, {
  signal: abort.signal,
  onEvent: event => {
    if (event.type === 'guidance' && event.turn === 2) abort.abort()
  },
})
console.log(
  `${cancelled.end?.reason} with ${cancelled.answer ? 'an answer' : 'no answer'} of turn ${cancelled.answer?.turn}`,
)
