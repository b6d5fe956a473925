import { expect, it } from 'vitest'
import { finished, scriptedCoach, scriptedModel, scriptedSandbox, tickingClock } from '../test/util/scripted.ts'
import type { Checker } from './checker.ts'
import { continuing } from './continue.ts'
import { questionInContext } from './conversation.ts'
import type { Kit } from './kit.ts'
import type { ModelMessage } from './model.ts'
import { replay } from './replay.ts'
import { steerDefaults } from './settings.ts'
import { steer } from './steer.ts'
import type { TrajectoryEvent } from './trajectory.ts'

const history: ModelMessage[] = [
  { role: 'system', content: 'Answer in French.' },
  { role: 'user', content: 'What is 6 * 7?' },
  { role: 'assistant', content: 'Quarante-deux.' },
]

async function eventsOf(kit: Kit, id: string): Promise<TrajectoryEvent[]> {
  const events: TrajectoryEvent[] = []
  for await (const event of steer({ prompt: 'And plus one?', history, id, trial: '0' }, kit)) events.push(event)
  return events
}

it('a conversation stands before the question for the task model, and coach and checkers are told of it', async () => {
  const taskModel = scriptedModel(() => 'so <<<43>>>')
  let seen = ''
  const checker: Checker = {
    name: 'looks',
    about: 'a test',
    async *check(_, kit) {
      seen = kit.question
      return null
    },
  }
  const kit: Kit = {
    taskModel,
    checkerModel: taskModel,
    coach: scriptedCoach('text', 'text'),
    checkers: [checker],
    sandbox: scriptedSandbox(() => finished('')),
    settings: steerDefaults,
    clock: tickingClock(),
  }
  const events = await eventsOf(kit, 'a')
  const [first, second] = taskModel.requests
  expect(first!.messages.slice(0, 3)).toEqual(history)
  expect(first!.messages).toHaveLength(4)
  expect(first!.messages[3]!.content).toContain('And plus one?')
  expect(first!.messages[3]!.content).not.toContain('Quarante-deux')
  // The second turn goes on behind it: the history is not said twice.
  expect(second!.messages.map(message => message.role)).toEqual([
    'system',
    'user',
    'assistant',
    'user',
    'assistant',
    'user',
  ])
  expect(seen).toMatch(/system: Answer in French[\s\S]*assistant: Quarante-deux[\s\S]*And plus one\?$/)
  const [start] = events
  expect(start).toMatchObject({ question: { prompt: 'And plus one?', history } })
  // A record cut off in the middle goes on with the same conversation.
  const again = await eventsOf(continuing({ ...kit, clock: tickingClock() }, events.slice(0, 4)), 'a')
  expect(again.slice(0, 4)).toEqual(events.slice(0, 4))
})

it('a conversation is replayed byte for byte', async () => {
  const taskModel = scriptedModel(() => 'so <<<43>>>')
  const { openCoach } = await import('./assemble.ts')
  const coach = await openCoach('rules', async () => taskModel, { environment: {} })
  const selfAnswer = (await import('./checkers/self-answer.ts')).default
  const sandbox = scriptedSandbox(() => finished('Correct'))
  const kit: Kit = {
    taskModel,
    checkerModel: scriptedModel(() => '```python\nif 42 + 1 == 43:\n    print("Correct")\n```'),
    coach,
    checkers: [selfAnswer],
    sandbox,
    settings: steerDefaults,
    clock: tickingClock(),
  }
  const events = await eventsOf(kit, 'b')
  expect(JSON.stringify(events)).toContain('What was said before it')
  expect((await replay(events)).divergence).toBeNull()
})

it('leaves a question without a conversation as it is, and cuts a long one', async () => {
  expect(await questionInContext({ prompt: 'q' }, steerDefaults)).toBe('q')
  const long = [{ role: 'user' as const, content: `begin ${'word '.repeat(20_000)} end` }]
  const words = await questionInContext({ prompt: 'q', history: long }, steerDefaults)
  expect(words.length).toBeLessThan(30_000)
  expect(words).toMatch(/begin[\s\S]*left out here[\s\S]* end\n[\s\S]*q$/)
})
