import { describe, expect, it } from 'vitest'
import { finished, play, scriptedCoach, scriptedModel, scriptedSandbox, tickingClock } from '../test/util/scripted.ts'
import { beforeTurn, continuing, forcing } from './continue.ts'
import type { Kit } from './kit.ts'
import { steerDefaults } from './settings.ts'
import { steer } from './steer.ts'
import type { TrajectoryEvent } from './trajectory.ts'

const code = (body: string) => `\`\`\`python\n${body}\n\`\`\``
const parts = () => {
  const model = scriptedModel(request => code(`print(${request.messages.length})`))
  const sandbox = scriptedSandbox((_, nth) => finished(`<<<${nth}>>>`))
  return { model, sandbox }
}
const kitOf = (model: ReturnType<typeof scriptedModel>, sandbox: ReturnType<typeof scriptedSandbox>): Kit => ({
  taskModel: model,
  checkerModel: model,
  coach: scriptedCoach('code', 'text', 'code'),
  checkers: [],
  sandbox,
  settings: steerDefaults,
  clock: tickingClock(),
})
const collect = async (kit: Kit) => {
  const events: TrajectoryEvent[] = []
  for await (const event of steer({ prompt: 'What is 6 * 7?', id: 'test', trial: '0' }, kit)) events.push(event)
  return events
}

describe('a resumed trajectory', () => {
  it('goes on from any event, repeats no call and no run, and gives the same record as an uninterrupted one', async () => {
    const whole = await play({
      taskModel: parts().model,
      sandbox: parts().sandbox,
      coach: scriptedCoach('code', 'text', 'code'),
    })
    for (let cut = 1; cut < whole.events.length; cut++) {
      const { model, sandbox } = parts()
      const kept = whole.events.slice(0, cut)
      // The sandbox of this test counts its own runs: let it go on from where the record stands.
      for (const event of kept) if (event.type === 'code-run') await sandbox.run({ source: '' })
      const begun = { calls: model.requests.length, runs: sandbox.sources.length }
      const resumed = await collect(continuing(kitOf(model, sandbox), kept))
      const without = (events: readonly TrajectoryEvent[]) =>
        events.map(({ atMs: _, ...event }) => JSON.stringify(event).replace(/hash-\d+/g, ''))
      expect(without(resumed)).toEqual(without(whole.events))
      expect(resumed.slice(0, cut)).toEqual(kept)
      const count = (type: string, events: readonly TrajectoryEvent[]) =>
        events.filter(event => event.type === type).length
      expect(model.requests.length - begun.calls).toBe(count('model-call', whole.events.slice(cut)))
      expect(sandbox.sources.length - begun.runs).toBe(count('code-run', whole.events.slice(cut)))
    }
  })

  it('has a clock that goes on from the last event', async () => {
    const whole = await play({
      taskModel: parts().model,
      sandbox: parts().sandbox,
      coach: scriptedCoach('code', 'text', 'code'),
    })
    const later: Kit = {
      ...kitOf(parts().model, parts().sandbox),
      clock: { nowMs: () => 9_000_000_000_000, sleep: async () => {} },
    }
    const resumed = await collect(continuing(later, whole.events.slice(0, 4)))
    expect(resumed.at(-1)!.atMs - resumed[3]!.atMs).toBeLessThan(1_000)
  })
})

describe('a fork', () => {
  it('keeps what was before the turn, forces its decision, and goes on live', async () => {
    const whole = await play({
      taskModel: parts().model,
      sandbox: parts().sandbox,
      coach: scriptedCoach('code', 'text', 'code'),
    })
    const kept = beforeTurn(whole.events, 2)
    expect(kept.at(-1)!.type).toBe('code-run')
    const { model, sandbox } = parts()
    const kit = forcing(continuing(kitOf(model, sandbox), kept), 2, {
      action: 'code',
      prompt: 'another way',
      reason: 'forced',
      raw: null,
    })
    const branch = await collect(kit)
    expect(branch.slice(0, kept.length)).toEqual(kept)
    expect(branch.filter(event => event.type === 'guidance').map(event => event.guidance.action)).toEqual([
      'code',
      'code',
      'code',
      'return',
    ])
    expect(String(model.requests[0]!.messages.at(-1)!.content)).toContain('another way')
  })
})
