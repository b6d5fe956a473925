import { describe, expect, it } from 'vitest'
import { finished, play, scriptedCoach, scriptedModel, scriptedSandbox } from '../test/util/scripted.ts'
import { narrator } from './narrate.ts'
import { outcomeOf, tokenTotals } from './outcome.ts'

const program = (body: string) => `\`\`\`python\n${body}\n\`\`\``

describe('what a trajectory comes down to', () => {
  it('the reply whose answer counts, not blindly the last', async () => {
    const replies = ['It is <<<1>>>', 'Again <<<1>>>', 'Perhaps <<<2>>>', 'Hm.']
    const { trajectory } = await play({
      taskModel: scriptedModel((_, nth) => replies[nth - 1]!),
      coach: scriptedCoach('text', 'text', 'text', 'text'),
    })
    expect(outcomeOf(trajectory)).toEqual({ turn: 2, text: 'Again <<<1>>>', finish: 'stop' })
    expect(outcomeOf(trajectory, 'answer').text).toBe('1')
  })

  it('what the program printed, in a fence that its output cannot end', async () => {
    const { trajectory } = await play({
      taskModel: scriptedModel(() => program('print(1)')),
      coach: scriptedCoach('code'),
      sandbox: scriptedSandbox(() => finished('```\n<<<1>>>\n')),
    })
    expect(outcomeOf(trajectory).text).toBe(
      `${program('print(1)')}\n\nThe program printed:\n\n\`\`\`\`text\n\`\`\`\n<<<1>>>\n\`\`\`\``,
    )
  })

  it('the latest reply when no turn answered, and nothing when nobody replied', async () => {
    const silent = await play({ taskModel: scriptedModel(() => 'Hm.'), coach: scriptedCoach('text') })
    expect(outcomeOf(silent.trajectory, 'answer')).toEqual({ turn: 1, text: 'Hm.', finish: 'stop' })
    const given = await play({ taskModel: scriptedModel(() => 'Hm.'), coach: scriptedCoach('terminate') })
    expect(outcomeOf(given.trajectory)).toMatchObject({ turn: null, text: '' })
  })

  it('adds up tokens, and keeps unknown counts unknown', async () => {
    const { events } = await play({ taskModel: scriptedModel(() => '<<<1>>>'), coach: scriptedCoach('text', 'text') })
    expect(tokenTotals(events)).toEqual({ inputTokens: 20, outputTokens: 10, reasoningTokens: 0, cachedInputTokens: 0 })
    expect(tokenTotals(events.slice(0, 1)).reasoningTokens).toBeNull()
  })
})

describe('the narrator', () => {
  it('tells decisions, replies, runs and the end; briefly without the replies', async () => {
    const { events } = await play({
      taskModel: scriptedModel(() => program('print(1)')),
      coach: scriptedCoach('code'),
      sandbox: scriptedSandbox(() => finished('', 1, 'ValueError: x')),
    })
    const told = (telling: 'full' | 'brief') => {
      const teller = narrator(telling)
      return events.map(teller.event).join('')
    }
    expect(told('full')).toBe(
      `[turn 1: code] scripted\n\n${program('print(1)')}\n\n[program] It ended with an error (exit code 1).\nValueError: x\n\n[return the answer] scripted`,
    )
    expect(told('brief')).not.toContain('print(1)')
  })

  it('does not tell a reply again that it told as it arrived', () => {
    const teller = narrator('full')
    const text = (words: string) => teller.delta({ role: 'task', kind: 'text', text: words })
    expect(text('a ') + text('b')).toBe('a b')
    expect(teller.delta({ role: 'checker', kind: 'text', text: 'x' })).toBe('')
    const call = { type: 'model-call', role: 'task', completion: { text: 'a b', reasoning: null, finish: 'stop' } }
    expect(teller.event(call as never)).toBe('')
    expect(teller.event(call as never)).toBe('\n\na b')
  })
})
