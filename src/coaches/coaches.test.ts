import { describe, expect, it } from 'vitest'
import { finished, play, scriptedModel, scriptedSandbox } from '../../test/util/scripted.ts'
import { openCoach } from '../assemble.ts'
import type { Checker, CheckReport } from '../checker.ts'
import type { Coach, Guidance } from '../coach.ts'
import type { RunResult } from '../sandbox.ts'
import { completionOf, readDecision, wayOf } from './_shared/decision.ts'
import { markOf, readVariedArgument, type VariedParts, variedArgument } from './_shared/varied-name.ts'

const environment = {}
const never = async () => {
  throw new Error('no model is needed')
}
const rules = await openCoach('rules', never, { environment })

const checker = (name: string, ...reports: (CheckReport['outcome'] | null)[]): Checker => {
  let nth = 0
  return {
    name,
    about: 'a test',
    async *check() {
      const outcome = reports[Math.min(nth++, reports.length - 1)]!
      return outcome === null ? null : { outcome, told: `${name} says ${outcome}`, detail: null }
    },
  }
}

const program = (body: string) => `\`\`\`python\n${body}\n\`\`\``

/** What the rules coach says turn by turn when the model replies so and the programs end so. */
async function decisions(
  question: string,
  replies: readonly string[],
  runs: readonly RunResult[],
  checkers: readonly Checker[],
): Promise<Guidance[]> {
  const { events } = await play(
    {
      taskModel: scriptedModel((_, nth) => replies[nth - 1] ?? replies.at(-1)!),
      sandbox: scriptedSandbox((_, nth) => runs[nth - 1] ?? runs.at(-1) ?? finished('')),
      coach: rules,
      checkers,
    },
    question,
  )
  return events.flatMap(event => (event.type === 'guidance' ? [event.guidance] : []))
}

const calculation = 'Compute 123456789 * 987654321 exactly.'
const prose = 'Tom is older than Ann. Ann is older than Bob. Who is the oldest?'

describe('the rules coach', () => {
  it('chooses by features of the question, and says why', async () => {
    const [first] = await decisions(calculation, ['<<<1>>>'], [], [checker('self-answer', 'passed')])
    expect(first).toMatchObject({ action: 'code' })
    expect(first!.reason).toMatch(/five digits/)
    expect((await decisions(prose, ['<<<Tom>>>'], [], [checker('self-answer', 'passed')]))[0]).toMatchObject({
      action: 'text',
    })
  })

  it('returns what a check confirmed', async () => {
    const said = await decisions(prose, ['<<<Tom>>>'], [], [checker('self-answer', 'passed')])
    expect(said.map(g => g.action)).toEqual(['text', 'return'])
  })

  it('switches from words to code when the check fails, and quotes its reason', async () => {
    const said = await decisions(
      prose,
      ['<<<Bob>>>', program('print(1)')],
      [finished('<<<Tom>>>')],
      [checker('self-answer', 'failed', 'passed')],
    )
    expect(said.map(g => g.action)).toEqual(['text', 'code', 'return'])
    expect('prompt' in said[1]! && said[1].prompt).toContain('self-answer says failed')
  })

  it('asks a lazy program for a search', async () => {
    const said = await decisions(
      calculation,
      [program('print(1)'), program('print(2)')],
      [finished('<<<1>>>'), finished('<<<2>>>')],
      [checker('self-answer', 'failed', 'passed'), checker('symbolic-code', 'failed', 'passed')],
    )
    expect(said.map(g => g.action)).toEqual(['code', 'code', 'return'])
    expect('prompt' in said[1]! && said[1].prompt).toMatch(/really searches/)
  })

  it.each([
    ['a crash', finished('', 1, 'Traceback\nZeroDivisionError: division by zero'), /ZeroDivisionError/],
    ['a time-out', { ...finished(''), outcome: 'timed-out', exitCode: null, tookMs: 30_000 } as const, /30 s/],
    ['lost memory', { ...finished(''), outcome: 'out-of-memory', exitCode: null } as const, /memory/],
    ['a flood', { ...finished(''), outcome: 'output-limit', exitCode: null } as const, /too much/],
    ['a missing marker', finished('42\n'), /<<< and >>>/],
  ])('says what to mend after %s', async (_, run, words) => {
    const said = await decisions(
      calculation,
      [program('print(1)'), program('print(2)')],
      [run, finished('<<<2>>>')],
      [checker('self-answer', null, 'passed')],
    )
    expect('prompt' in said[1]! && said[1].prompt).toMatch(words)
  })

  it('notices repeated code and repeated failure, and changes the way', async () => {
    const crash = finished('', 1, 'ValueError: x')
    const same = await decisions(calculation, [program('print(1)')], [crash], [checker('self-answer', null)])
    expect('prompt' in same[2]! && same[2].prompt).toMatch(/different method/)
    expect(same.some(g => g.action === 'text')).toBe(true)
  })

  it('asks again after a void turn', async () => {
    const said = await decisions(prose, ['Hm.', '<<<Tom>>>'], [], [checker('self-answer', null, 'passed')])
    expect('prompt' in said[1]! && said[1].prompt).toMatch(/no final answer/)
  })
})

describe('reading a decision', () => {
  it.each([
    ['<<<Return Answer>>>', 'return'],
    ['I am sure. <<<return answer>>>', 'return'],
    ['<<<Terminate>>>', 'terminate'],
    ['Return Answer', 'return'],
    ['<<<Code>>>', 'code'],
    ['<<<Text>>>', 'text'],
    ['{"decision": "return", "reason": "fine", "guidance": ""}', 'return'],
    ['```json\n{"decision": "code", "reason": "r", "guidance": "Write a better program."}\n```', 'code'],
    ['', 'code'],
  ])('%j is %s', (raw, action) => expect(readDecision(raw, 'code').action).toBe(action))

  it.each([
    '<<<Return Answer as a list of numbers, by a program>>>',
    'Please write code and return the answer.',
    'Do not terminate the loop earlier: write Python.',
    '<<<Terminate the loop earlier>>>',
  ])('guidance that merely contains the words ends nothing: %j', raw =>
    expect(readDecision(raw, 'code').action).toBe('code'),
  )

  it('takes the way from the words', () => {
    expect(wayOf('Reason step by step, without any code.')).toBe('text')
    expect(wayOf('Write a Python program with backtracking.')).toBe('code')
    expect(wayOf('Look at the second row.')).toBeNull()
  })
})

describe('prompted, tuned, fixed', () => {
  it('a prompted coach asks for JSON where the model has it, and is told the whole story', async () => {
    const model = scriptedModel(
      (_, nth) => (nth === 1 ? '<<<Text>>>' : '{"decision":"return","reason":"ok","guidance":""}'),
      'some/coach',
      true,
    )
    const coach = await openCoach('prompted:some/coach', async () => model, { environment })
    const { trajectory } = await play({
      taskModel: scriptedModel(() => 'so <<<5>>>'),
      coach,
      checkers: [checker('self-answer', 'passed')],
    })
    expect(trajectory.end?.reason).toBe('returned')
    expect(model.requests[0]!.json).toBeUndefined()
    expect(model.requests[1]!.json?.name).toBe('coach-decision')
    expect(String(model.requests[1]!.messages[0]!.content)).toContain('self-answer says passed')
    expect(trajectory.spend.coach.calls).toBe(2)
  })

  it('a tuned coach gets the training form: the question once, its own decisions, the round inputs', async () => {
    const words = [
      'Write a Python program that multiplies.',
      '<<<Print it between the markers.>>>',
      '<<<Return Answer>>>',
    ]
    const model = scriptedModel((_, nth) => words[nth - 1]!, 'server/tuned')
    const coach: Coach = await openCoach('tuned:server/tuned', async () => model, { environment })
    const { trajectory } = await play({
      taskModel: scriptedModel(() => program('print(42)')),
      coach,
      sandbox: scriptedSandbox(() => finished('42')),
    })
    const last = model.requests.at(-1)!.messages
    expect(last.map(message => message.role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user'])
    expect(last.map(message => message.content).slice(1, 4)).toEqual([
      `<<<${words[0]}>>>`,
      expect.stringContaining('Self-check'),
      '<<<Code: Print it between the markers.>>>',
    ])
    expect(JSON.stringify(last).split('What is 6 * 7?')).toHaveLength(2)
    // The first guidance is sent literally; a later one loses its brackets.
    expect(trajectory.turns.map(turn => 'prompt' in turn.guidance && turn.guidance.prompt)).toEqual([
      words[0],
      'Print it between the markers.',
    ])
  })

  it('a fixed coach gives one turn', async () => {
    const { trajectory } = await play({
      taskModel: scriptedModel(() => '<<<1>>>'),
      coach: await openCoach('fixed:text', never, { environment }),
    })
    expect(trajectory.turns).toHaveLength(1)
    expect(trajectory.end?.reason).toBe('returned')
  })

  it('names the mend for a coach that does not exist', async () => {
    await expect(openCoach('rule', never, { environment })).rejects.toMatchObject({
      mend: expect.stringContaining('rules'),
    })
    await expect(openCoach('fixed:haiku', never, { environment })).rejects.toMatchObject({
      mend: expect.stringContaining('fixed:text'),
    })
    await expect(openCoach('prompted', never, { environment })).rejects.toMatchObject({
      mend: expect.stringContaining('prompted:'),
    })
  })
})

describe('varied', () => {
  const parts = {
    seed: 'a1b2',
    openings: ['free', 'text-to-code'],
    points: [
      { turn: 1, sibling: 2, taken: ['0a1b2c3d', '11223344'] },
      { turn: 3, sibling: 1, taken: [] },
    ],
    of: ['rules', 'prompted:simulated/apprentice?text=0.4&seed=3'],
  } as const satisfies VariedParts

  it('has all that its decisions depend on in its name', async () => {
    expect(readVariedArgument(variedArgument(parts))).toEqual(parts)
    expect(readVariedArgument('rules|fixed:text')).toMatchObject({ of: ['rules', 'fixed:text'], points: [], seed: '0' })
    const coach = await openCoach(
      `varied:${variedArgument(parts)}`,
      async () => scriptedModel(() => '<<<Code>>>', 's/c'),
      {
        environment,
      },
    )
    expect(coach.models).toEqual(['s/c'])
  })

  it('decides the same again, otherwise for another seed, and never what was taken', async () => {
    const first = async (argument: string) => {
      const coach = await openCoach(`varied:${argument}`, never, { environment })
      const { events } = await play({ taskModel: scriptedModel(() => '<<<1>>>'), coach }, calculation)
      return events.flatMap(event => (event.type === 'guidance' ? [completionOf(event.guidance)] : []))
    }
    const at = (seed: string, points: VariedParts['points'] = []) =>
      variedArgument({ seed, openings: ['free'], points, of: ['rules'] })
    expect(await first(at('1'))).toEqual(await first(at('1')))
    const seeds = await Promise.all(Array.from({ length: 8 }, (_, seed) => first(at(String(seed)))))
    expect(new Set(seeds.map(said => said[0])).size).toBeGreaterThan(1)
    const [taken] = await first(at('1'))
    const [other] = await first(at('1', [{ turn: 1, sibling: 1, taken: [markOf(taken!)] }]))
    expect(other).not.toBe(taken)
  })

  it.each([
    ['varied', /varied:rules/],
    ['varied:varied:rules', /Name coaches/],
    ['varied:seed=1;openings=never;at=;of=rules', /varied:rules/],
    ['varied:rulez', /rules/],
  ])('%s is refused with its mend', async (name, mend) => {
    await expect(openCoach(name, never, { environment })).rejects.toMatchObject({ mend: expect.stringMatching(mend) })
  })
})
