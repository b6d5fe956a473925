import { describe, expect, it } from 'vitest'
import { finished, play, scriptedCoach, scriptedModel, scriptedSandbox } from '../../test/util/scripted.ts'
import { steerDefaults } from '../settings.ts'
import selfAnswer, { readVerdict, type SelfAnswerDetail } from './self-answer.ts'

const program = (body: string) => `\`\`\`python\n${body}\n\`\`\``
const testing = program('if 6 * 7 == 42:\n    print("Correct")')

async function checked(replies: readonly string[], stdouts: readonly string[], settings = steerDefaults) {
  const checker = scriptedModel((_, nth) => replies[nth - 1] ?? replies.at(-1)!, 'other/checker')
  const sandbox = scriptedSandbox((_, nth) => finished(stdouts[nth - 1] ?? stdouts.at(-1)!))
  const { trajectory, events } = await play({
    taskModel: scriptedModel(() => 'so <<<42>>>'),
    checkerModel: checker,
    checkers: [selfAnswer],
    coach: scriptedCoach('text'),
    sandbox,
    settings,
  })
  return { report: trajectory.turns[0]!.checks[0]?.report, checker, sandbox, events }
}

describe('the self-answer checker', () => {
  it('says correct, wrong with the reason, or inconclusive', async () => {
    expect((await checked([testing], ['Correct\n'])).report).toMatchObject({ outcome: 'passed' })
    const wrong = await checked([testing], ['steps\nWrong: row 2 repeats 5\n'])
    expect(wrong.report).toMatchObject({ outcome: 'failed', told: expect.stringContaining('row 2 repeats 5') })
    expect((await checked([testing], ['Inconclusive: no data'])).report).toMatchObject({ outcome: 'inconclusive' })
  })

  it('asks the checker model, with question and answer, and runs its program', async () => {
    const { checker, sandbox, events } = await checked([testing], ['Correct'])
    const asked = String(checker.requests[0]!.messages[0]!.content)
    expect(asked).toContain('What is 6 * 7?')
    expect(asked).toContain('Given answer:\n42')
    expect(sandbox.sources[0]).toContain('6 * 7 == 42')
    expect(events.find(event => event.type === 'code-run')).toMatchObject({ purpose: 'check' })
  })

  it('concludes nothing from silence, a crash, or a program that tests nothing', () => {
    expect(readVerdict(finished(''), 'if x: pass').verdict).toBe('inconclusive')
    expect(readVerdict(finished('Correct', 1, 'Boom'), 'if x: pass').verdict).toBe('inconclusive')
    expect(readVerdict({ ...finished('Correct'), outcome: 'timed-out', exitCode: null }, 'if x: pass').verdict).toBe(
      'inconclusive',
    )
    expect(readVerdict(finished('The answer is incorrect'), 'if x: pass').verdict).toBe('inconclusive')
    expect(readVerdict(finished('Correct'), 'print("Correct")').verdict).toBe('inconclusive')
    expect(readVerdict(finished('correct.'), 'assert x').verdict).toBe('correct')
  })

  it('asks again, saying what was wrong, then gives up as inconclusive', async () => {
    const again = await checked(['no program at all', testing], ['Correct'])
    expect(again.report?.outcome).toBe('passed')
    expect(String(again.checker.requests[1]!.messages.at(-1)!.content)).toContain('no Python block')
    const never = await checked([testing], ['hm'])
    expect(never.report?.outcome).toBe('inconclusive')
    expect(never.checker.requests).toHaveLength(steerDefaults.selfAnswerAttempts)
  })

  it('lets the majority of several programs decide', async () => {
    const settings = { ...steerDefaults, selfAnswerVotes: 3 }
    const two = await checked([testing], ['Correct', 'Wrong: a', 'Correct'], settings)
    expect(two.report).toMatchObject({ outcome: 'passed', told: expect.stringContaining('2 of 3') })
    expect((two.report!.detail as SelfAnswerDetail).votes).toHaveLength(3)
    expect(new Set(two.checker.requests.map(request => request.trial)).size).toBe(3)
    expect((await checked([testing], ['Correct', 'Wrong: a', 'Inconclusive: b'], settings)).report?.outcome).toBe(
      'inconclusive',
    )
  })

  it('has nothing to say without an answer', async () => {
    const { trajectory } = await play({ taskModel: scriptedModel(() => 'nothing'), checkers: [selfAnswer] })
    expect(trajectory.turns[0]!.checks).toEqual([])
  })
})
