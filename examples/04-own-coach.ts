// A coach of your own: one object. This one always asks for code, and gives up after two turns.
import { type Coach, createCodeSteer } from '../src/index.ts'

const codeOnly: Coach = {
  name: 'code-only',
  models: [],
  async *guide(soFar) {
    if (soFar.answer) return { action: 'return', reason: 'there is an answer', raw: null }
    if (soFar.turns.length >= 2) return { action: 'terminate', reason: 'two tries are enough', raw: null }
    const prompt = 'Write a Python program that prints the answer between <<< and >>>. Consider every constraint.'
    return { action: 'code', prompt, reason: 'always code', raw: null }
  },
}
await using steer = await createCodeSteer({ model: 'simulated/apprentice', coach: codeOnly })
const { answer } = await steer.ask('Which is smaller, 3.14 or 3.2?')
console.log(answer?.text)
