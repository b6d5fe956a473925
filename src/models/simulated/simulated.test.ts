import { describe, expect, it } from 'vitest'
import { lastMarked, programOf } from '../../answer.ts'
import { draw } from '../../draw.ts'
import type { ModelMessage } from '../../model.ts'
import { fill, prompts } from '../../prompts/prompts.ts'
import { load } from '../../registry.ts'
import type { Task } from '../../task.ts'
import { systemClock } from '../../util/clock.ts'
import { openModel } from '../_shared/open.ts'

const letters = await load<Task>('tasks', 'letters')
const multiply = await load<Task>('tasks', 'number-multiply')
const user = (content: string): ModelMessage => ({ role: 'user', content })
const assistant = (content: string): ModelMessage => ({ role: 'assistant', content })

async function says(settings: string, messages: readonly ModelMessage[], trial = '0'): Promise<string> {
  const model = await openModel(`simulated/apprentice${settings}`, { environment: {}, clock: systemClock })
  return (await model.call({ messages, trial })).text
}

const ask = (task: Task, way: 'text' | 'code', level = 1, seed = 0) => {
  const { question, puzzle } = draw(task, level, seed)
  return {
    puzzle,
    question: question.prompt,
    message: user(fill('task-question', { guidance: prompts[`task-${way}`], question: question.prompt })),
  }
}

describe('the simulated apprentice', () => {
  it('answers in words, right or plausibly wrong as its competence has it', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { puzzle, message } = ask(letters, 'text', 1, seed)
      const wrong = lastMarked(await says('?text=0&slips=0', [message]))!
      expect(letters.verify(puzzle, wrong).verdict).toBe('incorrect')
      expect(programOf(await says('?text=0', [message]), { block: 'last', fences: 'tolerant' })).toBeNull()
    }
    const { puzzle, message } = ask(multiply, 'text')
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, seed) => says(`?seed=${seed}&text=0.9&slips=0`, [message])),
    )
    const right = answers.filter(answer => multiply.verify(puzzle, lastMarked(answer)!).verdict === 'correct').length
    expect(right).toBeGreaterThan(5)
    expect(right).toBeLessThan(30)
  })

  it('writes a lazy program first, and a full one when guidance asks for search or a mend', async () => {
    const { message } = ask(multiply, 'code', 6)
    const lazy = await says('?lazy=1&slips=0', [message])
    expect(lazy).toContain('1.0')
    const wanted = fill('rules-need-search', { finding: 'floating point' })
    const full = await says('?heeds=1', [message, assistant(lazy), user(wanted)])
    expect(programOf(full, { block: 'last', fences: 'tolerant' })).toContain('divmod')
  })

  it('sometimes breaks syntax, loops for ever, or forgets the marker', async () => {
    const { message } = ask(letters, 'code', 2)
    const programs = await Promise.all(
      Array.from({ length: 40 }, (_, seed) => says(`?seed=${seed}&lazy=0&slips=0.33`, [message])),
    )
    expect(programs.some(text => text.includes('while remaining > 0'))).toBe(true)
    expect(programs.some(text => !text.includes('<<<'))).toBe(true)
    expect(programs.some(text => /while True\n/.test(text))).toBe(true)
  })

  it('writes checking programs when asked, from the question and the answer alone', async () => {
    const { question } = ask(letters, 'code', 2)
    const check = await says('?checks=1', [
      user(fill('self-answer', { question, answer: 'Count: 1, Positions: [1]', reply: 'so' })),
    ])
    expect(programOf(check, { block: 'last', fences: 'tolerant' })).toContain('ANSWER = "Count: 1, Positions: [1]"')
  })

  it('has the same luck for the same words and trial, another for another', async () => {
    const { message } = ask(letters, 'text', 2)
    expect(await says('?seed=1', [message], '0')).toBe(await says('?seed=1', [message], '0'))
    const samples = await Promise.all(
      ['0', '1', '2', '3', '4', '5', '6', '7'].map(trial => says('?text=0.5', [message], trial)),
    )
    expect(new Set(samples).size).toBeGreaterThan(1)
  })

  it('says that it knows SymBench only', async () => {
    expect(await says('', [user('What is the capital of France?')])).toMatch(/simulated apprentice/)
  })

  it('streams the same words', async () => {
    const model = await openModel('simulated/apprentice', { environment: {}, clock: systemClock })
    const { message } = ask(letters, 'text')
    let streamed = ''
    const { text } = await model.call({
      messages: [message],
      trial: '0',
      onDelta: ({ text }) => {
        streamed += text
      },
    })
    expect(streamed).toBe(text)
    expect(model.simulated).toBe(true)
  })
})
