// Steer one question, offline. With a key: model: 'openai/gpt-4.1-mini', or openai('gpt-4.1-mini') of the AI SDK.
import { createCodeSteer } from '../src/index.ts'

await using steer = await createCodeSteer({ model: 'simulated/apprentice' })
const { answer, turns } = await steer.ask('9.11 or 9.9, which is larger?')
console.log(`${answer?.text} after ${turns.length} turn(s)`)
