// Watch a trajectory as it happens: every event is a fact the moment it is yielded.
import { createCodeSteer, draw, load, type Task } from '../src/index.ts'

const task = await load<Task>('tasks', 'number-multiply')
const { question } = draw(task, 5, 1)
await using steer = await createCodeSteer({ model: 'simulated/apprentice?lazy=1&slips=0' })
for await (const event of steer.steer(question.prompt)) {
  if (event.type === 'guidance') console.log(`turn ${event.turn}: ${event.guidance.action} (${event.guidance.reason})`)
  if (event.type === 'code-run' && event.purpose === 'answer') console.log(`  printed ${event.result.stdout.trim()}`)
  if (event.type === 'check') console.log(`  ${event.checker}: ${event.report.outcome}`)
}
