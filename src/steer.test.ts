import { describe, expect, it } from 'vitest'
import { finished, play, scriptedCoach, scriptedModel, scriptedSandbox } from '../test/util/scripted.ts'
import type { Checker } from './checker.ts'
import { ProviderError, SandboxError } from './errors.ts'
import { fold, thread } from './fold.ts'
import { published, steerDefaults } from './settings.ts'

const code = (body: string) => `Here:\n\`\`\`python\n${body}\n\`\`\``
const kinds = (events: readonly { type: string }[]) => events.map(event => event.type)

/** A self-answer checker that knows the right answer. */
const knows = (right: string): Checker => ({
  name: 'self-answer',
  about: 'a test',
  async *check(turn) {
    if (turn.answer === null) return null
    const good = turn.answer.text === right
    return { outcome: good ? 'passed' : 'failed', told: good ? 'correct' : 'wrong', detail: null }
  },
})

describe('the loop', () => {
  it('goes guidance, reply, run, check, and ends as the coach says', async () => {
    const { events, trajectory } = await play({
      taskModel: scriptedModel((_, nth) => (nth === 1 ? 'I think <<<41>>>' : code('print("<<<42>>>")'))),
      coach: scriptedCoach('text', 'code', 'return'),
      checkers: [knows('42')],
      sandbox: scriptedSandbox(() => finished('<<<42>>>\n')),
    })
    expect(kinds(events)).toEqual([
      'trajectory-start',
      'guidance',
      'model-call',
      'check',
      'guidance',
      'model-call',
      'code-run',
      'check',
      'guidance',
      'trajectory-end',
    ])
    expect(events.map(event => event.seq)).toEqual(events.map((_, i) => i))
    expect(trajectory.end?.reason).toBe('returned')
    expect(trajectory.answer).toEqual({ text: '42', from: 'code-output', turn: 2 })
    expect(trajectory.turns.map(turn => turn.guidance.action)).toEqual(['text', 'code'])
    expect(trajectory.spend.task).toMatchObject({ calls: 2, inputTokens: 20, outputTokens: 10, costUsd: 0.002 })
  })

  it('terminates when the coach gives up', async () => {
    const { trajectory } = await play({
      taskModel: scriptedModel(() => 'no idea'),
      coach: scriptedCoach('text', 'terminate'),
    })
    expect(trajectory.end?.reason).toBe('terminated')
    expect(trajectory.answer).toBeNull()
  })

  it('stops at the turn limit and returns the best verified answer, not the last', async () => {
    const answers = ['<<<7>>>', '<<<42>>>', '<<<9>>>', '<<<9>>>', '<<<8>>>']
    const parts = {
      taskModel: scriptedModel((_, nth) => answers[nth - 1] ?? ''),
      coach: scriptedCoach('text', 'text', 'text', 'text', 'text', 'text'),
      checkers: [knows('42')],
    }
    const best = await play(parts)
    expect(best.trajectory.end?.reason).toBe('turn-limit')
    expect(best.trajectory.turns).toHaveLength(5)
    expect(best.trajectory.answer).toMatchObject({ text: '42', turn: 2 })
    const last = await play({
      ...parts,
      taskModel: scriptedModel((_, nth) => answers[nth - 1] ?? ''),
      settings: { ...steerDefaults, finalAnswer: 'last' },
    })
    expect(last.trajectory.answer).toMatchObject({ text: '8', turn: 5 })
  })

  it('prefers what turns agree on when nothing is verified', async () => {
    const answers = ['<<<7>>>', '<<<7>>>', '<<<9>>>']
    const { trajectory } = await play({
      taskModel: scriptedModel((_, nth) => answers[nth - 1] ?? ''),
      coach: scriptedCoach('text', 'text', 'text'),
    })
    expect(trajectory.answer?.text).toBe('7')
  })

  it('shows the task model the output of its program, and the question once', async () => {
    const model = scriptedModel((_, nth) => (nth === 1 ? code('print(1)') : '<<<1>>>'))
    await play({
      taskModel: model,
      coach: scriptedCoach('code', 'text'),
      sandbox: scriptedSandbox(() => finished('the output 12345\n')),
    })
    const [first, second] = model.requests.map(request => request.messages.map(message => String(message.content)))
    expect(first!.join()).toContain('What is 6 * 7?')
    expect(second).toHaveLength(3)
    expect(second!.at(-1)).toContain('the output 12345')
    expect(second!.at(-1)).not.toContain('What is 6 * 7?')
  })

  it('behaves as published on request: six answers, the last neither run nor checked, a history without outputs', async () => {
    const model = scriptedModel((_, nth) => code(`print("<<<${nth}>>>")`))
    const sandbox = scriptedSandbox((_, nth) => finished(`SECRET <<<${nth}>>>`))
    const { trajectory } = await play({
      taskModel: model,
      coach: scriptedCoach(...Array(9).fill('code')),
      sandbox,
      settings: published,
      checkers: [knows('3')],
    })
    expect(model.requests).toHaveLength(6)
    expect(sandbox.sources).toHaveLength(5)
    expect(JSON.stringify(model.requests.at(-1)!.messages)).not.toContain('SECRET')
    expect(trajectory.end?.reason).toBe('turn-limit')
    // As published the last reply counts, and it was never run: there is no answer.
    expect(trajectory.answer).toBeNull()
    expect(published).toMatchObject({ codeTimeoutMs: 10_000, symbolicScore: 'legacy', maxOutputTokens: 2_000 })
  })

  it.each([
    ['token-limit', { tokens: 40, costUsd: null, timeMs: null }],
    ['cost-limit', { tokens: null, costUsd: 0.0025, timeMs: null }],
    ['time-limit', { tokens: null, costUsd: null, timeMs: 6_000 }],
  ] as const)('stops at the %s with the answer so far', async (reason, limits) => {
    const { trajectory } = await play({
      taskModel: scriptedModel(() => '<<<5>>>'),
      coach: scriptedCoach(...Array(9).fill('text')),
      settings: { ...steerDefaults, maxTurns: 9, limits },
    })
    expect(trajectory.end?.reason).toBe(reason)
    expect(trajectory.answer?.text).toBe('5')
    expect(trajectory.turns.length).toBeLessThan(9)
  })

  it('cuts a hanging call short at the time limit', async () => {
    const hangs = scriptedModel(
      request =>
        new Promise((_, reject) => request.signal?.addEventListener('abort', () => reject(request.signal?.reason))),
    )
    const { trajectory } = await play({
      taskModel: hangs,
      settings: { ...steerDefaults, limits: { tokens: null, costUsd: null, timeMs: 5_500 } },
      clock: { nowMs: () => 0, sleep: async () => {} },
    })
    expect(trajectory.end?.reason).toBe('time-limit')
  }, 15_000)

  it('ends as cancelled when the signal is aborted in a call', async () => {
    const abort = new AbortController()
    const model = scriptedModel(request => {
      abort.abort(new DOMException('stop', 'AbortError'))
      request.signal?.throwIfAborted()
      return ''
    })
    const { trajectory } = await play({ taskModel: model, signal: abort.signal })
    expect(trajectory.end).toMatchObject({ reason: 'cancelled' })
  })

  it('records a provider failure and a sandbox failure as what they are', async () => {
    const failing = scriptedModel(() => {
      throw new ProviderError('authentication', 'the key was refused', 'Check OPENAI_API_KEY.', { retryable: false })
    })
    expect((await play({ taskModel: failing })).trajectory.end).toMatchObject({
      reason: 'error',
      error: { kind: 'provider', fault: 'authentication', mend: 'Check OPENAI_API_KEY.' },
    })
    const broken = scriptedSandbox(() => {
      throw new SandboxError('the zygote died', 'Run codesteer doctor.')
    })
    const model = scriptedModel(() => code('print(1)'))
    expect(
      (await play({ taskModel: model, sandbox: broken, coach: scriptedCoach('code') })).trajectory.end,
    ).toMatchObject({ error: { kind: 'sandbox' } })
  })

  it('throws our own bugs, after their trajectory-end', async () => {
    const buggy = scriptedModel(() => {
      throw new TypeError('undefined is not a function')
    })
    await expect(play({ taskModel: buggy })).rejects.toThrow(TypeError)
  })

  it('asks for another sample when the same request is made twice', async () => {
    const model = scriptedModel(() => 'same')
    const twice: Checker = {
      name: 'twice',
      about: 'a test',
      async *check(_, kit) {
        for (let i = 0; i < 2; i++) yield* kit.call('checker', `vote-${i}`, model, [{ role: 'user', content: 'vote' }])
        return null
      },
    }
    await play({ taskModel: model, checkers: [twice] })
    expect(model.requests.map(request => request.trial)).toEqual(['0', '0', '0+1'])
  })

  it('keeps whole conversations in the record by their appended messages alone', async () => {
    const model = scriptedModel((_, nth) => `reply ${nth}`)
    const { events } = await play({ taskModel: model, coach: scriptedCoach('text', 'text', 'text') })
    const calls = events.filter(event => event.type === 'model-call')
    expect(calls.map(call => [call.keep, call.append.length])).toEqual([
      [0, 1],
      [2, 1],
      [4, 1],
    ])
    expect(thread(events, 'task').slice(0, -1)).toEqual(model.requests.at(-1)!.messages)
  })
})

describe('fold', () => {
  it('folds every prefix of a trajectory', async () => {
    const { events } = await play({
      taskModel: scriptedModel(() => code('print(2)')),
      coach: scriptedCoach('code'),
      sandbox: scriptedSandbox(() => finished('<<<2>>>')),
    })
    for (let n = 1; n <= events.length; n++) expect(fold(events.slice(0, n)).turns.length).toBeLessThanOrEqual(1)
    expect(fold(events.slice(0, -1)).end).toBeNull()
  })
  it('refuses what is no trajectory, and newer formats, with the mend', async () => {
    expect(() => fold([])).toThrow(/not a trajectory/)
    const { events } = await play({ taskModel: scriptedModel(() => '') })
    const newer = [{ ...events[0]!, format: 99 }] as unknown as typeof events
    expect(() => fold(newer)).toThrow(/format 99/)
  })
})
