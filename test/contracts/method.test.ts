// Every method answers the same question with the same kit, is judged alike, and replays.
import { describe, expect, it } from 'vitest'
import { openCoach } from '../../src/assemble.ts'
import { draw } from '../../src/draw.ts'
import { episode } from '../../src/episode.ts'
import type { Kit } from '../../src/kit.ts'
import type { Method } from '../../src/method.ts'
import { openModel } from '../../src/models/_shared/open.ts'
import { load, names } from '../../src/registry.ts'
import { replay } from '../../src/replay.ts'
import { chooseSandbox } from '../../src/sandboxes/_shared/choose.ts'
import { steerDefaults } from '../../src/settings.ts'
import type { Task } from '../../src/task.ts'
import type { Trajectory, TrajectoryEvent } from '../../src/trajectory.ts'
import { systemClock } from '../../src/util/clock.ts'
import { verifyTrajectory } from '../../src/verify.ts'

const { kind } = await chooseSandbox(undefined)
const sandbox = await kind.open({ parallel: 1 })
const environment = {}
const open = (id: string) => openModel(id, { environment, clock: systemClock })
const task = await load<Task>('tasks', 'number-multiply')
const { question, puzzle } = draw(task, 5, 0)

async function answer(method: Method, model = 'simulated/apprentice?text=0&lazy=0&slips=0&heeds=1&checks=1') {
  const taskModel = await open(model)
  const base: Kit = {
    taskModel,
    checkerModel: taskModel,
    coach: await openCoach('rules', open, { environment }),
    checkers: await Promise.all(
      ['symbolic-code', 'self-answer'].map(name => load<Kit['checkers'][number]>('checkers', name)),
    ),
    sandbox,
    settings: steerDefaults,
    clock: systemClock,
  }
  const kit = await method.prepare(base, {
    openModel: open,
    openCoach: name => openCoach(name, open, { environment }),
    models: {},
  })
  const events: TrajectoryEvent[] = []
  const loop = episode({ prompt: question.prompt, id: 'm', trial: '0', method: method.name }, kit, method.body)
  for (;;) {
    const step = await loop.next()
    if (step.done) return { events, trajectory: step.value as Trajectory }
    events.push(step.value)
  }
}

const expected: Readonly<
  Record<string, { readonly calls: number; readonly verdict: string; readonly way: readonly string[] }>
> = {
  'only-question': { calls: 1, verdict: 'incorrect', way: ['text'] },
  'all-text-cot': { calls: 1, verdict: 'incorrect', way: ['text'] },
  'all-code-cot': { calls: 1, verdict: 'correct', way: ['code'] },
  'autogen-conca': { calls: 1, verdict: 'correct', way: ['text'] },
  'code-text-sum-1': { calls: 3, verdict: 'correct', way: ['text', 'code', 'text'] },
  'code-text-sum-2': { calls: 3, verdict: 'correct', way: ['text', 'code', 'text'] },
  'code-text-choice': { calls: 1, verdict: 'correct', way: ['code'] },
  'code-interpreter': { calls: 2, verdict: 'correct', way: ['code'] },
  'symbolic-agent': { calls: 5, verdict: 'correct', way: [] },
  codesteer: { calls: 2, verdict: 'correct', way: ['code'] },
}

describe('methods', () => {
  it('are the ten of the table', () => expect([...names('methods')].sort()).toEqual(Object.keys(expected).sort()))

  it.each([...names('methods')])('%s answers, is judged by the same rule, and replays byte for byte', async name => {
    const method = await load<Method>('methods', name)
    expect(method.name).toBe(name)
    const { events, trajectory } = await answer(method)
    const wanted = expected[name]!
    expect(trajectory.end, JSON.stringify(trajectory.end)).toMatchObject({ reason: 'returned' })
    expect(trajectory.start.method).toBe(name)
    expect(verifyTrajectory(task, puzzle, trajectory).verdict, trajectory.answer?.text).toBe(wanted.verdict)
    if (wanted.way.length > 0) expect(trajectory.turns.map(turn => turn.guidance.action)).toEqual(wanted.way)
    if (name === 'symbolic-agent') expect(trajectory.spend.coach.calls).toBeGreaterThan(1)
    else expect(trajectory.spend.total.calls).toBe(wanted.calls)
    const again = await replay(events)
    expect(again.divergence).toBeNull()
    expect(JSON.stringify(again.events)).toBe(JSON.stringify(events))
  })

  it('only-question sends the question and nothing else', async () => {
    const { events } = await answer(await load<Method>('methods', 'only-question'))
    expect(events.find(event => event.type === 'model-call')?.append).toEqual([
      { role: 'user', content: question.prompt },
    ])
  })

  it('code-interpreter runs the tool in the sandbox and hands its output back', async () => {
    const { events } = await answer(await load<Method>('methods', 'code-interpreter'))
    const calls = events.filter(event => event.type === 'model-call')
    expect(calls[0]?.completion.toolCalls?.[0]?.name).toBe('run_python')
    expect(JSON.stringify(calls[1]?.append)).toContain('It printed')
    expect(events.find(event => event.type === 'code-run')).toMatchObject({ purpose: 'tool' })
  })
})
