// Draw a benchmark question, steer it, judge the answer by the task's exact verifier.
import { createCodeSteer, draw, load, type Task } from '../src/index.ts'

const task = await load<Task>('tasks', 'game-24')
const { question, puzzle } = draw(task, 2, 5)
await using steer = await createCodeSteer({ model: 'simulated/apprentice?slips=0' })
const { answer } = await steer.ask(question.prompt)
console.log(answer?.text, task.verify(puzzle, answer?.text ?? '').verdict)
