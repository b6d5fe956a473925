import { openLedger } from '../../src/models/_shared/ledger.ts'
import { openModel } from '../../src/models/_shared/open.ts'
import { systemClock } from '../../src/util/clock.ts'

// One call with a ledger, in a process that a test may kill: node ledger-child.ts <ledger> <url> <question> [linger]
const [path, baseUrl, question, linger] = process.argv.slice(2)
const ledger = openLedger(path!, { clock: systemClock })
const model = await openModel('openai-compatible/fake', {
  environment: { CODESTEER_API_KEY: 'sk-test-secret-0123456789' },
  clock: systemClock,
  baseUrl: baseUrl!,
  ledger,
})
const reply = await model.call({ messages: [{ role: 'user', content: question! }], trial: '0' })
process.stdout.write(`${JSON.stringify({ text: reply.text, fromLedger: reply.fromLedger })}\n`)
if (linger) setInterval(() => {}, 1000)
else ledger.close()
