// A checker of your own: it looks at each turn, and its words reach the coach. This one knows a rule of the business.
import { type Checker, type Coach, createCodeSteer } from '../src/index.ts'

const wholeUnits: Checker = {
  name: 'whole-units',
  about: 'orders are in whole units',
  async *check({ answer }) {
    if (answer === null) return null
    const whole = /^\d+$/.test(answer.text)
    return whole
      ? { outcome: 'passed', told: 'The answer is a whole number of units.', detail: null }
      : { outcome: 'failed', told: `We cannot order ${answer.text} units.`, detail: { said: answer.text } }
  },
}
const coach: Coach = {
  name: 'by-the-rule',
  models: [],
  async *guide({ turns }) {
    const report = turns.at(-1)?.checks[0]?.report
    if (report) return { action: 'return', reason: report.told, raw: null }
    return { action: 'text', prompt: 'Answer between <<< and >>>.', reason: 'nothing was asked yet', raw: null }
  },
}
await using steer = await createCodeSteer({ model: 'simulated/apprentice', coach, checkers: [wholeUnits] })
const { turns, finish } = await steer.ask('9.11 or 9.9, which is larger?')
console.log(turns[0]?.checks[0]?.report.outcome, '-', finish?.reason)
