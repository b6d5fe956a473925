import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/util/cli.ts'
import { play, scriptedModel } from '../../test/util/scripted.ts'
import { openCoach } from '../assemble.ts'
import { resolvePlan } from '../experiment/plan.ts'
import { replay } from '../replay.ts'
import { contentHash } from '../util/hash.ts'
import { choiceByFeatures } from './_shared/features.ts'
import { buckets, gramsOf, numberNames, vectorOf } from './_shared/router-features.ts'
import { codeProbability, contributionsOf, openRouter, pinnedCoach, type Router } from './_shared/router-file.ts'

const never = async () => {
  throw new Error('no model is needed')
}

/** A router that only looks at how many words a question has: certain of code for long ones, of text for short ones. */
function router(more: Partial<Router> = {}, simulated = false): Router {
  return {
    type: 'codesteer-router',
    format: 1,
    featureVersion: 1,
    trained: {
      at: '2026-01-01T00:00:00.000Z',
      version: '0.1.0',
      runs: ['ways'],
      textMethod: 'all-text-cot',
      codeMethod: 'all-code-cot',
      models: ['fake/model'],
      tasks: ['letters'],
      pools: ['train'],
      seed: 1,
      folds: 10,
      counts: {
        pairs: 50,
        decisive: 40,
        onlyText: 10,
        onlyCode: 30,
        both: 5,
        neither: 5,
        unscored: 0,
        otherVersion: 0,
      },
      simulated,
    },
    heldOut: { n: 40, tasks: 1, accuracy: 0.7, brier: 0.2, ece: 0.05 },
    threshold: 0.8,
    penalty: 1,
    calibration: { slope: 2, offset: 0.1 },
    bias: 0,
    numbers: numberNames.map(name => ({
      name,
      mean: name === 'log words' ? 2 : 0,
      scale: 0.5,
      weight: name === 'log words' ? 1 : 0,
    })),
    gramScale: 1,
    grams: Array.from({ length: buckets }, () => 0),
    ...more,
  }
}

function written(value: unknown): string {
  const path = join(temporaryFolder(), 'router.json')
  writeFileSync(path, JSON.stringify(value))
  return path
}

const short = 'Who wins?'
const middling = 'Who of these six wins it today?'
const long = 'Every one of the twenty runners starts at noon and each of them stops once; tell me please who wins'

async function firstGuidance(coach: string, question: string) {
  const { events } = await play(
    { taskModel: scriptedModel(() => '<<<1>>>'), coach: await openCoach(coach, never, { environment: {} }) },
    question,
  )
  const guidance = events.find(event => event.type === 'guidance')!.guidance
  return { events, action: guidance.action, reason: guidance.reason }
}

describe('what a router sees of a question', () => {
  const question =
    'Compute 12345 * 678, then (if the result is even) list:\n- its 3 largest digits\n- 4.5 times it. Which is LARGER?'

  // When this fails because the vector was changed on purpose, raise `featureVersion`: routers trained before are then refused.
  it('is pinned to its version', () => {
    const { numbers, grams } = vectorOf(question)
    expect(numbers).toHaveLength(numberNames.length)
    const expected = [
      4.7184988713,
      3.04452243772,
      1.09861228867,
      4.02535169074,
      1.60943791243,
      1.79175946923,
      Math.LN2,
      2.07944154168,
      1.09861228867,
      0,
      1.09861228867,
      Math.LN2,
      1.38629436112,
      1.09861228867,
      0.0990990990991,
      0.0720720720721,
      0.0900900900901,
      0.8,
      3.6,
    ]
    for (const [i, value] of expected.entries()) expect(numbers[i], numberNames[i]).toBeCloseTo(value, 9)
    expect(contentHash([...grams].map(value => Number(value.toPrecision(12))))).toBe(
      '1c5a48424e37a634d78438a6fb3e99e49a511c4c3cafc6b6e5a4ce7711db0375',
    )
  })

  it('has length 1 in words, and takes all numbers for the same word', () => {
    const { grams } = vectorOf(question)
    expect(grams.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 12)
    expect(vectorOf('add 17 and 4').grams).toEqual(vectorOf('Add 9999 and 12').grams)
    expect(gramsOf('')).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['broken characters', '\u0000\ud800🙂'.repeat(5_000)],
    ['digits', '7'.repeat(100_000)],
    ['an open list', `[${','.repeat(100_000)}`],
    ['open lists', '[,'.repeat(50_000)],
    ['two lines of points', `\n${'.'.repeat(50_000)}`.repeat(2)],
    ['empty lines', '\n'.repeat(100_000)],
    ['one decimal and blanks', `1.1${' '.repeat(100_000)}`],
  ])('is read in time from %s', (_, odd) => {
    const began = performance.now()
    expect(vectorOf(odd).numbers.every(Number.isFinite)).toBe(true)
    expect(choiceByFeatures(odd).because).not.toBe('')
    // Milliseconds when linear; minutes when a pattern goes back over what it read.
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

describe('a router’s file', () => {
  it('gives a probability that its contributions add up to', () => {
    const some = router({ bias: 0.3, grams: Array.from({ length: buckets }, (_, i) => Math.sin(i)), gramScale: 2 })
    const logit = contributionsOf(some, long).reduce((sum, { adds }) => sum + adds, 0)
    expect(1 / (1 + Math.exp(-logit))).toBeCloseTo(codeProbability(some, long), 12)
  })

  it.each<[string, unknown, RegExp]>([
    ['another file', { a: 1 }, /is no router: its "type"/],
    ['a list', [1], /is no router/],
    ['null', null, /is no router/],
    [
      'other features',
      { ...router(), featureVersion: 2 },
      /of another version \(format 1, features 2; this one reads 1, 1\)/,
    ],
    ['a newer format', { ...router(), format: 7 }, /of another version/],
    ['a threshold that is none', router({ threshold: 2 }), /is no router: threshold/],
    ['too few buckets', router({ grams: [1] }), /is no router: grams/],
    ['renamed numbers', router({ numbers: router().numbers.slice(1) }), /its numbers are not/],
    ['a field too much', { ...router(), extra: 1 }, /is no router/],
  ])('is refused when it is %s', (_, value, words) => {
    expect(() => openRouter(written(value))).toThrow(words)
  })

  it('is refused when it is missing, not JSON, or changed since it was pinned', () => {
    expect(() => openRouter('nowhere.json')).toThrow(/cannot read the router nowhere\.json: ENOENT/)
    expect(() => openRouter('')).toThrow(/names no router/)
    const path = written(router())
    const pinned = pinnedCoach(`rules:${path}`)
    expect(pinned).toMatch(/^rules:.*router\.json#[0-9a-f]{12}$/)
    expect(pinnedCoach('rules')).toBe('rules')
    expect(pinnedCoach('prompted:openai/x')).toBe('prompted:openai/x')
    expect(openRouter(pinned.slice('rules:'.length)).path).toBe(path)
    writeFileSync(path, JSON.stringify(router({ threshold: 0.9 })))
    expect(() => openRouter(pinned.slice('rules:'.length))).toThrow(/another one than the [0-9a-f]{12} that was meant/)
    writeFileSync(path, '{')
    expect(() => openRouter(path)).toThrow(/is no router/)
  })

  it('makes other work of a plan when it changes, and none of its label', async () => {
    const path = written(router())
    const plan = () =>
      resolvePlan({
        methods: [{ method: 'codesteer', coach: `rules:${path}` }],
        models: ['simulated/apprentice'],
        tasks: ['letters'],
      })
    const before = (await plan()).methods[0]!
    writeFileSync(path, JSON.stringify(router({ threshold: 0.9 })))
    const after = (await plan()).methods[0]!
    expect(before.coach).not.toBe(after.coach)
    expect(before.label).toBe(after.label)
    expect(before.label).toBe(`codesteer (coach rules:${path})`)
  })
})

describe('the rules coach with a router', () => {
  it('lets the router choose first where it is sure, and says so', async () => {
    const path = written(router())
    expect(await firstGuidance(`rules:${path}`, short)).toMatchObject({
      action: 'text',
      reason: expect.stringMatching(/^text first: the router, trained on 40 answers, is \d+ % sure$/),
    })
    expect(await firstGuidance(`rules:${path}`, long)).toMatchObject({ action: 'code' })
    // The rules alone would begin with words here: it is the router's doing.
    expect(await firstGuidance('rules', long)).toMatchObject({ action: 'text' })
  })

  it('leaves the choice to the rules where it is not, and says both', async () => {
    const { action, reason } = await firstGuidance(`rules:${written(router())}`, middling)
    const plain = await firstGuidance('rules', middling)
    expect(action).toBe(plain.action)
    expect(reason).toContain(plain.reason)
    expect(reason).toMatch(/the router, trained on 40 answers, is unsure: \d+ % for/)
  })

  it('says in every reason when it was trained on simulated answers', async () => {
    const path = written(router({}, true))
    for (const question of [short, middling, long])
      expect((await firstGuidance(`rules:${path}`, question)).reason).toContain('trained on 40 simulated answers')
  })

  it('is named in the record with the hash of its file, and replays with that very file only', async () => {
    const path = written(router())
    const { events } = await firstGuidance(`rules:${path}`, short)
    expect(events[0]).toMatchObject({ coach: `rules:${path}#${openRouter(path).hash}` })
    expect((await replay(events)).divergence).toBeNull()
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`)
    await expect(replay(events)).rejects.toThrow(/that was meant/)
  })

  it('is never used unless it is named', async () => {
    const { events } = await firstGuidance('rules', short)
    expect(events[0]).toMatchObject({ coach: 'rules' })
    await expect(openCoach('rules:', never, { environment: {} })).rejects.toThrow(/"rules:" names no router/)
  })
})
