import { describe, expect, it } from 'vitest'
import { finished, scriptedModel, scriptedSandbox } from '../test/util/scripted.ts'
import { createCodeSteer } from './assemble.ts'
import { draw } from './draw.ts'
import { ProviderError } from './errors.ts'
import { forkTrajectory } from './experiment/fork.ts'
import { load } from './registry.ts'
import { replay } from './replay.ts'
import type { Sandbox } from './sandbox.ts'
import type { Task } from './task.ts'
import type { TrajectoryEvent } from './trajectory.ts'
import { systemClock } from './util/clock.ts'

const wrongThenRight = () =>
  scriptedSandbox((source, nth) =>
    finished(source.includes('ANSWER') ? (nth < 4 ? 'Wrong: no' : 'Correct') : `<<<${nth}>>>`),
  )

async function recorded(
  model: Parameters<typeof createCodeSteer>[0]['model'],
  options: { sandbox?: Sandbox; coach?: string; signal?: AbortSignal } = {},
): Promise<TrajectoryEvent[]> {
  const task = await load<Task>('tasks', 'number-multiply')
  const { prompt } = draw(task, 5, 1).question
  const system = await createCodeSteer({
    model,
    sandbox: options.sandbox ?? wrongThenRight(),
    models: { environment: {} },
    coach: options.coach ?? 'rules',
  })
  const events: TrajectoryEvent[] = []
  for await (const event of system.steer(prompt, {
    id: 'r',
    trial: '0',
    ...(options.signal ? { signal: options.signal } : {}),
  }))
    events.push(event)
  return events
}

describe('a fork of a fork', () => {
  it('keeps what the first one forced, and replays', async () => {
    const openModel = async () => scriptedModel(() => '```python\nprint(1)\n```', 's/m')
    const parts = { openModel, environment: {}, sandbox: wrongThenRight(), clock: systemClock }
    const first = await recorded(await openModel())
    const fork = async (events: readonly TrajectoryEvent[], turn: number, words: string, id: string) => {
      const made: TrajectoryEvent[] = []
      for await (const event of forkTrajectory({ ...parts, events, turn, action: 'code', words, id })) made.push(event)
      return made
    }
    const second = await fork(first, 1, 'First of all, count.', 'f1')
    const third = await fork(second, 2, 'Then count again.', 'f2')
    const said = third.flatMap(event =>
      event.type === 'guidance' && 'prompt' in event.guidance ? [event.guidance.prompt] : [],
    )
    expect(said.slice(0, 2)).toEqual(['First of all, count.', 'Then count again.'])
    for (const events of [second, third]) expect((await replay(events)).divergence).toBeNull()
  })
})

describe('replay', () => {
  it('gives every event again, byte for byte', async () => {
    for (const seed of [1, 2, 3]) {
      const events = await recorded(`simulated/apprentice?seed=${seed}`)
      expect(events.length).toBeGreaterThan(5)
      const again = await replay(events)
      expect(again.divergence).toBeNull()
      expect(again.events.map(event => JSON.stringify(event))).toEqual(events.map(event => JSON.stringify(event)))
    }
  })

  it('replays a prompted coach, too', async () => {
    const events = await recorded('simulated/apprentice?seed=1', { coach: 'prompted:simulated/apprentice' })
    expect((await replay(events)).divergence).toBeNull()
  })

  it('names the first event that differs when the record or the loop changed', async () => {
    const events = await recorded('simulated/apprentice?seed=1')
    const at = events.findIndex(event => event.type === 'guidance')
    const changed = events.map((event, i) =>
      i === at && event.type === 'guidance'
        ? { ...event, guidance: { ...event.guidance, reason: 'another reason' } }
        : event,
    )
    expect((await replay(changed)).divergence?.seq).toBe(at)
  })

  it('replays a record that was cut off, as far as it goes', async () => {
    const events = await recorded('simulated/apprentice?seed=1')
    for (const length of [1, 2, 3, events.length - 1]) {
      const { divergence, events: replayed } = await replay(events.slice(0, length))
      expect(divergence).toBeNull()
      expect(replayed).toHaveLength(length)
    }
  })

  it('replays failures and cancellation as the ends they were', async () => {
    const failing = scriptedModel((_, nth) => {
      if (nth === 1) return 'no answer'
      throw new ProviderError('overloaded', 'busy', 'Try later.', { retryable: false })
    })
    const failed = await recorded(failing)
    expect(failed.at(-1)).toMatchObject({ reason: 'error' })
    expect((await replay(failed)).divergence).toBeNull()
    const abort = new AbortController()
    const cancelling = scriptedModel(request => {
      abort.abort(new DOMException('stop', 'AbortError'))
      request.signal?.throwIfAborted()
      return ''
    })
    const cancelled = await recorded(cancelling, { signal: abort.signal })
    expect(cancelled.at(-1)).toMatchObject({ reason: 'cancelled' })
    expect((await replay(cancelled)).divergence).toBeNull()
  })
})
